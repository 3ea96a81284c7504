"""Does every delivered order have its callback."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import share_of
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


@metric(
    "followup_coverage",
    "Orders with their callback",
    unit="share",
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
    has, order = _has(scope), RepairOrder
    due = or_(*(_due(rule, scope) for rule in rules))
    key = {"period": order.delivered_on, "store": order.store_id}[by]
    query = (
        select(
            key,
            func.count().filter(has),
            func.count().filter(or_(has, due)),
            func.count().filter(~or_(has, due)),
        )
        .select_from(order)
        .join(Vehicle, and_(Vehicle.store_id == order.store_id, Vehicle.id == order.vehicle_id))
        .where(*_wanted(scope, rules))
        .group_by(key)
    )
    return share_of(session, [tuple(row) for row in session.execute(query)], scope, grain, by)


def expected(session: Session, scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of the orders that the coverage counts, and of those without a callback."""
    rules, has = _rules(session), _has(scope)
    due = or_(false(), *(_due(rule, scope) for rule in rules))
    wanted = and_(*_wanted(scope, rules))
    return and_(wanted, or_(has, due)), and_(wanted, due, ~has)


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
    owner = Customer.id == Vehicle.customer_id
    brought_it = or_(Customer.id == order.customer_id, and_(order.customer_id.is_(None), owner))
    unwanted = (
        select(Customer.id)
        .where(Customer.store_id == order.store_id, brought_it, Customer.do_not_call)
        .correlate(order, Vehicle)
    )
    return [
        order.store_id.in_(select(Store.id)),
        *scope.where(order, order.delivered_on),
        order.delivered_at <= scope.as_of,
        ~Vehicle.fleet,
        ~Vehicle.internal,
        ~exists(unwanted),
        *([or_(*begun)] if begun and len(begun) == len(rules) else []),
        ~_task(scope, Followup.excluded.is_not(None)),
    ]


def _due(rule: Any, scope: Scope) -> ColumnElement[bool]:
    """Long enough ago that this rule's call should be over."""
    latest: datetime = scope.as_of - timedelta(hours=rule.delay_hours)
    started = RepairOrder.delivered_on >= rule.starts_on if rule.starts_on else ~false()
    return and_(RepairOrder.delivered_at <= latest, started)


def _has(scope: Scope) -> ColumnElement[bool]:
    return _task(scope, Followup.excluded.is_(None))


def _task(scope: Scope, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """A task after service for the order's vehicle and day; there is one for all its orders."""
    serving = select(FollowupRule.id).where(FollowupRule.trigger == FollowupTrigger.ORDER_DELIVERED)
    return exists(
        select(Followup.id).where(
            Followup.store_id == RepairOrder.store_id,
            Followup.vehicle_id == RepairOrder.vehicle_id,
            Followup.anchored_on == RepairOrder.delivered_on,
            Followup.rule_id.in_(serving),
            Followup.planned_at <= scope.as_of,
            which,
        )
    )
