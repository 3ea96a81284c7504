"""A car was handed back: one call for each car and day, about the first order of that day."""

from typing import Any

from sqlalchemy import exists, func, or_

from data.models import Customer, Followup, FollowupRule, RepairOrder, Vehicle
from data.planning.causes import Causes, Here, found, named, same


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Orders delivered on a day for which their car has no call."""
    order = RepairOrder
    customer = func.coalesce(order.customer_id, Vehicle.customer_id)
    query = (
        found(
            key=order.delivered_on,
            anchor=named("v", order.vehicle_id, order.delivered_on),
            day=order.delivered_on,
            at=order.delivered_at,
            customer=customer,
            vehicle=order.vehicle_id,
            order=order.id,
        )
        .select_from(order)
        .join(Vehicle, same(order, order.vehicle_id, Vehicle))
        .outerjoin(Customer, same(order, customer, Customer))
        .where(
            order.store_id == here.store_id,
            here.within(order.delivered_on),
            order.delivered_at <= here.now,
            ~_called(rule),
        )
    )
    sorted_by = (order.delivered_on, order.delivered_at, order.id)
    return Causes(query, sorted_by, lambda row: (row.day, row.at))


def _called(rule: FollowupRule) -> Any:
    """Calls of the car and day; one that was read in without a rule is as good."""
    task, order = Followup, RepairOrder
    return exists().where(
        task.store_id == order.store_id,
        task.vehicle_id == order.vehicle_id,
        task.anchored_on == order.delivered_on,
        or_(task.rule_id == rule.id, task.rule_id.is_(None)),
    )
