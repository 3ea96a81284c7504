"""Plan the calls of a million orders on both databases, and print a Markdown table.

    python -m bench.plan [ORDERS]

Orders of thirty stores and three years, with cars and customers and nothing planned, are written to
a SQLite file and to a PostgreSQL of its own under var/bench/. Then each run is a process of its
own: the first makes every call, the second looks at everything and finds nothing to do, the third
looks only at what could still be called, as the worker does every ten minutes.
"""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine, select, text

from bench.generate import settle
from bench.groups import fresh
from bench.jobs import server_version
from data import db, defaults, planning, visits
from data.demo.bulk import continue_ids, copy_in
from data.migrations import upgrade
from data.models import Customer, RepairOrder, Store, Vehicle, WorkCalendar
from data.person import SYSTEM

STORES, YEARS, ORDERS_A_CAR = 30, 3, 6
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MIB_KIB, MIB_BYTES = 2**10, 2**20
RUNS = (
    ("everything is new", None),
    ("nothing is new", None),
    ("nothing is new, as every ten minutes", planning.NOT_LATE),
)


def fill(engine: Engine, orders: int) -> None:
    """Write the stores, their cars and so many orders, spread evenly."""
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        calendar = session.scalars(select(WorkCalendar.id)).one()
        plain = {"zone": ZONE.key, "calendar_id": calendar}
        numbers = range(1, STORES + 1)
        session.add_all(Store(id=n, code=f"S{n}", name=f"Store {n}", **plain) for n in numbers)
    cars = max(STORES, orders // ORDERS_A_CAR)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        copy_in(connection, Customer, ({**_of(n), "name": f"K{n}"} for n in range(1, cars + 1)))
        copy_in(connection, Vehicle, ({**_of(n), "customer_id": n} for n in range(1, cars + 1)))
        copy_in(connection, RepairOrder, _orders(orders, cars))
        visits.rebuild(connection)
        continue_ids(connection)
    settle(engine)


def _of(number: int) -> dict[str, Any]:
    return {"id": number, "store_id": number % STORES + 1}


def _orders(orders: int, cars: int) -> Iterator[dict[str, Any]]:
    """In the order of time, a car every so often."""
    step = timedelta(days=365 * YEARS) / orders
    for number in range(1, orders + 1):
        car = number * 7919 % cars + 1  # a prime: each car in turn, but not one after the other
        at = NOW - step * (orders - number)
        day = at.astimezone(ZONE).date()
        yield {
            **_of(car),
            "id": number,
            "number": f"R{number}",
            "vehicle_id": car,
            "opened_at": at - timedelta(hours=3),
            "opened_on": day,
            "delivered_at": at,
            "delivered_on": day,
        }


@contextmanager
def databases(orders: int) -> Iterator[list[str]]:
    """The addresses of two new databases with so many orders."""
    with fresh("plan") as urls:
        for url in urls:
            engine = db.connect(url)
            fill(engine, orders)
            engine.dispose()
        yield urls


def run(url: str, late: timedelta | None) -> tuple[int, float, float]:
    """One run in this process: how many calls, seconds, and the most MiB the process held."""
    engine = db.connect(url)
    began = perf_counter()
    made = sum(one.counts.total() for one in planning.plan(now=NOW, late=late))
    seconds = perf_counter() - began
    engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return made, seconds, peak / (MIB_BYTES if sys.platform == "darwin" else MIB_KIB)


def apart(url: str, late: timedelta | None = None) -> tuple[int, float, float]:
    """One run in a process of its own."""
    with get_context("spawn").Pool(1) as process:
        return process.apply(run, (url, late))


def named(url: str) -> str:
    """The database at `url` and its version."""
    engine = db.connect(url)
    name = server_version(engine)
    engine.dispose()
    return name


def measure(url: str) -> Iterator[str]:
    """A line of the table for each run."""
    name = named(url)
    for label, late in RUNS:
        made, seconds, peak = apart(url, late)
        pace = f"{made / seconds:,.0f}" if made else "–"
        yield f"| {name} | {label} | {made:,} | {seconds:.1f} | {pace} | {peak:.0f} |"


@click.command()
@click.argument("orders", default=1_000_000)
def main(orders: int) -> None:
    """Write ORDERS orders, plan their calls, and print a Markdown table."""
    with databases(orders) as urls:
        lines = [line for url in urls for line in measure(url)]
    click.echo(f"{orders:,} orders of {STORES} stores on {os.cpu_count()} cores.\n")
    click.echo("| | run | calls made | s | calls a second | peak MiB of the process |")
    click.echo("|---|---|---:|---:|---:|---:|")
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
