"""The event log: written with every command, read as history, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.db import StoreOwned, person_of
from data.models import AdminEvent, Event


def record(session: Session, row: Any, kind: str, *, at: datetime, **data: Any) -> Event:
    """Log that `kind` happened to `row` at `at`, in the name of the session's person."""
    assert isinstance(row, StoreOwned)
    entry = Event(
        store_id=row.store_id,
        at=at,
        actor=person_of(session).login,
        subject=row.__tablename__,  # type: ignore[attr-defined]
        subject_id=row.id,  # type: ignore[attr-defined]
        kind=kind,
        data=data,
        key=_unspent_key(session, row),
    )
    session.add(entry)
    return entry


def record_made(session: Session, row: Any, *, at: datetime, **data: Any) -> Event:
    """Log that `row` was opened: it had no number before, so its store has the attempt's key."""
    entry = record(session, row, "opened", at=at, version=0, **data)
    entry.key = _store_key(session, entry.store_id)
    return entry


def record_setting(session: Session, subject: str, kind: str, *, at: datetime, **data: Any) -> None:
    """Log a change of something all stores share: a user, a calendar, a policy."""
    actor = person_of(session).login
    session.add(AdminEvent(at=at, actor=actor, subject=subject, kind=kind, data=data))


def record_many(
    session: Session, row: Any, kind: str, *, store_id: int, at: datetime, **data: Any
) -> None:
    """Log once what was done to many rows of a store because of `row`, which all stores share."""
    entry = Event(store_id=store_id, at=at, actor=person_of(session).login, kind=kind)
    entry.subject, entry.subject_id, entry.data = row.__tablename__, row.id, data
    session.add(entry)


def record_at_store(
    session: Session, store_id: int, kind: str, *, at: datetime, **data: Any
) -> None:
    """Log what was done to many rows of a store in one attempt, under the attempt's key."""
    entry = Event(store_id=store_id, at=at, actor=person_of(session).login, kind=kind)
    entry.subject, entry.subject_id, entry.data = "store", store_id, data
    entry.key = _store_key(session, store_id)
    session.add(entry)


def earlier_at_store(session: Session, store_id: int) -> Event | None:
    """What this attempt (by its key) has written about the store before, if it has."""
    key = _store_key(session, store_id)
    known = (Event.store_id == store_id, Event.key == key)
    return session.scalar(select(Event).where(*known)) if key else None


def history(session: Session, row: Any) -> Sequence[Event]:
    """What happened to `row`, oldest first."""
    query = (
        select(Event)
        .where(
            Event.store_id == row.store_id,
            Event.subject == row.__tablename__,
            Event.subject_id == row.id,
        )
        .order_by(Event.at, Event.id)
    )
    return session.scalars(query).all()


def already(session: Session, row: Any) -> bool:
    """Whether this attempt (by its key) has been written to `row` before."""
    return earlier(session, row) is not None


def earlier(session: Session, row: Any) -> Event | None:
    """What this attempt (by its key) has written to `row` before, if it has."""
    key = _key(session, row)
    if key is None:
        return None
    return session.scalar(select(Event).where(Event.store_id == row.store_id, Event.key == key))


def earlier_of(session: Session, model: Any, number: int) -> Event | None:
    """The same of a row that is gone, by its number."""
    key = session.info.get("key")
    name = f"{key}:{model.__tablename__}:{number}"
    return session.scalar(select(Event).where(Event.key == name)) if key else None


def _unspent_key(session: Session, row: Any) -> str | None:
    """The key goes on the first event of an attempt; what follows belongs to that one."""
    key, spent = _key(session, row), session.info.setdefault("spent", set())
    if key in spent:
        return None
    spent.add(key)
    return key


def _store_key(session: Session, store_id: int) -> str | None:
    key = session.info.get("key")
    return key and f"{key}:store:{store_id}"


def _key(session: Session, row: Any) -> str | None:
    key = session.info.get("key")
    return key and f"{key}:{row.__tablename__}:{row.id}"
