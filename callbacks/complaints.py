"""Writing to a complaint: what each form on its page is for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import Input, NoUpdate, Output, State, no_update

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from dashboard import ids, sessions
from dashboard.doors import callback
from dashboard.forms import Typed, a_day, a_moment, whole
from dashboard.ids import Case
from data import db
from data.commands import COMMANDS, NotFound, Refused, customers
from data.lookups import Session
from data.metrics.complaints import case as cases
from data.moves import COMPLAINT_MOVES
from data.person import Right
from pages.complaint.body import body

Reader = Callable[[Typed, datetime, str], dict[str, Any]]


def _assigned(typed: Typed, now: datetime, zone: str) -> dict[str, Any]:
    return {
        "owner_id": whole(typed["owner"]),
        "due_on": a_day(typed["due_on"]),
        "reason": typed["reason"],
        "today": now.astimezone(ZoneInfo(zone)).date(),
    }


def _answered(typed: Typed) -> bool:
    if typed["satisfied"] not in ("yes", "no"):
        raise Refused("Please say whether the customer is content.")
    return typed["satisfied"] == "yes"


def _plain(*names: str) -> Reader:
    return lambda typed, now, zone: {name: typed[name] for name in names}


READERS: dict[str, Reader] = {
    "assign": _assigned,
    "reply": _plain("said"),
    "resolve": _plain("solution", "root_cause"),
    "interim": _plain("solution"),
    "pause": lambda typed, now, zone: {
        "reason": typed["reason"],
        "until": a_moment(typed["until"], zone),
    },
    "resume": _plain(),
    "recontact": lambda typed, now, zone: {
        "satisfied": _answered(typed),
        "said": typed["said"],
    },
    "close": lambda typed, now, zone: {
        "satisfied": _answered(typed),
        "breach_cause": typed["breach_cause"],
        "said": typed["said"],
    },
    "reopen": _plain("reason"),
    "change_severity": _plain("severity", "reason"),
    "classify": _plain("category", "origin", "motive"),
    "promise": lambda typed, now, zone: {
        "said": typed["said"],
        "due_at": a_moment(typed["due_at"], zone),
    },
    "keep_promise": lambda typed, now, zone: {"promise_id": whole(typed["promise_id"]) or 0},
    "explain_promise": lambda typed, now, zone: {
        "promise_id": whole(typed["promise_id"]) or 0,
        "said": typed["said"],
    },
    "note": _plain("said"),
}


def _write(session: Session, sent: Sent) -> Saved:
    """Do to the case what the form is for."""
    if sent.form not in READERS:
        raise NotFound("There is no such form.")
    zone = cases.zone(session, sent.id)
    if zone is None:
        raise _no_case()
    said = READERS[sent.form](sent.typed, sent.now, zone)
    run = COMMANDS[f"complaints.{sent.form}"].run
    run(session, complaint_id=sent.id, version=sent.version, now=sent.now, **said)
    return Saved()


def _drawn(session: Session, sent: Sent) -> list[Any]:
    found = _found(session, sent.id, sent.now)
    return body(session, found, sent.person, as_of=sent.now)


RIGHTS = tuple({move.right for move in COMPLAINT_MOVES.values()})
saving.of_record(Case, ids.save, may=RIGHTS, write=_write, draw=_drawn)


def _found(session: Session, case_id: int, now: datetime) -> cases.Case:
    found = cases.by_id(session, case_id, as_of=now)
    if found is None:
        raise _no_case()
    return found


def _no_case() -> NotFound:
    return NotFound("There is no such complaint among your stores.")


@callback(
    Output(Case.PHONE, "children"),
    Input(Case.REVEAL, "n_clicks"),
    State(Case.ID, "data"),
    may=(Right.SEE_PEOPLE,),
    prevent_initial_call=True,
)
def reveal(clicks: int | None, case_id: int) -> str | NoUpdate:
    """Show the customer's number; the log keeps who looked."""
    if not clicks:
        return no_update
    now = clock.now()
    with db.writing(by=sessions.current_person()) as session:
        customer = _found(session, saving.id_of(case_id), now).row.customer_id
        return customers.reveal_phone(session, customer_id=customer or 0, now=now)
