"""Editions: a word for what the log holds of some stores and subjects, another after each write."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from data.models import AdminEvent, Event, ImportBatch, Store

NEAR = 20  # writes to one store and subject that may be under way at once
IMPORTS = ImportBatch.__tablename__


def edition(
    session: Session, stores: Collection[str] = (), subjects: Collection[str] | None = None
) -> str:
    """A word that changes when anything the person may see was written or read in.

    stores: the codes of those that matter, all if there are none. subjects: what events must be
    about to matter, None for anything; imports and what administrators change matter always.
    """
    wanted = [Store.code.in_(stores)] if stores else []
    both = func.sum(_of_a_store(subjects)), _latest(AdminEvent)
    of_stores, of_all = session.execute(select(*both).select_from(Store).where(*wanted)).one()
    return f"{of_stores or 0}.{of_all}"


def _of_a_store(subjects: Collection[str] | None) -> ColumnElement[int]:
    here = Event.store_id == Store.id
    if subjects is None:
        events = [_latest(Event, here)]
    else:
        events = [_latest(Event, here, Event.subject == each) for each in {*subjects, IMPORTS}]
    return sum(events, start=_latest(ImportBatch, ImportBatch.store_id == Store.id))


def _latest(model: Any, *which: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of the newest numbers: it grows with each, also if a lower is committed later."""
    newest = select(model.id).where(*which).order_by(model.id.desc()).limit(NEAR)
    numbers = newest.correlate(Store).subquery()
    return func.coalesce(select(func.sum(numbers.c.id)).scalar_subquery(), 0)
