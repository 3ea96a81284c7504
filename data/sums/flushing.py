"""Noting the days of what a session writes: once in a transaction, as long as no row moves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Engine, Select, event, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.sql import visitors

from data.models import CallAttempt, Followup, FollowupRule, Norm, SurveyResponse
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.heard import LENGTH
from data.sums.invited import IN_TIME, INVITED
from data.sums.kinds import Ledger
from data.sums.marking import DAYS, PARTS, keep, stop, ways_of
from data.sums.repaired import REWORK

NORMS = {IN_TIME: INVITED, LENGTH: DUE, REWORK: DELIVERED}  # what is counted by their figures
CALLED = {CallAttempt: "callback_id", SurveyResponse: "callback_id"}  # and due with their call
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # any: all are asked about by the same columns
NOTED = "noted"  # the notes of a connection whose rows stay where they are


class Note(NamedTuple):
    """The days of a row in a ledger."""

    model: Any
    id: int
    ledger: Ledger


@event.listens_for(Session, "before_flush")
def _before(session: Session, *_: object) -> None:
    """Note the days that rows leave."""
    leaving = [*filter(_moves, session.dirty), *session.deleted]
    _mark(session, old=_notes(leaving) - _noted(session))


@event.listens_for(Session, "after_flush")
def _after(session: Session, *_: object) -> None:
    """Note the days on which rows count now, unless they stay where they were noted.

    Nobody else moves a row that was written before this is kept; a row of which a part is written
    may be moved meanwhile, and is noted each time.
    """
    changed, new = [*filter(session.is_modified, session.dirty)], [*session.new]
    noted = _noted(session)
    noted -= _notes([*filter(_moves, changed), *filter(_counts, new)])
    old, fresh = _notes_of_changes(filter(_counts, changed)), _notes(filter(_counts, new))
    parts = _notes(row for row in [*changed, *new] if not _counts(row))
    known = noted | old | fresh
    with_call = {note for row in new for note in _with_its_call(row, known)}
    _mark(session, old=(old | parts) - noted - fresh, new=fresh - noted - with_call)
    noted |= old | fresh
    _stop_counting(session, [*changed, *new, *session.deleted])


@event.listens_for(Engine, "begin")
@event.listens_for(Engine, "rollback_savepoint")
def nothing_noted(connection: Connection, *_: object) -> None:
    """Let days be noted again: of another transaction, what was undone, or what was worked out."""
    connection.info.pop(NOTED, None)


def _noted(session: Session) -> set[Note]:
    found: set[Note] = session.connection().info.setdefault(NOTED, set())
    return found


def _mark(session: Session, *, old: Collection[Note] = (), new: Collection[Note] = ()) -> None:
    """Note these days in one statement."""
    days = [*_days(old, new=False), *_days(new, new=True)]
    if days:
        keep(session.connection(), days)


def _days(notes: Iterable[Note], *, new: bool) -> Iterator[Select[Any]]:
    ids = defaultdict(set)
    for note in notes:
        ids[note.model, note.ledger].add(note.id)
    for (model, ledger), some in ids.items():
        yield from (days(sorted(some)) for days in ways_of(model, new=new).get(ledger, []))


def _notes(rows: Iterable[Any]) -> set[Note]:
    """All of these rows, or of what they are parts of."""
    keys = {_key(row) for row in rows}
    return {
        Note(model, id_, ledger)
        for model, id_ in keys if model in DAYS and id_ is not None
        for ledger in DAYS[model]
    }  # fmt: skip


def _notes_of_changes(rows: Iterable[Any]) -> set[Note]:
    """Those that go by something that was changed."""
    return {note for row in rows for note in _notes([row]) if _moves(row) or _matters(row, note)}


def _with_its_call(row: Any, known: Collection[Note]) -> Iterator[Note]:
    """The note of a new try or answer that says no more than one of its call."""
    if type(row) in CALLED and Note(Followup, getattr(row, CALLED[type(row)]), DUE) in known:
        yield Note(type(row), row.id, DUE)


def _key(row: Any) -> tuple[Any, int | None]:
    model, column = PARTS.get(type(row), (type(row), "id"))
    return model, getattr(row, column, None)


def _counts(row: Any) -> bool:
    """Whether it counts by itself."""
    return type(row) in DAYS


def _moves(row: Any) -> bool:
    """Whether something changes by which its days are found."""
    return _changes(row, _placing(inspect(row).mapper))


def _matters(row: Any, note: Note) -> bool:
    """Whether something changes by which the ledger goes."""
    return _changes(row, _counted(inspect(row).mapper, note.ledger))


def _changes(row: Any, names: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)


@cache
def _placing(mapper: Mapper[Any]) -> frozenset[str]:
    """The attributes by which the days of these rows are found."""
    ways = DAYS.get(mapper.class_, {}).values()
    return _named(mapper, (days([]) for some in ways for days in some))


@cache
def _counted(mapper: Mapper[Any], ledger: Ledger) -> frozenset[str]:
    """The attributes of these rows by which the sums of a ledger go."""
    sums = (kind.whole(SOME_TIME) for kind in ledger.kinds)
    return _named(mapper, [ledger.later(SOME_TIME), *sums])


def _named(mapper: Mapper[Any], asked: Iterable[Any]) -> frozenset[str]:
    """The attributes of these rows that are named in questions."""
    parts = (part for one in asked for part in visitors.iterate(one))
    columns = {base for part in parts if isinstance(part, Column) for base in part.base_columns}
    mine = columns & {*mapper.local_table.c}
    return frozenset(mapper.get_property_by_column(column).key for column in mine)


def _stop_counting(session: Session, written: Iterable[Any]) -> None:
    """Have all worked out anew that goes by a figure or a rule which is written."""
    for row in written:
        if isinstance(row, Norm) and row.code in NORMS:
            stop(session.connection(), NORMS[row.code])
        if isinstance(row, FollowupRule):
            stop(session.connection(), DELIVERED)
