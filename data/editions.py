"""Editions: a word for what the log holds of some stores and subjects, another after each write."""

from collections.abc import Collection
from functools import cache, partial
from secrets import token_hex
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Select, bindparam, func, select
from sqlalchemy.orm import Session

from data.db import is_glance, person_of
from data.locking import is_spread
from data.models import AdminEvent, Event, ImportBatch, Promise, Store
from data.moves import COMPLAINT_MOVES, IMPROVEMENT_MOVES
from data.remembered import Remembered
from data.sql import is_among, named

NEAR = 20  # writes to one store and subject that may be under way at once
NEAR_ANYWHERE = 100  # writes to all of them
MOST = 1000  # editions that a process remembers
MANY = 100  # stores, asked one by one
IMPORTS = ImportBatch.__tablename__
TOLD = "editions"
MOVES = (*COMPLAINT_MOVES.values(), *IMPROVEMENT_MOVES.values())
QUIET = ("phone_revealed", *sorted({move.event for move in MOVES if move.quiet}))
Subjects = frozenset[str] | None
_KEPT: WeakKeyDictionary[Engine, Remembered[str]] = WeakKeyDictionary()


def edition(
    session: Session, stores: Collection[str] = (), subjects: Collection[str] | None = None
) -> str:
    """A word that changes when anything the person may see was written or read in.

    stores: the codes of those that matter, all if there are none. subjects: what events must be
    about to matter, None for anything; imports and what administrators change matter always. A
    promise or a note about something matters to promises, and to those whom anything matters.
    """
    known = session.info.get(TOLD, {})
    asked = tuple(stores), None if subjects is None else frozenset(subjects)
    if asked not in known:
        known[asked] = _edition(session, *asked)
    return str(known[asked])


def same_for(*sessions: Session) -> None:
    """Let these sessions, which look at one thing together, tell the edition that was told first.

    What the later ones read may be newer than it says; what is kept under it is never older.
    """
    told: dict[Any, str] = {}
    for session in sessions:
        session.info[TOLD] = told


def _edition(session: Session, stores: tuple[str, ...], subjects: Subjects) -> str:
    connection, seen = session.connection(), person_of(session).stores
    ask = partial(_asked, connection, stores, seen, subjects)
    if not is_glance(session) or is_spread(connection):
        return ask()
    # while nobody writes anything anywhere, each edition is put together once
    pulse = connection.execute(_pulse()).one()
    kept = _KEPT.setdefault(connection.engine, Remembered(MOST))
    return kept.of((tuple(pulse), stores, seen, subjects), ask)


def _asked(
    connection: Connection, stores: tuple[str, ...], seen: frozenset[int] | None, subjects: Subjects
) -> str:
    values = {"codes": list(stores), "seen": sorted(seen or ())}
    # the questions name the stores that may be seen themselves, so they are put together once
    which = bool(stores), seen is not None
    if is_spread(connection):
        return _store_by_store(
            connection, select(Store.id).where(*_among(*which)), values, subjects
        )
    of_stores, of_all = connection.execute(_question(*which, subjects), values).one()
    return f"{of_stores or 0}.{of_all}"


@cache
def _pulse() -> Select[Any]:
    """What is another after each write of anybody."""
    anything: Any = [
        _latest(model, near=NEAR_ANYWHERE) for model in (Event, ImportBatch, AdminEvent)
    ]
    return select(*anything)


def _store_by_store(connection: Connection, stores: Any, values: Any, subjects: Subjects) -> str:
    """The same where stores lie apart, since Citus refuses to be asked about several at once.

    Of a whole region there are news between any two looks: they are not even looked for.
    """
    ids = connection.scalars(stores, values).all()
    if len(ids) > MANY:
        return token_hex()
    one = _question_of_one(subjects)
    of_stores = sum(connection.scalar(one, {"store": number}) or 0 for number in ids)
    return f"{of_stores}.{connection.scalar(select(_latest(AdminEvent)))}"


@cache
def _question(by_code: bool, by_eyes: bool, subjects: Subjects) -> Select[Any]:
    """The latest numbers of the stores with these `codes` among those `seen`."""
    both = func.sum(_of_a_store(subjects, Store.id)), _latest(AdminEvent)
    query: Select[Any] = select(*both).select_from(Store)  # type: ignore[assignment]
    return query.where(*_among(by_code, by_eyes))


@cache
def _question_of_one(subjects: Subjects) -> Select[Any]:
    """The latest numbers of one `store`, by its id."""
    return select(_of_a_store(subjects, bindparam("store")))


def _among(by_code: bool, by_eyes: bool) -> list[ColumnElement[bool]]:
    asked = {Store.code: by_code and "codes", Store.id: by_eyes and "seen"}
    return [is_among(key, named(name, key.type)) for key, name in asked.items() if name]


def _of_a_store(subjects: Subjects, store: Any) -> ColumnElement[int]:
    here = Event.store_id == store
    if subjects is None:
        events = [_latest(Event, here)]
    else:
        loud = [] if Promise.__tablename__ in subjects else [Event.kind.not_in(QUIET)]
        named = sorted({*subjects, IMPORTS})
        events = [_latest(Event, here, Event.subject == each, *loud) for each in named]
    return sum(events, start=_latest(ImportBatch, ImportBatch.store_id == store))


def _latest(model: Any, *which: ColumnElement[bool], near: int = NEAR) -> ColumnElement[int]:
    """The sum of the newest numbers: it grows with each, also if a lower is committed later."""
    newest = select(model.id).where(*which).order_by(model.id.desc()).limit(near)
    numbers = newest.correlate(Store).subquery()
    return func.coalesce(select(func.sum(numbers.c.id)).scalar_subquery(), 0)
