"""The customer file: one callback for its forms, one for its numbers, two for the value."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from dash import ALL, MATCH, Input, NoUpdate, Output, State, callback, no_update

from callbacks import clock, conflicts
from dashboard import forms, ids, sessions, shell
from dashboard.forms import Typed, a_day, whole
from dashboard.i18n import _
from dashboard.ids import CustomerFile
from data import db, lifetime
from data.commands import NotFound, customers, norms, reminders
from data.customers import file as files
from data.lookups import Session
from pages.customer.body import body
from pages.customer.worth import FORM, told

PLAIN = ("name", "kind", "value_class", "preferred_channel", "call_window", "our_promise")
MOST = Decimal(10**9)


@callback(
    Output(CustomerFile.BODY, "children"),
    Input(ids.customer_save(MATCH), "n_clicks"),
    State(ids.customer_save(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    State(CustomerFile.ID, "data"),
    State(CustomerFile.VERSION, "data"),
    running=[(Output(ids.customer_save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
    on_error=conflicts.beside(CustomerFile.CLASH, CustomerFile.VERSION),
)
def save(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
    customer_id: int,
    version: int,
) -> list[Any] | NoUpdate:
    """Save the form whose button was clicked, and draw the file anew."""
    if not clicks:
        return no_update
    now, person = clock.now(), sessions.current_person()
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        given = {"customer_id": _id(customer_id), "version": version, "now": now}
        said = _write(session, str(button["form"]), given, forms.values(fields, typed))
    shell.notify(said)
    with db.reading(as_=person) as session:
        return body(session, _found(session, customer_id, now), person, as_of=now)


def _write(session: Session, form: str, given: dict[str, Any], typed: Typed) -> str:
    """Write what the form is for; what to say of it. Forms of a date name it and its car."""
    act, care, number = (*form.split("."), "", "")[:3]
    if act not in WRITERS:
        raise NotFound("There is no such form.")
    today = _today(session, given)
    return WRITERS[act](
        session, given, typed, {"care": care, "vehicle_id": whole(number), "today": today}
    )


def _person(session: Session, given: dict[str, Any], typed: Typed, of: dict[str, Any]) -> str:
    customers.edit(
        session,
        **given,
        **{name: typed[name] for name in PLAIN},
        **{name: _number(typed[name]) for name in ("phone", "second_phone")},
        birthday=a_day(typed["birthday"]),
        do_not_call=typed["calls"] == "no",
        today=of["today"],
    )
    return _("Saved.")


def _number(typed: str) -> str | None:
    """A new number; nothing where it is to stay, for it is not shown; a dash takes it out."""
    return "" if typed.strip() in ("-", "–", "—") else typed.strip() or None


def _date(session: Session, given: dict[str, Any], typed: Typed, of: dict[str, Any]) -> str:
    customers.set_date(session, **given, **of, day=a_day(typed["day"]))
    return _("Saved.")


def _call(session: Session, given: dict[str, Any], typed: Typed, of: dict[str, Any]) -> str:
    about = {"care": of["care"], "vehicle_id": of["vehicle_id"]}
    done = reminders.call_now(session, **given, **about)
    return _("Callback {number} is on the list.", number=done["callback"])


WRITERS: dict[str, Callable[[Session, dict[str, Any], Typed, dict[str, Any]], str]] = {
    "person": _person,
    "date": _date,
    "call": _call,
}


def _id(customer_id: object) -> int:
    return customer_id if type(customer_id) is int and 0 < customer_id < 2**63 else 0


def _found(session: Session, customer_id: object, now: datetime) -> files.File:
    person = sessions.current_person()
    found = files.find(session, _id(customer_id), as_of=now, person=person)
    if found is None:
        raise NotFound("There is no such customer among yours.")
    return found


def _today(session: Session, given: dict[str, Any]) -> date:
    """The local day of the customer's store."""
    zone = _found(session, given["customer_id"], given["now"]).store.zone
    day: date = given["now"].astimezone(ZoneInfo(zone)).date()
    return day


@callback(
    Output(ids.customer_phone(MATCH), "children"),
    Input(ids.customer_reveal(MATCH), "n_clicks"),
    State(ids.customer_reveal(MATCH), "id"),
    State(CustomerFile.ID, "data"),
    prevent_initial_call=True,
)
def reveal(clicks: int | None, button: dict[str, str], customer_id: int) -> str | NoUpdate:
    """Show a number; the log keeps who looked."""
    if not clicks:
        return no_update
    now, which = clock.now(), str(button["which"])
    with db.writing(by=sessions.current_person()) as session:
        return customers.reveal(session, customer_id=_id(customer_id), now=now, which=which)


@callback(
    Output(CustomerFile.WORTH, "children"),
    Input(ids.field(FORM, ALL), "value"),
    State(ids.field(FORM, ALL), "id"),
    prevent_initial_call=True,
)
def reckon(typed: Sequence[Any], fields: Sequence[dict[str, str]]) -> list[Any]:
    """The value by the figures in the fields, as they are typed; nothing is kept."""
    parts = _parts(forms.values(fields, typed))
    return told(None if None in parts.values() else lifetime.worth(parts))


@callback(
    Output(CustomerFile.BODY, "children", allow_duplicate=True),
    Input(ids.worth_save(MATCH), "n_clicks"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    State(CustomerFile.ID, "data"),
    State(CustomerFile.WORTH_VERSION, "data"),
    running=[(Output(ids.worth_save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
    on_error=conflicts.beside(CustomerFile.CLASH, CustomerFile.WORTH_VERSION),
)
def keep(
    clicks: int | None,
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
    customer_id: int,
    version: int,
) -> list[Any] | NoUpdate:
    """Keep the formula for everybody, and draw the file anew."""
    if not clicks:
        return no_update
    now, person = clock.now(), sessions.current_person()
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        parts = _parts(forms.values(fields, typed))
        norms.set_customer_value(session, version=version, now=now, **parts)
    shell.notify(_("Kept: everybody reckons with these figures now."))
    with db.reading(as_=person) as session:
        return body(session, _found(session, customer_id, now), person, as_of=now)


def _parts(typed: Typed) -> dict[str, int | None]:
    return {
        "service_a_year_fen": _fen(typed["service_a_year"]),
        "years": whole(typed["years"].strip()),
        "cars": whole(typed["cars"].strip()),
        "car_fen": _fen(typed["car"]),
    }


def _fen(text: str) -> int | None:
    """Yuan as somebody typed them; None if it is no amount."""
    try:
        yuan = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return int(yuan * 100) if yuan.is_finite() and 0 <= yuan <= MOST else None
