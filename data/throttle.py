"""How often somebody may try to sign in: guessing is slow, and locks nobody out but the guesser.

Failures are counted by who tries: a login from an address, an address whatever the login, and a
login whatever the address. A browser that signed in before is counted by itself alone, so that
whoever guesses at somebody's password, even from the next desk, does not keep them out.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, case, delete, select
from sqlalchemy.orm import Session

from data.models import LoginTry
from data.sql import insert_new

WINDOW = timedelta(minutes=15)
AT_MOST = {"browser": 10, "login at address": 10, "login": 50, "address": 100}
FORGIVEN = ("browser", "login at address")  # getting in once says nothing of the other logins

Keys = Mapping[str, str]  # a hash for each kind of count


def keys(login: str, address: str, browser: str | None) -> Keys:
    """What a try is counted by. `browser` names one that signed in to this login before."""
    known = login.strip().lower()
    if browser:
        return {"browser": _hash("browser", browser, known)}
    return {
        "login at address": _hash("login at address", known, address),
        "login": _hash("login", known),
        "address": _hash("address", address),
    }


def wait(session: Session, keys: Keys, *, now: datetime) -> timedelta | None:
    """How long until one may try again; None if one may now."""
    recent = (LoginTry.key.in_(keys.values()), _counts(now))
    query = select(LoginTry.key, LoginTry.failures, LoginTry.since).where(*recent)
    most = {key: AT_MOST[kind] for kind, key in keys.items()}
    over = [since for key, failures, since in session.execute(query) if failures >= most[key]]
    return max(over) + WINDOW - now if over else None


def failed(session: Session, keys: Keys, *, now: datetime) -> None:
    """Count a failure; the first after a quarter of an hour begins to count anew."""
    goes_on = _counts(now)
    rows = [{"key": key, "failures": 1, "since": now} for key in sorted(keys.values())]
    counted = {
        "failures": case((goes_on, LoginTry.failures + 1), else_=1),
        "since": case((goes_on, LoginTry.since), else_=now),
    }
    adding = insert_new(session, LoginTry).values(rows)
    session.execute(adding.on_conflict_do_update(index_elements=["key"], set_=counted))


def forgive(session: Session, keys: Keys) -> None:
    """Whoever gets in begins anew."""
    gone = [key for kind, key in keys.items() if kind in FORGIVEN]
    session.execute(delete(LoginTry).where(LoginTry.key.in_(gone)))


def sweep(session: Session, *, now: datetime) -> None:
    """Forget failures that no longer count."""
    session.execute(delete(LoginTry).where(~_counts(now)))


def _counts(now: datetime) -> ColumnElement[bool]:
    """Failures of late; not those of a clock that was ahead, which would keep people out for as
    long as it was.
    """
    return and_(LoginTry.since > now - WINDOW, LoginTry.since <= now + WINDOW)


def _hash(*said: str) -> str:
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()
