"""Which orders have their callback: kept by the day of delivery, however late calls are planned."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from data.metrics.followups import followup_coverage
from data.models import CoveredDay, FollowupRule, Ledger
from data.scope import Scope
from data.sums.covered import COVERED
from tests.data.sums.asking import NOW, refresh, stale, unlike
from tests.factories import at, customer, followup, order, vehicle

LIVE = Scope(as_of=NOW, live=True)
SECOND = date(2026, 3, 2)


@pytest.fixture
def owner(session, dealer):
    return customer(session, dealer)


@pytest.fixture
def car(session, dealer, owner):
    """A car that was delivered on the 2nd of March and called about; nobody called about another,
    and none calls about one of the house."""
    called = vehicle(session, dealer, customer_id=owner.id)
    for one in (called, vehicle(session, dealer), vehicle(session, dealer, internal=True)):
        order(session, dealer, one, "2026-03-02T10:00")
    plan(session, dealer, called)
    refresh(session)
    return called


def plan(session, dealer, car, **more):
    given = {"vehicle_id": car.id, "anchored_on": SECOND} | more
    return followup(session, dealer, "2026-03-05T10:00", **given)


def serving(session):
    return session.scalars(select(FollowupRule).where(FollowupRule.code == "service")).one()


def kept(session):
    """(called, expected, waiting) of the second of March."""
    table = CoveredDay
    counts = select(table.called, table.expected, table.waiting)
    return tuple(session.execute(counts.where(table.delivered_on == SECOND)).one())


def test_what_is_covered_is_kept_by_the_day_of_delivery(session, car):
    assert kept(session) == (1, 2, 0)
    session.execute(update(CoveredDay).values(expected=4))
    assert followup_coverage(session, LIVE).summary["value"] == 0.25
    assert followup_coverage(session, Scope(as_of=NOW)).summary["value"] == 0.5


def test_a_call_that_is_planned_later_counts_where_its_order_was_delivered(session, dealer, car):
    other = vehicle(session, dealer)
    order(session, dealer, other, "2026-03-02T15:00")
    refresh(session)
    assert kept(session) == (1, 3, 0)
    plan(session, dealer, other)
    assert stale(session, "delivered") == {SECOND}
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == (2, 3, 0)


def test_a_car_of_a_fleet_needs_none_and_its_days_are_counted_anew(session, car):
    car.fleet = True
    session.flush()
    assert stale(session, "delivered") == {SECOND}
    refresh(session)
    assert kept(session) == (0, 1, 0)


@pytest.mark.parametrize("brought", [True, False])
def test_nor_does_who_wishes_no_calls(session, dealer, owner, car, brought):
    own = None if brought else car
    another = vehicle(session, dealer) if brought else own
    person = customer(session, dealer)
    whose = {"customer_id": person.id} if brought else {}
    order(session, dealer, another, "2026-03-09T10:00", **whose)
    refresh(session)
    (person if brought else owner).do_not_call = True
    session.flush()
    assert stale(session, "delivered") == {date(2026, 3, 9), *(() if brought else (SECOND,))}
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == ((1, 2, 0) if brought else (0, 1, 0))


def test_who_changes_the_rule_has_all_days_counted_anew(session, car):
    serving(session).starts_on = date(2026, 3, 3)
    session.flush()
    assert "delivered" not in session.scalars(select(Ledger.name)).all()
    assert unlike(session, NOW) == []
    refresh(session)
    assert session.scalars(select(CoveredDay.called)).all() == []


def test_an_order_whose_call_is_not_expected_yet_waits_and_its_day_stays_open(session, car):
    serving(session).delay_hours = 72
    soon = at("2026-03-04T11:00")  # two days and an hour after the delivery
    refresh(session, soon)
    assert kept(session) == (1, 1, 1)
    assert stale(session, "delivered") == {SECOND}
    refresh(session, soon + timedelta(days=1))
    assert kept(session) == (1, 2, 0)
    assert stale(session, "delivered") == set()


def test_each_order_is_looked_up_once_however_much_is_summed_up(session, car):
    connection = session.connection()
    how = "QUERY PLAN " if connection.dialect.name == "sqlite" else ""

    def explain(_connection, _cursor, statement, values, *_):
        return f"EXPLAIN {how}{statement}", values

    event.listen(connection, "before_cursor_execute", explain, retval=True)
    plan = str(connection.execute(COVERED.whole(NOW)).cursor.fetchall())
    event.remove(connection, "before_cursor_execute", explain)
    assert len(re.findall(r"(?:SEARCH|SCAN|on) callback(?:_\d+)?\b", plan)) == 1
