"""Sums of what is wrong with orders, calls and answers, by the local days these go by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_

from data.models import (
    Customer,
    FaultyAnswerDay,
    FaultyCallDay,
    FaultyOrderDay,
    Followup,
    RepairOrder,
    SurveyResponse,
    Vehicle,
)
from data.sums.answers import given_by
from data.sums.kinds import Kind
from data.sums.repaired import handed_back

SHORTEST_PHONE = 7
MADE_UP = (*(f"%{digit * 8}" for digit in "0123456789"), "1%012345678", "1%123456789")


def with_owner(query: Select[Any]) -> Select[Any]:
    """Orders with their car and whoever brought it, or else owns it."""
    order = RepairOrder
    owner = func.coalesce(order.customer_id, Vehicle.customer_id)
    return (
        query.select_from(order)
        .join(Vehicle, and_(Vehicle.store_id == order.store_id, Vehicle.id == order.vehicle_id))
        .outerjoin(Customer, and_(Customer.store_id == order.store_id, Customer.id == owner))
    )


def no_phone() -> ColumnElement[bool]:
    """Nobody can be called about the order."""
    numbers = (RepairOrder.brought_by_phone, Customer.phone, Customer.second_phone)
    return and_(*map(_no_number, numbers))


def _no_number(column: Any) -> ColumnElement[bool]:
    """There is no telephone number, or one that nobody has."""
    made_up = [column.like(pattern) for pattern in MADE_UP]
    return or_(column.is_(None), func.length(column) < SHORTEST_PHONE, *made_up)


def _of_orders(_as_of: datetime) -> dict[str, Any]:
    order = RepairOrder
    wrong = {
        "no_phone": no_phone(),
        "no_adviser": order.adviser_id.is_(None),
        "delivered_before_arrival": order.delivered_at < order.opened_at,
    }
    return _counted(wrong)


def _counted(wrong: dict[str, ColumnElement[bool]]) -> dict[str, Any]:
    """How many records, and how many of them have each fault."""
    met = {code: func.count().filter(condition) for code, condition in wrong.items()}
    return {"records": func.count()} | met


def completed_by(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """The calls that were completed by then."""
    return [Followup.completed_at <= as_of]


def _calls(query: Select[Any]) -> Select[Any]:
    return query.select_from(Followup)


def _of_calls(_as_of: datetime) -> dict[str, Any]:
    return _counted({"completed_before_planned": Followup.completed_at < Followup.planned_at})


def with_order(query: Select[Any]) -> Select[Any]:
    """Answers about orders."""
    said, order = SurveyResponse, RepairOrder
    same = and_(order.store_id == said.store_id, order.id == said.order_id)
    return query.select_from(said).join(order, same)


def _given(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    return [given_by(as_of)]


def _of_answers(_as_of: datetime) -> dict[str, Any]:
    wrong = SurveyResponse.answered_at < RepairOrder.delivered_at
    return _counted({"answered_before_delivery": wrong})


def _keys(model: Any, day: str) -> dict[str, Any]:
    return {"store_id": model.store_id, day: getattr(model, day)}


FAULTY_ORDERS = Kind(
    FaultyOrderDay, _keys(RepairOrder, "delivered_on"), with_owner, handed_back, _of_orders
)
FAULTY_CALLS = Kind(FaultyCallDay, _keys(Followup, "due_on"), _calls, completed_by, _of_calls)
FAULTY_ANSWERS = Kind(
    FaultyAnswerDay, _keys(SurveyResponse, "answered_on"), with_order, _given, _of_answers
)
