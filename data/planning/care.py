"""A date of the car or of its owner comes near: insurance, inspection, service, birthday."""

from calendar import isleap
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, extract, func, literal, select
from sqlalchemy.orm import aliased

from data.models import CareDate, Customer, FollowupRule, Vehicle
from data.planning.causes import Causes, Here, found, named, same, unplanned

LEAD = timedelta(days=7)  # a call is on the list this long before it is due
LONGEST = timedelta(days=300)  # no birthday comes twice in this time


def causes(rule: FollowupRule, here: Here) -> Causes:
    """Dates that are near enough and have no call."""
    if rule.care_date == CareDate.BIRTHDAY:
        return _birthdays(rule, here)
    return _of_cars(rule, here)


def _of_cars(rule: FollowupRule, here: Here) -> Causes:
    car = Vehicle
    day = getattr(car, CareDate(rule.care_date or ""))
    anchor = named("v", car.id, day)
    query = (
        found(key=car.id, anchor=anchor, day=day, customer=car.customer_id, vehicle=car.id)
        .select_from(car)
        .outerjoin(Customer, same(car, car.customer_id, Customer))
        .where(
            car.store_id == here.store_id,
            here.within(day, _horizon(rule, here)),
            unplanned(rule, here, anchor),
        )
    )
    return Causes(query, (car.id,), lambda row: (row.day, here.morning(row.day)))


def _birthdays(rule: FollowupRule, here: Here) -> Causes:
    """The coming birthday of each customer, one call whatever the number of cars."""
    person, first_car = Customer, _first_car()
    coming = _coming(here, min(_horizon(rule, here), here.today + LONGEST))
    of_the_year = _of_the_year()
    later = [number for number, day in coming.items() if day.year > here.today.year]
    year = case((of_the_year.in_(later), literal(here.today.year + 1)), else_=here.today.year)
    anchor = named("p", person.id, year)
    query = (
        found(
            key=person.id,
            anchor=anchor,
            day=of_the_year,
            customer=person.id,
            vehicle=Vehicle.id,
        )
        .select_from(person)
        .outerjoin(Vehicle, same(person, first_car, Vehicle))
        .where(
            person.store_id == here.store_id,
            of_the_year.in_(list(coming)),
            unplanned(rule, here, anchor),
        )
    )

    def read(row: Any) -> tuple[date, datetime]:
        return coming[row.day], here.morning(coming[row.day])

    return Causes(query, (person.id,), read)


def _horizon(rule: FollowupRule, here: Here) -> date:
    """The last date whose call is put on the list now."""
    return here.day(here.now + LEAD - timedelta(hours=rule.delay_hours))


def _coming(here: Here, until: date) -> dict[int, date]:
    """The days from today on by month and day (503); who was born on a leap day has the 28th."""
    days = [here.today + timedelta(days=n) for n in range((until - here.today).days + 1)]
    coming = {day.month * 100 + day.day: day for day in days}
    if 228 in coming and not isleap(coming[228].year):
        coming[229] = coming[228]
    return coming


def _of_the_year() -> Any:
    born = Customer.birthday
    return extract("month", born) * 100 + extract("day", born)


def _first_car() -> Any:
    """The customer's car that we have known longest."""
    car = aliased(Vehicle)
    mine = (car.store_id == Customer.store_id, car.customer_id == Customer.id)
    return select(func.min(car.id)).where(*mine).correlate(Customer).scalar_subquery()
