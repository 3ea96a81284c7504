"""Customers, their cars, and the days these cars come in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from data.demo import names, stories
from data.demo.stage import Stage
from data.demo.visits import Season, visits
from data.models import Customer, Vehicle

SERVICE_DAYS = 182
FLEET, INTERNAL, COMPANY, DO_NOT_CALL = 0.03, 0.006, 0.06, 0.02


@dataclass(frozen=True, slots=True)
class Car:
    """A car with its owner and the days (ordinals) it came in since the play began."""

    id: int
    customer_id: int
    owner: str
    phone: str
    model: str
    sold: int
    km_a_day: float
    excluded: str | None
    days: tuple[int, ...]
    insured_until: date

    def in_warranty(self, day: int) -> bool:
        """Whether the maker still pays on this day."""
        return day <= self.sold + round(stories.WARRANTY_YEARS * 365.25)


def add_cars(stage: Stage, season: Season, sales_a_year: float) -> list[Car]:
    """Note every car the store knows, with its owner."""
    dice = stage.dice("cars")
    return [
        _car(stage, dice, number, sold, days)
        for number, (sold, days) in enumerate(_sales(stage, dice, season, sales_a_year))
    ]


def _sales(
    stage: Stage, dice: Random, season: Season, sales_a_year: float
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Day of sale and days of visit of each car sold lately or seen since the start."""
    today, start = stage.today.toordinal(), stage.start.toordinal()
    reach = stories.OLDEST_SALE_YEARS * 365
    for sold in sorted(today - dice.randrange(reach) for _ in range(_sold(sales_a_year))):
        days = tuple(_days(dice, season, sold, start, today))
        if days or sold >= start:
            yield sold, days


def _sold(sales_a_year: float) -> int:
    return round(sales_a_year * stories.OLDEST_SALE_YEARS)


def _days(dice: Random, season: Season, sold: int, start: int, today: int) -> Iterator[int]:
    for wanted in visits(dice, sold, today):
        day = season.near(dice, wanted) if wanted >= start else None
        if day is not None and start <= day <= today and day > sold:
            yield day


def _car(stage: Stage, dice: Random, number: int, sold: int, days: tuple[int, ...]) -> Car:
    firm = dice.random() < COMPANY
    owner = names.company(dice) if firm else names.person(dice)
    phone = names.phone((stage.index - 1) * 3_333 + number)
    km_a_day, excluded = dice.uniform(18, 60), _excluded(dice, firm)
    customer = stage.add(
        Customer,
        do_not_call=excluded == "do_not_call",
        **_customer(dice, number, owner, phone, firm),
    )
    model = names.model(dice)
    papers = _papers(stage, dice, number, sold)
    vehicle = stage.add(
        Vehicle,
        customer_id=customer,
        fleet=excluded == "fleet",
        internal=excluded == "internal",
        model=model,
        **papers,
        **_service(sold, days, km_a_day),
    )
    return Car(
        vehicle,
        customer,
        owner,
        phone,
        model,
        sold,
        km_a_day,
        excluded,
        days,
        papers["insurance_until"],
    )


def _customer(dice: Random, number: int, name: str, phone: str, firm: bool) -> dict[str, object]:
    return {
        "number": f"C{number + 1:06d}",
        "name": name,
        "phone": phone,
        "kind": "company" if firm else "person",
        "value_class": dice.choices("ABC", (15, 35, 50))[0],
        "birthday": None if firm else date(dice.randint(1955, 2002), 1, 1) + _within_a_year(dice),
        "preferred_channel": dice.choices(("phone", "wechat", "sms"), (70, 25, 5))[0],
        "call_window": dice.choice(("09:00-12:00", "14:00-17:00", "17:00-20:00", None)),
        "purchase_reason": dice.choice(names.REASONS),
    }


def _within_a_year(dice: Random) -> timedelta:
    return timedelta(days=dice.randrange(365))


def _excluded(dice: Random, firm: bool) -> str | None:
    """Why nobody calls about this car, if nobody does."""
    if firm and dice.random() < FLEET / COMPANY:
        return "fleet"
    luck = dice.random()
    return "internal" if luck < INTERNAL else "do_not_call" if luck < DO_NOT_CALL else None


def _papers(stage: Stage, dice: Random, number: int, sold: int) -> dict[str, Any]:
    day = date.fromordinal(sold)
    serial = (stage.index - 1) * 30_000 + number
    return {
        "vin": names.vin(serial, day.year),
        "plate": names.plate(serial),
        "sold_on": day,
        "warranty_until": date.fromordinal(sold + round(stories.WARRANTY_YEARS * 365.25)),
        "insurance_until": _next(stage.today, day, 365)
        - timedelta(days=dice.choice((0, 0, 0, 365))),
        "inspection_due_on": _next(stage.today, day, 730),
    }


def _next(today: date, sold: date, every: int) -> date:
    """The next return of the day of sale, every so many days."""
    return today + timedelta(days=every - (today - sold).days % every)


def _service(sold: int, days: tuple[int, ...], km_a_day: float) -> dict[str, object]:
    if not days:
        return {}
    km = round((days[-1] - sold) * km_a_day)
    return {
        "odometer_km": km,
        "next_service_km": km + 10_000,
        "next_service_on": date.fromordinal(days[-1] + SERVICE_DAYS),
    }
