"""Who was invited and came: kept by the day of the invitation, although visits come later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from data import sums, visits
from data.metrics.retention import solicitation_lift
from data.models import InvitedDay, Ledger, Norm, StaleDay
from data.scope import Scope
from tests.data.sums.asking import unequal, unlike
from tests.factories import at, came, followup, order, store, vehicle

NOW = at("2026-05-31T10:00")
LIVE = Scope(as_of=NOW, live=True)
INVITED = sums.INVITED.name
SECOND = date(2026, 3, 2)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def car(session, dealer):
    """A car that was called on the 2nd of March; another, which nobody called, came on the 4th."""
    called = vehicle(session, dealer)
    invite(session, dealer, called, "2026-03-02", first_attempt_at="2026-03-02T10:00")
    invite(session, dealer, came(session, dealer, "2026-03-04"), "2026-03-02")
    refresh(session)
    return called


def invite(session, dealer, car, due, **more):
    more = {"rule": "next_service", "state": "unreachable", "vehicle_id": car.id} | more
    return followup(session, dealer, f"{due}T09:00", **more)


def refresh(session, now=NOW):
    session.flush()
    return sums.refresh(now=now, within=session.connection())


def kept(session):
    """(day, called, came, not called, came) of what is kept."""
    table = InvitedDay
    counts = (table.called, table.called_came, table.not_called, table.not_called_came)
    query = select(table.due_on, *counts).order_by(table.due_on)
    return [tuple(row) for row in session.execute(query)]


def stale(session):
    query = select(StaleDay.day).where(StaleDay.ledger == INVITED).order_by(StaleDay.day)
    return session.scalars(query.distinct()).all()


def come(session, dealer, car, *days):
    for day in days:
        order(session, dealer, car, f"{day}T16:00")
    visits.refresh(session.connection(), dealer.id, [car.id])


def test_what_came_of_invitations_is_kept_by_the_day_they_were_due(session, dealer, car):
    assert kept(session) == [(SECOND, 1, 0, 1, 1)]
    session.execute(update(InvitedDay).values(called=InvitedDay.called + 9))
    assert solicitation_lift(session, LIVE).summary["called"] == 10
    assert solicitation_lift(session, Scope(as_of=NOW)).summary["called"] == 1


def test_a_visit_is_counted_where_its_invitation_was_due(session, dealer, car):
    come(session, dealer, car, "2026-03-20")
    assert stale(session) == [SECOND]
    assert unlike(session, NOW) == unequal(session, NOW) == []
    refresh(session)
    assert kept(session) == [(SECOND, 1, 1, 1, 1)]
    assert stale(session) == []


def test_only_the_invitations_between_two_visits_are_looked_at_again(session, dealer, car):
    for due in ("2026-01-05", "2026-04-06", "2026-05-04"):
        invite(session, dealer, car, due)
    refresh(session)
    come(session, dealer, car, "2026-03-01", "2026-04-20")
    assert stale(session) == [date(2026, 1, 5), SECOND, date(2026, 4, 6)]
    refresh(session)
    come(session, dealer, car, "2026-04-10")  # sooner after the calls than the visit known before
    assert stale(session) == [SECOND, date(2026, 4, 6)]
    assert unlike(session, NOW) == []


def test_the_same_visits_again_make_nothing_stale(session, dealer, car):
    come(session, dealer, car, "2026-03-20")
    refresh(session)
    visits.refresh(session.connection(), dealer.id, [car.id])
    assert stale(session) == []


def test_all_visits_anew_are_all_sums_anew(session, dealer, car):
    order(session, dealer, car, "2026-03-20T16:00")
    visits.rebuild(session.connection())
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == [(SECOND, 1, 1, 1, 1)]


def test_who_is_given_other_days_to_come_is_counted_anew(session, dealer, car):
    norm = session.scalars(select(Norm).where(Norm.code == "solicitation")).one()
    norm.value = {"within_days": 1}
    session.flush()
    assert INVITED not in session.scalars(select(Ledger.name)).all()
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == [(SECOND, 1, 0, 1, 0)]


def test_a_call_of_another_rule_or_to_who_wishes_none_is_no_invitation(session, dealer, car):
    invite(session, dealer, car, "2026-03-02", rule="service")
    invite(session, dealer, car, "2026-03-02", excluded="do_not_call")
    refresh(session)
    assert kept(session) == [(SECOND, 1, 0, 1, 1)]


def test_a_call_that_is_made_later_counts_as_made_from_then_on(session, dealer, car):
    invite(session, dealer, car, "2026-03-02", first_attempt_at="2026-06-02T10:00")
    refresh(session)
    assert kept(session) == [(SECOND, 1, 0, 2, 1)]
    assert stale(session) == [SECOND]
    later = NOW + timedelta(days=9)
    assert unlike(session, later) == []
    refresh(session, later)
    assert stale(session) == []
    assert kept(session) == [(SECOND, 2, 0, 1, 1)]
