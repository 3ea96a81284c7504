"""Editions: a word for what the log holds of some stores and subjects, another after each write."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from data.db import person_of
from data.models import AdminEvent, Event, ImportBatch, Promise, Store
from data.moves import COMPLAINT_MOVES, IMPROVEMENT_MOVES

NEAR = 20  # writes to one store and subject that may be under way at once
IMPORTS = ImportBatch.__tablename__
TOLD = "editions"
MOVES = (*COMPLAINT_MOVES.values(), *IMPROVEMENT_MOVES.values())
QUIET = ("phone_revealed", *sorted({move.event for move in MOVES if move.quiet}))
Subjects = frozenset[str] | None


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
    seen = person_of(session).stores
    values = {"codes": list(stores), "seen": sorted(seen or ())}
    query = _question(bool(stores), seen is not None, subjects)
    # the question names the stores that may be seen itself, so it is put together once
    of_stores, of_all = session.connection().execute(query, values).one()
    return f"{of_stores or 0}.{of_all}"


@cache
def _question(by_code: bool, by_eyes: bool, subjects: Subjects) -> Select[Any]:
    """The latest numbers of the stores with these `codes` among those `seen`."""
    both = func.sum(_of_a_store(subjects)), _latest(AdminEvent)
    query: Select[Any] = select(*both).select_from(Store)  # type: ignore[assignment]
    if by_code:
        query = query.where(Store.code.in_(bindparam("codes", expanding=True)))
    if by_eyes:
        query = query.where(Store.id.in_(bindparam("seen", expanding=True)))
    return query


def _of_a_store(subjects: Subjects) -> ColumnElement[int]:
    here = Event.store_id == Store.id
    if subjects is None:
        events = [_latest(Event, here)]
    else:
        loud = [] if Promise.__tablename__ in subjects else [Event.kind.not_in(QUIET)]
        named = sorted({*subjects, IMPORTS})
        events = [_latest(Event, here, Event.subject == each, *loud) for each in named]
    return sum(events, start=_latest(ImportBatch, ImportBatch.store_id == Store.id))


def _latest(model: Any, *which: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of the newest numbers: it grows with each, also if a lower is committed later."""
    newest = select(model.id).where(*which).order_by(model.id.desc()).limit(NEAR)
    numbers = newest.correlate(Store).subquery()
    return func.coalesce(select(func.sum(numbers.c.id)).scalar_subquery(), 0)
