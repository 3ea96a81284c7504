"""Browsers that signed in before: a signed cookie says so, and says it of these logins alone."""

from collections.abc import Iterable
from secrets import token_urlsafe
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

COOKIE = "aftercare_browser"
YEAR_S = 365 * 24 * 3600
MOST_LOGINS = 8  # people who share a desk


def known(login: str) -> str | None:
    """The name of this browser, if it has signed in to `login` before."""
    browser, logins = _read()
    return browser if browser and _plain(login) in logins else None


def remember(response: Response, login: str) -> None:
    """Let the browser show next time that it has signed in to `login`."""
    browser, logins = _read()
    some = list(dict.fromkeys([_plain(login), *logins]))[:MOST_LOGINS]
    told = _signer().dumps([browser or token_urlsafe(16), some])
    flags: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": request.is_secure}
    response.set_cookie(COOKIE, str(told), max_age=YEAR_S, path="/login", **flags)


def _read() -> tuple[str | None, Iterable[str]]:
    try:
        match _signer().loads(request.cookies.get(COOKIE, "")):
            case [str(browser), list(logins)]:
                return browser, [str(login) for login in logins]
    except BadData:
        pass
    return None, []


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=COOKIE)


def _plain(login: str) -> str:
    return login.strip().lower()
