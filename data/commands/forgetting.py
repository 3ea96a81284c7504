"""Taking one person's data out of everything that was written down about them.

Keys (name, phones, plate, VIN) are replaced by made-up ones, words are emptied. Rows, days, marks
and amounts stay, so every figure stays. The dealer's own numbers of customer, order and car stay
too: they mean nothing without the dealer's system, and they are how a file read in later is known
to speak of somebody whose data are not to come back.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data import events
from data.commands.calls import end
from data.commands.forgotten_words import forget_events, forget_refused_rows
from data.models import (
    CallAttempt,
    ChurnCase,
    Complaint,
    Customer,
    Followup,
    FollowupState,
    Promise,
    RepairOrder,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.veil import SIGN, Veil

EMPTIED: dict[Any, tuple[str, ...]] = {
    Customer: (
        *("birthday", "preferred_channel", "call_window", "purchase_reason", "our_promise"),
    ),
    RepairOrder: ("brought_by", "note"),
    CallAttempt: ("note",),
    SurveyResponse: ("comment",),
    SurveyAnswer: ("remark",),
    Complaint: ("content", "interim_solution", "solution", "root_cause"),
    ChurnCase: ("reason_words", "analysis", "lost_because"),
}
NOBODYS = re.compile(r"(\d)\1{7}$|^1.*(012345678|123456789)$")  # as the check of the data has it
SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Traces:
    """Every row in which the person stands."""

    cars: Sequence[Vehicle]
    orders: Sequence[RepairOrder]
    calls: Sequence[Followup]
    cases: Sequence[Complaint]
    responses: Sequence[SurveyResponse]
    promises: Sequence[Promise]
    churn: Sequence[ChurnCase]
    attempts: Sequence[CallAttempt]
    answers: Sequence[SurveyAnswer]

    def rows(self) -> list[Any]:
        """All of them."""
        return [row for name in self.__slots__ for row in getattr(self, name)]


def forget(session: Session, customer: Customer, veil: Veil, now: datetime) -> dict[str, int]:
    """Take the person out; how many rows spoke of them, by kind."""
    traces = _traces(session, customer)
    keys = _keys(customer, traces.cars)
    _cancel(session, traces.calls, now)
    forget_refused_rows(session, customer.store_id, keys)
    _veil(customer, traces, veil)
    for row in (customer, *traces.rows()):
        for field in EMPTIED.get(type(row), ()):
            setattr(row, field, None)
    for made in traces.promises:
        made.words = SIGN
    forget_events(session, customer, traces.cars, traces.rows(), veil)
    customer.anonymised_at = now
    session.flush()
    return {name: len(getattr(traces, name)) for name in ("cars", "orders", "calls", "cases")}


def _keys(customer: Customer, cars: Sequence[Vehicle]) -> set[str]:
    """What tells of the person in a row that was refused: phones, plates, VINs."""
    found = {customer.phone, customer.second_phone}
    found |= {key for car in cars for key in (car.plate, car.vin)}
    return {key for key in found if key and not key.startswith(SIGN)}


def _cancel(session: Session, calls: Sequence[Followup], now: datetime) -> None:
    for call in calls:
        if call.ended_at is None:
            end(call, FollowupState.CANCELLED, now)
            events.record(session, call, "cancelled", at=now, version=call.version)


def _veil(customer: Customer, traces: Traces, veil: Veil) -> None:
    """Put made-up keys where the real ones stood."""
    phones = {number for number in (customer.phone, customer.second_phone) if number}
    for car in traces.cars:
        if car.number and car.number.removeprefix("@") in {*phones, car.plate, car.vin}:
            car.number = "@" * car.number.startswith("@") + veil(car.number.removeprefix("@"))
        car.plate, car.vin = car.plate and veil(car.plate), car.vin and veil(car.vin)
    for order in traces.orders:
        order.brought_by_phone = order.brought_by_phone and _phone(order.brought_by_phone, veil)
    if customer.number in phones:
        customer.number = veil(customer.number)
    customer.name = veil(customer.name)
    customer.phone = customer.phone and _phone(customer.phone, veil)
    customer.second_phone = customer.second_phone and _phone(customer.second_phone, veil)


def _phone(number: str, veil: Veil) -> str:
    """A number that could be rung stays one to the checks of the data, one that could not, none."""
    rings = len(number) >= SHORTEST and not NOBODYS.search(number)
    return veil(number) if rings else SIGN


def _traces(session: Session, customer: Customer) -> Traces:
    cars = _some(session, Vehicle, customer, Vehicle.customer_id == customer.id)
    calls = _theirs(session, Followup, customer, cars)
    cases = _theirs(session, Complaint, customer, cars)
    orders = _orders(session, customer, cars)
    said = SurveyResponse
    alone = and_(said.callback_id.is_(None), said.vehicle_id.in_(_ids(cars)))
    of = or_(said.callback_id.in_(_ids(calls)), said.order_id.in_(_ids(orders)), alone)
    responses = _some(session, said, customer, of)
    made = or_(Promise.followup_id.in_(_ids(calls)), Promise.complaint_id.in_(_ids(cases)))
    return Traces(
        cars=cars,
        orders=orders,
        calls=calls,
        cases=cases,
        responses=responses,
        promises=_some(session, Promise, customer, made),
        churn=_some(session, ChurnCase, customer, ChurnCase.vehicle_id.in_(_ids(cars))),
        attempts=_some(session, CallAttempt, customer, CallAttempt.callback_id.in_(_ids(calls))),
        answers=_some(
            session, SurveyAnswer, customer, SurveyAnswer.response_id.in_(_ids(responses))
        ),
    )


def _orders(session: Session, customer: Customer, cars: Sequence[Vehicle]) -> list[RepairOrder]:
    """Their own, and those of others to whom they only brought the car."""
    numbers = [one for one in (customer.phone, customer.second_phone) if one]
    brought = _some(session, RepairOrder, customer, RepairOrder.brought_by_phone.in_(numbers))
    own = _theirs(session, RepairOrder, customer, cars)
    return [*own, *(order for order in brought if order not in own)]


def _theirs(session: Session, model: Any, customer: Customer, cars: Sequence[Vehicle]) -> list[Any]:
    nobody = and_(model.customer_id.is_(None), model.vehicle_id.in_(_ids(cars)))
    return _some(session, model, customer, or_(model.customer_id == customer.id, nobody))


def _some(session: Session, model: Any, customer: Customer, which: Any) -> list[Any]:
    query = select(model).where(model.store_id == customer.store_id, which)
    return list(session.scalars(query.order_by(model.id)))


def _ids(rows: Collection[Any]) -> list[int]:
    return [row.id for row in rows]
