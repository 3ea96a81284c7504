"""/wall: a lean page for a television, what it keeps asking for, and how it gets its key."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from callbacks import clock
from dashboard import i18n, log, ops, sessions, urls, wall
from dashboard.doors import BY_KEY, open_to
from dashboard.i18n import _
from dashboard.settings import Settings
from dashboard.wall import viewers
from dashboard.wall.notices import notices
from dashboard.wall.viewers import Viewer
from data import db, editions, health, screens
from data.commands import Refused
from data.commands.screens import link_screen
from data.person import SYSTEM, Person
from data.scope import Scope

routes = Blueprint("wall", __name__)
REFRESH, SHARED = "AFTERCARE_REFRESH", "AFTERCARE_WALL"
ASSETS = Path(__file__).parent.parent / "assets"
FILES = ("wall.js", "wall.css")


def init(server: Flask, settings: Settings) -> None:
    """Add /wall to `server`."""
    server.config[REFRESH], server.config[SHARED] = settings.refresh_seconds, wall.Shared()
    server.register_blueprint(routes)


@routes.get("/wall")
@open_to(BY_KEY)
def page() -> Response | Answer:
    """The page; who has neither a key nor a login is led to the login."""
    if not viewers.key() and not sessions.signed_in():
        return redirect(f"/login?next={urls.wall()}")
    found = viewers.viewer()
    if found is None and not viewers.key():
        abort(403)
    html = _render(
        "wall/page.html",
        refresh=current_app.config[REFRESH],
        words=notices(),
        trouble="" if found else "revoked",
    )
    return viewers.keep(Response(html), viewers.key())


@routes.get("/wall/state")
@open_to(BY_KEY)
def state() -> tuple[dict[str, Any], int, dict[str, str]]:
    """What the page shows now, without the pieces if it `have`s them; or what is the trouble."""
    told, status = _told()
    return told, status, {"Cache-Control": "no-store"}


@routes.get("/wall/link")
@open_to(BY_KEY)
def link() -> Response | Answer:
    """The page behind a link that works once: it sends the link back, and becomes the screen."""
    key = viewers.key() or screens.new_secret()
    with db.reading(as_=SYSTEM) as session:
        name = screens.by_link(session, _once(), now=clock.now())
        known = screens.screen(session, key)
    if name is None and known is not None:
        return redirect(urls.wall())  # a television that begins with its link every morning
    if name is None:
        return _no_link()
    title = _("This becomes the wall screen “{name}”.", name=name)
    said = {"title": title, "button": _("Make this the wall screen")}
    html = _render("wall/link.html", token=sessions.token(), once=_once(), **said)
    return viewers.keep(Response(html), key)


@routes.post("/wall/link")
@open_to(BY_KEY)
def become() -> Answer:
    """Make this browser the screen of the link."""
    if not viewers.key():
        abort(400)
    try:
        with db.writing(by=SYSTEM) as session:
            link_screen(session, secret=_once(), key=viewers.key(), now=clock.now())
    except Refused:
        return _no_link()
    return redirect(urls.wall(), 303)


def version() -> str:
    """A word that changes with every version of the page."""
    times = [f"{(ASSETS / name).stat().st_mtime:.0f}" for name in FILES]
    return "-".join((ops.number(), *times))


def _told() -> tuple[dict[str, Any], int]:
    try:
        found = viewers.viewer()
        if found is None:
            return {"trouble": "revoked" if viewers.key() else "signed_out"}, 401
        return _state(found), 200
    except Exception as error:  # whatever it is, the screen has to say so, and to ask again
        log.failed(error)
        gone = health.fault(now=clock.now()) == health.UNREACHABLE
        return {"trouble": "database" if gone else "server"}, 503


def _state(viewer: Viewer) -> dict[str, Any]:
    scope = replace(clock.scope(request.query_string.decode()), as_of=clock.now(), drill=())
    shown = _shown(viewer.person, scope)
    offset = scope.as_of.astimezone(ZoneInfo(scope.zone)).utcoffset() or timedelta(0)
    tag = ".".join((shown.tag, *viewer.languages))
    told = {
        "tag": tag,
        "version": version(),
        "now": _ms(scope.as_of),
        "at": _ms(shown.at),
        "written": _ms(shown.written),
        "offset": int(offset.total_seconds() // 60),
        "name": viewer.name,
        "languages": viewer.languages,
        "opens": viewer.opens,
        "closes": viewer.closes,
    }
    if request.args.get("have") == tag:
        return told
    return told | {"pieces": {code: shown.pieces[code] for code in viewer.languages}}


def _shown(person: Person, scope: Scope) -> wall.Shown:
    """What everybody is told who sees the same stores."""
    shared: wall.Shared[wall.Shown] = current_app.config[SHARED]
    with db.glancing(as_=person) as session:
        edition = editions.edition(session)
    return shared.get(
        (person.stores, scope.stores, scope.start, scope.end, scope.zone),
        lambda: wall.show(wall.ask(person, scope)),
        now=scope.as_of,
        edition=edition,
    )


def _no_link() -> Response:
    said = _("This link is used up or over. Ask whoever runs Aftercare for a new one.")
    return Response(_render("wall/link.html", title=said), 410)


def _render(template: str, **values: object) -> str:
    language = i18n.HTML_NAMES[i18n.language()]
    return render_template(template, language=language, edition=version(), **values)


def _once() -> str:
    return request.values.get("once", "")


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
