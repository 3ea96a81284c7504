"""Fill an empty database with as much work as a large group does, to measure the pages on.

    python -m bench.generate M --database postgresql://…

S is one store with 30,000 orders in three years; M is thirty stores with a million orders and
60,000 complaints, each order with its call, the tries, and the answers where it came to a talk. The
rows are made as the demo's are, one store after the other, so that memory
stays that of one store.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

import click
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.unlimited import unlimited
from data import db, demo, sums, visits
from data.demo.bulk import Book, continue_ids
from data.demo.followups import add_followups
from data.demo.stage import Stage
from data.demo.stores import add_accounts
from data.migrations import upgrade
from data.served import without_limit

YEARS = 3
AS_OF = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How much: sales set the orders, about 21 for each car sold a year."""

    stores: int
    sales_a_year: float
    complaints_per_order: float


SIZES = {"S": Size(1, 1_440, 0.03), "M": Size(30, 1_600, 0.058)}


def generate(engine: Engine, size: Size, *, seed: int, as_of: datetime) -> dict[str, int]:
    """Write one size; the answer is the number of rows by table."""
    with engine.begin() as connection, Session(connection) as session:
        if connection.dialect.name == "postgresql":
            without_limit(connection)
        demo.refuse_if_filled(connection)
        book = Book(connection)
        stages = demo.set_up(session, book, stores=size.stores, years=YEARS, seed=seed, as_of=as_of)
        add_accounts(book, [stage.store_id for stage in stages])
        for stage in stages:
            _fill(stage, size)
        visits.rebuild(connection)
        sums.forget(connection)
        continue_ids(connection)
    sums.refresh(now=as_of)
    return dict(book.written)


def _fill(stage: Stage, size: Size) -> None:
    began = perf_counter()
    work = demo.add_work(
        stage,
        sales_a_year=size.sales_a_year,
        complaints_per_order=size.complaints_per_order,
    )
    add_followups(stage, work.cars, work.orders, work.told)
    stage.book.write()
    stage.book.write_log()
    seconds = perf_counter() - began
    click.echo(
        f"{stage.code}: {len(work.orders):,} orders, {len(work.told):,} complaints, {seconds:.1f} s"
    )


def settle(engine: Engine) -> None:
    """What PostgreSQL does by itself a little later: look at the new rows."""
    if engine.dialect.name == "postgresql":
        with unlimited(engine) as connection:
            connection.execute(text("VACUUM ANALYZE"))


@click.command()
@click.argument("size", type=click.Choice(list(SIZES)))
@click.option("--database", required=True, help="Address of an empty database.")
@click.option("--seed", default=4, show_default=True)
@click.option("--as-of", type=click.DateTime(), help="UTC.  [default: 2026-11-20 08:00]")
def main(size: str, database: str, seed: int, as_of: datetime | None) -> None:
    """Fill an empty database with a group of this SIZE."""
    engine = db.connect(database)
    upgrade(engine)
    began = perf_counter()
    moment = as_of.replace(tzinfo=UTC) if as_of else AS_OF
    rows = generate(engine, SIZES[size], seed=seed, as_of=moment)
    for table, count in rows.items():
        click.echo(f"{table:<16}{count:>12,}")
    click.echo(f"{perf_counter() - began:.0f} s")
    engine.dispose()


if __name__ == "__main__":
    main()
