"""What a customer is to be reminded of, and whether somebody is going to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.care import REMINDED, anchor, next_birthday
from data.models import CareDate, Customer, Followup, FollowupRule, FollowupTrigger, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A date of care. `day` is None where it is not known; a birthday's is the coming one.

    `call` is the callback for that very date; `call_on` the day on which the rule will put one on
    the list by itself, None while the rule rests or when that day is over.
    """

    care: CareDate
    vehicle: Vehicle | None
    day: date | None
    rule: FollowupRule | None
    call: Followup | None
    call_on: date | None


def of(
    session: Session, customer: Customer, cars: Sequence[Vehicle], today: date
) -> list[Reminder]:
    """The reminders of a customer: three for each car, then the birthday."""
    rules = _rules(session)
    wanted = [(care, car) for car in cars for care in REMINDED if care is not CareDate.BIRTHDAY]
    asked = [(care, car, getattr(car, care), car.id) for care, car in wanted]
    born = customer.birthday and next_birthday(customer.birthday, today)
    named = [*asked, (CareDate.BIRTHDAY, None, born, customer.id)]
    anchors = {anchor(care, number, day) for care, _, day, number in named if day}
    calls = _calls(session, customer.store_id, anchors)
    found = []
    for care, car, day, number in named:
        rule = rules.get(care)
        call = calls.get((rule.id, anchor(care, number, day))) if rule and day else None
        when = _call_on(rule, day, today) if not call else None
        found.append(Reminder(care=care, vehicle=car, day=day, rule=rule, call=call, call_on=when))
    return found


def _rules(session: Session) -> dict[str | None, FollowupRule]:
    """The rule of each date; of several the one in force, else the first."""
    rule = FollowupRule
    query = select(rule).where(rule.trigger == FollowupTrigger.CARE_DATE)
    rows = session.scalars(query.order_by(rule.active, rule.id.desc()))
    return {row.care_date: row for row in rows}


def _calls(
    session: Session, store_id: int, anchors: set[str]
) -> dict[tuple[int | None, str | None], Followup]:
    query = select(Followup).where(Followup.store_id == store_id, Followup.anchor.in_(anchors))
    return {(call.rule_id, call.anchor): call for call in session.scalars(query)}


def _call_on(rule: FollowupRule | None, day: date | None, today: date) -> date | None:
    if rule is None or day is None or not rule.active or day < (rule.starts_on or day):
        return None
    due = day + timedelta(hours=rule.delay_hours)
    return due if day + timedelta(days=rule.expires_days) > today else None
