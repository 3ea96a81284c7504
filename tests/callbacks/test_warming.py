"""What the cards ask is put together ahead, so that the first to ask need not wait for it."""

from collections import Counter
from itertools import count
from pathlib import Path
from sys import getswitchinterval

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from callbacks import warming


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(warming, "RESTING", 0)


@pytest.fixture
def put_together(session):
    """The statements that were not known when they were asked."""
    fresh = []

    def asked(_connection, _cursor, statement, _values, context, _many):
        if context.cache_hit is CacheStats.CACHE_MISS:
            fresh.append(statement)

    bind = session.get_bind()
    event.listen(bind.engine, "after_cursor_execute", asked)
    yield fresh
    event.remove(bind.engine, "after_cursor_execute", asked)


def test_every_card_can_be_drawn_ahead(session):
    assert warming.draw_all() == 0


@pytest.mark.parametrize("stores", [{1, 2}, {3}], ids=["several", "one"])
def test_what_was_asked_ahead_is_known_to_whoever_sees_stores(put_together, stores):
    warming.draw_all()
    ahead = len(put_together)
    put_together.clear()
    warming.draw("en", frozenset(stores))
    assert len(put_together) < ahead / 20  # SQLAlchemy takes some few for new once more


def test_each_connection_of_a_process_is_asked_what_the_cards_ask(session):
    asked = Counter()

    def note(connection, *_):
        asked[id(connection.connection.dbapi_connection)] += 1

    engine = session.get_bind().engine
    event.listen(engine, "after_cursor_execute", note)
    warming.draw_all()
    event.remove(engine, "after_cursor_execute", note)
    most, *others = sorted(asked.values(), reverse=True)
    assert len([one for one in others if one > most / 2]) == warming.CONNECTIONS - 1


def test_who_asks_meanwhile_has_their_turn_at_once(monkeypatch, session):
    usual, seen = getswitchinterval(), []

    def draw(_code, _stores):
        seen.append(getswitchinterval())
        raise OSError("the database is away")

    monkeypatch.setattr(warming, "draw", draw)
    with pytest.raises(OSError, match="away"):
        warming.draw_all()
    assert seen == [pytest.approx(warming.TURN)]
    assert warming.TURN < usual == getswitchinterval()


def test_half_of_the_time_is_left_to_who_asks(monkeypatch, session):
    rests, clock = [], count(step=3)
    monkeypatch.setattr(warming, "RESTING", 1.0)
    monkeypatch.setattr(warming, "sleep", rests.append)
    monkeypatch.setattr(warming, "monotonic", lambda: next(clock))
    warming.draw("en", frozenset({1}))
    assert {*rests} == {3}
    assert len(rests) > 50


def test_as_many_connections_as_a_process_has_threads():
    # loaded as a module, it would set this process up
    served_by = Path("dashboard/gunicorn_conf.py").read_text()
    assert f"\nthreads = {warming.CONNECTIONS} " in served_by
