"""The guard that every request passes before anything else looks at it, and what seals answers."""

from collections.abc import Callable, Iterable

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as Answer

from dashboard import gate, sessions, signin, urls
from dashboard.doors import BY_KEY, EVERYBODY, SIGNED_IN, May, declared
from dashboard.sessions import current_person, token
from dashboard.settings import Settings
from data.person import Right

__all__ = ["current_person", "init", "token", "trust_scripts"]

CSRF_COOKIE = "_csrf_token"
LARGEST_BODY = 2_000_000  # bytes; what a form or a click sends is far smaller
NOT_MODIFIED = 304
READS = ("GET", "HEAD", "OPTIONS")
FILE_ROUTES = (".static", "<path:fingerprinted_path>")
FILE_FOLDERS = ("/_dash-component-suites/", "/bootstrap/", "/assets/")
ASKED_BY_SCRIPTS = ("/_dash-", "/_reload-hash", "/export/")
# no browser shows these as a document; it does so with a picture
NEVER_SHOWN = ("application/json", "text/javascript", "text/css", "font/woff2")
HEADERS = {"X-Content-Type-Options": "nosniff"}
OF_DOCUMENTS = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def init(
    server: Flask, settings: Settings, right_of: Callable[[str], Right | None] = lambda _: None
) -> None:
    """Put the guard, the sign-in pages and the headers on `server`.

    `right_of` tells which right the page at a path needs, None if any account may open it.
    """
    if near := settings.trusted_proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, near, near, near)  # type: ignore[method-assign]
    server.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # a wall screen stays open for weeks
        WTF_CSRF_SSL_STRICT=False,  # the guard compares origins, on http as well
        SCRIPT_HASHES="",
    )
    sessions.init(server, settings)
    server.before_request(_know_the_host)
    server.before_request(_guard)
    server.before_request(lambda: _keep_to_ones_pages(right_of))
    CSRFProtect(server)
    server.before_request(gate.pass_on)
    server.after_request(_seal)
    server.after_request(_notice)
    signin.init(server)


def trust_scripts(server: Flask, hashes: Iterable[str]) -> None:
    """Allow the inline scripts with these hashes (Dash's own, taken after the warm-up)."""
    server.config["SCRIPT_HASHES"] = " ".join(hashes)


def _know_the_host() -> None:
    """Refuse a request whose host can be none: it has no route, and no address can be made."""
    if isinstance(request.routing_exception, BadRequest):
        abort(400)


def _guard() -> Answer | None:
    if request.method not in READS and _foreign():
        abort(403)
    who = _who()
    if {EVERYBODY, BY_KEY} & {*who}:  # a key is asked for by the route itself
        return None
    if sessions.signed_in():
        return None if gate.lets(who) else abort(403)
    if request.method not in READS or request.path.startswith(ASKED_BY_SCRIPTS):
        abort(401)
    return redirect(url_for("signin.login", next=request.full_path.rstrip("?")))


def _foreign() -> bool:
    """Whether another site makes this browser ask."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")


def _who() -> May:
    """Who may ask for this address; for what does not say, nobody."""
    endpoint = request.endpoint
    # by route and by path: what is below /assets/ and yet no file of ours is not open
    if endpoint and endpoint.endswith(FILE_ROUTES) and request.path.startswith(FILE_FOLDERS):
        return (EVERYBODY,)
    # an address that is none of ours: not found, once one has signed in
    return declared(current_app.view_functions[endpoint]) if endpoint else (SIGNED_IN,)


def _open() -> bool:
    return bool({EVERYBODY, BY_KEY} & {*_who()})


def _keep_to_ones_pages(right_of: Callable[[str], Right | None]) -> Answer | None:
    if _open() or request.path.startswith(ASKED_BY_SCRIPTS):
        return None
    right = right_of(request.path)
    if right is None or current_person().may(right):
        return None
    if request.path == urls.overview() and current_person().may(Right.RECORD_FOLLOWUPS):
        return redirect(urls.worklist())  # whoever rings customers begins with their calls
    abort(403)


def _notice(response: Response) -> Response:
    """What a person does keeps the session alive; what an open page asks by itself does not."""
    by_itself = response.status_code >= 500 or _open() or gate.of_itself()
    return response if by_itself else sessions.goes_on(response)


def _seal(response: Response) -> Response:
    unchanged = response.status_code == NOT_MODIFIED  # the browser has the headers too
    bare = unchanged or response.mimetype in NEVER_SHOWN
    for name, value in (HEADERS if bare else _of_document()).items():
        response.headers.setdefault(name, value)
    page = response.mimetype == "text/html" and not unchanged
    if page or not _open():
        response.headers["Cache-Control"] = "no-store"
    if page:
        response.set_cookie(CSRF_COOKIE, token(), samesite="Lax", secure=request.is_secure)
    return response


def _of_document() -> dict[str, str]:
    policy = POLICY.format(hashes=current_app.config["SCRIPT_HASHES"])
    return {**HEADERS, **OF_DOCUMENTS, "Content-Security-Policy": policy}
