"""Writing to a database that is spread over machines, which Citus allows in some orders alone.

It locks rows of one store only. A row is asked for by its number, which does not say whose it is:
its store is looked up first. And what all stores share it changes only if each machine was asked
one question after the other.
"""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, select, text
from sqlalchemy.orm import ORMExecuteState

NOBODY = 0  # no store has this number: nothing is locked, and Citus still asks one machine
CITUS = text("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
IN_TURN = text("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
_SPREAD: WeakKeyDictionary[Dialect, bool] = WeakKeyDictionary()


def name_the_store(state: ORMExecuteState) -> None:
    """Let a lock that is about to be taken, and is for one store's rows, name the store."""
    statement: Any = state.statement
    if getattr(statement, "_for_update_arg", None) is None:
        return
    connection = state.session.connection()
    model: Any = state.bind_mapper and state.bind_mapper.class_
    if hasattr(model, "store_id") and is_spread(connection):
        whose = select(model.store_id).where(statement.whereclause).distinct()
        stores = connection.scalars(whose, state.parameters).all()
        if len(stores) <= 1:
            state.statement = statement.where(model.store_id == next(iter(stores), NOBODY))


def in_turn(connection: Connection) -> None:
    """Let a transaction that may write ask each machine one question after the other."""
    reads = connection.get_execution_options().get("postgresql_readonly")
    if not reads and is_spread(connection):
        connection.execute(IN_TURN)


def is_spread(connection: Connection) -> bool:
    """Whether stores lie apart, on a PostgreSQL with Citus."""
    if connection.dialect.name != "postgresql":
        return False
    if connection.dialect not in _SPREAD:
        _SPREAD[connection.dialect] = bool(connection.scalar(CITUS))
    return _SPREAD[connection.dialect]
