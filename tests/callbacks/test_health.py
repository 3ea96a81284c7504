"""The marks on tiles: one look for the page, words for each number a fault could move."""

from contextlib import nullcontext

import pytest
from dash import no_update
from pandas import DataFrame

from callbacks import health
from data.metrics import Answer
from data.metrics.health import COLUMNS
from data.person import Person, Role

MARKS = [{"type": "mark", "name": "t", "metric": "on_time_rate"}]
MANAGER = Person(login="m", name="M", role=Role.MANAGER, stores=None)
AGENT = Person(login="a", name="A", role=Role.AGENT, stores=None)


def fault(code, count, matters, moves):
    return dict(zip(COLUMNS, [code, count, 1900, 0.1, None, 0.01, matters, moves], strict=True))


@pytest.fixture
def looks(monkeypatch):
    """How often the data were looked at; they have two faults, of which one matters."""
    found = [
        fault("no_callback", 1200, True, "on_time_rate, completion_rate"),
        fault("no_phone", 2, False, "contact_rate"),
    ]
    seen = []
    monkeypatch.setattr(health.sessions, "current_person", lambda: MANAGER)
    monkeypatch.setattr(health.db, "reading", lambda as_: nullcontext())
    monkeypatch.setattr(health.clock, "scope", lambda search: search)
    monkeypatch.setattr(
        health.answers, "ask", lambda *asked: seen.append(asked) or Answer(DataFrame(found))
    )
    return seen


def test_the_words_for_every_number_that_a_fault_could_move(looks):
    told = health.look("?store=S1&severity=critical", None, MARKS)
    words = "Delivered orders without a callback: 1,200 of 1,900."
    assert told["words"] == {"on_time_rate": words, "completion_rate": words}
    assert told["href"] == "/data-health?store=S1"
    assert len(looks) == 1


def test_a_page_without_tiles_is_not_looked_at(looks):
    assert health.look("", None, []) is no_update
    assert looks == []


def test_who_may_not_see_figures_is_told_nothing(looks, monkeypatch):
    monkeypatch.setattr(health.sessions, "current_person", lambda: AGENT)
    assert health.look("", None, MARKS) is no_update
    assert looks == []
