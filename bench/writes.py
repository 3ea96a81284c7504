"""How long somebody waits who assigns a complaint or records a call, through HTTP.

    python -m bench.writes [M] [--count 100]

A copy of the group is written to, and dropped in the end. A write is one request to a real server
with two workers: guarded, written with its event, and the page drawn anew; one after the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import sleep

import click
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from bench.groups import LOGIN, served
from bench.sending import Body, assigning, recording
from bench.serving import STARTED, serving
from bench.thirteen import SIZES
from bench.timing import Timing, one_by_one
from bench.unlimited import administering
from bench.visit import Visit
from bench.wire import Wire
from dashboard.app import House, create_app
from dashboard.settings import Settings
from data import db
from data.demo.stores import PASSWORD
from data.models import Complaint, Employee, Followup, FollowupState, Store
from data.person import SYSTEM

COPY = "bench_writes"
DAYS = 9


@contextmanager
def copied(url: str) -> Iterator[str]:
    """The address of a copy of a database, which nobody may be using meanwhile."""
    there = make_url(url)
    with administering(_named(url, "postgres")) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {COPY} TEMPLATE {there.database}"))
        connection.execute(text("CHECKPOINT"))  # else it is written while we measure
        try:
            yield _named(url, COPY)
        finally:
            connection.execute(text(f"DROP DATABASE {COPY} WITH (FORCE)"))


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def measure(app: House, url: str, count: int) -> dict[str, Timing]:
    """Each kind of write so often, on another record each time."""
    engine = db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        kinds = {
            "assign a complaint": _assigned(app, session, count),
            "record a call": _recorded(session, count),
        }
    engine.dispose()
    with serving(url) as site:
        sleep(STARTED)
        visit = Visit(app, LOGIN, PASSWORD, Wire(site))
        return {
            kind: one_by_one([partial(visit.save, body) for body in bodies])
            for kind, bodies in kinds.items()
        }


def _assigned(app: House, session: Session, count: int) -> list[Body]:
    """The latest open complaints, each given to somebody else."""
    columns = (Complaint.id, Complaint.version, Complaint.store_id, Complaint.owner_id)
    cases = select(*columns).where(Complaint.resolved_at.is_(None)).order_by(Complaint.id.desc())
    until = (datetime.now(UTC) + timedelta(days=DAYS)).date().isoformat()
    found = []
    for case, version, store, owner in session.execute(cases.limit(count)):
        other = select(Employee.id).where(Employee.store_id == store, Employee.active)
        to = session.scalars(other.where(Employee.id != (owner or 0)).limit(1)).one()
        typed = {"owner": str(to), "due_on": until, "reason": "on holiday"}
        found.append(assigning(app.callback_map, case, version, **typed))
    return found


def _recorded(session: Session, count: int) -> list[Body]:
    """The latest calls that are to be made; everybody is content."""
    columns = (Followup.id, Followup.number, Store.code, Followup.version)
    calls = select(*columns).join(Store, Store.id == Followup.store_id)
    calls = calls.where(Followup.state == FollowupState.DUE).order_by(Followup.id.desc())
    return [
        recording(
            {"id": call, "number": number, "store": store},
            version,
            **{"respondent": "person_served", "overall": "5", "nps": "10"},
        )
        for call, number, store, version in session.execute(calls.limit(count))
    ]


def table(found: dict[str, Timing]) -> str:
    """The writes one below the other, as Markdown."""
    lines = [f"| {kind} | {one.median:.0f} | {one.p95:.0f} |" for kind, one in found.items()]
    return "\n".join(["| ms | p50 | p95 |", "|---|---:|---:|", *lines])


@click.command()
@click.argument("size", type=click.Choice(SIZES), default="M")
@click.option("--count", default=100, show_default=True)
def main(size: str, count: int) -> None:
    """Write to a copy of the group and print a Markdown table."""
    with served(size) as url, copied(url) as copy:
        app = create_app(Settings(database_url=copy, log_level="error"))
        click.echo(table(measure(app, copy, count)))


if __name__ == "__main__":
    main()
