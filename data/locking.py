"""Locking rows in a database that is spread over machines: Citus does it on one of them alone.

A row is asked for by its number, which does not say whose it is: its store is looked up first.
"""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, select, text
from sqlalchemy.orm import ORMExecuteState

NOBODY = 0  # no store has this number: nothing is locked, and Citus still asks one machine
CITUS = text("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
ONE_LINE = text("SET LOCAL citus.max_adaptive_executor_pool_size = 1")  # each is committed later
_SPREAD: WeakKeyDictionary[Dialect, bool] = WeakKeyDictionary()


def name_the_store(state: ORMExecuteState) -> None:
    """Let a lock that is about to be taken, and is for one store's rows, name the store."""
    statement: Any = state.statement
    if getattr(statement, "_for_update_arg", None) is None or not _is_spread(state):
        return
    model: Any = state.bind_mapper and state.bind_mapper.class_
    if hasattr(model, "store_id"):
        state.session.connection().execute(ONE_LINE)
        whose = select(model.store_id).where(statement.whereclause).distinct()
        stores = state.session.connection().scalars(whose, state.parameters).all()
        if len(stores) <= 1:
            state.statement = statement.where(model.store_id == next(iter(stores), NOBODY))


def _is_spread(state: ORMExecuteState) -> bool:
    connection = state.session.connection()
    if connection.dialect.name != "postgresql":
        return False
    if connection.dialect not in _SPREAD:
        _SPREAD[connection.dialect] = bool(connection.scalar(CITUS))
    return _SPREAD[connection.dialect]
