"""Signing in and out, and the plain page that says why something was not possible."""

from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from dashboard import browsers, i18n, log, sessions, visitor
from dashboard.doors import EVERYBODY, SIGNED_IN, open_to
from dashboard.i18n import _, several
from data import accounts, db, throttle
from data.accounts import Account
from data.person import SYSTEM
from data.trouble import trouble

pages = Blueprint("signin", __name__, template_folder="templates")
SOON = "10"  # seconds after which a browser looks again by itself
EXPLAINED = (400, 401, 403, 405, 413, 500)


def init(server: Flask) -> None:
    """Add /login and /logout to `server`, and words for what goes wrong."""
    server.register_blueprint(pages)
    for status in EXPLAINED:
        server.register_error_handler(status, _explain)


@pages.get("/login")
@open_to(EVERYBODY)
def login() -> Response | str:
    """The form; whoever is signed in already goes on."""
    return redirect(_next()) if sessions.signed_in() else _form()


@pages.post("/login")
@open_to(EVERYBODY)
def enter() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign in, or show the form again with the same words whatever was wrong."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    keys = throttle.keys(login, request.remote_addr or "", browsers.known(login))
    with db.reading(as_=SYSTEM) as session:
        if wait := throttle.wait(session, keys, now=sessions.now()):
            return _later(wait)
        found = accounts.sign_in(session, login, password)
    if found is None:
        return _wrong(keys)
    return _let_in(found, keys)


def _later(wait: timedelta) -> tuple[str, int, dict[str, str]]:
    minutes, after = (
        ceil(wait / timedelta(minutes=1)),
        {"Retry-After": str(ceil(wait.total_seconds()))},
    )
    said = several(
        "Too many attempts. Try again in a minute.",
        "Too many attempts. Try again in {n} minutes.",
        n=minutes,
    )
    return _form(problem=said), 429, after


def _wrong(keys: throttle.Keys) -> tuple[str, int]:
    with db.writing(by=SYSTEM) as session:
        throttle.failed(session, keys, now=sessions.now())
    return _form(problem=_("Login and password do not go together.")), 401


def _let_in(account: Account, keys: throttle.Keys) -> Response:
    with db.writing(by=SYSTEM) as session:
        throttle.forgive(session, keys)
    sessions.sign_in(account)
    answer = redirect(_next(), 303)
    browsers.remember(answer, account.person.login)
    return answer


@pages.post("/logout")
@open_to(SIGNED_IN)
def leave() -> Response:
    """Sign out."""
    sessions.sign_out()
    return redirect(url_for("signin.login"), 303)


def _next() -> str:
    wanted = request.values.get("next", "/")
    return wanted if _of_this_site(wanted) else "/"


def _of_this_site(path: str) -> bool:
    """Whether `path` is a plain path here; browsers read // and /\\ as another site."""
    if not path.startswith("/") or path[1:2] in ("/", "\\") or not path.isprintable():
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def _form(problem: str = "") -> str:
    words = {
        "name": _("Login"),
        "password": _("Password"),
        "enter": _("Sign in"),
        "about": _("Callbacks, complaints and what becomes of them."),
        "forgotten": _("Forgotten it? Whoever runs Aftercare here can give you a new one."),
    }
    return _render("login.html", title=_("Sign in"), words=words, problem=problem, next=_next())


def _explain(error: HTTPException) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    if found := trouble(getattr(error, "original_exception", None) or error):
        sessions.nobody()
    status = 503 if found else error.code or 500
    sentence = _(found.says) if found else _sentence(error, status)
    if request.method != "GET" or request.path.startswith(("/_", "/export/")):
        return _with_reference(sentence, status), status
    words = {
        "home": _("To the overview"),
        "reference": _("Reference"),
        "definitions": _("What the numbers count"),
        "out": _("Sign out"),
    }
    said = {"words": words, "reference": log.reference(), "closed": status == 403}
    page = _render("message.html", title=sentence, **said)
    return page, status, {"Refresh": SOON, "Retry-After": SOON} if found else {}


def _with_reference(sentence: str, status: int) -> str:
    """The sentence; where we failed, with what names the failure in the log."""
    if status != 500:
        return sentence
    return f"{sentence} {_('The reference is {reference}.', reference=log.reference())}"


def _sentence(error: HTTPException, status: int) -> str:
    if isinstance(error, CSRFError):
        return _("This page is too old to save from. Reload it and try again.")
    return {
        400: _("The request was not understood."),
        401: _("You are signed out. Sign in again."),
        403: _("Your role does not allow this."),
        405: _("This address cannot be used that way."),
        413: _("What was sent is too large."),
    }.get(status, _("Something went wrong on our side. Try again in a moment."))


def _render(template: str, **values: object) -> str:
    return render_template(
        template,
        language=i18n.HTML_NAMES[i18n.language()],
        theme=visitor.chosen_theme(),
        token=sessions.token(),
        **values,
    )
