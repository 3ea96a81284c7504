"""Noting the days of what a session writes: once in a transaction, as long as no row moves."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Engine, event, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.sql import visitors

from data.models import FollowupRule, Norm
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.heard import LENGTH
from data.sums.invited import IN_TIME, INVITED
from data.sums.marking import DAYS, PARTS, mark, stop
from data.sums.repaired import REWORK

NORMS = {IN_TIME: INVITED, LENGTH: DUE, REWORK: DELIVERED}  # what is counted by their figures
NOTED = "noted"  # a connection's rows whose days are noted as they stand, each as a `Key`
Key = tuple[Any, int | None]  # a model and a number


@event.listens_for(Session, "before_flush")
def _before(session: Session, *_: object) -> None:
    """Note the days that rows leave."""
    leaving = [*filter(_moves, session.dirty), *session.deleted]
    _mark(session, _keys(leaving) - _noted(session))


@event.listens_for(Session, "after_flush")
def _after(session: Session, *_: object) -> None:
    """Note the days on which rows count now, unless they stay where they were noted."""
    changed, new = [*filter(session.is_modified, session.dirty)], [*session.new]
    noted = _noted(session)
    noted -= _keys([*filter(_moves, changed), *filter(_counts, new)])
    _note(session, _keys(filter(_counts, new)), new=True)
    _note(session, _keys(filter(_counts, changed)))
    _mark(session, _keys([*changed, *new]) - noted)  # parts of rows that are not written
    _stop_counting(session, [*changed, *new, *session.deleted])


@event.listens_for(Engine, "begin")
@event.listens_for(Engine, "rollback_savepoint")
def nothing_noted(connection: Connection, *_: object) -> None:
    """Let days be noted again: of another transaction, what was undone, or what was worked out."""
    connection.info.pop(NOTED, None)


def _noted(session: Session) -> set[Key]:
    found: set[Key] = session.connection().info.setdefault(NOTED, set())
    return found


def _note(session: Session, rows: set[Key], *, new: bool = False) -> None:
    """Note the days of rows that were written: nobody else moves them before this is kept."""
    noted = _noted(session)
    _mark(session, rows - noted, new=new)
    noted |= rows


def _mark(session: Session, rows: set[Key], *, new: bool = False) -> None:
    ids = defaultdict(list)
    for model, id_ in rows:
        ids[model].append(id_)
    for model in ids.keys() & DAYS.keys():
        mark(session.connection(), model, ids[model], new=new)


def _keys(rows: Iterable[Any]) -> set[Key]:
    """The rows as which these count: themselves, or those they are parts of."""
    return {_key(row) for row in rows}


def _key(row: Any) -> Key:
    model, column = PARTS.get(type(row), (type(row), "id"))
    return model, getattr(row, column, None)


def _counts(row: Any) -> bool:
    """Whether it counts by itself."""
    return type(row) in DAYS


def _moves(row: Any) -> bool:
    """Whether something changes by which its days are found."""
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in _placing(state.mapper))


@cache
def _placing(mapper: Mapper[Any]) -> frozenset[str]:
    """The attributes by which the days of these rows are found."""
    asked = DAYS[mapper.class_]([]) if mapper.class_ in DAYS else []
    parts = [part for days in asked for part in visitors.iterate(days)]
    columns = {part for part in parts if isinstance(part, Column)}
    mine = columns & {*mapper.local_table.c}
    return frozenset(mapper.get_property_by_column(column).key for column in mine)


def _stop_counting(session: Session, written: Iterable[Any]) -> None:
    """Have all worked out anew that goes by a figure or a rule which is written."""
    for row in written:
        if isinstance(row, Norm) and row.code in NORMS:
            stop(session.connection(), NORMS[row.code])
        if isinstance(row, FollowupRule):
            stop(session.connection(), DELIVERED)
