"""A group many times as large, made of a filled one inside PostgreSQL: every store again and again.

A copy of a store has all its rows. Every number that points to a row of the store's own is shifted
by the same amount, so that a copy points to itself alone; what all stores share is there once.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import Column, Connection, Engine, Insert, Table, func, insert, select, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from data.db import Base
from data.demo.bulk import continue_ids
from data.models import ComplaintPast, Event, Store, UserStore
from data.served import without_limit

POINTING = {  # to rows of the store without a foreign key
    Event.__tablename__: {"subject_id"},
    ComplaintPast.__tablename__: {"vehicle_id", "owner_id", "first_contact_id"},
}
TABLES = Base.metadata.sorted_tables


def build(source: Engine, target: Engine, times: int, only: Mapping[str, str]) -> None:
    """Fill `target`, migrated and empty, with `times` the stores of `source`.

    only: a condition in SQL by the name of a table; of that table no other rows are taken.
    """
    with source.connect() as there, target.begin() as here, _at_once(here):
        without_limit(there)
        for table in TABLES:
            _bring(there, here, table, only.get(table.name, "TRUE"))
        multiply(here, times)
        continue_ids(here)


def multiply(connection: Connection, times: int) -> None:
    """Write every store and all its rows again, until there are `times` as many."""
    copied = [table for table in TABLES if _owner(table) is not None]
    shift = 10 ** len(str(max(_highest(connection, table) for table in copied)))
    for table in copied:
        for copy in range(1, times):
            copying = _again(table, copy, shift).execution_options(preserve_rowcount=True)
            written = connection.execute(copying).rowcount
            click.echo(f"{table.name}, copy {copy}: {written:,} rows", err=True)


def _owner(table: Table) -> Column[Any] | None:
    """The column that says whose a row is; None in a table that all stores share."""
    if table.name == UserStore.__tablename__:
        return table.c.store
    return table.c.id if table.name == Store.__tablename__ else table.c.get("store_id")


def _highest(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.get("id", _owner(table))))) or 0


def _again(table: Table, copy: int, shift: int) -> Insert:
    """The rows of the first stores, moved on by `copy` times the shift."""
    moved = [_moved(column, copy, shift) for column in table.c]
    first = select(*moved).where(_owner(table) <= shift)
    return insert(table).from_select([column.name for column in table.c], first)


def _moved(column: Column[Any], copy: int, shift: int) -> Any:
    if column.table.name == Store.__tablename__ and column.name == "code":
        return column + f"-{copy}"
    return column + copy * shift if _points(column) else column


def _points(column: Column[Any]) -> bool:
    """Whether the column holds the number of something that is copied, or of the row itself."""
    referred = [key.column.table for key in column.foreign_keys]
    itself = column.name == "id" or column.name in POINTING.get(column.table.name, ())
    return itself or any(_owner(table) is not None for table in referred)


def _bring(there: Connection, here: Connection, table: Table, only: str) -> None:
    """Copy a table from one database to another, without looking at its rows."""
    quote = here.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.c)
    out = f"COPY (SELECT {names} FROM {quote(table.name)} WHERE {only}) TO STDOUT (FORMAT binary)"
    into = f"COPY {quote(table.name)} ({names}) FROM STDIN (FORMAT binary)"
    with _cursor(there).copy(out) as taken, _cursor(here).copy(into) as given:
        for block in taken:
            given.write(block)


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


@contextmanager
def _at_once(connection: Connection) -> Iterator[None]:
    """Write without looking anything up row by row; in the end every key is looked at at once."""
    without_limit(connection)
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    keys = [key for table in TABLES for key in table.foreign_key_constraints]
    indexes = [index for table in TABLES for index in table.indexes]
    for key in keys:
        connection.execute(DropConstraint(key))
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
        click.echo(f"{index.name} is made", err=True)
    for key in keys:
        connection.execute(AddConstraint(key))
