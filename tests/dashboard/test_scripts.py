"""The charts' script: the small bundle draws what we draw; without it the whole one is served."""

import json
from importlib import resources
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import scripts
from dashboard.app import ROOT

ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.v7m1.min.js"
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


def test_the_small_bundle_is_served_for_a_year(browser, small):
    answer = browser.get(ADDRESS)
    assert (answer.status_code, answer.data) == (200, b"small")
    assert answer.mimetype == "text/javascript"
    assert "max-age=31536000" in answer.headers["Cache-Control"]


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
