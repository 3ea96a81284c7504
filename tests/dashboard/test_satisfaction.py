"""The satisfaction page: its figures, its headlines, and the ways to the lists behind them."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard import headlines, urls
from dashboard.figures.quadrants import HIGH, WIDE
from dashboard.urls import View
from data.metrics import Answer
from pages.satisfaction import charts, lists
from tests.dashboard.drawn import figures

CLOSE = 11


def rows(*found):
    names = ("dimension", "value", "importance", "quadrant")
    return DataFrame([dict(zip(names, each, strict=True)) | {"n": 50} for each in found])


def pixels(drawn, frame):
    """Where the numbers stand, roughly."""
    ends = drawn.layout.xaxis.range, drawn.layout.yaxis.range
    size = WIDE, HIGH
    for note in drawn.layout.annotations[: len(frame)]:
        shift = note.xshift, note.yshift
        at = zip((note.x, note.y), ends, size, shift, strict=True)
        yield [(v - low) / (high - low) * wide + move for v, (low, high), wide, move in at]


def test_numbers_of_points_close_together_do_not_touch():
    near = [(f"d{n}", 0.8 + n / 400, 0.7 + (n % 3) / 300, "watch") for n in range(6)]
    frame = rows(*near, ("far", 0.2, 0.1, "watch"))
    found = list(pixels(figures.quadrants(frame), frame))
    touching = [
        (a, b)
        for place, a in enumerate(found)
        for b in found[:place]
        if abs(a[0] - b[0]) < CLOSE and abs(a[1] - b[1]) < CLOSE
    ]
    assert touching == []


def test_a_point_without_importance_is_not_drawn_and_the_others_keep_their_number():
    frame = rows(("flow", 0.9, None, None), ("tact", 0.8, 0.7, "strength"))
    drawn = figures.quadrants(frame)
    assert drawn.data[0].customdata == ({"dimension": "tact"},)
    assert drawn.layout.annotations[0].text == "2"


def test_words_from_the_data_are_no_markup():
    drawn = figures.quadrants(rows(("<b>x", 0.9, 0.5, "strength")))
    assert "<b>x" not in drawn.data[0].hovertext[0]


def test_the_heat_map_goes_over_stores_or_over_months():
    plain = {"dimension": "tact", "value": 0.9, "numerator": 90, "denominator": 100}
    stores = figures.dimensions(DataFrame([plain | {"store": "S1"}, plain | {"store": "S2"}]))
    assert stores.layout.xaxis.ticktext == ("S1", "S2")
    assert stores.data[0].customdata[0] == {"dimension": "tact", "store": "S1"}
    months = figures.dimensions(DataFrame([plain | {"period": date(2026, 3, 1)}]))
    assert months.layout.xaxis.ticktext == ("Mar",)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [("tact", 0.9, 0.8, "strength"), ("flow", 0.7, 0.9, "improve")],
            "Improve first: Flow (70% of 50). Strongest: Tact (90% of 50).",
        ),
        ([("tact", 0.9, 0.8, "strength")], "Strongest: Tact (90% of 50)."),
        ([("flow", 0.7, 0.9, "improve")], "Improve first: Flow (70% of 50)."),
        ([("flow", 0.7, None, None)], "Too few answers"),
        ([("flow", 0.7, 0.9, "average")], "Of what matters nothing differs"),
    ],
)
def test_the_headline_names_what_to_improve_first(found, said):
    frame = rows(*found).assign(denominator=50)
    assert headlines.quadrants(Answer(frame), None).startswith(said)


def test_the_lowest_field_is_one_with_enough_answers():
    plain = {"dimension": "tact", "store": "S1"}
    fields = [plain | {"value": 0.1, "denominator": 29}, plain | {"value": 0.8, "denominator": 30}]
    said = headlines.dimensions(Answer(DataFrame(fields)), None)
    assert said == "Lowest: Tact (80% of 30), S1."
    assert headlines.dimensions(Answer(DataFrame(fields[:1])), None) is None


def test_a_field_leads_to_the_answers_of_its_store_or_month():
    view = View(drill=(("adviser", "7"),))
    store = urls.read(charts.field(view, dimension="tact", store="S1").partition("?")[2])
    assert store.stores == ("S1",)
    assert set(store.drill) == {("adviser", "7"), ("dimension", "tact")}
    assert charts.field(view, dimension="tact", period="0001-W01") == charts.field(
        view, dimension="tact"
    )
    month = urls.read(charts.field(view, dimension="tact", period="2026-02-01").partition("?")[2])
    assert (month.start, month.end) == (date(2026, 2, 1), date(2026, 2, 28))


def test_an_alert_leads_to_its_complaint_or_else_to_the_call():
    row = {"complaint": "C1", "callback": "H1", "store": "S1"}
    assert lists.case_or_call(row) == urls.complaint("C1", "S1")
    assert lists.case_or_call(row | {"complaint": None}) == urls.followup("H1", "S1")
    assert lists.case_or_call(row | {"complaint": None, "callback": None}) == urls.satisfaction()
