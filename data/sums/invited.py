"""Sums of the invitations by the local day they are due: who was called, and who came in time."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from data.models import (
    Exclusion,
    Followup,
    FollowupRule,
    FollowupTrigger,
    InvitedDay,
    Visit,
)
from data.sql import among, days_between
from data.sums.kinds import Kind, Ledger
from data.sums.norms import figure

TRIGGERS = (FollowupTrigger.VISIT_GAP, FollowupTrigger.CARE_DATE, FollowupTrigger.CHURN)
IN_TIME = "solicitation"  # the norm of how many days those invited have
SIDES = ("called", "not_called", "held_out")
NAMES = tuple(f"{side}{what}" for side in SIDES for what in ("", "_came"))


class Span(NamedTuple):
    """A visit of a vehicle, and the one before: an invitation due between led to this one."""

    vehicle_id: int
    day: date
    previous_on: date | None

    def holds(self, day: date) -> bool:
        """Whether this visit was the next on that day."""
        return (self.previous_on is None or self.previous_on < day) and day <= self.day


def asked() -> list[ColumnElement[bool]]:
    """The calls whose customers wish to be invited, held out by lot or not."""
    task = Followup
    return [or_(task.excluded.is_(None), task.excluded == Exclusion.HOLD_OUT)]


def inviting() -> ColumnElement[bool]:
    """The calls of the rules that invite somebody."""
    rule = FollowupRule
    return Followup.rule_id.in_(select(rule.id).where(rule.trigger.in_(TRIGGERS)))


def due_in(store_id: int, vehicles: Collection[int]) -> Select[Any]:
    """The vehicles and days of the invitations of these vehicles."""
    task = Followup
    mine = (task.store_id == store_id, among(task.vehicle_id, vehicles), inviting())
    wanted: Any = (task.vehicle_id, task.due_on)
    return select(*wanted).where(*mine).distinct()


def _where(_as_of: datetime) -> Sequence[ColumnElement[bool]]:
    return [inviting(), *asked()]


def _rows(query: Select[Any]) -> Select[Any]:
    return query.select_from(Followup).outerjoin(Visit, _next_visit())


def _next_visit() -> ColumnElement[bool]:
    """The one visit that was the vehicle's first on or after the day its call was due."""
    return and_(
        Visit.store_id == Followup.store_id,
        Visit.vehicle_id == Followup.vehicle_id,
        Visit.day >= Followup.due_on,
        or_(Visit.previous_on.is_(None), Visit.previous_on < Followup.due_on),
    )


def _sums(as_of: datetime) -> dict[str, Any]:
    task = Followup
    called = and_(task.first_attempt_at.is_not(None), task.first_attempt_at <= as_of)
    came = days_between(task.due_on, Visit.day) <= figure(IN_TIME, "within_days")
    sides = (called, ~called, task.excluded == Exclusion.HOLD_OUT)
    counted = [and_(side, *more) for side in sides for more in ((), (came,))]
    return {name: func.count().filter(one) for name, one in zip(NAMES, counted, strict=True)}


KEYS: dict[str, Any] = {"store_id": Followup.store_id, "due_on": Followup.due_on}
BY_DAY = Kind(InvitedDay, KEYS, _rows, _where, _sums)
INVITED = Ledger(
    "invited",
    Followup.store_id,
    Followup.due_on,
    lambda as_of: and_(inviting(), Followup.first_attempt_at > as_of),
    (BY_DAY,),
)
