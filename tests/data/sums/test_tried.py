"""When customers are tried: kept by the day and hour of the try at its store."""

from datetime import date

import pytest
from sqlalchemy import select, update

from data import windows
from data.metrics.followups import reach_by_hour
from data.models import FollowupRule, TriedDay
from data.scope import Scope
from tests.data.sums.asking import NOW, refresh, stale, unlike
from tests.factories import at, attempt, followup

LIVE = Scope(as_of=NOW, live=True)
THIRD, FOURTH = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def call(session, dealer):
    """A call that was due on the 2nd of March and tried twice in one hour of the 3rd."""
    call = followup(session, dealer, "2026-03-02T10:00")
    attempt(session, call, "2026-03-03T00:10", "no_answer")
    attempt(session, call, "2026-03-03T00:50", "connected")
    refresh(session)
    return call


def kept(session):
    """(day, hour, tries, connected) of what is kept."""
    table = TriedDay
    query = select(table.tried_on, table.hour, table.tries, table.connected)
    return [tuple(row) for row in session.execute(query.order_by(table.tried_on, table.hour))]


def test_tries_are_kept_by_the_day_and_hour_of_the_stores_clock(session, call):
    assert kept(session) == [(THIRD, 0, 2, 1)]
    session.execute(update(TriedDay).values(connected=2))
    assert reach_by_hour(session, LIVE).summary["value"] == 1
    assert reach_by_hour(session, Scope(as_of=NOW)).summary["value"] == 0.5


def test_a_try_that_is_written_down_late_makes_its_own_day_stale(session, call):
    attempt(session, call, "2026-03-04T09:00", "busy")
    assert stale(session, "tried") == {FOURTH}
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == [(THIRD, 0, 2, 1), (FOURTH, 9, 1, 0)]


def test_a_try_that_was_at_another_time_makes_both_days_stale(session, call):
    tried = attempt(session, call, "2026-03-03T11:00", "busy")
    refresh(session)
    for name, value in windows.tried(at("2026-03-04T12:00"), "Asia/Shanghai").items():
        setattr(tried, name, value)
    session.flush()
    assert stale(session, "tried") == {THIRD, FOURTH}
    refresh(session)
    assert kept(session) == [(THIRD, 0, 2, 1), (FOURTH, 12, 1, 0)]


def test_a_try_that_is_taken_back_is_counted_no_more(session, call):
    session.delete(attempt(session, call, "2026-03-04T09:00", "busy"))
    session.flush()
    refresh(session)
    assert kept(session) == [(THIRD, 0, 2, 1)]


def test_the_tries_are_of_the_rule_of_their_call(session, call):
    sale = select(FollowupRule.id).where(FollowupRule.code == "sale")
    call.rule_id = session.scalars(sale).one()
    session.flush()
    assert stale(session, "tried") == {THIRD}
    assert unlike(session, NOW) == []
    refresh(session)
    assert session.scalars(select(TriedDay.rule_id)).all() == [call.rule_id]
