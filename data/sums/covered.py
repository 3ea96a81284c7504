"""Sums of the orders that should have a callback, by the local day of their delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from data.models import (
    CoveredDay,
    Customer,
    Followup,
    FollowupRule,
    FollowupTrigger,
    RepairOrder,
    Vehicle,
)
from data.sql import hours_later
from data.sums.kinds import Kind

EXCLUDED, CALLED = 1, 2
TASK = func.max(case((Followup.excluded.is_(None), CALLED), else_=EXCLUDED))
SERVING = FollowupRule.trigger == FollowupTrigger.ORDER_DELIVERED


def _rule(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is such a rule, which had begun to call after service by the delivery."""
    return exists(select(FollowupRule.id).where(_began(), *conditions))


def _began() -> ColumnElement[bool]:
    """A rule that calls after service had begun when the order was delivered."""
    rule = FollowupRule
    started = or_(rule.starts_on.is_(None), rule.starts_on <= RepairOrder.delivered_on)
    return and_(SERVING, rule.active, started)


def _over(as_of: datetime) -> ColumnElement[bool]:
    """So long ago that the call of a rule should be planned."""
    return hours_later(RepairOrder.delivered_at, FollowupRule.delay_hours) <= as_of


def due(as_of: datetime) -> ColumnElement[bool]:
    """The callback should be planned by then."""
    return _rule(_over(as_of))


def wanted(as_of: datetime) -> list[ColumnElement[bool]]:
    """The orders delivered by then that should have a callback."""
    order = RepairOrder
    return [
        order.delivered_at <= as_of,
        _rule(),
        ~Vehicle.fleet,
        ~Vehicle.internal,
        ~exists(_unwanted(Customer.id == order.customer_id)),
        ~exists(_unwanted(order.customer_id.is_(None), Customer.id == Vehicle.customer_id)),
    ]


def _unwanted(*whose: ColumnElement[bool]) -> Any:
    """A customer who wishes no calls; asked for twice, since an `or` would be tried for each."""
    found = select(Customer.id).where(Customer.store_id == RepairOrder.store_id, *whose)
    return found.where(Customer.do_not_call).correlate(RepairOrder, Vehicle)


def serving() -> ColumnElement[bool]:
    """The calls of the rules that call after service."""
    return Followup.rule_id.in_(select(FollowupRule.id).where(SERVING))


def _tasks() -> list[ColumnElement[bool]]:
    """What was planned after service for the order's car and day; for all its orders at once."""
    call, order = Followup, RepairOrder
    return [
        call.store_id == order.store_id,
        call.vehicle_id == order.vehicle_id,
        call.anchored_on == order.delivered_on,
        serving(),
    ]


def task(as_of: datetime) -> Any:
    """CALLED, EXCLUDED or nothing; where several rules planned one, any to be called will do."""
    found = select(TASK).where(*_tasks(), Followup.planned_at <= as_of)
    return found.correlate(RepairOrder).scalar_subquery()


def _rows(query: Select[Any]) -> Select[Any]:
    order = RepairOrder
    same = and_(Vehicle.store_id == order.store_id, Vehicle.id == order.vehicle_id)
    return query.select_from(order).join(Vehicle, same)


class _Covered(Kind):
    """What was planned is looked up once for each order, and then counted."""

    def from_rows(
        self, as_of: datetime, keys: Sequence[str], names: Sequence[str], *conditions: Any
    ) -> Select[Any]:
        """These sums by these keys."""
        asked = select(*self.keys.values(), task(as_of).label("task"), due(as_of).label("due"))
        orders = self.rows(asked).where(*conditions).offset(0)  # else it is for each of the sums
        each = orders.subquery("each").c
        sums, columns = _sums(each.task, each.due), [each[key] for key in keys]
        return select(*columns, *(sums[name].label(name) for name in names)).group_by(*columns)


def _sums(planned: Any, expected: Any) -> dict[str, Any]:
    called, nothing = planned == CALLED, planned.is_(None)
    met = {
        "called": called,
        "expected": or_(called, and_(nothing, expected)),
        "waiting": and_(nothing, ~expected),
    }
    return {name: func.count().filter(one) for name, one in met.items()}


def later(as_of: datetime) -> ColumnElement[bool]:
    """It is delivered, its call is planned or should be, after that."""
    ahead = exists(select(Followup.id).where(*_tasks(), Followup.planned_at > as_of))
    return or_(RepairOrder.delivered_at > as_of, _rule(~_over(as_of)), ahead)


KEYS = {"store_id": RepairOrder.store_id, "delivered_on": RepairOrder.delivered_on}
COVERED = _Covered(CoveredDay, KEYS, _rows, wanted, lambda _as_of: {})
