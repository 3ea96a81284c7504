"""A car has not come in for some months."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from data.models import Customer, FollowupRule, RepairOrder, Vehicle
from data.months import latest_before, months_after
from data.planning.causes import Causes, Here, found, named, same, unplanned


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Cars whose last visit lies the rule's months back, by calendar, and not called for it.

    A car that stands in the workshop has come in. The call is anchored on the last visit; its time
    runs from the day the months are over.
    """
    months = rule.gap_months or 0
    car, last = Vehicle, _last_visit(here)
    anchor = named("v", car.id, last)
    query = (
        found(key=car.id, anchor=anchor, day=last, customer=car.customer_id, vehicle=car.id)
        .select_from(car)
        .outerjoin(Customer, same(car, car.customer_id, Customer))
        .where(
            car.store_id == here.store_id,
            last <= latest_before(here.today, months),
            unplanned(rule, here, anchor),
        )
    )
    if here.first:
        query = query.where(last > latest_before(here.first - timedelta(days=1), months))
    return Causes(
        query,
        (car.id,),
        lambda row: (row.day, here.morning(months_after(row.day, months))),
    )


def _last_visit(here: Here) -> Any:
    order = RepairOrder
    return (
        select(func.max(order.opened_on))
        .where(
            order.store_id == Vehicle.store_id,
            order.vehicle_id == Vehicle.id,
            order.opened_on <= here.today,
        )
        .correlate(Vehicle)
        .scalar_subquery()
    )
