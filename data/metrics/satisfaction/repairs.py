"""Was the car right when it was handed back, or did it come again for the same thing."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, any_of, whole_numbers
from data.metrics.matters import STAFF
from data.metrics.satisfaction.answers import shared
from data.metrics.trend import GRAINS
from data.models import Employee, RepairOrder, Store
from data.paging import page
from data.scope import Scope
from data.sums.delivered import DELIVERED
from data.sums.reading import Question, added_up
from data.sums.repaired import REPAIRED, again, handed_back, rework

KEYS = {"period": "delivered_on", "store": "store_id"}
PEOPLE = {"adviser": RepairOrder.adviser_id, "technician": RepairOrder.technician_id}


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
    counted = _by_person if by in PEOPLE else _added_up
    found = [(key, n - reworked, n, 0) for key, n, reworked in counted(session, scope, by)]
    return shared(session, found, scope, grain, by)


def _added_up(session: Session, scope: Scope, by: str) -> Any:
    """Orders and rework by day or store."""
    kept = None if _people(scope) else ()  # the sums know nobody
    names, rows = ("delivered", "reworked"), _delivered(scope)
    return added_up(session, scope, Question(DELIVERED, REPAIRED, [KEYS[by]], names, rows, kept))


def _by_person(session: Session, scope: Scope, by: str) -> Any:
    """Orders and rework by who wrote or did the order."""
    counted = select(PEOPLE[by], func.count(), func.count().filter(rework()))
    return session.execute(counted.where(*_delivered(scope)).group_by(PEOPLE[by]))


def reworked(
    session: Session, scope: Scope, *, start: int = 0, count: int = 100
) -> tuple[list[dict[str, Any]], int]:
    """The rework orders of a scope, the latest first, and how many there are in all."""
    order = RepairOrder
    return page(
        session,
        _told(),
        order.id,
        wanted=[*_delivered(scope), again(), rework()],
        texts=(),
        order=[order.delivered_at.desc(), order.id],
        alone=True,
        start=start,
        count=count,
    )


def _told() -> Select[Any]:
    """The orders with the one they repeat, and who wrote and did them."""
    order, earlier, adviser, technician = (
        RepairOrder, aliased(RepairOrder), aliased(Employee), aliased(Employee)
    )  # fmt: skip
    fields: dict[str, Any] = {
        "number": order.number,
        "store": Store.code,
        "delivered_on": order.delivered_on,
        "earlier": earlier.number,
        "earlier_on": earlier.delivered_on,
        "adviser": adviser.name,
        "technician": technician.name,
    }
    return (
        select(*(column.label(name) for name, column in fields.items()))
        .select_from(order)
        .join(Store, Store.id == order.store_id)
        .outerjoin(earlier, _same(earlier, order.rework_of_id))
        .outerjoin(adviser, _same(adviser, order.adviser_id))
        .outerjoin(technician, _same(technician, order.technician_id))
    )


def _same(model: Any, number: Any) -> ColumnElement[bool]:
    return and_(model.store_id == RepairOrder.store_id, model.id == number)


def _delivered(scope: Scope) -> list[ColumnElement[bool]]:
    """What was handed back on the scope's days by `as_of`."""
    order = RepairOrder
    return [
        order.store_id.in_(select(Store.id)),
        *scope.where(order, order.delivered_on),
        *_people(scope),
        *handed_back(scope.as_of),
    ]


def _people(scope: Scope) -> list[ColumnElement[bool]]:
    return [
        any_of(column, whole_numbers(asked), NONE in asked)
        for key, column in PEOPLE.items()
        if (asked := scope.asked(key))
    ]
