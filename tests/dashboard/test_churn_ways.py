"""The ways from the figures of who leaves to the lists behind them."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pandas import DataFrame

from dashboard import urls
from dashboard.urls import View
from dashboard.widgets import Ask
from data.metrics import Answer, retention
from data.metrics.retention.listing import listing
from pages.retention import churn, winning_back
from tests.dashboard.drawn import figures
from tests.factories import at, came, store

ZONE = "Asia/Shanghai"
VIEW = View(stores=("S1",), drill=(("class", "lost"),))


def asked(address):
    """The path, and what the query asks for."""
    parts = urlsplit(address)
    return parts.path, parse_qs(parts.query)


def test_a_month_that_is_over_leads_to_who_had_not_come_by_its_end():
    path, query = asked(churn.last_seen(6)(VIEW, start="2026-02-01", end="2026-02-28"))
    assert path == "/retention/vehicles"
    assert query == {"store": ["S1"], "month": ["2025-08"], "as_of": ["2026-02-28T23:59:59"]}


def test_the_running_month_leads_to_who_has_not_come_yet():
    _path, query = asked(churn.last_seen(12)(VIEW, start="2026-03-01"))
    assert query == {"store": ["S1"], "month": ["2025-03"]}
    assert asked(churn.last_seen(12)(VIEW))[1]["away"] == ["12"]


def test_a_time_at_which_the_figure_was_asked_is_not_overtaken():
    view = View(as_of="2026-02-10T12:00:00+08:00")
    _path, query = asked(churn.last_seen(6)(view, start="2026-02-01"))
    assert query["as_of"] == ["2026-02-10T12:00:00+08:00"]


def test_ages_and_warranties_lead_to_those_that_did_not_come_again():
    assert asked(churn.stayed_away(VIEW, age="3"))[1] == {
        "store": ["S1"],
        "age": ["3"],
        "came": ["no"],
    }
    assert asked(churn.stayed_away(VIEW, warranty="out"))[1]["warranty"] == ["out"]


def test_a_store_leads_to_its_own_vehicles():
    assert asked(churn.of_store(VIEW, store="S2"))[1]["store"] == ["S2"]


def test_a_month_of_invitations_leads_to_their_calls_and_no_others():
    path, query = asked(winning_back.calls(VIEW, start="2026-02-01", kind="missed"))
    assert path == urls.followups()
    assert (query["from"], query["to"]) == (["2026-02-01"], ["2026-02-28"])
    assert query["kind"] == ["missed"]
    assert "visit_gap" in query["rule"]
    assert "churn_reason" in query["rule"]
    assert "service" not in query["rule"]
    assert urls.read(
        urlsplit(winning_back.calls(VIEW, start="2026-02-01", kind="missed")).query
    ).drill


def test_reasons_of_ours_open_an_improvement_and_the_others_do_not(monkeypatch):
    rows = [("price", "internal", 3), ("sold", "external", 9), ("skill", "internal", 0)]
    found = DataFrame(rows, columns=["key", "kind", "count"]).assign(share=0.1, year_yuan=1.0)
    monkeypatch.setattr(winning_back.retention, "churn_reasons", lambda *_: Answer(found, {}))
    scope = VIEW.scope(now=at("2026-06-17T10:00"), zone=ZONE)
    listed = winning_back.ours_to_mend(None, scope, Ask())
    assert [row["reason"] for row in listed.rows] == ["price"]
    assert winning_back.cases_of(listed.rows[0]) == "/retention/cases?store=S1&reason=price"


def test_what_is_asked_of_an_end_of_february_is_a_month():
    assert churn.end_of(date(2024, 2, 1)).isoformat() == "2024-02-29T23:59:59"


@pytest.fixture
def cars(session):
    """Cars that came at odd intervals over a year and a half."""
    dealer = store(session)
    first = date(2025, 1, 3)
    for step in range(24):
        days = [first + timedelta(days=18 * step), first + timedelta(days=25 * step + 90)]
        came(session, dealer, *(day.isoformat() for day in sorted(days)))


@pytest.mark.parametrize("months", [6, 12])
def test_every_mark_of_monthly_churn_leads_to_as_many_vehicles(session, cars, months):
    now = at("2026-06-17T10:00")
    scope = View().scope(now=now, zone=ZONE)
    found = retention.monthly_churn(session, scope, months=str(months)).frame
    marks = figures.rate_over_time(found).data[-1]
    counted = found[found["value"].notna()]["numerator"].tolist()
    assert max(counted) > 0
    for keys, count in zip(marks.customdata, counted, strict=True):
        search = urlsplit(churn.last_seen(months)(View(), **keys)).query
        behind = urls.scope_of(search, now=now, zone=ZONE)
        assert listing(session, behind)[1] == count, keys
