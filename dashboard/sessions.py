"""Sessions: who is signed in, kept in a signed cookie and looked up anew at each request."""

from datetime import timedelta

import flask_login
from flask import Flask, abort, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from dashboard.settings import Settings
from data import accounts, db
from data.accounts import Account
from data.person import SYSTEM, Person

SIGNED_IN_FOR = timedelta(hours=12)


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]
    """An account as flask-login carries it; a changed password makes it another one."""

    def __init__(self, account: Account) -> None:
        self.person, self.stamp = account.person, account.stamp

    def get_id(self) -> str:
        """The number of the account and the stamp of its password."""
        return f"{self.person.id}.{self.stamp}"


class _Cookies(SecureCookieSessionInterface):
    """Session cookies that travel by https alone wherever the page itself came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init(server: Flask, settings: Settings) -> None:
    """Let `server` keep sessions."""
    server.session_interface = _Cookies()
    server.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_NAME="aftercare",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
    )
    logins = flask_login.LoginManager(server)
    logins.session_protection = None
    logins.user_loader(_load)


def signed_in() -> bool:
    """Whether somebody with an active account is asking."""
    return bool(flask_login.current_user.is_authenticated)


def current_person() -> Person:
    """Who is asking, with the role and stores of this very moment; 401 if nobody is signed in."""
    if not signed_in():
        abort(401)
    person: Person = flask_login.current_user.person
    return person


def sign_in(account: Account) -> None:
    """Begin a new session for `account`; nothing of an older one is taken along."""
    session.clear()
    session.permanent = True
    flask_login.login_user(SignedIn(account))


def sign_out() -> None:
    """End the session."""
    flask_login.logout_user()
    session.clear()


def token() -> str:
    """What a form sends back as `csrf_token`."""
    found: str = generate_csrf()
    return found


def _load(kept: str) -> SignedIn | None:
    number, _, stamp = kept.partition(".")
    if not number.isdecimal():
        return None
    with db.reading(as_=SYSTEM) as reading:
        found = accounts.account(reading, int(number))
    return SignedIn(found) if found and found.stamp == stamp else None
