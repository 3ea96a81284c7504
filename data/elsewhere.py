"""People whom the house's sign-in provider vouches for: which account is theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import accounts
from data.accounts import Account
from data.events import record_setting
from data.models import AppUser

LONGEST_SUBJECT = 255  # what the standard allows


def arrive(
    session: Session, subject: str, logins: Sequence[str], *, now: datetime
) -> Account | None:
    """The account of whom the provider calls `subject`; None if there is none, or it is closed.

    Who comes for the first time is known by the first of `logins` that is an account's, and from
    then on by `subject` alone; an account that is somebody's already is never given to another.
    """
    if not subject.isprintable() or not 0 < len(subject) <= LONGEST_SUBJECT:
        return None
    bound = session.scalar(select(AppUser.id).where(AppUser.subject == subject))
    found = accounts.account(session, bound) if bound else None
    return found if bound else _first_time(session, subject, logins, now)


def _first_time(
    session: Session, subject: str, logins: Sequence[str], now: datetime
) -> Account | None:
    user = next(filter(None, (_of_login(session, login) for login in logins)), None)
    if user is None or user.subject is not None or not user.active:
        return None
    said = {"version": user.version, "to": {"subject": subject}}
    record_setting(session, f"user {user.login}", "user_bound", at=now, **said)
    user.subject = subject
    session.flush()
    return accounts.account(session, user.id)


def _of_login(session: Session, login: str) -> AppUser | None:
    name = login.strip().lower() if login.isprintable() else ""
    return session.scalar(select(AppUser).where(AppUser.login == name).with_for_update())
