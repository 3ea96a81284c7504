"""What the rules find, by hand and against a slow search, and that each call is made once."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from data import db, planning
from data.migrations import upgrade
from data.models import (
    Complaint,
    Customer,
    Event,
    Followup,
    FollowupRule,
    RepairOrder,
    StaleDay,
    Vehicle,
)
from data.months import latest_before, months_after
from data.person import SYSTEM
from data.planning import NOT_LATE, run
from tests import factories
from tests.conftest import fresh
from tests.factories import at

ZONE = ZoneInfo("Asia/Shanghai")
NOW = at("2026-03-16 10:00")


@pytest.fixture
def here(session, monkeypatch):
    """A store; what is planned stays in the transaction that is never kept."""

    @contextmanager
    def inside(*_args, **_kwargs):
        yield session
        session.flush()
        session.expire_all()

    monkeypatch.setattr(db, "reading", inside)
    monkeypatch.setattr(db, "writing", inside)
    return factories.store(session)


def only(session, code, **changes):
    """The rule with this code, changed, alone at work."""
    for rule in session.scalars(select(FollowupRule)):
        rule.active = rule.code == code
    rule = session.scalars(select(FollowupRule).where(FollowupRule.code == code)).one()
    for name, value in changes.items():
        setattr(rule, name, value)
    session.flush()
    return rule


def customer(session, store, **more):
    row = Customer(store_id=store.id, **{"name": "Wang"} | more)
    session.add(row)
    session.flush()
    return row


def planned(session, now=NOW, late=None):
    """Plan, and read the calls there are then, in the order of their causes."""
    planning.plan(now=now, late=late)
    return calls(session)


def calls(session):
    session.expire_all()
    return session.scalars(select(Followup).order_by(Followup.anchored_on, Followup.anchor)).all()


# --- one trigger after the other ------------------------------------------------------------------


def test_a_delivered_order_is_called_a_day_later(session, here):
    only(session, "service")
    owner = customer(session, here)
    car = factories.vehicle(session, here, customer_id=owner.id)
    order = factories.order(session, here, car, "2026-03-15 16:00")
    (call,) = planned(session)
    assert call.number == f"H260315-{call.rule_id}V{car.id}"
    assert (call.customer_id, call.vehicle_id, call.order_id) == (owner.id, car.id, order.id)
    assert (call.agent_id, call.state, call.excluded) == (None, "planned", None)
    assert (call.planned_at, call.ended_at, call.version) == (NOW, None, 1)
    assert call.due_at == at("2026-03-16 16:00")
    assert call.due_on == date(2026, 3, 16)
    assert call.expires_at == at("2026-03-30 16:00")
    assert (call.anchor, call.anchored_on) == (f"v{car.id} 2026-03-15", date(2026, 3, 15))


def test_the_days_that_are_called_about_and_those_the_calls_are_due_are_counted_anew(session, here):
    factories.order(session, here, factories.vehicle(session, here), "2026-03-10 16:00")
    session.execute(delete(StaleDay))
    planned(session)
    noted = session.execute(select(StaleDay.ledger, StaleDay.day)).all()
    assert {tuple(row) for row in noted} == {
        ("due", date(2026, 3, 11)), ("delivered", date(2026, 3, 10)),
    }  # fmt: skip


def test_two_orders_of_a_car_and_day_are_one_call_about_the_first(session, here):
    only(session, "service")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2026-03-15 16:00")
    first = factories.order(session, here, car, "2026-03-15 09:00")
    other = factories.order(session, here, car, "2026-03-14 23:59")
    assert [call.order_id for call in planned(session)] == [other.id, first.id]


def test_an_order_that_came_in_later_for_the_same_day_gives_no_second_call(session, here):
    only(session, "service")
    car = factories.vehicle(session, here)
    order = factories.order(session, here, car, "2026-03-15 16:00")
    planned(session)
    factories.order(session, here, car, "2026-03-15 09:00")
    assert [call.order_id for call in planned(session)] == [order.id]


def test_a_call_read_in_without_a_rule_covers_its_car_and_day(session, here):
    only(session, "service")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2026-03-15 16:00")
    known = {"rule": None, "vehicle_id": car.id, "anchored_on": date(2026, 3, 15)}
    factories.followup(session, here, "2026-03-16 16:00", **known)
    assert len(planned(session)) == 1


def test_the_day_is_that_of_the_store(session, here):
    only(session, "service")
    berlin = factories.store(session, "S2", "Europe/Berlin")
    car = factories.vehicle(session, berlin)
    factories.order(session, berlin, car, "2026-03-15 00:30")
    (call,) = planned(session)
    assert call.anchored_on == date(2026, 3, 15)
    assert call.due_on == date(2026, 3, 16)


@pytest.mark.parametrize("delivered", ["2026-03-16 10:01", None])
def test_what_is_not_delivered_yet_is_not_called(session, here, delivered):
    only(session, "service")
    car = factories.vehicle(session, here)
    order = factories.order(session, here, car, "2026-03-16 10:01")
    if delivered is None:
        order.delivered_at = order.delivered_on = None
    assert planned(session) == []


def test_a_sale_counts_from_nine_o_clock(session, here):
    rule = only(session, "sale")
    car = factories.vehicle(session, here, sold_on=date(2026, 3, 16))
    factories.vehicle(session, here, sold_on=date(2026, 3, 17))
    (call,) = planned(session)
    assert call.due_at == at("2026-03-23 09:00")
    assert call.expires_at == at("2026-04-15 09:00")
    assert call.number == f"H260316-{rule.id}V{car.id}"


def test_a_closed_complaint_is_called_three_days_later(session, here):
    only(session, "complaint")
    car = factories.vehicle(session, here)
    done = {"state": "closed", "closed_at": "2026-03-15 23:00", "vehicle_id": car.id}
    case = factories.complaint(session, here, "2026-03-10 09:00", **done)
    factories.complaint(session, here, "2026-03-10 09:00")
    (call,) = planned(session)
    assert (call.anchor, call.anchored_on) == (f"c{case.id}", date(2026, 3, 15))
    assert (call.complaint_id, call.vehicle_id) == (case.id, car.id)
    assert call.due_at == at("2026-03-18 23:00")


def test_a_complaint_closed_twice_is_called_once(session, here):
    only(session, "complaint")
    done = {"state": "closed", "closed_at": "2026-03-12 23:00"}
    case = factories.complaint(session, here, "2026-03-10 09:00", **done)
    planned(session)
    session.get(Complaint, case.id).closed_at = at("2026-03-15 12:00")
    assert len(planned(session)) == 1


@pytest.mark.parametrize(
    ("overall", "lowest", "nps", "alarming"),
    [(2, 2, 9, True), (4, 2, 9, True), (5, 4, 6, True), (3, 3, 7, False), (5, None, None, False)],
)
def test_a_low_answer_is_followed_up(session, here, overall, lowest, nps, alarming):
    only(session, "hot_alert")
    owner = customer(session, here)
    car = factories.vehicle(session, here, customer_id=owner.id)
    said = {"lowest": lowest, "nps": nps, "vehicle_id": car.id}
    answer = factories.response(session, here, "2026-03-15 18:00", overall, **said)
    found = planned(session)
    assert [call.anchor for call in found] == ([f"r{answer.id}"] if alarming else [])
    assert all(call.customer_id == owner.id for call in found)
    assert all(call.due_at == at("2026-03-25 18:00") for call in found)


def test_a_car_that_stays_away_is_called_when_the_months_are_over(session, here):
    only(session, "visit_gap")
    away, back = factories.vehicle(session, here), factories.vehicle(session, here)
    factories.order(session, here, away, "2025-11-30 10:00")
    factories.order(session, here, back, "2025-11-30 10:00")
    factories.order(session, here, back, "2026-02-20 10:00")
    assert planned(session, at("2026-02-27 23:59")) == []
    (call,) = planned(session, at("2026-02-28 08:00"))
    assert (call.vehicle_id, call.anchored_on) == (away.id, date(2025, 11, 30))
    assert call.due_at == at("2026-02-28 09:00")
    assert call.expires_at == at("2026-03-30 09:00")
    assert len(planned(session, at("2026-03-16 08:00"))) == 1


def test_a_plan_for_the_past_knows_no_later_visits_and_answers(session, here):
    for rule in session.scalars(select(FollowupRule)):
        rule.active = rule.code in ("visit_gap", "hot_alert")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2025-11-30 10:00")
    factories.order(session, here, car, "2026-03-17 18:00")
    factories.response(session, here, "2026-03-16 18:00", 1)
    assert [call.anchored_on for call in planned(session)] == [date(2025, 11, 30)]


def test_a_car_that_comes_back_and_stays_away_again_is_called_again(session, here):
    only(session, "visit_gap")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2025-05-31 10:00")
    planned(session, at("2025-09-01 08:00"))
    factories.order(session, here, car, "2025-11-01 10:00")
    found = planned(session, at("2026-02-10 08:00"))
    assert [call.anchored_on for call in found] == [date(2025, 5, 31), date(2025, 11, 1)]


def test_long_past_a_service_without_a_call_was_missed_but_a_sale_asks_for_nothing(session, here):
    car = factories.vehicle(session, here, sold_on=date(2021, 5, 3))
    factories.order(session, here, car, "2023-05-31 17:00")
    (call,) = planned(session)
    assert (call.anchored_on, call.state) == (date(2023, 5, 31), "unreachable")


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 24))
def test_the_latest_day_so_many_months_back(day, months):
    latest = latest_before(day, months)
    assert months_after(latest, months) <= day < months_after(latest + timedelta(days=1), months)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 10, 15), 3, date(2026, 1, 15)),
    ],
)
def test_months_end_with_the_month(start, months, end):
    assert months_after(start, months) == end


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("insurance", "insurance_until"),
        ("inspection", "inspection_due_on"),
    ],
)
def test_a_date_of_care_is_called_before_it_comes(session, here, rule, column):
    only(session, rule)
    near, far = date(2026, 4, 22), date(2026, 4, 23)  # 30 days before them, within a week
    car = factories.vehicle(session, here, **{column: near})
    factories.vehicle(session, here, **{column: far})
    (call,) = planned(session, at("2026-03-16 09:00"))
    assert (call.vehicle_id, call.anchored_on) == (car.id, near)
    assert call.due_at == at("2026-03-23 09:00")
    assert call.expires_at == at("2026-05-22 09:00")


def test_a_new_date_of_care_gives_a_new_call(session, here):
    only(session, "next_service")
    car = factories.vehicle(session, here, next_service_on=date(2026, 3, 20))
    planned(session)
    session.get(Vehicle, car.id).next_service_on = date(2026, 3, 25)
    found = planned(session)
    assert [call.anchored_on for call in found] == [date(2026, 3, 20), date(2026, 3, 25)]


def birthday_rule(session, **more):
    plain = {"trigger": "care_date", "care_date": "birthday", "delay_hours": 0, "expires_days": 7}
    return only(session, "insurance", **plain | more)


def test_the_coming_birthday_is_called_once_whatever_the_number_of_cars(session, here):
    birthday_rule(session)
    owner = customer(session, here, birthday=date(1980, 3, 20))
    first = factories.vehicle(session, here, customer_id=owner.id)
    factories.vehicle(session, here, customer_id=owner.id)
    customer(session, here, birthday=date(1980, 3, 15))
    customer(session, here, birthday=date(1980, 3, 24))
    (call,) = planned(session)
    assert (call.customer_id, call.vehicle_id) == (owner.id, first.id)
    assert (call.anchored_on, call.anchor) == (date(2026, 3, 20), f"p{owner.id} 2026")
    assert call.due_at == at("2026-03-20 09:00")
    assert len(planned(session, NOW + timedelta(days=2))) == 2
    assert calls(session)[1].due_at == at("2026-03-24 09:00")


def test_a_birthday_comes_every_year_over_the_turn_of_the_year_too(session, here):
    birthday_rule(session)
    customer(session, here, birthday=date(1980, 1, 2))
    planned(session, at("2025-12-28 10:00"))
    planned(session, at("2026-01-01 10:00"))
    found = planned(session, at("2026-12-28 10:00"))
    assert [call.anchored_on for call in found] == [date(2026, 1, 2), date(2027, 1, 2)]


@pytest.mark.parametrize(("year", "day"), [(2027, 28), (2028, 29)])
def test_who_was_born_on_a_leap_day_is_called_at_the_end_of_february(session, here, year, day):
    birthday_rule(session)
    customer(session, here, birthday=date(1980, 2, 29))
    (call,) = planned(session, at(f"{year}-02-25 10:00"))
    assert call.anchored_on == date(year, 2, day)


# --- who is not called ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("car", "person", "why"),
    [
        ({"fleet": True}, {}, "fleet"),
        ({"internal": True}, {}, "internal"),
        ({}, {"do_not_call": True}, "do_not_call"),
        ({"fleet": True}, {"do_not_call": True}, "fleet"),
    ],
)
@pytest.mark.parametrize("delivered", ["2026-03-15 16:00", "2024-03-15 16:00"])
def test_who_is_excluded_has_a_cancelled_call(session, here, car, person, why, delivered):
    only(session, "service")
    owner = customer(session, here, **person)
    vehicle = factories.vehicle(session, here, customer_id=owner.id, **car)
    factories.order(session, here, vehicle, delivered)
    (call,) = planned(session)
    assert (call.excluded, call.state, call.ended_at) == (why, "cancelled", NOW)


def test_a_share_drawn_by_lot_is_not_called_and_drawn_alike_again(session, here):
    only(session, "service", hold_out=0.3)
    for _ in range(200):
        owner = customer(session, here)
        vehicle = factories.vehicle(session, here, customer_id=owner.id)
        factories.order(session, here, vehicle, "2026-03-15 16:00")
    drawn = {call.anchor for call in planned(session) if call.excluded == "hold_out"}
    assert 40 <= len(drawn) <= 80
    for call in calls(session):
        assert (call.state == "cancelled") == (call.anchor in drawn)
        session.delete(call)
    session.flush()
    assert {call.anchor for call in planned(session) if call.excluded == "hold_out"} == drawn


def test_the_customer_of_the_order_decides_not_the_owner(session, here):
    only(session, "service")
    owner = customer(session, here, do_not_call=True)
    driver = customer(session, here)
    vehicle = factories.vehicle(session, here, customer_id=owner.id)
    factories.order(session, here, vehicle, "2026-03-15 16:00", customer_id=driver.id)
    (call,) = planned(session)
    assert (call.customer_id, call.excluded) == (driver.id, None)


def test_a_rule_that_rests_plans_nothing(session, here):
    only(session, "service", active=False)
    factories.order(session, here, factories.vehicle(session, here), "2026-03-15 16:00")
    assert planned(session) == []


def test_nothing_from_before_a_rule_began(session, here):
    only(session, "service", starts_on=date(2026, 3, 15))
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2026-03-14 16:00")
    factories.order(session, here, car, "2026-03-15 09:00")
    assert [call.anchored_on for call in planned(session)] == [date(2026, 3, 15)]


def test_of_a_gap_the_day_the_months_are_over_counts_for_the_beginning(session, here):
    only(session, "visit_gap", starts_on=date(2026, 3, 1))
    early, late = factories.vehicle(session, here), factories.vehicle(session, here)
    factories.order(session, here, early, "2025-11-30 10:00")
    factories.order(session, here, late, "2025-12-01 10:00")
    assert [call.vehicle_id for call in planned(session)] == [late.id]


# --- time that is over ----------------------------------------------------------------------------


def test_what_came_in_too_late_is_noted_as_missed(session, here):
    only(session, "service")
    factories.order(session, here, factories.vehicle(session, here), "2026-02-01 16:00")
    (call,) = planned(session)
    assert (call.state, call.ended_at) == ("unreachable", at("2026-02-16 16:00"))
    assert call.planned_at == NOW


@pytest.mark.parametrize(("delivered", "state"), [("10:00", "unreachable"), ("10:01", "planned")])
def test_a_call_is_missed_from_the_moment_its_time_is_up(session, here, delivered, state):
    only(session, "service")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, f"2026-03-01 {delivered}")
    assert [call.state for call in planned(session)] == [state]


def test_a_run_of_every_few_minutes_looks_at_lately_closed_complaints_alone(session, here):
    only(session, "complaint")
    for day in (1, 28):
        done = {"state": "closed", "closed_at": f"2026-02-{day:02} 10:00"}
        factories.complaint(session, here, "2026-01-10 09:00", **done)
    assert [call.anchored_on.day for call in planned(session, late=NOT_LATE)] == [28]
    assert len(planned(session)) == 2


def test_a_run_of_every_few_minutes_leaves_the_missed_to_the_whole_one(session, here):
    only(session, "service")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2026-02-01 16:00")
    factories.order(session, here, car, "2026-03-01 10:01")  # until 10:01 today
    assert [call.anchored_on for call in planned(session, late=NOT_LATE)] == [date(2026, 3, 1)]
    assert len(planned(session)) == 2


def test_what_comes_in_late_is_noted_as_missed_for_three_months(session, here):
    only(session, "service")
    car = factories.vehicle(session, here)
    factories.order(session, here, car, "2025-11-28 16:00")  # 15 + 1 + 92 days back
    factories.order(session, here, car, "2025-11-27 16:00")
    planning.plan(now=NOW)
    assert [call.anchored_on for call in calls(session)] == [date(2025, 11, 28)]


def test_open_calls_end_when_their_time_is_up(session, here):
    over = factories.followup(session, here, "2026-03-01 10:00", expires_at=NOW, state="planned")
    tried = {"expires_at": NOW - timedelta(days=1), "next_try_at": NOW, "attempts": 2}
    again = factories.followup(session, here, "2026-03-01 10:00", **tried)
    later = {"expires_at": NOW + timedelta(seconds=1)}
    still = factories.followup(session, here, "2026-03-01 10:00", **later)
    done = {"expires_at": NOW, "completed_at": "2026-03-02 10:00"}
    factories.followup(session, here, "2026-03-01 10:00", **done)
    ids = over.id, again.id, still.id
    assert planning.expire(now=NOW) == 2
    session.expire_all()
    over, again, still = (session.get(Followup, number) for number in ids)
    assert (over.state, over.ended_at, over.version) == ("unreachable", NOW, 2)
    assert (again.state, again.ended_at) == ("unreachable", NOW - timedelta(days=1))
    assert (again.attempts, again.next_try_at) == (2, None)
    assert (still.state, still.ended_at, still.version) == ("due", None, 1)
    told = session.scalars(select(Event).where(Event.kind == "expired").order_by(Event.at)).all()
    assert [(event.subject_id, event.at, event.data) for event in told] == [
        (again.id, NOW - timedelta(days=1), {"version": 1}),
        (over.id, NOW, {"version": 1}),
    ]
    assert planning.expire(now=NOW) == 0


def test_expiring_goes_on_until_nothing_is_left(session, here, monkeypatch):
    monkeypatch.setattr("data.planning.expiring.CHUNK", 2)
    for _ in range(5):
        factories.followup(session, here, "2026-03-01 10:00", expires_at=NOW)
    assert planning.expire(now=NOW) == 5


# --- once -----------------------------------------------------------------------------------------


def test_planning_twice_makes_each_call_once(session, here):
    car = factories.vehicle(session, here, sold_on=date(2026, 3, 1))
    factories.order(session, here, car, "2026-03-15 16:00")
    first = planning.plan(now=NOW)
    assert {(one.store, one.rule): dict(one.counts) for one in first} == {
        ("S1", "service"): {"planned": 1},
        ("S1", "sale"): {"planned": 1},
    }
    assert planning.plan(now=NOW) == []
    assert len(calls(session)) == 2


def test_a_run_is_told_in_the_log_with_its_counts(session, here):
    rule = only(session, "service")
    car, fleet = factories.vehicle(session, here), factories.vehicle(session, here, fleet=True)
    for vehicle, day in ((car, "2026-03-15"), (car, "2026-01-15"), (fleet, "2026-03-15")):
        factories.order(session, here, vehicle, f"{day} 16:00")
    planned(session)
    (event,) = session.scalars(select(Event)).all()
    assert (event.store_id, event.actor, event.kind) == (here.id, SYSTEM.login, "planned")
    assert (event.subject, event.subject_id) == ("callback_rule", rule.id)
    assert event.data == {"rule": "service", "planned": 1, "missed": 1, "excluded": 1}


def test_chunks_go_on_where_the_last_ended(session, here, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 3)
    only(session, "service")
    cars = [factories.vehicle(session, here) for _ in range(5)]
    for car in cars:
        for moment in ("2026-03-14 16:00", "2026-03-15 16:00", "2026-03-15 15:00"):
            factories.order(session, here, car, moment)
    assert len(planned(session)) == 10


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, tmp_path):
    """A database of its own, where what is written stays."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'plan.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_plan")
    engine = db.connect(url)
    upgrade(engine)
    yield engine
    engine.dispose()


