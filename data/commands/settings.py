"""What every change of a setting has in common: a version, an attempt, and a line in the log.

A setting is shared by all stores and named by its subject, for example "rule service". Its lines
in the log carry the version they started from, so that who comes too late sees what was done.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import readable
from data.commands import Conflict, Forbidden
from data.db import Base, Versioned, person_of
from data.events import record_setting
from data.models import AdminEvent, Store

LOCK = 7_201_123  # of PostgreSQL; SQLite lets one write at a time anyway


class Figure(str):
    """The code of a figure, which the screen says as its name."""


def alone(session: Session) -> None:
    """Wait until no other change of a setting is under way; they are few and short."""
    if session.get_bind().dialect.name == "postgresql":
        session.scalar(select(func.pg_advisory_xact_lock(LOCK)))


def for_everybody(session: Session) -> None:
    """Refuse somebody who sees some of the stores what all stores share."""
    seen = person_of(session).stores
    counted = select(func.count()).select_from(Store.__table__)
    if seen is not None and len(seen) < (session.connection().scalar(counted) or 0):
        raise Forbidden("This holds for all stores: only who sees them all may change it.")


def already(session: Session, subject: str) -> AdminEvent | None:
    """What this attempt (by its key) has written about the subject before, if it has."""
    key = session.info.get("key")
    own = (entry for entry in _history(session, subject) if entry.data.get("key") == key)
    return next(own, None) if key else None


def check(session: Session, subject: str, version: int | None, stands_at: int) -> None:
    """Refuse, showing what was done since, unless the subject still stands at `version`.

    None takes it as it stands, which is what a command line does.
    """
    if version is None or version == stands_at:
        return
    begun = range(version, stands_at)
    every = readable.naming_no_other(session, _history(session, subject))
    since = [entry for entry in every if entry.data.get("version", 0) in begun]
    for entry in since:
        session.expunge(entry)  # they are to be read after this transaction is undone
    raise Conflict(since, version=stands_at)


def edit(
    session: Session,
    row: Any,
    subject: str,
    kind: str,
    values: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
    **said: Any,
) -> None:
    """Set these values of a setting; the log has each that differs, as it was and as it is."""
    assert isinstance(row, Base)
    assert isinstance(row, Versioned)
    if already(session, subject):
        return
    check(session, subject, version, row.version)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    was = row.version
    for name, value in changed.items():
        setattr(row, name, value)
    note(session, subject, kind, version=was, now=now, **{"from": before, "to": after}, **said)


def note(
    session: Session, subject: str, kind: str, *, version: int, now: datetime, **said: Any
) -> None:
    """Log a change that started from `version` (0: there was nothing), under the attempt's key."""
    key = {"key": session.info["key"]} if session.info.get("key") else {}
    record_setting(session, subject, kind, at=now, version=version, **said, **key)
    session.flush()


def plain(value: Any) -> Any:
    """A value as the log holds it: days as texts."""
    return value.isoformat() if isinstance(value, date) else value


def _history(session: Session, subject: str) -> list[AdminEvent]:
    query = select(AdminEvent).where(AdminEvent.subject == subject)
    return list(session.scalars(query.order_by(AdminEvent.at, AdminEvent.id)))
