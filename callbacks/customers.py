"""The customer file: its forms, its numbers, and the formula of a customer's value."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from dash import ALL, MATCH, Input, NoUpdate, Output, State, no_update

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from dashboard import forms, ids, sessions
from dashboard.doors import SIGNED_IN, callback
from dashboard.forms import Typed, a_day, whole
from dashboard.i18n import _
from dashboard.ids import CustomerFile
from data import db, lifetime
from data.commands import NotFound, customers, norms, reminders
from data.customers import file as files
from data.lookups import Session
from data.person import Person, Right
from pages.customer.body import body
from pages.customer.worth import FORM, told

PLAIN = ("name", "kind", "value_class", "preferred_channel", "call_window", "our_promise")
MOST = Decimal(10**9)


def _write(session: Session, sent: Sent) -> Saved:
    """Write what the form is for; what to say of it. Forms of a date name it and its car."""
    act, care, number = (*sent.form.split("."), "", "")[:3]
    if act not in WRITERS:
        raise NotFound("There is no such form.")
    given = {"customer_id": sent.id, "version": sent.version, "now": sent.now}
    of = {"care": care, "vehicle_id": whole(number), "today": _today(session, sent)}
    return Saved(WRITERS[act](session, given, sent.typed, of))


def _drawn(session: Session, sent: Sent) -> list[Any]:
    found = _found(session, sent.id, sent.now, sent.person)
    return body(session, found, sent.person, as_of=sent.now)


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


RIGHTS = (Right.RECORD_FOLLOWUPS,)
saving.of_record(CustomerFile, ids.customer_save, may=RIGHTS, write=_write, draw=_drawn)


def _found(session: Session, customer_id: int, now: datetime, person: Person) -> files.File:
    found = files.find(session, customer_id, as_of=now, person=person)
    if found is None:
        raise NotFound("There is no such customer among yours.")
    return found


def _today(session: Session, sent: Sent) -> date:
    """The local day of the customer's store."""
    zone = _found(session, sent.id, sent.now, sent.person).store.zone
    return sent.now.astimezone(ZoneInfo(zone)).date()


@callback(
    Output(ids.customer_phone(MATCH), "children"),
    Input(ids.customer_reveal(MATCH), "n_clicks"),
    State(ids.customer_reveal(MATCH), "id"),
    State(CustomerFile.ID, "data"),
    may=(Right.SEE_PEOPLE, Right.RECORD_FOLLOWUPS),
    prevent_initial_call=True,
)
def reveal(clicks: int | None, button: dict[str, str], customer_id: int) -> str | NoUpdate:
    """Show a number; the log keeps who looked."""
    if not clicks:
        return no_update
    now, which = clock.now(), str(button["which"])
    with db.writing(by=sessions.current_person()) as session:
        return customers.reveal(
            session, customer_id=saving.id_of(customer_id), now=now, which=which
        )


@callback(
    Output(CustomerFile.WORTH, "children"),
    Input(ids.field(FORM, ALL), "value"),
    State(ids.field(FORM, ALL), "id"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def reckon(typed: Sequence[Any], fields: Sequence[dict[str, str]]) -> list[Any]:
    """The value by the figures in the fields, as they are typed; nothing is kept."""
    parts = _parts(forms.values(fields, typed))
    return told(None if None in parts.values() else lifetime.worth(parts))


def _kept(session: Session, sent: Sent) -> Saved:
    """Keep the formula for everybody."""
    norms.set_customer_value(session, version=sent.version, now=sent.now, **_parts(sent.typed))
    return Saved(_("Kept: everybody reckons with these figures now."))


saving.of_record(
    CustomerFile,
    ids.worth_save,
    may=(Right.SET_TARGETS,),
    write=_kept,
    draw=_drawn,
    version="WORTH_VERSION",
)


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
