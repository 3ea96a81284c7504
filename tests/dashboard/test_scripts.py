"""What browsers load: less than the whole where less will do, no grid unless there is one.

And how: packed once, kept for good, with nobody's cookie.
"""

import gzip
import json
import re
from hashlib import sha256
from importlib import resources
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from plotly.offline import get_plotlyjs_version

from dashboard import icon_set, icons, packing, scripts
from dashboard.__main__ import cli
from dashboard.app import ROOT
from dashboard.verbs.packing import texts
from pages import PAGES

ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.v7m1.min.js"
AS_GRAPHS_ASK = "/_dash-component-suites/plotly/package_data/plotly.min.js"
CHUNK = "/_dash-component-suites/dash/dcc/async-graph.js"
LATER = (AS_GRAPHS_ASK, CHUNK, "/_dash-component-suites/dash/dcc/async-dropdown.js")
POLYFILL = "/_dash-component-suites/dash/deps/polyfill@7.v1m1.12.1.min.js"
ICONS = "/bootstrap/static/css/font/bootstrap-icons.min.css"
FONT = "/bootstrap/static/css/font/fonts/bootstrap-icons.woff2"
STYLE = "/bootstrap/static/css/bootstrap.min.css"
FOR_GOOD = {"public", "max-age=31536000", "immutable"}
WHOLE = resources.files("plotly") / "package_data" / "plotly.min.js"


@pytest.fixture
def browser(application):
    return application.server.test_client()


@pytest.fixture(autouse=True)
def set_up(tmp_path, monkeypatch):
    """Where set-up puts what it fetches and packs: nothing is there yet."""
    monkeypatch.setattr(scripts, "NPM", tmp_path)
    monkeypatch.setattr(packing, "FOLDER", tmp_path / "packed")
    forget()
    yield
    forget()


def forget():
    for remembered in (scripts.fetched, scripts._packed, icon_set.font):
        remembered.cache_clear()


@pytest.fixture
def small(tmp_path):
    for script in (scripts.PLOTLY, scripts.GENERATORS):
        (tmp_path / script).parent.mkdir()
        (tmp_path / script).write_bytes(b"small")


@pytest.mark.parametrize("address", [ADDRESS, AS_GRAPHS_ASK, POLYFILL])
def test_what_is_enough_of_a_script_is_served(browser, small, address):
    answer = browser.get(address)
    assert (answer.status_code, answer.data) == (200, b"small")
    assert answer.mimetype == "text/javascript"


def test_other_scripts_are_what_they_were(browser, small):
    answer = browser.get("/_dash-component-suites/dash/deps/react@18.v1m1.3.1.min.js")
    assert answer.status_code == 200
    assert answer.data != b"small"


@pytest.mark.parametrize(("address", "whole"), [
    (ADDRESS, WHOLE),
    (POLYFILL, resources.files("dash") / "deps" / "polyfill@7.12.1.min.js"),
    (FONT, resources.files("flask_bootstrap") / icon_set.FOLDER / icon_set.FONT),
])  # fmt: skip
def test_without_it_the_whole_is_served(browser, address, whole):
    assert browser.get(address, buffered=True).data == whole.read_bytes()


@pytest.mark.parametrize("script", [scripts.PLOTLY, scripts.GENERATORS])
def test_set_up_fetches_scripts_by_their_hash(script):
    fetched = fetched_as(script)
    assert fetched["integrity"].startswith("sha512-")
    assert "resolved" not in fetched  # from whichever registry the machine uses


def test_set_up_fetches_the_bundle_of_the_version_that_draws():
    assert fetched_as(scripts.PLOTLY)["version"] == get_plotlyjs_version()


def fetched_as(script: str) -> dict[str, str]:
    """What the lock says of the package of a script."""
    lock = json.loads((ROOT / "dashboard" / "npm" / "package-lock.json").read_text())
    return lock["packages"][f"node_modules/{Path(script).parent}"]


def test_of_the_icons_those_that_are_shown_are_served(browser):
    rules = icon_set.RULE.findall(browser.get(ICONS).text)
    assert sorted(name for name, _code in rules) == sorted(icons.NAMES)
    assert {page.ICON for page in PAGES if hasattr(page, "ICON")} <= {*icons.NAMES}
    drawn = TTFont(BytesIO(icon_set.cut_font())).getBestCmap()
    assert {*drawn} == {int(code, 16) for _name, code in rules}


def test_other_icons_have_other_addresses(html, browser, monkeypatch):
    [style] = [address for address in files(html) if "icons" in address]
    before = icon_set.edition()
    assert before in style
    assert f"bootstrap-icons.woff2?e34853135f9e39acf64315236852cd5a-{before}" in (
        browser.get(style).text
    )
    monkeypatch.setattr(icon_set, "NAMES", (*icons.NAMES, "alarm"))
    assert icon_set.edition() != before


def test_the_font_that_set_up_cut_is_served(browser):
    packing.forget()
    icon_set.keep_font()
    answer = browser.get(FONT)
    assert (answer.status_code, answer.mimetype) == (200, "font/woff2")
    assert answer.data == icon_set.cut_font()
    assert len(answer.data) < 20_000


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
    assert "no-store" not in again.headers.get("Cache-Control", "")  # or it would not be kept
    assert not {"Set-Cookie", "Content-Security-Policy"} & {*again.headers.keys()}


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
    for edition in ("1", "2"):
        asked = {"headers": {"Accept-Encoding": "br"}, "buffered": True}
        assert browser.get(f"{STYLE}?v={edition}", **asked).data == b"packed"
    assert len(packed) == 1


def test_set_up_packs_every_text_that_a_page_loads(html, browser, small):
    found = {sha256(text).hexdigest() for text in texts()}
    [grid] = re.findall(r'<meta name="grid" content="([^"]+)">', html)
    for address in (*files(html), *LATER, grid, "/assets/wall.js", "/assets/wall.css"):
        text = browser.get(address, buffered=True).data
        assert sha256(text).hexdigest() in found, address


def test_what_set_up_packed_is_served_while_it_is_of_this_very_text(browser, monkeypatch):
    text = browser.get(STYLE, buffered=True).data
    monkeypatch.setattr("dashboard.verbs.packing.texts", lambda: [text])
    monkeypatch.setattr(icon_set, "cut_font", lambda: b"icons")
    told = CliRunner().invoke(cli, ["pack"])
    assert (told.exit_code, told.output) == (
        0, "Packed 1 scripts and styles: 0.2 MB are 0.0 MB now.\n"
    )  # fmt: skip
    asked = {"headers": {"Accept-Encoding": "br"}, "buffered": True}
    assert browser.get(STYLE, **asked).data == brotli.compress(text)
    other = browser.get(ICONS, **asked).data
    assert other == brotli.compress(icon_set.style(), quality=9)
    assert browser.get(FONT).data == b"icons"
