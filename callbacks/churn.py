"""Winning customers back: the forms of one case, and those for all cases of a reason."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import ALL, MATCH, Input, NoUpdate, Output, State, callback, no_update, set_props

from callbacks import clock, conflicts
from callbacks.shell import edition
from dashboard import forms, ids, sessions, shell
from dashboard.forms import Typed, a_day, whole
from dashboard.i18n import _, several
from dashboard.ids import ChurnFile, Shell
from data import churn as cases
from data import db
from data.commands import NotFound, Refused, churn, improvements
from data.lookups import Session
from data.models import Employee
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


@callback(
    Output(ChurnFile.BODY, "children"),
    Input(ids.churn_save(MATCH), "n_clicks"),
    State(ids.churn_save(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    State(ChurnFile.ID, "data"),
    State(ChurnFile.VERSION, "data"),
    running=[(Output(ids.churn_save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
    on_error=conflicts.beside(ChurnFile.CLASH, ChurnFile.VERSION),
)
def save(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
    case_id: int,
    version: int,
) -> list[Any] | NoUpdate:
    """Save the form whose button was clicked, and draw the case anew."""
    if not clicks:
        return no_update
    now, person, form = clock.now(), sessions.current_person(), str(button["form"])
    if form not in READERS:
        raise NotFound("There is no such form.")
    said = READERS[form](forms.values(fields, typed))
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        WRITERS[form](session, case_id=_id(case_id), version=version, now=now, **said)
    shell.notify(_("Saved."))
    with db.reading(as_=person) as session:
        found = cases.find(session, _id(case_id), as_of=now)
        return body(found, person) if found else no_update


@callback(
    Output(ids.attempt(MATCH), "data"),
    Input(ids.reason_save(MATCH), "n_clicks"),
    State(ids.reason_save(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    running=[(Output(ids.reason_save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
)
def of_reason(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
) -> str | NoUpdate:
    """Count the cases of a reason, or open what is done about it."""
    if not clicks:
        return no_update
    said = forms.values(fields, typed)
    with db.writing(by=sessions.current_person(), key=forms.attempt_of(attempt)) as session:
        words = _improved(session, said) if button["form"] == "improve" else _counted(session, said)
    shell.notify(words)
    set_props(Shell.FRESH, {"data": edition()})
    return forms.new_attempt()


def _improved(session: Session, typed: Typed) -> str:
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
        now=clock.now(),
        cause=typed["cause"],
    )
    return _("Improvement {number} was opened.", number=number)


def _counted(session: Session, typed: Typed) -> str:
    store_id = whole(typed["store"])
    if store_id is None:
        raise Refused("Please choose a store.")
    n = churn.count_reason(session, store_id=store_id, reason=typed["reason"], now=clock.now())
    return several("{n} case was counted.", "{n} cases were counted.", n=n)


def _id(sent: object) -> int:
    return sent if type(sent) is int and 0 < sent < 2**63 else 0
