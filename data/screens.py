"""Wall screens: which one a browser is by its key, what it shows, and the list of them.

A screen has no account. It is known by a random key its browser keeps, of which we keep a hash.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from data.db import person_of
from data.models import ScreenToken, Store
from data.person import Person, Role

RANDOM = 32  # bytes; too many to guess, so a plain hash of it is enough


class Standing(StrEnum):
    """How it is with a screen."""

    LINK_OPEN = "link_open"
    LINK_OVER = "link_over"
    RUNNING = "running"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A wall screen as it asks: `store` is a code, None means all of them.

    `opens` and `closes` are local, "08:00"; `language` is "zh", "en" or "both" in turn.
    """

    id: int
    name: str
    person: Person
    store: str | None
    opens: str
    closes: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A screen as the list of screens shows it."""

    id: int
    version: int
    name: str
    store: str | None
    language: str
    opens: str
    closes: str
    standing: Standing
    created_at: datetime
    link_until: datetime | None
    linked_at: datetime | None
    revoked_at: datetime | None


def new_secret() -> str:
    """A random text for a link or a browser, safe in addresses."""
    return secrets.token_urlsafe(RANDOM)


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def screen(session: Session, key: str) -> Screen | None:
    """The screen whose browser keeps this key; None if there is none, or it was revoked."""
    known = (ScreenToken.token_hash == hashed(key), ScreenToken.revoked_at.is_(None))
    query = select(ScreenToken, Store.code).outerjoin(Store, Store.id == ScreenToken.store)
    found = session.execute(query.where(*known)).first()
    return _screen(*found) if found else None


def by_link(session: Session, secret: str, *, now: datetime) -> str | None:
    """The name of the screen that this link makes; None if the link is used up, over or wrong."""
    query = select(ScreenToken.name).where(
        ScreenToken.link_hash == hashed(secret),
        ScreenToken.link_until > now,
        ScreenToken.revoked_at.is_(None),
    )
    return session.scalar(query)


def listed(session: Session, *, now: datetime) -> Sequence[Listed]:
    """The screens one may look after: of one's own stores, newest first, revoked ones last."""
    mine = person_of(session).stores
    seen = true() if mine is None else ScreenToken.store.in_(mine)
    query = select(ScreenToken, Store.code).outerjoin(Store, Store.id == ScreenToken.store)
    order = (ScreenToken.revoked_at.is_not(None), ScreenToken.id.desc())
    return [
        _listed(row, code, now) for row, code in session.execute(query.where(seen).order_by(*order))
    ]


def _screen(row: ScreenToken, code: str | None) -> Screen:
    person = Person(
        login=f"screen {row.id}",
        name=row.name,
        role=Role.SCREEN,
        stores=None if row.store is None else frozenset({row.store}),
    )
    return Screen(
        id=row.id,
        name=row.name,
        person=person,
        store=code,
        opens=row.opens,
        closes=row.closes,
        language=row.language,
    )


def _listed(row: ScreenToken, code: str | None, now: datetime) -> Listed:
    return Listed(
        id=row.id,
        version=row.version,
        name=row.name,
        store=code,
        language=row.language,
        opens=row.opens,
        closes=row.closes,
        standing=_standing(row, now),
        created_at=row.created_at,
        link_until=row.link_until,
        linked_at=row.linked_at,
        revoked_at=row.revoked_at,
    )


def _standing(row: ScreenToken, now: datetime) -> Standing:
    if row.revoked_at:
        return Standing.REVOKED
    if row.linked_at:
        return Standing.RUNNING
    open_ = row.link_until is not None and row.link_until > now
    return Standing.LINK_OPEN if open_ else Standing.LINK_OVER
