"""Time every metric of retention on a million visits, on both databases, and print a table.

    python -m bench.retention [VISITS]

Thirty stores whose cars come in as the demo's do, for three years, with what they spent, the calls
that remind of a service, complaints, insurances and call lists. Asked by somebody who has each
store by name, as the page asks: with the daily sums, without any cache; medians of five.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine, select

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from bench.generate import settle
from bench.groups import fresh
from bench.jobs import server_version
from bench.timing import timed
from data import db, defaults, served, sums, visits
from data.demo.bulk import continue_ids, copy_in
from data.demo.visits import visits as comings
from data.metrics import METRICS
from data.metrics.retention.listing import listing
from data.migrations import upgrade
from data.models import (
    ChurnCase,
    Complaint,
    Customer,
    Followup,
    FollowupRule,
    InsurancePolicy,
    RepairOrder,
    Store,
    Vehicle,
    WorkCalendar,
)
from data.person import SYSTEM, Person, Role
from data.scope import Scope

STORES, YEARS, RUNS = 30, 3, 5
VISITS_A_CAR = 2.53
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
WARRANTY, SERVICE = timedelta(days=1096), timedelta(days=182)
EVERY_COMPLAINT, EVERY_CASE = 17, 40  # one in so many visits, one in so many cars
PERSON = Person(
    login="bench", name="bench", role=Role.MANAGER, stores=frozenset(range(1, STORES + 1))
)
Row = dict[str, Any]


def fill(engine: Engine, wanted: int) -> int:
    """Write the stores with about so many visits; how many there are."""
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        plain = {"zone": ZONE.key, "calendar_id": session.scalars(select(WorkCalendar.id)).one()}
        numbers = range(1, STORES + 1)
        session.add_all(Store(id=n, code=f"S{n}", name=f"Store {n}", **plain) for n in numbers)
    with db.reading(as_=SYSTEM) as session:
        rules = {
            code: id_ for id_, code in session.execute(select(FollowupRule.id, FollowupRule.code))
        }
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            served.without_limit(connection)
        group = Group(round(wanted / VISITS_A_CAR), rules)
        for model in (
            Customer,
            Vehicle,
            RepairOrder,
            InsurancePolicy,
            Followup,
            ChurnCase,
            Complaint,
        ):
            copy_in(connection, model, group.rows(model))
        made = visits.rebuild(connection)
        continue_ids(connection)
    settle(engine)
    sums.refresh(now=NOW)
    return made


class Group:
    """The cars of all stores, the same at every look."""

    def __init__(self, cars: int, rules: dict[str, int]) -> None:
        """Think of so many cars."""
        self.cars, self.rules = cars, rules

    def rows(self, model: type) -> Iterator[Row]:
        """The rows of one table, numbered."""
        numbers, make = count(1), getattr(self, f"_{model.__name__.lower()}")
        for car in range(1, self.cars + 1):
            dice = Random(car)
            sold = TODAY - timedelta(days=dice.randrange(8 * 365))
            days = [date.fromordinal(d) for d in comings(dice, sold.toordinal(), TODAY.toordinal())]
            since = TODAY - timedelta(days=365 * YEARS)
            own = {"store_id": car % STORES + 1}
            for row in make(car, sold, [day for day in days if day >= since]):
                yield {"id": next(numbers), **own, **row}

    def _customer(self, car: int, _sold: date, _days: list[date]) -> Iterator[Row]:
        yield {"name": f"K{car}"}

    def _vehicle(self, car: int, sold: date, _days: list[date]) -> Iterator[Row]:
        yield {"customer_id": car, "sold_on": sold, "warranty_until": sold + WARRANTY}

    def _repairorder(self, car: int, _sold: date, days: list[date]) -> Iterator[Row]:
        for day in days:
            at = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
            yield {
                "number": f"R{car}-{day}",
                "vehicle_id": car,
                "opened_at": at,
                "opened_on": day,
                "delivered_at": at + timedelta(hours=3),
                "delivered_on": day,
                "total_fen": 20_000 + car * 7919 % 200_000,
            }

    def _insurancepolicy(self, car: int, sold: date, _days: list[date]) -> Iterator[Row]:
        years = (TODAY - sold).days // 365 + car % 4 // 3
        for year in range(1, years + 1):
            ends_on = sold + timedelta(days=365 * year)
            following = ends_on + timedelta(days=365) if year < years else None
            yield {
                "vehicle_id": car,
                "ends_on": ends_on,
                "noted_at": NOW - 300 * DAY,
                "next_ends_on": following,
                "next_noted_at": following and NOW - 300 * DAY,
            }

    def _followup(self, car: int, _sold: date, days: list[date]) -> Iterator[Row]:
        for day in days:
            if (due := day + SERVICE) <= TODAY:
                yield self._call(car, "next_service", due, car % 5 == 0)
        if car % EVERY_CASE == 0 and days and days[-1] < TODAY - SERVICE:
            yield self._call(car, "churn_reason", days[-1] + SERVICE, car % 200 == 0)

    def _call(self, car: int, rule: str, day: date, held_out: bool) -> Row:
        at = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
        done = None if held_out else at
        return {
            "number": f"H{self.rules[rule]}-{car}-{day}",
            "rule_id": self.rules[rule],
            "customer_id": car,
            "vehicle_id": car,
            "planned_at": at - DAY,
            "due_at": at,
            "due_on": day,
            "expires_at": at + 15 * DAY,
            "anchor": f"v{car} {day}",
            "anchored_on": day,
            "state": "cancelled" if held_out else "completed",
            "excluded": "hold_out" if held_out else None,
            "first_attempt_at": done,
            "connected_at": done,
            "completed_at": done,
            "ended_at": at,
            "respondent": None if held_out else "owner",
        }

    def _churncase(self, car: int, _sold: date, days: list[date]) -> Iterator[Row]:
        if car % EVERY_CASE == 0 and days and days[-1] < TODAY - SERVICE:
            on = days[-1] + SERVICE
            at = datetime(on.year, on.month, on.day, 9, tzinfo=ZONE)
            held_out = car % 200 == 0
            yield {
                "vehicle_id": car,
                "state": "analysed" if held_out else "asked",
                "selected_at": at,
                "rule": "6",
                "list_code": f"L{on}",
                "held_out": held_out,
                "asked_at": None if held_out else at + DAY,
                "reason": None if held_out else ("price", "sold", "waiting")[car % 3],
            }

    def _complaint(self, car: int, _sold: date, days: list[date]) -> Iterator[Row]:
        for number, day in enumerate(days):
            if (car + number) % EVERY_COMPLAINT == 0:
                at = datetime(day.year, day.month, day.day, 16, tzinfo=ZONE)
                yield {
                    "number": f"C{car}-{day}",
                    "vehicle_id": car,
                    "state": "closed",
                    "since": at,
                    "clock_from": at,
                    "opened_at": at,
                    "opened_on": day,
                    "close_due_at": at + 30 * DAY,
                    "resolved_at": at + 40 * DAY * (car % 3),
                    "recontacted_at": at + 90 * DAY if car % 4 else None,
                    "satisfied": car % 8 > 1,
                    "closed_at": at + 95 * DAY,
                }


def measure(engine: Engine) -> dict[str, str]:
    """The median of each metric's asking, in milliseconds, with the answer of every option."""
    scope = Scope(as_of=NOW, live=True)
    codes = [code for code, one in METRICS.items() if ".retention." in one.count.__module__]
    found = {}
    for code in codes:
        for key, value in _options(code):
            asked = {key: value} if key else {}
            label = _label(code, asked)
            found[label] = _timed(METRICS[code], scope, asked)
            click.echo(f"{label:<50}{found[label]:>8}", err=True)
    lists = {"list of vehicles": (), "list of the lost": (("class", "lost"),)}
    for label, drill in lists.items():
        found[label] = _timed(listing, Scope(as_of=NOW, drill=drill, live=True), {})
    return found