def together(work, times=4):
    """What several threads that begin at once answer."""
    gate, answers = threading.Barrier(times), []

    def one():
        gate.wait()
        answers.append(work())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_several_planners_at_once_make_each_call_once(kept, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 20)
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        for number in range(60):
            car = factories.vehicle(session, store, sold_on=date(2026, 3, 1))
            factories.order(session, store, car, f"2026-03-{1 + number % 15:02} 16:00")
    answers = together(lambda: planning.plan(now=NOW))
    assert len(answers) == 4
    whole = sum((one.counts for answer in answers for one in answer), Counter())
    assert whole == {"planned": 120}
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(select(func.count(Followup.id))) == 120
        told = [event.data["planned"] for event in session.scalars(select(Event))]
        assert sum(told) == 120


def test_several_who_expire_at_once_end_each_call_once(kept, monkeypatch):
    monkeypatch.setattr("data.planning.expiring.CHUNK", 10)
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        for _ in range(50):
            factories.followup(session, store, "2026-03-01 10:00", expires_at=NOW)
    answers = together(lambda: planning.expire(now=NOW))
    planning.expire(now=NOW)  # what was locked by another when its turn came
    with db.reading(as_=SYSTEM) as session:
        assert set(session.scalars(select(Followup.version))) == {2}
        told = select(func.count(Event.id)).where(Event.kind == "expired")
        assert session.scalar(told) == 50
    assert len(answers) == 4


