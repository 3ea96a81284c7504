"""The only place where screens learn what time it is, and in which zone people read it."""

from datetime import UTC, datetime

from flask import current_app

from dashboard import urls
from data.scope import Scope

ZONE = "AFTERCARE_ZONE"


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def zone() -> str:
    """The time zone of this installation."""
    return str(current_app.config[ZONE])


def scope(search: str | None) -> Scope:
    """What the query `search` asks for, now and here."""
    return urls.scope_of(search, now=now(), zone=zone())
