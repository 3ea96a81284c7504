"""What browsers load and keep: as few scripts as a page needs, packed once, kept for good."""

import gzip
import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache, partial, wraps
from pathlib import Path
from typing import Any

import brotli
from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request

SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
FOLDERS = ("/_dash-component-suites/", "/bootstrap/", "/assets/")
PLOTLY = ("plotly", "package_data/plotly.min.js")
BUNDLE = "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js"
SMALL = Path(sys.prefix) / "npm" / BUNDLE
GRID = re.compile(r'<script src="([^"]*/dash_ag_grid\.[^"]*)"></script>\n')
UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\n')
YEAR = 31536000
# of no use to a browser that has Cache-Control and ETag
NEEDLESS = ("Accept-Ranges", "Content-Disposition", "Expires", "Last-Modified")
TEXTS = ("text/css", "text/javascript", "image/svg+xml")
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9),  # the two best would take seconds for some percent
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),  # all that browsers ask for by http
}
FILES = 100


def init(server: Flask) -> None:
    """Answer the address of plotly.js with its small bundle; without it with the whole of it."""
    whole = server.view_functions[SUITES]

    @wraps(whole)
    def serve(package_name: str, fingerprinted_path: str) -> Any:
        asked, _edition = check_fingerprint(fingerprinted_path)  # type: ignore[no-untyped-call]
        if (package_name, asked) != PLOTLY or not SMALL.exists():
            return whole(package_name=package_name, fingerprinted_path=fingerprinted_path)
        answer = Response(_small(), mimetype="text/javascript")
        answer.add_etag()  # graphs ask for it by the address without an edition
        return answer.make_conditional(request)

    server.view_functions[SUITES] = serve
    server.after_request(_keep)


def without_grid(tags: str) -> tuple[str, str]:
    """The tags without the grid's script and those nobody uses, and the address of the grid's.

    It is as large as all others together, and most pages have no grid: the first one brings it.
    """
    found = GRID.search(tags)
    return UNUSED.sub("", GRID.sub("", tags)), found[1] if found else ""


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
    return PACKERS[how](content)


@cache
def _small() -> bytes:
    return SMALL.read_bytes()
