"""Accounts: adding them, changing their passwords, closing them."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.accounts import LONGEST_PASSWORD, hashed
from data.commands import NotFound, Refused, command
from data.events import record_setting
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
    login = login.strip().lower()
    _check_login(session, login)
    _check_role(role)
    ids = _store_ids(session, stores, all_stores)
    user = AppUser(login=login, name=name.strip() or login, role=role, all_stores=all_stores)
    user.password_hash = hashed(_fit(password))
    session.add(user)
    session.flush()
    session.add_all(UserStore(user_id=user.id, store=store) for store in ids)
    seen = "all" if all_stores else sorted(stores)
    record_setting(session, f"user {login}", "user_added", at=at, role=role, stores=seen)
    return user


@command(Right.ADMINISTER)
def set_password(session: Session, *, login: str, password: str, at: datetime) -> None:
    """Give an account a new password; whoever is signed in with the old one is signed out."""
    user = _user(session, login)
    user.password_hash = hashed(_fit(password))
    record_setting(session, f"user {user.login}", "password_changed", at=at)


@command(Right.ADMINISTER)
def disable_user(session: Session, *, login: str, at: datetime) -> None:
    """Close an account: its sessions end now, its history stays."""
    user = _user(session, login)
    if not user.active:
        raise Refused("The account {login} is closed already.", login=user.login)
    user.active = False
    record_setting(session, f"user {user.login}", "user_disabled", at=at)


def _user(session: Session, login: str) -> AppUser:
    user = session.scalar(select(AppUser).where(AppUser.login == login.strip().lower()))
    if user is None:
        raise NotFound("There is no account {login}.", login=login)
    return user


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
