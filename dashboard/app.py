"""Putting it together: settings in, a Dash application out. Nothing runs at import."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request
from flask_bootstrap import Bootstrap5

import callbacks
import pages
from callbacks import clock, exports, receiving, reports, wall
from callbacks import shell as shell_callbacks
from dashboard import (
    gate,
    i18n,
    icon_set,
    log,
    metering,
    oidc,
    ops,
    scripts,
    security,
    sessions,
    shell,
    visitor,
    ways,
)
from dashboard.i18n import _
from dashboard.settings import Settings
from data import answers, db, lookups

ROOT = Path(__file__).parent.parent
YEAR = 365 * 24 * 3600
STYLES = ("css/bootstrap.min.css", "css/font/bootstrap-icons.min.css")
# in their addresses, so that browsers may keep them
SHIPPED = f"{version('bootstrap-flask')}-{icon_set.edition()}"
EARLY = "early.js"
OF_THE_WALL = r"wall\.(js|css)"  # a page of its own loads them
VIEWPORT = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
PAGE = """<!DOCTYPE html>
<html lang="{language}"{theme}>
  <head>
    {metas}
    <meta name="grid" content="{grid}">
    <title>{title}</title>
    <script src="{early}"></script>
    <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
    {css}
  </head>
  <body>
    <noscript>{noscript}</noscript>
    {app_entry}
    <footer>{config}{scripts}{renderer}</footer>
  </body>
</html>"""


class House(Dash):
    """A Dash whose page is in the reader's language and theme from the first byte."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # all by name
        """The page around the application."""
        chosen = visitor.chosen_theme()
        tags, grid = scripts.without_grid(parts["scripts"])
        return PAGE.format(
            **{
                **parts,
                "scripts": tags,
                "grid": grid,
                "title": "Aftercare",
                "language": i18n.HTML_NAMES[i18n.language()],
                "theme": f' data-bs-theme="{chosen}"' if chosen else "",
                "early": _dated(EARLY),
                "noscript": _("Aftercare needs JavaScript."),
            }
        )


def _dated(name: str) -> str:
    """The address of one of our files with its time in it, so that browsers may keep it."""
    return f"/assets/{name}?m={(ROOT / 'assets' / name).stat().st_mtime:.0f}"


def create_server() -> Flask:
    """What gunicorn serves."""
    settings = Settings.read()
    log.set_up(settings)
    server: Flask = create_app(settings).server
    return server


def create_app(settings: Settings) -> House:
    """The application for these settings. One per process: Dash keeps callbacks globally."""
    assert callbacks.shell is shell_callbacks  # importing the package wired every callback
    db.connect(settings.database_url)
    if settings.cache_url:
        answers.share(settings.cache_url.get_secret_value(), edition=ops.edition())
    server = _server(settings)
    app = House(
        "dashboard",
        server=server,  # type: ignore[arg-type]  # a Flask is what it takes
        use_pages=True,
        pages_folder="",  # pages are imported, not discovered: see pages.register
        assets_folder=str(ROOT / "assets"),
        assets_ignore=f"{EARLY}|{OF_THE_WALL}",
        external_stylesheets=[f"/bootstrap/static/{name}?v={SHIPPED}" for name in STYLES],
        meta_tags=[VIEWPORT],
        include_pages_meta=False,
        routing_callback_inputs=pages.ASKED_TOO,
        serve_locally=True,
        compress=True,
        update_title="",
        suppress_callback_exceptions=True,
        on_error=shell.explain,
    )
    gate.init(server, app.callback_map)
    scripts.init(server)
    pages.register(clock.scope)
    with server.test_request_context():
        app.layout = lambda: _layout(settings)
    _warm_up(app)
    return app


def _server(settings: Settings) -> Flask:
    server = Flask("dashboard", static_folder=None, static_url_path="/static")
    server.config[clock.ZONE] = settings.timezone
    server.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR  # every such address carries its edition
    server.config["COMPRESS_ALGORITHM"] = ["zstd", "br", "gzip"]
    Bootstrap5(server)
    i18n.init(server, settings.language)
    log.init(server)
    ops.init(server)
    metering.init(server, settings)
    security.init(server, settings, pages.right_of)
    oidc.init(server, settings)
    ways.init(server, settings)
    exports.init(server)
    receiving.init(server)
    reports.init(server)
    wall.init(server, settings)
    server.after_request(_not_found)
    server.register_error_handler(DependencyException, _no_such_file)
    return server


def _layout(settings: Settings) -> Any:
    """The frame, built anew for each visitor; nobody's frame while there is no visitor."""
    if not sessions.signed_in():
        return []
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        stores = lookups.stores(session)
    return shell.layout(
        person,
        stores=stores,
        edition=shell_callbacks.edition(),
        refresh_seconds=settings.refresh_seconds,
    )


def _not_found(response: Response) -> Response:
    """Dash answers every address with the page; one we do not have must say so to machines too."""
    from_dash = request.endpoint in ("/", "/<path:path>")
    if from_dash and response.status_code == 200 and pages.find(request.path) is None:
        response.status_code = 404
    return response


def _no_such_file(_error: DependencyException) -> tuple[str, int]:
    """Dash calls it a failure to be asked for a script that it does not have."""
    return _("There is no such file."), 404


def _warm_up(app: House) -> None:
    """Do Dash's lazy set-up before the first visitor: threads would race for it (dash#3971)."""
    app.server.test_client().get("/healthz")
    security.trust_scripts(app.server, app.csp_hashes())
