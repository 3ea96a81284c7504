"""Sums of the orders and of rework among them, by the local day of their delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from data.models import RepairedDay, RepairOrder
from data.sql import days_between
from data.sums.kinds import Kind
from data.sums.norms import figure

REWORK = "rework"  # the norm of how soon a car comes again for the same
EARLIER = aliased(RepairOrder)  # made once: it costs more than the question


def again() -> ColumnElement[bool]:
    """The order is marked as rework, or names one that it repeats: those of an index."""
    return or_(RepairOrder.rework, RepairOrder.rework_of_id.is_not(None))


def rework() -> ColumnElement[bool]:
    """The order repeats an earlier one, in time to be called rework."""
    order, earlier = RepairOrder, EARLIER
    soon = select(earlier.id).where(
        earlier.store_id == order.store_id,
        earlier.id == order.rework_of_id,
        earlier.delivered_on.is_not(None),
        days_between(earlier.delivered_on, order.opened_on) <= figure(REWORK, "within_days"),
    )
    return or_(order.rework, and_(order.rework_of_id.is_not(None), exists(soon)))


def handed_back(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """The orders that were delivered by then."""
    return [RepairOrder.delivered_at <= as_of]


def _rows(query: Select[Any]) -> Select[Any]:
    return query.select_from(RepairOrder)


def _sums(_as_of: datetime) -> dict[str, Any]:
    return {"delivered": func.count(), "reworked": func.count().filter(rework())}


KEYS: dict[str, Any] = {
    "store_id": RepairOrder.store_id,
    "delivered_on": RepairOrder.delivered_on,
}
REPAIRED = Kind(RepairedDay, KEYS, _rows, handed_back, _sums)
