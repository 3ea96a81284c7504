"""A complaint was closed."""

from sqlalchemy import func

from data.models import Complaint, Customer, FollowupRule, Vehicle
from data.planning.causes import Causes, Here, found, named, same, unplanned


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Closed cases without a call; one that is reopened and closed again has had it."""
    case, anchor = Complaint, named("c", Complaint.id)
    customer = func.coalesce(case.customer_id, Vehicle.customer_id)
    query = (
        found(
            key=case.id,
            anchor=anchor,
            day=None,
            at=case.closed_at,
            customer=customer,
            vehicle=case.vehicle_id,
            order=case.order_id,
            complaint=case.id,
        )
        .select_from(case)
        .outerjoin(Vehicle, same(case, case.vehicle_id, Vehicle))
        .outerjoin(Customer, same(case, customer, Customer))
        .where(
            case.store_id == here.store_id,
            case.closed_at <= here.now,
            unplanned(rule, here, anchor),
        )
    )
    if here.first:
        query = query.where(case.closed_at >= here.midnight(here.first))
    return Causes(query, (case.id,), lambda row: (here.day(row.at), row.at))