# --- against a slow search ------------------------------------------------------------------------

MINUTES = st.integers(0, 60 * 24 * 40)
ORDERS = st.lists(st.tuples(st.integers(0, 2), MINUTES), max_size=25)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(orders=ORDERS, starts=st.none() | st.integers(0, 40), late=st.sampled_from([None, NOT_LATE]))
def test_the_order_rule_finds_what_a_slow_search_finds(session, here, orders, starts, late):
    for table in (Event, Followup, RepairOrder, Vehicle):
        session.execute(delete(table))
    begin = at("2026-02-10 00:00")
    first = None if starts is None else date(2026, 2, 10) + timedelta(starts)
    rule = only(session, "service", starts_on=first)
    cars = [factories.vehicle(session, here, fleet=number == 2) for number in range(3)]
    made = []
    for car, minutes in orders:
        moment = begin + timedelta(minutes=minutes)
        local = moment.astimezone(ZONE).replace(tzinfo=None)
        made.append(factories.order(session, here, cars[car], local.isoformat()))
    expected = slowly(made, rule, cars[2].id, late)
    found = planned(session, late=late)
    assert {(call.vehicle_id, call.anchored_on, call.order_id, call.state) for call in found} == (
        expected
    )
    assert len({call.number for call in found}) == len(found)


def slowly(orders, rule, fleet, late):
    """Each car and day, the first order of it, and how it stands."""
    found = {}
    for order in sorted(orders, key=lambda order: (order.delivered_at, order.id)):
        day = order.delivered_at.astimezone(ZONE).date()
        over = order.delivered_at + timedelta(days=15) <= NOW
        too_old = day < date(2026, 2, 28)  # sixteen days back
        if order.delivered_at > NOW or (rule.starts_on and day < rule.starts_on):
            continue
        if too_old and late is not None:
            continue
        state = "unreachable" if over else "planned"
        state = "cancelled" if order.vehicle_id == fleet else state
        found.setdefault((order.vehicle_id, day), (order.id, state))
    return {(*key, *value) for key, value in found.items()}
