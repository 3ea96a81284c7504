"""The filter bar and the address say the same thing."""

from datetime import UTC, datetime

import pytest
from dash import no_update
from flask import Flask

from callbacks import clock, filters, shell
from dashboard import filterbar, i18n, ids

NOW = datetime(2026, 3, 18, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def request_(monkeypatch):
    server = Flask("test")
    server.config[clock.ZONE] = "Asia/Shanghai"
    i18n.init(server, "en")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with server.test_request_context():
        yield


def written(search, **chosen):
    usual = dict.fromkeys(("stores", "period", "start", "end", "compare", "as_of"))
    offered = [{"label": code, "value": code} for code in ("S1", "S2")]
    return filters.to_address(**{**usual, **chosen}, offered=offered, search=search)


@pytest.mark.parametrize(
    "search",
    [
        "",
        "?store=S1&store=S2&period=all",
        "?from=2026-01-01&to=2026-02-01&compare=year",
        "?as_of=2026-02-01T10%3A00&severity=critical",
    ],
)
def test_showing_an_address_does_not_change_it(search):
    stores, period, start, end, compare, as_of = filters.from_address(search)
    same = written(
        search,
        stores=stores,
        period=period,
        start=start,
        end=end,
        compare=compare,
        as_of=as_of,
    )
    assert same is no_update


def test_a_choice_goes_into_the_address_and_the_narrowing_stays():
    assert written("?severity=critical", stores=["S2"]) == "?store=S2&severity=critical"


def test_no_store_chosen_means_all_of_them():
    assert written("?store=S2", stores=[]) == ""


def test_a_store_that_the_bar_cannot_show_stays_in_the_address():
    assert written("?store=S9", stores=[]) is no_update
    assert written("?store=S9", stores=None) is no_update
    assert written("?store=S9", stores=["S1"]) == "?store=S1"


def test_a_bar_that_offers_nonsense_offers_nothing():
    usual = dict.fromkeys(("stores", "period", "start", "end", "compare", "as_of"))
    assert filters.to_address(**usual, offered=[{}], search="?store=S1") is no_update


def test_ones_own_days_begin_with_those_that_were_shown():
    wanted = written("?period=this-month", period=filterbar.OWN)
    assert wanted == "?from=2026-03-01&to=2026-03-18"


def test_rubbish_from_a_field_is_not_written():
    assert written("", period="for-ever", compare="x", as_of="yesterday") is no_update


def test_the_moment_of_the_data_is_said():
    _chips, said = filters.dress("?as_of=2026-02-01T10:00", None)
    assert [span.children for span in said] == ["Data as of 1 Feb 2026, 10:00", "1 Feb, 10:00"]


def test_what_a_page_is_narrowed_to_can_be_taken_away():
    chips, _said = filters.dress("?severity=critical&state=open", None)
    assert [chip.id["key"] for chip in chips] == ["severity", "state"]
    assert "Severity: Critical" in str(chips[0])


def test_every_page_opens_with_the_filters_but_not_the_narrowing():
    links = [ids.nav("/"), ids.nav("/definitions")]
    hrefs = shell.carry("?store=S1&severity=critical", links)
    assert hrefs == ["/?store=S1", "/definitions?store=S1"]
