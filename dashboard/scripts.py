"""The script that draws the charts: the small one, where set-up brought it."""

import sys
from functools import cache, wraps
from pathlib import Path
from typing import Any

from dash.fingerprint import check_fingerprint
from flask import Flask, Response

SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
PLOTLY = ("plotly", "package_data/plotly.min.js")
BUNDLE = "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js"
SMALL = Path(sys.prefix) / "npm" / BUNDLE
YEAR = 31536000


def init(server: Flask) -> None:
    """Answer the address of plotly.js with its small bundle; without it with the whole of it."""
    whole = server.view_functions[SUITES]

    @wraps(whole)
    def serve(package_name: str, fingerprinted_path: str) -> Any:
        asked, edition = check_fingerprint(fingerprinted_path)  # type: ignore[no-untyped-call]
        if (package_name, asked) != PLOTLY or not edition or not SMALL.exists():
            return whole(package_name=package_name, fingerprinted_path=fingerprinted_path)
        answer = Response(_small(), mimetype="text/javascript")
        answer.cache_control.max_age, answer.cache_control.public = YEAR, True
        answer.cache_control.immutable = True
        return answer

    server.view_functions[SUITES] = serve


@cache
def _small() -> bytes:
    return SMALL.read_bytes()
