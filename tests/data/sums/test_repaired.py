"""Whether cars were right the first time: kept by the day of delivery, whatever is learnt later."""

from datetime import date

import pytest
from sqlalchemy import select, update

from data.metrics.satisfaction import fixed_right_first_time
from data.models import Ledger, Norm, RepairedDay
from data.scope import Scope
from tests.data.sums.asking import NOW, refresh, stale, unlike
from tests.factories import employee, order, vehicle

LIVE = Scope(as_of=NOW, live=True)
SECOND, NINTH = date(2026, 3, 2), date(2026, 3, 9)


@pytest.fixture
def repeated(session, dealer):
    """An order of the 2nd of March, and one of the 9th that repeats it; another car came then."""
    car = vehicle(session, dealer)
    first = order(session, dealer, car, "2026-03-02T10:00")
    order(session, dealer, car, "2026-03-09T10:00", rework_of_id=first.id)
    order(session, dealer, vehicle(session, dealer), "2026-03-09T10:00")
    refresh(session)
    return first


def kept(session):
    """(day, delivered, reworked) of what is kept."""
    table = RepairedDay
    query = select(table.delivered_on, table.delivered, table.reworked)
    return [tuple(row) for row in session.execute(query.order_by(table.delivered_on))]


def test_rework_is_kept_by_the_day_of_its_delivery(session, repeated):
    assert kept(session) == [(SECOND, 1, 0), (NINTH, 2, 1)]
    session.execute(update(RepairedDay).values(reworked=0))
    assert fixed_right_first_time(session, LIVE).summary["value"] == 1
    assert fixed_right_first_time(session, Scope(as_of=NOW)).summary["value"] == 2 / 3


def test_of_one_person_the_orders_themselves_are_counted(session, dealer, repeated):
    adviser = employee(session, dealer)
    repeated.adviser_id = adviser.id
    refresh(session)
    own = Scope(as_of=NOW, live=True, drill=(("adviser", str(adviser.id)),))
    assert fixed_right_first_time(session, own).summary["denominator"] == 1


def test_when_the_earlier_order_was_delivered_counts_where_it_is_repeated(session, repeated):
    repeated.delivered_at, repeated.delivered_on = None, None
    session.flush()
    assert stale(session, "delivered") == {SECOND, NINTH}
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == [(NINTH, 2, 0)]


def test_who_changes_how_soon_that_is_has_all_days_counted_anew(session, repeated):
    norm = session.scalars(select(Norm).where(Norm.code == "rework")).one()
    norm.value = {"within_days": 6}
    session.flush()
    assert "delivered" not in session.scalars(select(Ledger.name)).all()
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session) == [(SECOND, 1, 0), (NINTH, 2, 0)]
