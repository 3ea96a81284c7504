"""What lies behind the figures of who stays: the vehicles that were counted, and no others."""

import re
from datetime import UTC, datetime

import pytest

from dashboard import urls
from data import db
from data.demo import load
from data.installing import open_database
from data.metrics.retention import listing
from data.person import SYSTEM
from pages import retention

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
WIDGETS = {widget.name: widget for widget in (*retention.CHARTS, *retention.TILES)}
COUNT = re.compile(r"([\d,]+) of [\d,]+|<b>([\d,]+)</b>|([\d,]+) vehicles")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('retention') / 'demo.db'}")
    load(engine, stores=2, years=2, as_of=NOW)
    yield
    engine.dispose()


@pytest.fixture
def session(demo):
    with db.reading(as_=SYSTEM) as opened:
        yield opened


def scope(search):
    return urls.scope_of(search, now=NOW, zone="Asia/Shanghai")


def behind(session, href):
    """How many vehicles are in the list at this address."""
    path, _question, query = href.partition("?")
    assert path == "/retention/vehicles"
    return listing.listing(session, scope(query))[1]


def points(session, name, search=""):
    """What each bar or point that opens something says it counted, and the address it opens."""
    chart = WIDGETS[name]
    for trace in chart.draw(chart.ask(session, scope(search))).figure["data"]:
        keyed, told = (trace.get(part) or () for part in ("customdata", "hovertext"))
        for keys, said in zip(keyed, told, strict=False):
            counted = COUNT.search(said)
            if keys and counted and "Still running" not in said:
                number = next(part for part in counted.groups() if part)
                yield int(number.replace(",", "")), chart.behind(urls.read(search), keys)


@pytest.mark.parametrize(("name", "key"), [("retention-base", "value"), ("retention-lost", "lost")])
def test_the_number_of_a_tile_is_the_length_of_the_list_behind_it(session, name, key):
    tile = WIDGETS[name]
    counted = tile.ask(session, scope("")).summary[key]
    assert counted > 50
    assert behind(session, tile.drill(urls.read(""))) == counted


@pytest.mark.parametrize(
    ("name", "search", "least"),
    [
        ("retention-classes", "", 4),
        ("retention-visits", "", 4),
        ("retention-flows", "", 4),
        ("retention-cohorts", "?store=S1", 100),
        ("retention-cohorts", "?grain=quarter&mode=rolling", 30),
        ("retention-cohorts", "?grain=quarter&began=sale&store=S2", 30),
        ("retention-curves", "?mode=rolling", 12),
        ("retention-at", "", 10),
        ("retention-at", "?grain=quarter&cell=2", 4),
    ],
)
def test_a_point_opens_as_many_vehicles_as_it_counted(session, name, search, least):
    found = list(points(session, name, search))
    assert len(found) >= least
    for counted, href in found[:: max(1, len(found) // 12)]:
        assert behind(session, href) == counted, href
