"""Cards further down a page are kept back, whole, until somebody comes near."""

import json

import pytest
from plotly.io.json import to_json_plotly

from dashboard import ids
from dashboard.widgets import further
from pages.complaints.charts import CHARTS
from pages.complaints.lists import AT_RISK


@pytest.fixture(autouse=True)
def asked(application):
    with application.server.test_request_context("/complaints"):
        yield


def told(component) -> dict:
    return json.loads(to_json_plotly(component))


def test_a_place_keeps_the_whole_card_and_shows_none_of_it():
    chart = CHARTS[0]
    (place,) = further([chart])
    said = told(place)["props"]
    assert said["card"] == told(chart.card())
    assert ids.chart(chart.name) in ids_in(said["card"])
    assert [*place._traverse_ids()] == []  # its callbacks would ask


def test_a_place_is_named_and_as_large_as_its_card():
    chart, rows = further([CHARTS[0], AT_RISK])
    assert (chart.title, chart.width) == (CHARTS[0].title, CHARTS[0].width)
    assert chart.height > CHARTS[0].height
    assert rows.height < AT_RISK.height  # a short list


def ids_in(part) -> list:
    if isinstance(part, list):
        return [found for each in part for found in ids_in(each)]
    if not isinstance(part, dict):
        return []
    own = [part["id"]] if "id" in part else []
    return own + [found for each in part.values() for found in ids_in(each)]
