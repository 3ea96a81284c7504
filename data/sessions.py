"""Who is signed in: sessions are kept here, and a browser holds no more than a key."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from data import accounts
from data.accounts import Account
from data.models import AppUser, LoginSession

IDLE = timedelta(hours=8)  # without anything a person did
SEEN_EVERY = timedelta(minutes=5)  # not each click is worth a write
REMEMBERED = timedelta(days=30)


def begin(session: Session, user_id: int, *, now: datetime) -> str:
    """Begin a session for this account; the key that its browser is to hold."""
    key = token_urlsafe(32)
    moments = {"began_at": now, "seen_at": now}
    session.add(LoginSession(key_hash=_hash(key), user_id=user_id, **moments))
    return key


def find(session: Session, key: str, *, now: datetime) -> tuple[Account, datetime] | None:
    """Whose session has this key, and when they last did something.

    None if it is over, or the account is closed.
    """
    asked = {"key": _hash(key), "idle": now - IDLE}
    rows = session.connection().execute(WHOSE, asked).all()  # as every request does: no ORM
    return (accounts.of_rows(rows), rows[0].seen_at) if rows else None


def touch(session: Session, key: str, *, now: datetime) -> None:
    """Somebody did something: the session goes on from now."""
    session.execute(update(LoginSession).where(*_open(key, now)).values(seen_at=now))


def end(session: Session, key: str, *, now: datetime) -> None:
    """End the session with this key."""
    session.execute(update(LoginSession).where(*_open(key, now)).values(ended_at=now))


def end_all_of(session: Session, user_id: int, *, now: datetime) -> None:
    """End every session of an account."""
    going_on = (LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    session.execute(update(LoginSession).where(*going_on).values(ended_at=now))


def count(session: Session, *, now: datetime) -> int:
    """How many sessions go on."""
    going_on = (LoginSession.ended_at.is_(None), LoginSession.seen_at > now - IDLE)
    return session.scalar(select(func.count(LoginSession.id)).where(*going_on)) or 0


def sweep(session: Session, *, now: datetime) -> None:
    """Forget sessions in which nobody did anything for a month."""
    session.execute(delete(LoginSession).where(LoginSession.seen_at < now - REMEMBERED))


def _open(key: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _going_on(_hash(key), now - IDLE)


def _going_on(key_hash: Any, idle: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginSession.key_hash == key_hash,
        LoginSession.ended_at.is_(None),
        LoginSession.seen_at > idle,
    )


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


WHOSE = (  # put together once: every request asks it
    accounts.with_stores(LoginSession.seen_at)
    .join(LoginSession, LoginSession.user_id == AppUser.id)
    .where(*_going_on(bindparam("key"), bindparam("idle")))
)
