"""Drawing and drilling: a failure stays in its card, and a click carries only keys we know."""

import pytest
from dash import no_update
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Unauthorized

from callbacks import widgets
from dashboard import sessions
from dashboard.widgets import parts
from data import db, served
from data.commands import NotFound
from data.person import Person, Role
from pages import CHARTS, PAGES

MANAGER = Person(login="m", name="M", role=Role.MANAGER, stores=None)
PATHS = {page.PATH for page in PAGES}


@pytest.fixture(autouse=True)
def somebody(monkeypatch):
    monkeypatch.setattr(sessions, "current_person", lambda: MANAGER)


def click(name="complaints-ageing", **point):
    return {"name": name, "point": point}


def test_a_failed_card_has_a_reference_and_nothing_of_the_inside():
    drawing, said, state = widgets.failed(RuntimeError("SELECT secret"))
    assert drawing is no_update
    assert state == parts.FAILED
    assert "The reference is" in str(said)
    assert "secret" not in str(said)


def test_a_question_that_takes_too_long_is_given_up_in_its_card(postgres_url, monkeypatch):
    monkeypatch.setattr(served, "STATEMENT_TIMEOUT_MS", 50)
    engine = db.connect(postgres_url)
    with db.reading(as_=MANAGER) as session, pytest.raises(DBAPIError) as raised:
        session.connection().execute(text("SELECT pg_sleep(10)"))
    _drawing, said, state = widgets.failed(raised.value)
    engine.dispose()
    assert state == parts.FAILED
    assert "This took too long and was given up" in str(said)
    assert "The reference is" in str(said)


def test_signed_out_is_no_failed_card():
    with pytest.raises(Unauthorized):
        widgets.failed(Unauthorized())


def test_a_click_opens_the_list_behind_the_point():
    href = widgets.drill(click(bucket="30+", severity="critical"), "?store=S1")
    assert href == "/complaints?store=S1&severity=critical&bucket=30%2B"


@pytest.mark.parametrize(
    "click_", [None, {}, "x", [], {"point": {}}, {"point": "javascript:"}, {"point": {"x": "y"}}]
)
def test_a_click_on_nothing_goes_nowhere(click_):
    assert widgets.drill(click_, "") is no_update


def test_a_click_on_a_chart_we_do_not_have_is_refused():
    with pytest.raises(NotFound):
        widgets.drill(click("nope", severity="critical"), "")


@pytest.mark.parametrize("chart", [chart for chart in CHARTS if chart.drill], ids=lambda c: c.name)
def test_no_click_leaves_the_site(chart):
    href = widgets.drill(click(chart.name, href="//evil", start="x", severity="//evil"), "")
    assert href is no_update or href.split("?")[0] in PATHS
