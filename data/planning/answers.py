"""A customer gave an alarming answer (热警报)."""

from sqlalchemy import func, or_

from data.models import Customer, Followup, FollowupRule, SurveyResponse, Vehicle
from data.planning.causes import Causes, Here, found, named, same, unplanned

LOW, DETRACTOR = 2, 6


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Answers of at most two points, or six in the recommendation, that nobody has followed up."""
    answer, anchor = SurveyResponse, named("r", SurveyResponse.id)
    customer = func.coalesce(Followup.customer_id, Vehicle.customer_id)
    query = (
        found(
            key=answer.answered_on,
            anchor=anchor,
            day=answer.answered_on,
            at=answer.answered_at,
            customer=customer,
            vehicle=answer.vehicle_id,
            order=answer.order_id,
        )
        .select_from(answer)
        .outerjoin(Followup, same(answer, answer.callback_id, Followup))
        .outerjoin(Vehicle, same(answer, answer.vehicle_id, Vehicle))
        .outerjoin(Customer, same(answer, customer, Customer))
        .where(
            answer.store_id == here.store_id,
            here.within(answer.answered_on),
            answer.answered_at <= here.now,
            or_(answer.lowest <= LOW, answer.nps <= DETRACTOR),
            unplanned(rule, here, anchor),
        )
    )
    return Causes(query, (answer.answered_on, answer.id), lambda row: (row.day, row.at))
