"""Customers: what is kept of a person, the dates to remind them of, and their hidden numbers."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from sqlalchemy.orm import Session

from data import callers, events, policies, veil, windows
from data.commands import NotFound, Refused, command, followups
from data.commands.cases import choice, text
from data.commands.filing import change, found
from data.commands.forgetting import forget
from data.db import person_of
from data.models import CallChannel, CareDate, Customer, Vehicle
from data.person import Right

PHONES = {"customer": "phone", "second": "second_phone"}
LONGEST_NAME = 200
OLDEST = date(1900, 1, 1)
FARTHEST = timedelta(days=3660)
BETWEEN_DIGITS = re.compile(r"[\s().-]")
PHONE = re.compile("[0-9]{7,15}")
OF_A_CAR = (CareDate.INSURANCE, CareDate.INSPECTION, CareDate.SERVICE)


class CustomerKind(StrEnum):
    """What kind of customer it is."""

    PERSON = "person"
    COMPANY = "company"


class ValueClass(StrEnum):
    """How much the customer means to the house."""

    A = "A"
    B = "B"
    C = "C"


@change("edited")
def edit(
    session: Session,
    customer: Customer,
    *,
    now: datetime,
    today: date,
    name: str,
    phone: str | None = None,
    second_phone: str | None = None,
    kind: str = CustomerKind.PERSON,
    value_class: str = "",
    birthday: date | None = None,
    preferred_channel: str = "",
    call_window: str = "",
    do_not_call: bool = False,
    our_promise: str = "",
) -> dict[str, Any]:
    """Change what is kept of the person; everything is given anew, but a number of None stays.

    The log says which fields were changed and not to what: it outlives the personal data.
    """
    said = {
        "name": _name(name),
        "phone": customer.phone if phone is None else _phone(phone),
        "second_phone": customer.second_phone if second_phone is None else _phone(second_phone),
        "kind": choice(CustomerKind, kind),
        "value_class": choice(ValueClass, value_class) if value_class else None,
        "birthday": _birthday(birthday, today),
        "preferred_channel": choice(CallChannel, preferred_channel) if preferred_channel else None,
        "call_window": _window(call_window),
        "do_not_call": do_not_call,
        "our_promise": text(our_promise) or None,
    }
    changed = [field for field, value in said.items() if getattr(customer, field) != value]
    for field in changed:
        setattr(customer, field, said[field])
    return {"fields": changed} if changed else {}


@change("date_set")
def set_date(
    session: Session,
    customer: Customer,
    *,
    now: datetime,
    today: date,
    vehicle_id: int,
    care: str,
    day: date | None,
) -> dict[str, Any]:
    """Note until when a car is insured, or when its inspection or next service is due.

    An insurance is kept as a policy beside it, so that renewals can be counted.
    """
    if care not in OF_A_CAR:
        raise Refused("Choose one of: {kinds}.", kinds=list(OF_A_CAR))
    car = _car(session, customer, vehicle_id)
    if day is None:
        raise Refused("Please give the new date.")
    if abs(day - today) > FARTHEST:
        raise Refused("The date {day} is more than ten years away. Please check it.", day=day)
    before = getattr(car, care)
    if day == before:
        raise Refused("That is the date we have already.")
    _note_policy(session, car, care, now)
    setattr(car, care, day)
    session.flush()
    _note_policy(session, car, care, now)
    was = before.isoformat() if before else None
    return {"care": care, "vehicle_id": car.id, "from": was, "to": day.isoformat()}


def reveal(session: Session, *, customer_id: int, now: datetime, which: str = "customer") -> str:
    """A number for somebody who may see it: of the staff, or an agent with a call of theirs."""
    person = person_of(session)
    if person.may(Right.SEE_PEOPLE):
        return reveal_phone(session, customer_id=customer_id, now=now, which=which)
    call = callers.rung(session, person, found(session, customer_id))
    return followups.reveal_phone(session, followup_id=call or 0, now=now, which=which)


@command(Right.SEE_PEOPLE)
def reveal_phone(
    session: Session, *, customer_id: int, now: datetime, which: str = "customer"
) -> str:
    """The customer's phone number; that somebody looked is logged."""
    customer = session.get(Customer, customer_id)
    phone: str | None = getattr(customer, PHONES.get(which, ""), None)
    if customer is None or not phone or customer.anonymised_at:
        raise NotFound("There is no phone number for this customer among your stores.")
    if not events.already(session, customer):
        events.record(session, customer, "phone_revealed", at=now, which=which)
    return phone


@command(Right.ADMINISTER)
def anonymise(session: Session, *, customer_id: int, now: datetime, secret: str) -> dict[str, int]:
    """Take a customer's personal data out for good; every figure stays as it is.

    Calls that are still to be made are cancelled. `secret` makes the keys that stand for plates
    and the like, where this installation has none yet. Answers how many rows spoke of the person.
    """
    customer = session.get(Customer, customer_id, with_for_update=True)
    if customer is None:
        raise NotFound("There is no such customer among yours.")
    if before := events.earlier(session, customer):
        return {name: n for name, n in before.data.items() if name != "version"}
    if customer.anonymised_at:
        raise Refused("The personal data of this customer were taken out already.")
    version = customer.version
    counts = forget(session, customer, veil.begun(session, secret), now)
    events.record(session, customer, "anonymised", at=now, version=version, **counts)
    session.flush()
    return counts


def _car(session: Session, customer: Customer, vehicle_id: int) -> Vehicle:
    car = session.get(Vehicle, vehicle_id, with_for_update=True)
    if car is None or (car.store_id, car.customer_id) != (customer.store_id, customer.id):
        raise NotFound("There is no such vehicle of this customer.")
    return car


def _note_policy(session: Session, car: Vehicle, care: str, now: datetime) -> None:
    if care == CareDate.INSURANCE:
        policies.note(session, car.store_id, [car.id], now=now)


def _name(said: str) -> str:
    name = " ".join(text(said).split())
    if not name:
        raise Refused("A customer needs a name.")
    if len(name) > LONGEST_NAME:
        raise Refused("The text is too long: at most {most} characters.", most=LONGEST_NAME)
    return name


def _phone(said: str) -> str | None:
    """Digits alone, as the importer keeps them; +86 and what stands between digits fall away."""
    digits = BETWEEN_DIGITS.sub("", normalize("NFKC", text(said))).removeprefix("+86")
    if digits and not PHONE.fullmatch(digits):
        raise Refused("{phone} is not a phone number: 7 to 15 digits.", phone=said.strip()[:40])
    return digits or None


def _birthday(day: date | None, today: date) -> date | None:
    if day is not None and not OLDEST <= day <= today:
        raise Refused("A birthday lies between 1900 and today.")
    return day


def _window(said: str) -> str | None:
    window = re.sub(r"\s", "", normalize("NFKC", text(said))).replace("–", "-")
    if window and windows.chosen(window) is None:
        raise Refused("{window} is no time to call. Write it as 09:00-20:00.", window=window[:40])
    return window or None
