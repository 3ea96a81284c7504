"""The ways from the figures of who leaves to the lists behind them."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from dashboard.urls import View
from pages.retention import churn

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


def test_what_is_asked_of_an_end_of_february_is_a_month():
    assert churn.end_of(date(2024, 2, 1)).isoformat() == "2024-02-29T23:59:59"
