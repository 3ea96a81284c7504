"""What browsers load: the small bundle of the charts' script, no grid unless there is one.

And how: packed once, kept for good, with nobody's cookie.
"""

import gzip
import json
import re
from importlib import resources
from pathlib import Path

import brotli
import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import scripts
from dashboard.app import ROOT

ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.v7m1.min.js"
AS_GRAPHS_ASK = "/_dash-component-suites/plotly/package_data/plotly.min.js"
CHUNK = "/_dash-component-suites/dash/dcc/async-graph.js"
STYLE = "/bootstrap/static/css/bootstrap.min.css"
FOR_GOOD = {"public", "max-age=31536000", "immutable"}
WHOLE = resources.files("plotly") / "package_data" / "plotly.min.js"


@pytest.fixture
def browser(application):
    return application.server.test_client()


@pytest.fixture
def small(tmp_path, monkeypatch):
    file = tmp_path / "small.js"
    file.write_bytes(b"small")
    monkeypatch.setattr(scripts, "SMALL", file)
    scripts._small.cache_clear()
    yield
    scripts._small.cache_clear()


@pytest.mark.parametrize("address", [ADDRESS, AS_GRAPHS_ASK])
def test_the_small_bundle_is_served(browser, small, address):
    answer = browser.get(address)
    assert (answer.status_code, answer.data) == (200, b"small")
    assert answer.mimetype == "text/javascript"


def test_other_scripts_are_what_they_were(browser, small):
    answer = browser.get("/_dash-component-suites/dash/deps/react@18.v1m1.3.1.min.js")
    assert answer.status_code == 200
    assert answer.data != b"small"


def test_without_it_the_whole_script_is_served(browser, monkeypatch):
    monkeypatch.setattr(scripts, "SMALL", Path("nowhere"))
    assert browser.get(ADDRESS).data == WHOLE.read_bytes()


def test_set_up_fetches_the_bundle_of_the_version_that_draws():
    fetched = json.loads((ROOT / "dashboard" / "npm" / "package-lock.json").read_text())
    bundle = fetched["packages"][scripts.BUNDLE.rpartition("/")[0]]
    assert bundle["version"] == get_plotlyjs_version()
    assert bundle["integrity"].startswith("sha512-")
    assert "resolved" not in bundle  # from whichever registry the machine uses


@pytest.fixture
def html(application):
    """The page around the application."""
    with application.server.test_request_context("/complaints"):
        return application.index()


def files(page: str) -> list[str]:
    """What the page loads, by its address."""
    return re.findall(r'<(?:script|link rel="stylesheet")[^>]*(?:src|href)="([^"]+)"', page)


def test_a_page_says_where_the_grids_script_is_and_does_not_load_it(html, browser):
    [grid] = re.findall(r'<meta name="grid" content="([^"]+)">', html)
    assert b"AgGrid" in browser.get(grid, buffered=True).data
    loaded = files(html)
    assert len(loaded) > 10
    assert not [each for each in loaded if "ag_grid" in each or "dash_table" in each]


def test_what_a_page_loads_is_kept_for_good_and_brings_nobodys_cookie(html, browser):
    with browser.session_transaction() as session:
        session.permanent, session["_id"] = True, "somebody"
    assert browser.get("/login").headers.getlist("Set-Cookie")
    for address in (*files(html), ADDRESS):
        headers = browser.get(address, buffered=True).headers
        assert {*headers["Cache-Control"].split(", ")} == FOR_GOOD, address
        assert "Set-Cookie" not in headers, address
        assert "Cookie" not in headers["Vary"], address
        assert not {*scripts.NEEDLESS} & {*headers.keys()}, address


@pytest.mark.parametrize("address", [AS_GRAPHS_ASK, CHUNK])
def test_an_address_without_an_edition_is_asked_for_again_but_not_sent_again(
    browser, small, address
):
    packed = {"Accept-Encoding": "br"}
    answer = browser.get(address, headers=packed)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    again = browser.get(address, headers=packed | {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", [ADDRESS, f"{STYLE}?v=1"])
@pytest.mark.parametrize(("asked", "how", "unpack"), [
    ("gzip, deflate, br, zstd", "br", brotli.decompress),
    ("gzip, deflate", "gzip", gzip.decompress),
    ("identity", None, bytes),
])  # fmt: skip
def test_a_file_is_packed_as_the_browser_understands(browser, small, address, asked, how, unpack):
    answer = browser.get(address, headers={"Accept-Encoding": asked}, buffered=True)
    assert answer.headers.get("Content-Encoding") == how
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert unpack(answer.data) == browser.get(address, buffered=True).data


def test_a_file_is_packed_once(browser, monkeypatch):
    packed = []
    monkeypatch.setitem(scripts.PACKERS, "br", lambda content: packed.append(content) or b"packed")
    scripts._packed.cache_clear()
    for edition in ("1", "2"):
        asked = {"headers": {"Accept-Encoding": "br"}, "buffered": True}
        assert browser.get(f"{STYLE}?v={edition}", **asked).data == b"packed"
    assert len(packed) == 1
    scripts._packed.cache_clear()
