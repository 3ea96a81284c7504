"""What is chosen about charts stands in the address, and the address in what is chosen."""

from datetime import UTC, datetime

import pytest
from dash import no_update
from flask import Flask

from callbacks import choices, clock
from dashboard import i18n, ids
from dashboard.widgets import Choice
from data.scope import Scope

GRAIN = Choice(key="grain", title="Step", values=("month", "quarter"), words="grain")
MODE = Choice(key="mode", title="Came", values=("exact", "rolling"), words="mode")
NAMES = [ids.choice("grain"), ids.choice("mode")]


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(choices, "choices", lambda: {"grain": GRAIN, "mode": MODE})
    server = Flask("dashboard")
    server.config[clock.ZONE] = "Asia/Shanghai"
    i18n.init(server, None)
    with server.test_request_context():
        yield


def scope(*drill):
    return Scope(as_of=datetime(2026, 3, 16, tzinfo=UTC), drill=drill)


def test_what_is_chosen_is_written_into_the_address():
    found = choices.to_address(["quarter", "rolling"], NAMES, "?store=S1&period=all")
    assert found == "?store=S1&period=all&grain=quarter&mode=rolling"


def test_the_usual_choice_leaves_the_address_short():
    assert choices.to_address(["month", "exact"], NAMES, "?store=S1&grain=quarter") == "?store=S1"


def test_nothing_changes_when_the_address_says_it_already():
    assert choices.to_address(["month", "exact"], NAMES, "?store=S1") is no_update
    assert choices.to_address(["quarter", "exact"], NAMES, "?grain=quarter") is no_update


def test_what_cannot_be_chosen_never_gets_into_the_address():
    assert choices.to_address(["<b>", None], NAMES, "") is no_update
    assert choices.to_address(["x"], [ids.choice("severity")], "") is no_update


def test_other_narrowing_stays():
    found = choices.to_address(["quarter", "exact"], NAMES, "?class=lost")
    assert found == "?class=lost&grain=quarter"


def test_the_buttons_show_what_the_address_asks_for():
    assert choices.from_address("?grain=quarter", ids.choice("grain")) == "quarter"
    assert choices.from_address("?grain=rubbish", ids.choice("grain")) == "month"
    assert choices.from_address("", ids.choice("nobody")) is no_update


def test_a_choice_is_shown_as_the_address_asks():
    buttons = MODE.card(scope(("mode", "rolling"))).children[1]
    assert buttons.value == "rolling"
    assert [option["value"] for option in buttons.options] == ["exact", "rolling"]


def test_the_usual_need_not_be_the_first():
    after = Choice(key="cell", title="After", values=("1", "6"), words="cell", usual="6")
    assert after.of(scope()) == "6"
    assert after.of(scope(("cell", "1"))) == "1"
    assert (after.says("1"), after.says("6"), after.says("9")) == (True, False, False)
