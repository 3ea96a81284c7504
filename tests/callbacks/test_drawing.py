"""A card is drawn once for all who see the same, and anew once that may have changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from dash import html, no_update

from callbacks import clock, drawing, tables, widgets
from dashboard import i18n, sessions
from dashboard.widgets import parts
from data import db, events
from data.installing import open_database
from data.metrics import matters
from data.models import Store
from data.person import SYSTEM, Person, Role
from tests import factories
from tests.conftest import NOW

MANAGER = Person(login="m", name="M", role=Role.MANAGER, stores=frozenset({1}))
OF_S2 = replace(MANAGER, stores=frozenset({2}))
TILE, CHART = {"name": "overview-open"}, {"name": "complaints-ageing"}


@pytest.fixture
def house(tmp_path, monkeypatch, application):
    """Two stores with a case each, looked at by a manager of the first."""
    engine = open_database(f"sqlite:///{tmp_path / 'drawing.db'}")
    with db.writing(by=SYSTEM) as session:
        for code in ("S1", "S2"):
            factories.complaint(session, factories.store(session, code), "2026-03-13T09:00")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    asks(monkeypatch, MANAGER)
    with application.server.test_request_context():
        yield
    engine.dispose()


def asks(monkeypatch, person):
    monkeypatch.setattr(sessions, "current_person", lambda: person)


class Counted:
    """A drawing that says how often it was drawn."""

    def __init__(self):
        self.times = 0

    def __call__(self, _session, scope):
        self.times += 1
        return [self.times]

    def shown(self, search="", eyes="", reads=None, **more):
        [times], _mark = drawing.once("card", search, self, eyes=eyes, reads=reads, **more)
        return times


def write(store, kind="noted"):
    with db.writing(by=SYSTEM) as session:
        events.record_at_store(session, store, kind, at=NOW)


def test_it_is_drawn_once_for_the_same_eyes_and_address(house):
    card = Counted()
    assert [card.shown(), card.shown(), card.shown()] == [1, 1, 1]
    assert [card.shown(eyes="other"), card.shown("?store=S1"), card.shown()] == [2, 3, 1]


def test_each_language_has_its_own(house):
    card = Counted()
    first = card.shown()
    with i18n.speaking("zh"):
        assert (first, card.shown()) == (1, 2)
    assert card.shown() == 1


def test_it_is_drawn_anew_after_a_write_and_after_a_while(house, monkeypatch):
    card = Counted()
    told = [card.shown()]
    write(1)
    told += [card.shown(), card.shown()]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    assert [*told, card.shown(), card.shown()] == [1, 2, 2, 3, 3]


def test_a_write_elsewhere_or_about_something_else_leaves_it(house):
    card = Counted()
    told = [card.shown(), card.shown(reads=matters.CASES)]
    write(2)  # a store that this manager does not see
    told += [card.shown()]
    write(1)
    assert [*told, card.shown(reads=matters.CASES), card.shown()] == [1, 1, 1, 1, 2]


def test_what_stood_in_the_past_and_what_is_not_kept_is_drawn_each_time(house):
    card = Counted()
    assert [card.shown("?as_of=2026-03-01") for _ in range(2)] == [1, 2]
    assert [card.shown(keep=False) for _ in range(2)] == [3, 4]


def test_the_mark_says_whether_anything_is_another(house):
    def mark(content, card):
        return drawing.once(card, "", lambda *_: content, eyes=None, reads=None)[1]

    figure = {"data": [{"x": [1.5, None]}], "layout": {}}
    same = mark((figure, [html.P("One")]), "a"), mark((figure, [html.P("One")]), "b")
    assert same[0] == same[1]
    others = (figure, [html.P("Two")]), ({**figure, "data": []}, [html.P("One")])
    assert len({same[0], *(mark(other, n) for n, other in enumerate(others))}) == 3


def test_a_card_is_sent_unless_it_is_shown_already(house):
    *content, state, mark = widgets.draw("", None, None, CHART, "")
    assert content
    assert state == parts.READY
    assert widgets.draw("", None, None, CHART, mark) == (no_update,) * 4
    *inside, _title, _state, mark = widgets.fill("", None, None, TILE, "")
    assert inside
    assert widgets.fill("", None, None, TILE, mark) == (no_update,) * 4


def test_who_sees_another_store_is_shown_that_alone(house, monkeypatch):
    with db.writing(by=SYSTEM) as session:
        factories.complaint(session, session.get_one(Store, 2), "2026-03-13T10:00")
    counts = []
    for person in (MANAGER, OF_S2, MANAGER, replace(MANAGER, stores=None)):
        asks(monkeypatch, person)
        answer, _said, _state = tables.rows({}, {"name": "complaints-cases"}, "")
        counts.append(answer["rowCount"])
    assert counts == [1, 2, 1, 3]


def test_a_list_of_what_no_log_tells_is_read_each_time(house, monkeypatch):
    admin = Person(login="a", name="A", role=Role.ADMIN, stores=None)
    asks(monkeypatch, admin)
    kept = []
    once = drawing.once
    monkeypatch.setattr(tables, "once", lambda *a, **k: (kept.append(k["keep"]), once(*a, **k))[1])
    for name in ("messages", "imports", "complaints-cases"):
        tables.listing("", None, None, None, {"name": name})
    assert kept == [False, False, True]
