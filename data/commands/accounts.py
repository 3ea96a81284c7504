"""Accounts: adding them, what they may see, changing their passwords, closing them.

Who sees some of the stores looks after the accounts of those stores alone.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from data import sessions
from data.accounts import LONGEST_PASSWORD, hashed, seen, within
from data.commands import NotFound, Refused, command, settings
from data.db import person_of
from data.models import AppUser, Store, UserStore
from data.person import SYSTEM_LOGIN, Right, Role

LOGIN = re.compile(r"[\w.@-]{1,40}")
SHORTEST_PASSWORD = 10
ROLES = tuple(role for role in Role if role is not Role.SCREEN)  # a screen has a key, no account


@command(Right.ADMINISTER)
def add_user(
    session: Session,
    *,
    login: str,
    name: str,
    role: str,
    password: str,
    stores: Sequence[str],
    all_stores: bool,
    at: datetime,
) -> AppUser:
    """Open an account for somebody, with a role and the stores (by code) they may see."""
    settings.alone(session)
    login = login.strip().lower()
    if settings.already(session, _subject(login)):
        return _user(session, login)
    _check_login(session, login)
    _check_role(role)
    ids = _store_ids(session, stores, all_stores)
    user = AppUser(login=login, name=name.strip() or login, role=role, all_stores=all_stores)
    user.password_hash = hashed(_fit(password))
    session.add(user)
    session.flush()
    session.add_all(UserStore(user_id=user.id, store=store) for store in ids)
    said = {"role": role, "stores": _said(stores, all_stores)}
    settings.note(session, _subject(login), "user_added", version=0, now=at, **said)
    return user


@command(Right.ADMINISTER)
def change_user(
    session: Session,
    *,
    login: str,
    version: int,
    name: str,
    role: str,
    stores: Sequence[str],
    all_stores: bool,
    at: datetime,
) -> None:
    """Give an account another name, role or other stores (by code), from the next click on."""
    user = _open(session, login, at)
    if user is None:
        return
    settings.check(session, _subject(user.login), version, user.version)
    _check_role(role)
    if _is_own(session, user) and role != user.role:
        raise Refused("You cannot take your own role away. Let another administrator do it.")
    ids = _store_ids(session, stores, all_stores)
    before, was = _standing(session, user), user.version
    named = name.strip() or user.login
    if before == {"name": named, "role": role, "stores": _said(stores, all_stores)}:
        return
    session.execute(delete(UserStore).where(UserStore.user_id == user.id))
    user.name, user.role, user.all_stores = named, role, all_stores
    session.add_all(UserStore(user_id=user.id, store=store) for store in ids)
    flag_modified(user, "name")  # other stores alone are a change of the account too
    session.flush()
    _note_change(session, user, before, was, at)


@command(Right.ADMINISTER)
def set_password(
    session: Session, *, login: str, password: str, at: datetime, version: int | None = None
) -> None:
    """Give an account a new password; whoever is signed in with the old one is signed out."""
    user = _open(session, login, at)
    if user is None:
        return
    settings.check(session, _subject(user.login), version, user.version)
    was, user.password_hash = user.version, hashed(_fit(password))
    sessions.end_all_of(session, user.id, now=at)
    settings.note(session, _subject(user.login), "password_changed", version=was, now=at)


@command(Right.ADMINISTER)
def disable_user(session: Session, *, login: str, at: datetime, version: int | None = None) -> None:
    """Close an account: its sessions end now, its history stays."""
    user = _open(session, login, at)
    if user is None:
        return
    settings.check(session, _subject(user.login), version, user.version)
    if not user.active:
        raise Refused("The account {login} is closed already.", login=user.login)
    if _is_own(session, user):
        raise Refused("You cannot close your own account. Let another administrator do it.")
    was, user.active = user.version, False
    sessions.end_all_of(session, user.id, now=at)
    settings.note(session, _subject(user.login), "user_disabled", version=was, now=at)


@command(Right.ADMINISTER)
def enable_user(session: Session, *, login: str, at: datetime, version: int | None = None) -> None:
    """Open a closed account again, with the password it had."""
    user = _open(session, login, at)
    if user is None:
        return
    settings.check(session, _subject(user.login), version, user.version)
    if user.active:
        raise Refused("The account {login} is open already.", login=user.login)
    was, user.active = user.version, True
    settings.note(session, _subject(user.login), "user_enabled", version=was, now=at)


def _open(session: Session, login: str, at: datetime) -> AppUser | None:
    """The account, if this attempt has not been written yet and one may look after it."""
    settings.alone(session)
    user = _user(session, login)
    _check_within(session, user)
    return None if settings.already(session, _subject(user.login)) else user


def _subject(login: str) -> str:
    return f"user {login}"


def _user(session: Session, login: str) -> AppUser:
    user = session.scalar(select(AppUser).where(AppUser.login == login.strip().lower()))
    if user is None:
        raise NotFound("There is no account {login}.", login=login)
    return user


def _check_within(session: Session, user: AppUser) -> None:
    """Who sees some of the stores finds the accounts alone that see no more than these."""
    if not within(session, user):
        raise NotFound("There is no account {login}.", login=user.login)


def _is_own(session: Session, user: AppUser) -> bool:
    return person_of(session).login == user.login


def _standing(session: Session, user: AppUser) -> dict[str, Any]:
    """Name, role and stores as the log says them."""
    query = select(Store.code).where(Store.id.in_(seen(session, user)))
    codes = session.scalars(query).all()
    return {"name": user.name, "role": user.role, "stores": _said(codes, user.all_stores)}


def _said(codes: Sequence[str], all_stores: bool) -> str | list[str]:
    return "all" if all_stores else sorted(codes)


def _note_change(
    session: Session, user: AppUser, before: dict[str, Any], was: int, at: datetime
) -> None:
    after = _standing(session, user)
    differ = [name for name in after if after[name] != before[name]]
    said = {
        "from": {name: before[name] for name in differ},
        "to": {name: after[name] for name in differ},
    }
    settings.note(session, _subject(user.login), "user_changed", version=was, now=at, **said)


def _check_login(session: Session, login: str) -> None:
    if not LOGIN.fullmatch(login) or login == SYSTEM_LOGIN:
        raise Refused(
            "A login has 1 to 40 letters, digits or any of . @ - _ and {login} is not like that.",
            login=repr(login),
        )
    if session.scalar(select(AppUser.id).where(AppUser.login == login)) is not None:
        raise Refused("There is an account {login} already.", login=login)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Refused(
            "There is no role {role}. Use one of: {roles}.", role=role, roles=", ".join(ROLES)
        )


def _store_ids(session: Session, codes: Sequence[str], all_stores: bool) -> list[int]:
    if all_stores == bool(codes):
        raise Refused("Say which stores the account may see: some of them by code, or all.")
    if all_stores:
        settings.for_everybody(session)
    rows = session.execute(select(Store.code, Store.id).where(Store.code.in_(codes)))
    found = {row.code: row.id for row in rows}
    for code in codes:
        if code not in found:
            raise NotFound("There is no store {code}.", code=code)
    return list(found.values())


def _fit(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(
            "A password has {least} to {most} characters.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
    return password
