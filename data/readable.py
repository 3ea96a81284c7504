"""What somebody may read of the log of settings: nothing about a store that is not theirs.

The log is shared by all stores; what an entry is about is not: a target may be of one store, a
screen hangs in one, an account sees some.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, literal, or_, select, true
from sqlalchemy.orm import Session

from data.db import person_of
from data.models import AdminEvent, AppUser, ScreenToken, Store, UserStore

OF_STORES = ("store", "user", "screen", "new screen")  # subjects that belong to some stores


def within(session: Session) -> ColumnElement[bool]:
    """The entries whose subject is shared by all, or within the stores of whoever asks."""
    mine = person_of(session).stores
    if mine is None:
        return true()
    subject, store = AdminEvent.subject, AdminEvent.data["store"].as_string()
    shared = and_(*(~subject.startswith(f"{name} ") for name in OF_STORES))
    theirs = or_(*(subject.in_(subjects) for subjects in _subjects(mine)))
    return and_(or_(shared, theirs), or_(store.is_(None), store.in_(_codes())))


def naming_no_other(session: Session, entries: Iterable[AdminEvent]) -> list[AdminEvent]:
    """These entries without those that name another store: an account may have come from there."""
    if person_of(session).stores is None:
        return list(entries)
    mine = set(session.scalars(_codes()))
    return [entry for entry in entries if _named(entry.data) <= mine]


def _subjects(mine: frozenset[int]) -> Iterable[Select[Any]]:
    """What the log calls the stores themselves, their screens, and who sees no other store."""
    others = select(UserStore.user_id).where(UserStore.store.not_in(mine))
    users = select(literal("user ") + AppUser.login)
    screens = select(literal("screen ") + cast(ScreenToken.id, String))
    yield select(literal("store ") + Store.code).select_from(Store)
    yield users.where(~AppUser.all_stores, AppUser.id.not_in(others))
    yield screens.where(ScreenToken.store.in_(mine))


def _codes() -> Select[tuple[str]]:
    return select(Store.code)


def _named(data: dict[str, Any]) -> set[str]:
    """The stores (by code, or "all") that an entry about an account says it sees, or saw."""
    said = [part.get("stores", ()) for part in (data, data.get("from"), data.get("to")) if part]
    return {code for codes in said for code in ([codes] if isinstance(codes, str) else codes)}
