"""Winning customers back: the forms of one case, and those for all cases of a reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dash import no_update

from callbacks import saving
from callbacks.saving import Saved, Sent
from dashboard import ids
from dashboard.forms import Typed, a_day, whole
from dashboard.i18n import _, several
from dashboard.ids import ChurnFile
from data import churn as cases
from data.commands import NotFound, Refused, churn, improvements
from data.lookups import Session
from data.models import Employee
from data.person import Right
from pages.churn_case.body import body

READERS: dict[str, Callable[[Typed], dict[str, Any]]] = {
    "analyse": lambda typed: {"words": typed["words"], "call": typed["call"] == "yes"},
    "call_again": lambda typed: {"sentence": typed["sentence"]},
    "give_up": lambda typed: {"reason": typed["reason"]},
}
WRITERS: dict[str, Callable[..., Any]] = {
    "analyse": churn.analyse,
    "call_again": churn.call_again,
    "give_up": churn.give_up,
}


def _moved(session: Session, sent: Sent) -> Saved:
    """Do to the case what the form is for."""
    if sent.form not in READERS:
        raise NotFound("There is no such form.")
    given = {"case_id": sent.id, "version": sent.version, "now": sent.now}
    WRITERS[sent.form](session, **given, **READERS[sent.form](sent.typed))
    return Saved()


def _drawn(session: Session, sent: Sent) -> Any:
    found = cases.find(session, sent.id, as_of=sent.now)
    return body(found, sent.person) if found else no_update


RIGHTS = (Right.RUN_IMPROVEMENTS,)
saving.of_record(ChurnFile, ids.churn_save, may=RIGHTS, write=_moved, draw=_drawn)


def _of_reason(session: Session, sent: Sent) -> Saved:
    """Count the cases of a reason, or open what is done about it."""
    done = _improved if sent.form == "improve" else _counted
    return Saved(done(session, sent.typed, sent.now))


saving.alone(ids.reason_save, may=RIGHTS, write=_of_reason)


def _improved(session: Session, typed: Typed, now: datetime) -> str:
    """Open the improvement in the store of whoever is to do it."""
    owner = session.get(Employee, whole(typed["owner"]) or 0)
    if owner is None:
        raise Refused("Choose who does it: somebody active in this store.")
    number = improvements.open_improvement(
        session,
        store_id=owner.store_id,
        reason=typed["reason"],
        title=typed["title"],
        owner_id=owner.id,
        due_on=a_day(typed["due_on"]),
        now=now,
        cause=typed["cause"],
    )
    return _("Improvement {number} was opened.", number=number)


def _counted(session: Session, typed: Typed, now: datetime) -> str:
    store_id = whole(typed["store"])
    if store_id is None:
        raise Refused("Please choose a store.")
    n = churn.count_reason(session, store_id=store_id, reason=typed["reason"], now=now)
    return several("{n} case was counted.", "{n} cases were counted.", n=n)
