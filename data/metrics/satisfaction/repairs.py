"""Was the car right when it was handed back, or did it come again for the same thing."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, any_of, whole_numbers
from data.metrics.matters import STAFF
from data.metrics.satisfaction.answers import shared
from data.metrics.trend import GRAINS
from data.models import Employee, RepairOrder, Store
from data.norms import norm
from data.scope import Scope
from data.sql import days_between

KEYS: dict[str, Any] = {
    "period": RepairOrder.delivered_on,
    "store": RepairOrder.store_id,
    "adviser": RepairOrder.adviser_id,
    "technician": RepairOrder.technician_id,
}


@metric(
    "fixed_right_first_time",
    "Fixed right first time",
    unit="share",
    reads=STAFF,
    grain=GRAINS,
    by=("period", "store", "adviser", "technician"),
)
def fixed_right_first_time(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """1 − rework orders ÷ repair orders delivered in the period. Rework is an order marked so, or
    one that names the order it repeats and was opened at most 30 days (a setting) after that was
    delivered. By the local day of delivery.
    """
    again = rework(norm(session, "rework")["within_days"])
    counted = select(KEYS[by], func.count().filter(~again), func.count()).group_by(KEYS[by])
    query = counted.where(*_delivered(scope))
    found = [(key, int(right), int(n), 0) for key, right, n in session.execute(query)]
    return shared(session, found, scope, grain, by)


def rework(within_days: int) -> ColumnElement[bool]:
    """The order repeats an earlier one, in time to be called rework."""
    order, earlier = RepairOrder, aliased(RepairOrder)
    soon = select(earlier.id).where(
        earlier.store_id == order.store_id,
        earlier.id == order.rework_of_id,
        earlier.delivered_on.is_not(None),
        days_between(earlier.delivered_on, order.opened_on) <= within_days,
    )
    return or_(order.rework, and_(order.rework_of_id.is_not(None), exists(soon)))


def reworked(
    session: Session, scope: Scope, *, start: int = 0, count: int = 100
) -> tuple[list[dict[str, Any]], int]:
    """The rework orders of a scope, the latest first, and how many there are in all."""
    order, earlier, adviser, technician = (
        RepairOrder, aliased(RepairOrder), aliased(Employee), aliased(Employee)
    )  # fmt: skip
    wanted = [*_delivered(scope), rework(norm(session, "rework")["within_days"])]
    query = (
        select(
            order.number.label("number"),
            Store.code.label("store"),
            order.delivered_on.label("delivered_on"),
            earlier.number.label("earlier"),
            earlier.delivered_on.label("earlier_on"),
            adviser.name.label("adviser"),
            technician.name.label("technician"),
        )
        .select_from(order)
        .join(Store, Store.id == order.store_id)
        .outerjoin(earlier, _same(earlier, order.rework_of_id))
        .outerjoin(adviser, _same(adviser, order.adviser_id))
        .outerjoin(technician, _same(technician, order.technician_id))
        .where(*wanted)
        .order_by(order.delivered_at.desc(), order.id)
    )
    total = session.scalar(select(func.count(order.id)).where(*wanted)) or 0
    found = session.execute(query.offset(start).limit(count)).mappings()
    return [dict(row) for row in found], total


def _same(model: Any, number: Any) -> ColumnElement[bool]:
    return and_(model.store_id == RepairOrder.store_id, model.id == number)


def _delivered(scope: Scope) -> list[ColumnElement[bool]]:
    """What was handed back on the scope's days by `as_of`."""
    order = RepairOrder
    return [
        order.store_id.in_(select(Store.id)),
        *scope.where(order, order.delivered_on),
        *_people(scope),
        order.delivered_at <= scope.as_of,
    ]


def _people(scope: Scope) -> list[ColumnElement[bool]]:
    columns = {"adviser": RepairOrder.adviser_id, "technician": RepairOrder.technician_id}
    return [
        any_of(column, whole_numbers(asked), NONE in asked)
        for key, column in columns.items()
        if (asked := scope.asked(key))
    ]