def _options(code: str) -> list[tuple[str, str]]:
    options = METRICS[code].options
    return [("", ""), *((key, value) for key, values in options.items() for value in values[1:])]


def _label(code: str, asked: dict[str, str]) -> str:
    return " ".join([code, *(f"{key}={value}" for key, value in asked.items())])


def _timed(question: Any, scope: Scope, asked: dict[str, str]) -> str:
    def ask() -> None:
        with db.reading(as_=PERSON) as session:
            question(session, scope, **asked)

    return f"{timed(ask, RUNS).median:,.0f}"


@click.command()
@click.argument("visits_", metavar="VISITS", default=1_000_000)
def main(visits_: int) -> None:
    """Write about VISITS visits and print a Markdown table of milliseconds."""
    columns, made = {}, 0
    with fresh("retention") as urls:
        for url in urls:
            engine = db.connect(url)
            made = fill(engine, visits_)
            columns[server_version(engine)] = measure(engine)
            engine.dispose()
    click.echo(f"{made:,} visits in {STORES} stores on {os.cpu_count()} cores; milliseconds.\n")
    click.echo(f"| | {' | '.join(columns)} |")
    click.echo(f"|---|{'---:|' * len(columns)}")
    for label in next(iter(columns.values())):
        click.echo(f"| {label} | {' | '.join(column[label] for column in columns.values())} |")


if __name__ == "__main__":
    main()
