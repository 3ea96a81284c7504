"""For those who run Aftercare: is it alive, is it ready, which version is it."""

import hashlib
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response

from dashboard.doors import EVERYBODY, open_to
from data import health

routes = Blueprint("ops", __name__)
ROOT = Path(__file__).parent.parent
PROJECT = ROOT / "pyproject.toml"
CODE = ("assets", "callbacks", "dashboard", "data", "pages")
WRITTEN = {".py", ".js", ".css", ".html", ".po"}
EDITION = "Aftercare-Edition"


def init(server: Flask) -> None:
    """Add /healthz, /readyz and /version, which need no login and tell nothing of the inside."""
    server.register_blueprint(routes)
    server.after_request(_say_which)


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


@cache
def edition() -> str:
    """A word that changes with every change of the code, so that open pages notice."""
    files = (file for part in CODE for file in sorted((ROOT / part).rglob("*")))
    code = hashlib.sha256()
    for file in files:
        if file.suffix in WRITTEN:
            code.update(file.read_bytes())
    return code.hexdigest()[:12]


def _say_which(response: Response) -> Response:
    response.headers[EDITION] = edition()
    return response
