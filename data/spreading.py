"""Spreading a PostgreSQL with Citus over machines: all rows of a store lie together on one.

What all stores share is copied to each machine; what is never asked for beside the rows of stores
stays on the first. Each table is a transaction of its own: who was killed begins again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, inspect, text
from sqlalchemy.schema import AddConstraint

from data import models, served  # noqa: F401  (models fill the metadata)
from data.db import Base
from data.migrations import alone

KEPT = {  # written often, and asked for beside no row of a store
    "admin_event",
    "job_run",
    "login_session",
    "login_try",
}
CITUS = text("SELECT to_regproc('create_distributed_table') IS NOT NULL")
MACHINES = text("SELECT count(*) FROM pg_dist_node WHERE isactive AND shouldhaveshards")
PLACED = text(  # Citus also lists those that merely refer to one that is placed
    "SELECT count(*) FROM pg_dist_partition"
    " WHERE logicalrelid = to_regclass(:name) AND (partmethod = 'h' OR repmodel = 't')"
)
COPY = text("SELECT create_reference_table(:name)")
SPREAD = text("SELECT create_distributed_table(:name, 'store_id', colocate_with => :beside)")
EMPTY = text("SELECT truncate_local_data_after_distributing_table(:name)")
IN_TURN = text("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")


class NotSpread(Exception):
    """A database that cannot be spread; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Over how many machines; which tables were copied to each of them, and which spread, now."""

    machines: int
    copied: list[str]
    spread: list[str]


def owned() -> list[Table]:
    """The tables of the stores' work, each after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if "store_id" in table.c]


def common() -> list[Table]:
    """The tables of what all stores share, as far as each machine needs them."""
    left = KEPT | {table.name for table in owned()}
    return [table for table in Base.metadata.sorted_tables if table.name not in left]


def spread(engine: Engine) -> Spread:
    """Spread what is not spread yet, while nobody is at work; NotSpread where it cannot be."""
    machines = _machines(engine)
    _untie(engine)
    copied = [table.name for table in common() if _placed(engine, table, _copy)]
    parted = [table.name for table in owned() if _placed(engine, table, _part)]
    for table in owned():
        _tie(engine, table)
        _empty(engine, table)
    return Spread(machines, copied, parted)


def _machines(engine: Engine) -> int:
    if engine.dialect.name != "postgresql":
        raise NotSpread("Only a PostgreSQL with Citus can be spread, and this is none.")
    with engine.connect() as connection:
        if not connection.scalar(CITUS):
            raise NotSpread("This PostgreSQL has no Citus: docs/growing.md says how to begin.")
        return connection.scalar(MACHINES) or 0


def _placed(engine: Engine, table: Table, place: Callable[[Connection, Table], None]) -> bool:
    """Whether the table had to be placed, and was; it waits for others who place or upgrade."""
    with engine.begin() as connection, alone(connection):
        if _is_placed(connection, table):
            return False
        connection.execute(IN_TURN)
        place(connection, table)
        return True


def _is_placed(connection: Connection, table: Table) -> bool:
    return bool(connection.scalar(PLACED, {"name": table.name}))


def _untie(engine: Engine) -> None:
    """Drop the foreign keys of what will be spread: they hold only between tables that are."""
    with engine.begin() as connection, alone(connection):
        for table in owned():
            if not _is_placed(connection, table):
                for key in inspect(connection).get_foreign_keys(table.name):
                    drop = f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{key["name"]}"'
                    connection.execute(text(drop))


def _tie(engine: Engine, table: Table) -> None:
    """Give a table the foreign keys it lacks; each row is looked at."""
    with engine.begin() as connection, alone(connection):
        connection.execute(IN_TURN)
        there = inspect(connection).get_foreign_keys(table.name)
        known = [key["constrained_columns"] for key in there]
        for key in table.foreign_key_constraints:
            if key.column_keys not in known:
                connection.execute(AddConstraint(key))


def _copy(connection: Connection, table: Table) -> None:
    connection.execute(COPY, {"name": table.name})


def _part(connection: Connection, table: Table) -> None:
    _let_numbers_be(connection, table)
    there = (other.name for other in owned() if _is_placed(connection, other))
    beside = next(there, "none")
    connection.execute(SPREAD, {"name": table.name, "beside": beside})


def _let_numbers_be(connection: Connection, table: Table) -> None:
    """Make the number of a row unique with its store alone: no machine knows all the numbers."""
    key = inspect(connection).get_pk_constraint(table.name)
    if "store_id" in key["constrained_columns"]:
        return
    name = table.name
    connection.execute(text(f'ALTER TABLE "{name}" DROP CONSTRAINT "{key["name"]}"'))
    connection.execute(text(f'CREATE INDEX "ix_{name}_id" ON "{name}" (id)'))
    unique = f"uq_{name}_store_id_id"
    connection.execute(text(f'ALTER TABLE "{name}" REPLICA IDENTITY USING INDEX "{unique}"'))


def _empty(engine: Engine, table: Table) -> None:
    """Take away the rows that stayed behind on the first machine when they were copied."""
    with engine.begin() as connection:
        served.without_limit(connection)
        connection.execute(EMPTY, {"name": table.name})
