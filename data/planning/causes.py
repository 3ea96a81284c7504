"""What every trigger has in common: where it looks, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from data.models import Customer, Followup, FollowupRule, Vehicle

NINE = time(9)  # a day on which something happened counts from nine o'clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A store and its clock, the moment it is, and the first local day that is looked at."""

    store_id: int
    zone: ZoneInfo
    now: datetime
    first: date | None

    @property
    def today(self) -> date:
        """The local day."""
        return self.day(self.now)

    def day(self, at: datetime) -> date:
        """The local day of a moment."""
        return at.astimezone(self.zone).date()

    def morning(self, day: date) -> datetime:
        """Nine o'clock of a local day."""
        return datetime.combine(day, NINE, self.zone).astimezone(UTC)

    def midnight(self, day: date) -> datetime:
        """The beginning of a local day."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def within(self, column: Any, until: date | None = None) -> ColumnElement[bool]:
        """From the first day to `until`, today if left out."""
        past = column <= (until or self.today)
        return past if self.first is None else and_(column >= self.first, past)


@dataclass(frozen=True, slots=True)
class Causes:
    """What a rule finds in a store and has no call for yet.

    `query` has the columns of `found`; `order` sorts it, and a chunk goes on from the first of
    `order` where the one before ended. `read` gives of a row the local day that the call is
    anchored on and the moment its time begins to run.
    """

    query: Select[Any]
    order: tuple[Any, ...]
    read: Callable[[Any], tuple[date, datetime]]


def found(
    *,
    key: Any,
    anchor: Any,
    day: Any,
    at: Any = None,
    customer: Any = None,
    vehicle: Any = None,
    order: Any = None,
    complaint: Any = None,
) -> Select[Any]:
    """A query for causes: where it goes on, what it is, when, and about whom."""
    given = {
        "key": key,
        "anchor": anchor,
        "day": day,
        "at": at,
        "customer_id": customer,
        "vehicle_id": vehicle,
        "order_id": order,
        "complaint_id": complaint,
    }
    columns = (null().label(k) if v is None else v.label(k) for k, v in given.items())
    # nobody rings who is no longer known
    unwanted = or_(Customer.do_not_call, Customer.anonymised_at.is_not(None)).label("do_not_call")
    return select(*columns, Vehicle.fleet, Vehicle.internal, unwanted)


def named(letter: str, number: Any, day: Any = None) -> ColumnElement[str]:
    """The anchor in the database's words: v12 2026-03-05."""
    name = literal(letter, String).concat(cast(number, String))
    return name if day is None else name.concat(literal(" ", String)).concat(cast(day, String))


def unplanned(rule: FollowupRule, here: Here, anchor: Any) -> ColumnElement[bool]:
    """Whether the rule has no call for this anchor yet."""
    task = aliased(Followup)  # the query may hold another call
    return ~exists().where(
        task.store_id == here.store_id, task.rule_id == rule.id, task.anchor == anchor
    )


def same(one: Any, number: Any, other: Any) -> ColumnElement[bool]:
    """Whether `number` of the row `one` names the row `other` of the same store."""
    return and_(other.store_id == one.store_id, other.id == number)
