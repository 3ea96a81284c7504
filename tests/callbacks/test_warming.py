"""What the cards ask is put together ahead, so that the first to ask need not wait for it."""

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from callbacks import warming


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(warming, "BETWEEN", 0)


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
def test_what_was_asked_ahead_is_known_to_whoever_sees_stores(put_together, monkeypatch, stores):
    warming.draw_all()
    ahead = len(put_together)
    put_together.clear()
    monkeypatch.setattr(warming, "SEVERAL", frozenset(stores))
    warming.draw_all()
    assert len(put_together) < ahead / 20  # SQLAlchemy takes some few for new once more
