"""Reminding a customer now, whether or not the rule of that date makes calls by itself."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.care import REMINDED, anchor, call_number, next_birthday
from data.commands import NotFound, Refused
from data.commands.filing import change
from data.models import (
    CareDate,
    Customer,
    Followup,
    FollowupRule,
    FollowupState,
    FollowupTrigger,
    Store,
    Vehicle,
)

TIME_FOR_IT = timedelta(days=1)  # somebody wants it made now


@change("call_planned")
def call_now(
    session: Session,
    customer: Customer,
    *,
    now: datetime,
    care: str,
    vehicle_id: int | None = None,
) -> dict[str, Any]:
    """Put the call about a date of care on the list, due a day from now.

    There is one call for each date, by the rule's own name for it, so the rule makes none later.
    Answers `callback`, its number.
    """
    if care not in REMINDED:
        raise Refused("Choose one of: {kinds}.", kinds=list(REMINDED))
    store, rule = session.get_one(Store, customer.store_id), _rule(session, care)
    today = now.astimezone(ZoneInfo(store.zone)).date()
    car = None if care == CareDate.BIRTHDAY else _car(session, customer, vehicle_id)
    _refuse_unwanted(customer, car)
    day = _day(customer, car, care, today)
    name = anchor(care, car.id if car else customer.id, day)
    _refuse_second(session, customer.store_id, rule, name)
    due_at = now + TIME_FOR_IT
    call = Followup(
        store_id=customer.store_id,
        number=call_number(rule.id, name, day),
        rule_id=rule.id,
        customer_id=customer.id,
        vehicle_id=car.id if car else None,
        planned_at=now,
        due_at=due_at,
        due_on=due_at.astimezone(ZoneInfo(store.zone)).date(),
        expires_at=max(now + timedelta(days=rule.expires_days), due_at + TIME_FOR_IT),
        anchor=name,
        anchored_on=day,
        state=FollowupState.PLANNED,
    )
    session.add(call)
    session.flush()
    of_car = {"vehicle_id": car.id} if car else {}
    return {"care": care, "day": day.isoformat(), "callback": call.number, **of_car}


def _rule(session: Session, care: str) -> FollowupRule:
    """The rule of this date: that in force, else the first."""
    rule = FollowupRule
    query = select(rule).where(rule.trigger == FollowupTrigger.CARE_DATE, rule.care_date == care)
    found = session.scalars(query.order_by(rule.active.desc(), rule.id)).first()
    if found is None:
        raise NotFound("There is no callback rule for this date.")
    return found


def _car(session: Session, customer: Customer, vehicle_id: int | None) -> Vehicle:
    car = session.get(Vehicle, vehicle_id) if vehicle_id else None
    if car is None or (car.store_id, car.customer_id) != (customer.store_id, customer.id):
        raise NotFound("There is no such vehicle of this customer.")
    return car


def _refuse_unwanted(customer: Customer, car: Vehicle | None) -> None:
    if customer.do_not_call:
        raise Refused("This customer does not want calls.")
    if car and (car.fleet or car.internal):
        raise Refused("Fleet cars and our own cars are not called about.")


def _day(customer: Customer, car: Vehicle | None, care: str, today: date) -> date:
    day: date | None = getattr(car, care) if car else customer.birthday
    if day is None:
        raise Refused("That date is not known: note it first.")
    return day if car else next_birthday(day, today)


def _refuse_second(session: Session, store_id: int, rule: FollowupRule, name: str) -> None:
    same = (Followup.store_id == store_id, Followup.rule_id == rule.id, Followup.anchor == name)
    number = session.scalar(select(Followup.number).where(*same))
    if number is not None:
        raise Refused("There is a call for this date already: {number}.", number=number)
