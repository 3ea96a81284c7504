"""Accounts: who somebody is, which stores they may see, and whether the password is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from data.db import person_of
from data.models import AppUser, Store, UserStore
from data.person import Person, Role

LONGEST_PASSWORD = 1000  # hashing a megabyte would be work for us and none for the sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in, by the number of the account."""

    id: int
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An account as the list of accounts shows it; `stores` are codes, None means all."""

    login: str
    name: str
    role: str
    stores: tuple[str, ...] | None
    active: bool


def sign_in(session: Session, login: str, password: str) -> Account | None:
    """The account of this login, if it is active and the password is right.

    An unknown login takes as long as a wrong password, so that nobody learns which logins exist.
    """
    name = login.strip().lower()
    named = AppUser.login == (name if name.isprintable() else "")
    user = session.scalar(select(AppUser).where(named))
    known = user.password_hash if user else _nobodys_hash()
    right = len(password) <= LONGEST_PASSWORD and _matches(known, password)
    return _account(session, user) if user and user.active and right else None


def account(session: Session, user_id: int) -> Account | None:
    """The account with this number as it stands now; None if it was deactivated."""
    user = session.get(AppUser, user_id)
    return _account(session, user) if user and user.active else None


def with_stores(*further: Any) -> Select[Any]:
    """A question for active accounts and `further`, whose answer `of_rows` reads."""
    columns = (AppUser.id, AppUser.login, AppUser.name, AppUser.role, AppUser.all_stores)
    stores = (UserStore, UserStore.user_id == AppUser.id)
    query = select(*columns, UserStore.store, *further).select_from(AppUser)
    return query.outerjoin(*stores).where(AppUser.active)


def of_rows(rows: Sequence[Any]) -> Account:
    """The account that these rows tell of, a store in each."""
    return _made(rows[0], [row.store for row in rows if row.store is not None])


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def listed(session: Session) -> Sequence[Listed]:
    """The accounts one may look after, by login."""
    query = select(AppUser).order_by(AppUser.login)
    users = [user for user in session.scalars(query).all() if within(session, user)]
    return [
        Listed(
            login=user.login,
            name=user.name,
            role=user.role,
            stores=None if user.all_stores else _store_codes(session, user),
            active=user.active,
        )
        for user in users
    ]


def within(session: Session, user: AppUser) -> bool:
    """Whether the account sees no more than the person who asks, who may then look after it."""
    mine = person_of(session).stores
    return mine is None or not (user.all_stores or set(seen(session, user)) - mine)


def seen(session: Session, user: AppUser) -> Sequence[int]:
    """The ids of the stores an account may see, where it does not see all."""
    return session.scalars(select(UserStore.store).where(UserStore.user_id == user.id)).all()


def stores(session: Session) -> Sequence[Store]:
    """All dealerships, by code."""
    return session.scalars(select(Store).order_by(Store.code)).all()


def demo_logins(session: Session) -> Sequence[AppUser]:
    """The accounts that came with the demo data and can still sign in."""
    query = select(AppUser).where(AppUser.demo, AppUser.active).order_by(AppUser.id)
    return session.scalars(query).all()


def _account(session: Session, user: AppUser) -> Account:
    return _made(user, () if user.all_stores else seen(session, user))


def _made(user: Any, stores: Sequence[int]) -> Account:
    person = Person(
        id=user.id,
        login=user.login,
        name=user.name,
        role=Role(user.role),
        stores=None if user.all_stores else frozenset(stores),
    )
    return Account(id=user.id, person=person)


def _store_codes(session: Session, user: AppUser) -> tuple[str, ...]:
    query = (
        select(Store.code)
        .join(UserStore, UserStore.store == Store.id)
        .where(UserStore.user_id == user.id)
        .order_by(Store.code)
    )
    return tuple(session.scalars(query))


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher().verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("no account has this hash")
