"""For those who run Aftercare: is it alive, is it ready, which version is it."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask

from dashboard.doors import EVERYBODY, open_to
from data import health

routes = Blueprint("ops", __name__)
PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def init(server: Flask) -> None:
    """Add /healthz, /readyz and /version, which need no login and tell nothing of the inside."""
    server.register_blueprint(routes)


@routes.get("/healthz")
@open_to(EVERYBODY)
def healthz() -> dict[str, bool]:
    """Alive: the process answers."""
    return {"alive": True}


@routes.get("/readyz")
@open_to(EVERYBODY)
def readyz() -> tuple[dict[str, object], int]:
    """Ready: the database answers, has the tables of this version, and calendars know today."""
    reason = health.fault(now=datetime.now(UTC))
    return ({"ready": True}, 200) if reason is None else ({"ready": False, "reason": reason}, 503)


@routes.get("/version")
@open_to(EVERYBODY)
def version() -> dict[str, str | None]:
    """The version, and when the newest data were written (ISO, UTC; null if unknown)."""
    newest = health.data_time()
    return {"version": number(), "data_time": newest.isoformat() if newest else None}


@cache
def number() -> str:
    """The version in pyproject.toml; the application is run in place, not installed."""
    found: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return found
