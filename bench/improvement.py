"""Time the metrics of improvement actions and a weekly review at thirty stores, and print a table.

    python -m bench.improvement [VISITS]

The group of bench.retention, its complaints spread over the categories, with a hundred and twenty
actions a store over two years, each with its events and its complaints. Asked by somebody who has
each store by name, without any cache; medians of five.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import click
from sqlalchemy import Engine, func, select, text

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from bench import retention
from bench.generate import settle
from bench.groups import fresh
from bench.jobs import server_version
from bench.retention import DAY, NOW, PERSON, RUNS, STORES
from bench.timing import timed
from data import db, reviews
from data.demo.bulk import continue_ids, copy_in
from data.metrics import METRICS
from data.metrics.improvements.listing import listing
from data.models import ComplaintCategory, Employee, Event, Improvement
from data.scope import Scope

ACTIONS = 120  # of each store
EVERY_DAYS = 6
Row = dict[str, Any]


def fill(engine: Engine, visits: int) -> None:
    """Write the group, then what was done about its complaints."""
    retention.fill(engine, visits)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        categories = connection.scalar(select(func.max(ComplaintCategory.id)))
        connection.execute(text(f"UPDATE complaint SET category_id = id % {categories} + 1"))
        connection.execute(
            text(
                "INSERT INTO delivered_day (store_id, day, orders) SELECT store_id, delivered_on,"
                " count(*) FROM repair_order GROUP BY store_id, delivered_on"
            )
        )
        copy_in(connection, Employee, _owners())
        copy_in(connection, Improvement, _actions(categories))
        copy_in(connection, Event, _events())
        continue_ids(connection)
    settle(engine)


def _owners() -> Iterator[Row]:
    for store in range(1, STORES + 1):
        named = {"number": "E1", "name": f"Owner {store}", "role": "manager", "active": True}
        yield {"id": store, "store_id": store, **named}


def _begun(number: int) -> datetime:
    return NOW - EVERY_DAYS * (number % ACTIONS + 1) * DAY


def _actions(categories: int) -> Iterator[Row]:
    for number in range(STORES * ACTIONS):
        begun, store = _begun(number), number // ACTIONS + 1
        due, done = (begun + 30 * DAY).date(), begun + 25 * DAY
        over = done <= NOW
        yield {
            "id": number + 1,
            "store_id": store,
            "number": f"A{number % ACTIONS + 1}",
            "kind": "corrective",
            "title": f"Measure {number}",
            "category_id": number % categories + 1,
            "owner_id": store,
            "created_at": begun,
            "original_due_on": due,
            "due_on": due + timedelta(days=number % 3 * 7),
            "state": "done" if over else "open",
            "done_at": done if over else None,
        }


def _events() -> Iterator[Row]:
    numbers = count(1)
    for number in range(STORES * ACTIONS):
        begun = _begun(number)
        days = {"from_due_on": f"{begun:%Y-%m-%d}", "due_on": f"{begun:%Y-%m-%d}"}
        for kind, at, data in (
            ("opened", begun, {}),
            ("put_off", begun + 9 * DAY, {**days, "reason": "parts"}),
            ("done", begun + 25 * DAY, {}),
        ):
            if at <= NOW:
                said = {"at": at, "recorded_at": at, "actor": "bench", "kind": kind, "data": data}
                about = {"subject": "action", "subject_id": number + 1}
                yield {"id": next(numbers), "store_id": number // ACTIONS + 1, **said, **about}


def measure(engine: Engine) -> dict[str, str]:
    """The median of each question, in milliseconds."""
    found = {}
    codes = [code for code, one in METRICS.items() if ".improvements." in one.count.__module__]
    for when, scope in (("", Scope(as_of=NOW)), (" a year ago", Scope(as_of=NOW - 365 * DAY))):
        for code in codes:
            found[code + when] = _timed(METRICS[code], scope)
    found["list of actions"] = _timed(listing, Scope(as_of=NOW))
    found["a store's weekly review"] = _timed(_review, None)
    return found


def _review(session: Any, _scope: Any) -> None:
    reviews.minutes(session, "S1", "2026-W46", as_of=NOW)


def _timed(question: Any, scope: Any) -> str:
    def ask() -> None:
        with db.reading(as_=PERSON) as session:
            question(session, scope)

    return f"{timed(ask, RUNS).median:,.0f}"


@click.command()
@click.argument("visits", default=1_000_000)
def main(visits: int) -> None:
    """Write about VISITS visits and what was done, and print a Markdown table of milliseconds."""
    columns = {}
    with fresh("improvement") as urls:
        for url in urls:
            engine = db.connect(url)
            fill(engine, visits)
            columns[server_version(engine)] = measure(engine)
            engine.dispose()
    click.echo(f"{STORES} stores, {STORES * ACTIONS:,} actions, {os.cpu_count()} cores; ms.\n")
    click.echo(f"| | {' | '.join(columns)} |")
    click.echo(f"|---|{'---:|' * len(columns)}")
    for label in next(iter(columns.values())):
        click.echo(f"| {label} | {' | '.join(column[label] for column in columns.values())} |")


if __name__ == "__main__":
    main()
