"""Drawing and drilling: a failure stays in its card, and a click carries only keys we know."""

import pytest
from dash import no_update
from werkzeug.exceptions import Unauthorized

from callbacks import widgets
from dashboard import sessions
from dashboard.widgets import parts
from data.person import SYSTEM
from pages import CHARTS


@pytest.fixture(autouse=True)
def somebody(monkeypatch):
    monkeypatch.setattr(sessions, "current_person", lambda: SYSTEM)


def click(**customdata):
    return {"points": [{"customdata": customdata}]}


def test_a_failed_card_has_a_reference_and_nothing_of_the_inside():
    drawing, said, state = widgets.failed(RuntimeError("SELECT secret"))
    assert drawing is no_update
    assert state == parts.FAILED
    assert "The reference is" in str(said)
    assert "secret" not in str(said)


def test_signed_out_is_no_failed_card():
    with pytest.raises(Unauthorized):
        widgets.failed(Unauthorized())


def test_a_click_opens_the_list_behind_the_point():
    chart = {"name": "complaints-ageing"}
    href = widgets.drill(click(bucket="30+", severity="critical"), chart, "?store=S1")
    assert href == "/complaints?store=S1&severity=critical&bucket=30%2B"


@pytest.mark.parametrize(
    "click_",
    [None, {}, "x", {"points": []}, {"points": [{}]}, {"points": [{"customdata": "javascript:"}]}],
)
def test_a_click_on_nothing_goes_nowhere(click_):
    assert widgets.drill(click_, {"name": "complaints-ageing"}, "") is no_update


@pytest.mark.parametrize("chart", [chart for chart in CHARTS if chart.drill], ids=lambda c: c.name)
def test_no_click_leaves_the_site(chart):
    href = widgets.drill(
        click(href="//evil", start="x", severity="//evil"), {"name": chart.name}, ""
    )
    assert href.startswith("/complaints")
