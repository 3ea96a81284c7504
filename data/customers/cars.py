"""The cars of a customer: when each was here last, and what it brought."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics.retention.gaps import class_bounds, class_of
from data.models import Customer, Vehicle, Visit
from data.months import months_after

YEAR = 12


@dataclass(frozen=True, slots=True)
class Car:
    """A car with its visits up to a day.

    `away` is its gap class: active, at_risk, dormant, lost; None without a visit. `year_fen` is
    what it brought in the twelve months to that day.
    """

    vehicle: Vehicle
    visits: int
    last_on: date | None
    away: str | None
    year_fen: int


def cars_of(session: Session, customer: Customer, today: date) -> list[Car]:
    """The customer's cars, that which was here last first."""
    query = select(Vehicle).where(
        Vehicle.store_id == customer.store_id, Vehicle.customer_id == customer.id
    )
    cars = session.scalars(query.order_by(Vehicle.id)).all()
    seen = _visits(session, customer.store_id, [car.id for car in cars], today)
    bounds = class_bounds(session, today)
    found = []
    for car in cars:
        visits, last, year = seen.get(car.id, (0, None, 0))
        away = class_of(last, bounds) if last else None
        found.append(Car(car, visits, last, away, year))
    return sorted(found, key=lambda car: car.last_on or date.min, reverse=True)


def _visits(
    session: Session, store_id: int, cars: list[int], today: date
) -> dict[int, tuple[int, date, int]]:
    """How often each came, when last, and what it brought in the last year."""
    recent = Visit.day >= months_after(today, -YEAR)
    spent = func.sum(Visit.spend_fen).filter(recent)
    query = (
        select(Visit.vehicle_id, func.count(), func.max(Visit.day), func.coalesce(spent, 0))
        .select_from(Visit)
        .where(Visit.store_id == store_id, Visit.vehicle_id.in_(cars), Visit.day <= today)
        .group_by(Visit.vehicle_id)
    )
    return {id_: (count, last, year) for id_, count, last, year in session.execute(query)}
