"""Sessions: who is signed in. A signed cookie holds a key; whose it is, is looked up each time."""

from datetime import UTC, datetime, timedelta
from functools import partial

import flask_login
import structlog
from flask import Flask, Response, abort, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf

from dashboard.settings import Settings
from data import db
from data import sessions as kept
from data.accounts import Account
from data.person import SYSTEM, Person

SIGNED_IN_FOR = timedelta(days=1)  # the cookie; the session in the database ends sooner


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]
    """Somebody signed in, as flask-login carries them: the session's key stands for the person."""

    def __init__(self, account: Account, key: str, seen_at: datetime) -> None:
        self.person, self.key, self.seen_at = account.person, key, seen_at

    def get_id(self) -> str:
        """The key of the session."""
        return self.key


class _Cookies(SecureCookieSessionInterface):
    """Session cookies that travel by https alone wherever the page itself came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """What anybody may keep is nobody's own: it brings no cookie and depends on none."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


class _Logins(flask_login.LoginManager):  # type: ignore[misc]
    """Who is signed in stands in the session alone."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        """Nobody: no page of ours sets such a cookie."""


def init(server: Flask, settings: Settings) -> None:
    """Let `server` keep sessions."""
    server.session_interface = _Cookies()
    server.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_NAME="aftercare",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        SESSION_REFRESH_EACH_REQUEST=False,  # `goes_on` does so in time
    )
    logins = _Logins(server)
    logins.session_protection = None
    logins.user_loader(_load)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


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
    sign_out()
    session.permanent = True
    began = now()
    with db.writing(by=SYSTEM) as writing:
        key = kept.begin(writing, account.id, now=began)
    flask_login.login_user(SignedIn(account, key, began))


def sign_out() -> None:
    """End the session, here and for every copy of its cookie."""
    if signed_in():
        with db.writing(by=SYSTEM) as writing:
            kept.end(writing, flask_login.current_user.key, now=now())
        flask_login.logout_user()
    session.clear()


def nobody() -> None:
    """Take this request for a stranger's: while the database is ill nobody can be looked up."""
    g._login_user = flask_login.AnonymousUserMixin()  # where flask-login keeps who asks


def goes_on(response: Response) -> Response:
    """Somebody did something: write that down once in a while, after they got their answer.

    Their cookie is to outlive it, and is renewed as often.
    """
    user = flask_login.current_user
    if signed_in() and user.seen_at < now() - kept.SEEN_EVERY:
        session.modified = True
        response.call_on_close(partial(_touch, user.key))
    return response


def token() -> str:
    """What a form sends back as `csrf_token`."""
    found: str = generate_csrf()
    return found


def _touch(key: str) -> None:
    try:
        with db.writing(by=SYSTEM) as writing:
            kept.touch(writing, key, now=now())
    except Exception as error:  # the answer is on its way: a full disk must not spoil it
        structlog.get_logger().error("session not touched", exc_info=error)


def _load(key: str) -> SignedIn | None:
    with db.glancing(as_=SYSTEM) as glance:
        found = kept.find(glance, key, now=now())
    return SignedIn(found[0], key, found[1]) if found else None
