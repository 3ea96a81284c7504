"""What browsers load and keep: as little as a page needs, packed once, kept for good."""

import gzip
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache, partial, wraps
from pathlib import Path
from typing import Any

import brotli
from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request

from dashboard import icon_set, packing

SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
ROUTES = (SUITES, "bootstrap.static")
FOLDERS = ("/_dash-component-suites/", "/bootstrap/", "/assets/")
NPM = Path(sys.prefix) / "npm" / "node_modules"
PLOTLY = "plotly.js-cartesian-dist-min/plotly-cartesian.min.js"
GENERATORS = "regenerator-runtime/runtime.js"  # of the polyfill Dash's scripts use these alone
GRID = re.compile(r'<script src="([^"]*/dash_ag_grid\.[^"]*)"></script>\n')
UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\n')
YEAR = 31536000
# of no use to a browser that has Cache-Control and ETag
NEEDLESS = ("Accept-Ranges", "Content-Disposition", "Expires", "Last-Modified")
TEXTS = ("text/css", "text/javascript", "image/svg+xml")
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9),  # the best takes seconds: set-up has the time
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),  # all that browsers ask for by http
}
FILES = 100


def init(server: Flask) -> None:
    """Answer the addresses that have something LIGHTER with that, where it is there."""
    for route in ROUTES:
        if whole := server.view_functions.get(route):  # a page to compare with has no icons
            server.view_functions[route] = _lighter_than(whole)
    server.after_request(_keep)


def without_grid(tags: str) -> tuple[str, str]:
    """The tags without the grid's script and those nobody uses, and the address of the grid's.

    It is as large as all others together, and most pages have no grid: the first one brings it.
    """
    found = GRID.search(tags)
    return UNUSED.sub("", GRID.sub("", tags)), found[1] if found else ""


@cache
def fetched(script: str) -> bytes | None:
    """A script that npm brought when Aftercare was set up; None if it did not."""
    with suppress(OSError):
        return (NPM / script).read_bytes()
    return None


LIGHTER: dict[str, tuple[str, Callable[[], bytes | None]]] = {
    "/_dash-component-suites/plotly/package_data/plotly.min.js": (
        "text/javascript",
        partial(fetched, PLOTLY),
    ),
    "/_dash-component-suites/dash/deps/polyfill@7.12.1.min.js": (
        "text/javascript",
        partial(fetched, GENERATORS),
    ),
    "/bootstrap/static/css/font/bootstrap-icons.min.css": ("text/css", icon_set.style),
    "/bootstrap/static/css/font/fonts/bootstrap-icons.woff2": ("font/woff2", icon_set.font),
}


def _lighter_than(whole: Callable[..., Any]) -> Callable[..., Any]:
    """`whole`, but for the addresses where less will do."""

    @wraps(whole)
    def serve(**path: str) -> Any:
        asked, _edition = check_fingerprint(request.path)  # type: ignore[no-untyped-call]
        kind, made = LIGHTER.get(asked, ("", lambda: None))
        if (content := made()) is None:
            return whole(**path)
        answer = Response(content, mimetype=kind)
        answer.add_etag()  # graphs ask for their script by the address without an edition
        return answer.make_conditional(request)

    return serve


def _keep(response: Response) -> Response:
    """A file whose address carries its edition is kept by browsers, and packed once."""
    if response.status_code != 200 or not request.path.startswith(FOLDERS):
        return response
    if request.args or check_fingerprint(request.path)[1]:  # type: ignore[no-untyped-call]
        kept = response.cache_control
        kept.public, kept.max_age, kept.immutable = True, YEAR, True
    for name in NEEDLESS:
        response.headers.pop(name, None)
    how = request.accept_encodings.best_match(PACKERS)
    return _packed_as(response, how) if how and response.mimetype in TEXTS else response


def _packed_as(response: Response, how: str) -> Response:
    response.direct_passthrough = False
    response.set_data(_packed(response.get_data(), how))
    response.content_encoding = how
    return response


@lru_cache(FILES)
def _packed(content: bytes, how: str) -> bytes:
    return packing.kept(content, how) or PACKERS[how](content)
