"""Writing to a complaint: one callback for every form on its page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import ALL, MATCH, Input, NoUpdate, Output, State, callback, no_update

from callbacks import clock, conflicts
from dashboard import forms, ids, sessions, shell
from dashboard.forms import Typed, a_day, a_moment, whole
from dashboard.i18n import _
from dashboard.ids import Case
from data import db
from data.commands import COMMANDS, NotFound, Refused, customers
from data.lookups import Session
from data.metrics.complaints import case as cases
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


@callback(
    Output(Case.BODY, "children"),
    Input(ids.save(MATCH), "n_clicks"),
    State(ids.save(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    State(Case.ID, "data"),
    State(Case.VERSION, "data"),
    running=[(Output(ids.save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
    on_error=conflicts.beside(Case.CLASH, Case.VERSION),
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
    now, person = clock.now(), sessions.current_person()
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        _write(session, button["form"], case_id, version, forms.values(fields, typed), now)
    shell.notify(_("Saved."))
    with db.reading(as_=person) as session:
        return body(session, _found(session, case_id, now), person, as_of=now)


def _write(
    session: Session, form: str, case_id: int, version: int, typed: Typed, now: datetime
) -> None:
    if form not in READERS:
        raise NotFound("There is no such form.")
    zone = _found(session, case_id, now).store.zone
    said = READERS[form](typed, now, zone)
    run = COMMANDS[f"complaints.{form}"].run
    run(session, complaint_id=case_id, version=version, now=now, **said)


def _found(session: Session, case_id: object, now: datetime) -> cases.Case:
    found = cases.by_id(session, case_id, as_of=now) if isinstance(case_id, int) else None
    if found is None:
        raise NotFound("There is no such complaint among your stores.")
    return found


@callback(
    Output(Case.PHONE, "children"),
    Input(Case.REVEAL, "n_clicks"),
    State(Case.ID, "data"),
    prevent_initial_call=True,
)
def reveal(clicks: int | None, case_id: int) -> str | NoUpdate:
    """Show the customer's number; the log keeps who looked."""
    if not clicks:
        return no_update
    now = clock.now()
    with db.writing(by=sessions.current_person()) as session:
        customer = _found(session, case_id, now).row.customer_id
        return customers.reveal_phone(session, customer_id=customer or 0, now=now)
