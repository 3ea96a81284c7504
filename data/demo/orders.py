"""Repair orders: one for each visit, sometimes two, and the work that had to be done again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from data.demo import names
from data.demo.cars import Car
from data.demo.stage import Colleague, Stage, local_day, moment
from data.models import DeliveredDay, RepairOrder

KINDS = {  # share out of warranty, hours in the workshop, labour and parts in fen (medians)
    "maintenance": (58, 2.0, 18_000, 42_000),
    "repair": (30, 4.5, 35_000, 80_000),
    "body": (10, 52.0, 120_000, 160_000),
    "recall": (2, 2.0, 0, 0),
    "warranty": (0, 5.0, 0, 0),
}
IN_WARRANTY = (68, 8, 10, 3, 11)  # the shares while the maker pays
SECOND_ORDER, REWORK, BROUGHT_BY_ANOTHER = 0.006, 0.022, 0.15


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the rest of the play needs it."""

    id: int
    car: Car
    adviser: Colleague
    technician: Colleague
    kind: str
    opened_at: datetime
    delivered_at: datetime | None
    delivered_on: date | None
    brought_by: str
    fen: int


def add_orders(stage: Stage, cars: list[Car]) -> list[Order]:
    """Note the orders of a store in the order they came in, and how many were delivered a day."""
    dice = stage.dice("orders")
    orders: list[Order] = []
    for day, car, rework in sorted(_visits(dice, cars, stage), key=lambda v: (v[0], v[1].id, v[2])):
        before = _latest_of(orders, car) if rework else None
        made = _order(stage, dice, car, date.fromordinal(day), len(orders), before)
        if made is not None:
            orders.append(made)
    _add_days(stage, orders)
    return orders


def _visits(dice: Random, cars: list[Car], stage: Stage) -> list[tuple[int, Car, bool]]:
    """Day, car and whether it comes back with the same fault."""
    first = [(day, car, False) for car in cars for day in car.days]
    second = [visit for visit in first if dice.random() < SECOND_ORDER]
    again = [_back(dice, visit, stage) for visit in first if dice.random() < REWORK]
    return first + second + [visit for visit in again if visit is not None]


def _back(dice: Random, visit: tuple[int, Car, bool], stage: Stage) -> tuple[int, Car, bool] | None:
    day = visit[0] + dice.randint(6, 22)
    while not stage.works(date.fromordinal(day)):
        day += 1
    return (day, visit[1], True) if day <= stage.today.toordinal() else None


def _latest_of(orders: list[Order], car: Car) -> Order | None:
    return next((order for order in reversed(orders) if order.car is car), None)


def _order(
    stage: Stage, dice: Random, car: Car, day: date, number: int, before: Order | None
) -> Order | None:
    opened_at = moment(day, dice.uniform(8.6 * 60, 16 * 60))
    if opened_at > stage.as_of:
        return None
    kind = before.kind if before else _kind(dice, car.in_warranty(day.toordinal()))
    delivered_at = _delivered_at(stage, dice, opened_at, kind)
    adviser = before.adviser if before else dice.choice(stage.people["adviser"])
    technician = before.technician if before else dice.choice(stage.people["technician"])
    labour, parts = _amounts(dice, kind)
    other = dice.random() < BROUGHT_BY_ANOTHER
    brought_by = names.person(dice) if other else car.owner
    delivered_on = delivered_at and local_day(delivered_at)
    made = stage.add(
        RepairOrder,
        number=f"RO{day:%y%m%d}{number:06d}",
        vehicle_id=car.id,
        customer_id=car.customer_id,
        brought_by=brought_by,
        brought_by_phone=names.phone(car.id * 7 + 5) if other else car.phone,
        adviser_id=adviser.id,
        technician_id=technician.id,
        kind=kind,
        opened_at=opened_at,
        opened_on=day,
        delivered_at=delivered_at,
        delivered_on=delivered_on,
        odometer_km=round((day.toordinal() - car.sold) * car.km_a_day),
        labour_fen=labour,
        parts_fen=parts,
        total_fen=labour + parts,
        rework=before is not None,
        rework_of_id=before and before.id,
    )
    fen = labour + parts
    return Order(
        made, car, adviser, technician, kind, opened_at, delivered_at, delivered_on, brought_by, fen
    )


def _kind(dice: Random, in_warranty: bool) -> str:
    shares = IN_WARRANTY if in_warranty else [row[0] for row in KINDS.values()]
    return dice.choices(list(KINDS), shares)[0]


def _delivered_at(stage: Stage, dice: Random, opened_at: datetime, kind: str) -> datetime | None:
    """The moment the car was handed back, within opening hours; None if it is still here."""
    hours = KINDS[kind][1] * dice.uniform(0.5, 1.6)
    ready = opened_at + timedelta(hours=hours)
    day = local_day(ready)
    if ready > moment(day, 18 * 60):
        day += timedelta(days=1)
    while not stage.works(day):
        day += timedelta(days=1)
    at = ready if ready <= moment(day, 18 * 60) and local_day(ready) == day else None
    at = max(at, moment(day, 8.7 * 60)) if at else moment(day, dice.uniform(8.7 * 60, 11 * 60))
    return at.replace(microsecond=0) if at <= stage.as_of else None


def _amounts(dice: Random, kind: str) -> tuple[int, int]:
    _, _, labour, parts = KINDS[kind]
    return _around(dice, labour), _around(dice, parts)


def _around(dice: Random, fen: int) -> int:
    return round(fen * dice.lognormvariate(0, 0.45) / 100) * 100


def _add_days(stage: Stage, orders: list[Order]) -> None:
    counts = Counter(order.delivered_on for order in orders if order.delivered_on)
    for day, count in sorted(counts.items()):
        stage.book.put(DeliveredDay, store_id=stage.store_id, day=day, orders=count)
