"""Does every delivered order have its callback."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import Counted, share_of
from data.metrics.matters import CALLS
from data.metrics.trend import GRAINS
from data.models import (
    Customer,
    Followup,
    FollowupRule,
    FollowupTrigger,
    RepairOrder,
    Store,
    Vehicle,
)
from data.scope import Scope

EXCLUDED, CALLED = 1, 2
TASK = func.max(case((Followup.excluded.is_(None), CALLED), else_=EXCLUDED))
SAME = {"store_id": "store_id", "vehicle_id": "vehicle_id", "delivered_on": "anchored_on"}


@metric(
    "followup_coverage",
    "Orders with their callback",
    unit="share",
    reads=CALLS,
    grain=GRAINS,
    by=("period", "store"),
)
def followup_coverage(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Delivered orders whose vehicle has a callback for that day ÷ delivered orders that should
    have one: not of fleet and own cars, nor of customers who wish no calls, nor of days before the
    rule began. An order counts once its callback is planned or should be over; a gap is a fault
    in the data. By the day of delivery.
    """
    rules = _rules(session)
    if not rules:
        return share_of(session, [], scope, grain, by)
    order, tasks = RepairOrder, _tasks(scope)
    key = {"period": order.delivered_on, "store": order.store_id}[by]
    due = or_(*(_due(rule, scope) for rule in rules))
    same = [getattr(order, ours) == tasks.c[its] for ours, its in SAME.items()]
    query = (
        select(key, tasks.c.task, due, func.count())
        .select_from(order)
        .join(Vehicle, and_(Vehicle.store_id == order.store_id, Vehicle.id == order.vehicle_id))
        .outerjoin(tasks, and_(*same))
        .where(*_wanted(scope, rules))
        .group_by(key, tasks.c.task, due)
    )
    found: Counted = []
    rows: Any = session.execute(query)
    for key, task, due, count in rows:
        if task != EXCLUDED:
            found.append((key, *(count * each for each in _judged(task, due))))
    return share_of(session, found, scope, grain, by)


def _judged(task: int | None, due: bool) -> tuple[int, int, int]:
    """Has its callback, counts, is not due yet."""
    has = task == CALLED
    return int(has), int(has or due), int(not (has or due))


def expected(session: Session, scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of the orders that the coverage counts, and of those without a callback."""
    rules, task = _rules(session), _task(scope)
    due = or_(false(), *(_due(rule, scope) for rule in rules))
    wanted, none = and_(*_wanted(scope, rules)), task.is_(None)
    return and_(wanted, or_(task == CALLED, and_(none, due))), and_(wanted, due, none)


def _rules(session: Session) -> list[Any]:
    rule = FollowupRule
    query = select(rule.id, rule.delay_hours, rule.starts_on).where(
        rule.trigger == FollowupTrigger.ORDER_DELIVERED, rule.active
    )
    return list(session.execute(query))


def _wanted(scope: Scope, rules: list[Any]) -> list[ColumnElement[bool]]:
    """The orders that should have a callback."""
    order = RepairOrder
    begun = [order.delivered_on >= rule.starts_on for rule in rules if rule.starts_on]
    return [
        order.store_id.in_(select(Store.id)),
        *scope.where(order, order.delivered_on),
        order.delivered_at <= scope.as_of,
        ~Vehicle.fleet,
        ~Vehicle.internal,
        ~exists(_unwanted(Customer.id == order.customer_id)),
        ~exists(_unwanted(order.customer_id.is_(None), Customer.id == Vehicle.customer_id)),
        *([or_(*begun)] if begun and len(begun) == len(rules) else []),
    ]


def _unwanted(*whose: ColumnElement[bool]) -> Any:
    """A customer who wishes no calls; asked for twice, since an `or` would be tried for each."""
    found = select(Customer.id).where(Customer.store_id == RepairOrder.store_id, *whose)
    return found.where(Customer.do_not_call).correlate(RepairOrder, Vehicle)


def _due(rule: Any, scope: Scope) -> ColumnElement[bool]:
    """Long enough ago that this rule's call should be over."""
    latest: datetime = scope.as_of - timedelta(hours=rule.delay_hours)
    started = RepairOrder.delivered_on >= rule.starts_on if rule.starts_on else ~false()
    return and_(RepairOrder.delivered_at <= latest, started)


def _task(scope: Scope) -> Any:
    """What there is after service for the order's vehicle and day: CALLED, EXCLUDED or nothing.

    There is one task for all its orders; where several rules made one, any to be called will do.
    """
    same = [getattr(Followup, its) == getattr(RepairOrder, ours) for ours, its in SAME.items()]
    found = select(TASK).select_from(Followup).where(*same, *_planned(scope))
    return found.correlate(RepairOrder).scalar_subquery()


def _tasks(scope: Scope) -> Subquery:
    """The same for every vehicle and day at once: many orders' are not looked up one by one."""
    keys = [getattr(Followup, its) for its in SAME.values()]
    days = scope.where(Followup, Followup.anchored_on)
    planned = select(*keys, TASK.label("task")).where(*days, *_planned(scope))
    return planned.group_by(*keys).subquery("planned")


def _planned(scope: Scope) -> list[ColumnElement[bool]]:
    serving = select(FollowupRule.id).where(FollowupRule.trigger == FollowupTrigger.ORDER_DELIVERED)
    return [Followup.rule_id.in_(serving), Followup.planned_at <= scope.as_of]
