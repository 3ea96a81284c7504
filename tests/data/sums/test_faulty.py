"""What is wrong with the data is kept by day, whatever is put right later."""

from datetime import date

import pytest
from sqlalchemy import select, update

from data.metrics.health import data_health
from data.models import FaultyAnswerDay, FaultyCallDay, FaultyOrderDay
from data.scope import Scope
from tests.data.sums.asking import NOW, refresh, stale, unlike
from tests.factories import at, customer, employee, followup, order, response, vehicle

LIVE = Scope(as_of=NOW, live=True)
SECOND, NINTH = date(2026, 3, 2), date(2026, 3, 9)


@pytest.fixture
def owner(session, dealer):
    return customer(session, dealer)


@pytest.fixture
def orders(session, dealer, owner):
    """One of the 2nd of March of somebody without a telephone, two of the 9th of a car without an
    owner: one has a number and no adviser, one was delivered before it came."""
    adviser = employee(session, dealer).id
    made = [
        order(session, dealer, vehicle(session, dealer, customer_id=owner.id), "2026-03-02T10:00",
              adviser_id=adviser),
        order(session, dealer, vehicle(session, dealer), "2026-03-09T10:00",
              brought_by_phone="13912345678"),
        order(session, dealer, vehicle(session, dealer), "2026-03-09T10:00", adviser_id=adviser,
              brought_by_phone="13912345678", opened_at=at("2026-03-09T10:01")),
    ]  # fmt: skip
    refresh(session)
    return made


def kept(session, table=FaultyOrderDay):
    """The rows of what is kept, without their store."""
    columns = list(table.__table__.c)[1:]
    return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]


def told(session, fault, scope=LIVE):
    rows = data_health(session, scope).frame.set_index("fault")
    row = rows.loc[fault]
    return int(row["count"]), int(row["of"]), row["newest"]


def test_faults_of_orders_are_kept_by_the_day_of_delivery(session, orders):
    assert kept(session) == [(SECOND, 1, 1, 0, 0), (NINTH, 2, 0, 1, 1)]
    assert told(session, "no_phone") == (1, 3, SECOND)
    assert told(session, "no_adviser") == (1, 3, NINTH)
    session.execute(update(FaultyOrderDay).values(no_phone=0))
    assert told(session, "no_phone") == (0, 3, None)
    assert told(session, "no_phone", Scope(as_of=NOW)) == (1, 3, SECOND)


def test_whose_telephone_is_learnt_is_counted_anew(session, owner, orders):
    owner.second_phone = "021-62345678"
    session.flush()
    assert stale(session, "delivered") == {SECOND}
    assert told(session, "no_phone") == (0, 3, None)
    refresh(session)
    assert kept(session) == [(SECOND, 1, 0, 0, 0), (NINTH, 2, 0, 1, 1)]


def test_whoever_brings_a_car_is_called_and_not_its_owner(session, dealer, orders):
    orders[0].customer_id = customer(session, dealer, phone="13912345678").id
    session.flush()
    assert stale(session, "delivered") == {SECOND}
    refresh(session)
    assert told(session, "no_phone") == (0, 3, None)


def test_a_call_completed_before_it_was_planned_is_kept_by_the_day_it_was_due(session, dealer):
    early = followup(session, dealer, "2026-03-02T16:00", completed_at="2026-03-02T09:00")
    followup(session, dealer, "2026-03-02T16:00", completed_at="2026-03-02T12:00")
    early.planned_at = at("2026-03-02T09:01")
    refresh(session)
    assert kept(session, FaultyCallDay) == [(SECOND, 2, 1)]
    early.planned_at = at("2026-03-02T09:00")
    session.flush()
    assert told(session, "completed_before_planned") == (0, 2, None)
    refresh(session)
    assert kept(session, FaultyCallDay) == [(SECOND, 2, 0)]


def test_when_an_order_was_delivered_counts_where_it_was_answered_about(session, dealer):
    served = order(session, dealer, vehicle(session, dealer), "2026-03-02T10:00")
    response(session, dealer, "2026-03-09T10:00", order_id=served.id)
    response(session, dealer, "2026-03-09T10:00")  # about no order
    refresh(session)
    assert kept(session, FaultyAnswerDay) == [(NINTH, 1, 0)]
    served.delivered_at = at("2026-03-09T10:01")
    session.flush()
    assert stale(session, "answered") == {NINTH}
    assert told(session, "answered_before_delivery") == (1, 1, NINTH)
    assert unlike(session, NOW) == []
    refresh(session)
    assert kept(session, FaultyAnswerDay) == [(NINTH, 1, 1)]


def test_an_order_without_its_callback_is_told_from_what_is_covered(session, owner, orders):
    assert told(session, "no_callback") == (3, 3, NINTH)
    owner.do_not_call = True
    session.flush()
    assert told(session, "no_callback") == (2, 2, NINTH)
    assert unlike(session, NOW) == []
