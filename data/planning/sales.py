"""A car was sold."""

from data.models import Customer, FollowupRule, Vehicle
from data.planning.causes import Causes, Here, found, named, same, unplanned


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Cars whose sale has no call."""
    car, anchor = Vehicle, named("v", Vehicle.id, Vehicle.sold_on)
    query = (
        found(key=car.id, anchor=anchor, day=car.sold_on, customer=car.customer_id, vehicle=car.id)
        .select_from(car)
        .outerjoin(Customer, same(car, car.customer_id, Customer))
        .where(
            car.store_id == here.store_id,
            here.within(car.sold_on),
            unplanned(rule, here, anchor),
        )
    )
    return Causes(query, (car.id,), lambda row: (row.day, here.morning(row.day)))
