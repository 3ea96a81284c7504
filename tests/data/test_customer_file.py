"""The customer file: everything about one person, for those who may see it."""

from datetime import date

import pytest

from data import lifetime, visits
from data.customers import file
from data.customers.finding import Found, identify
from data.models import ChurnCase, FollowupRule
from data.person import SYSTEM, Role
from tests import factories
from tests.factories import account, at, customer, employee, followup, store, vehicle

NOW = at("2026-03-10T10:00")
TODAY = date(2026, 3, 10)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def chen(session, dealer):
    return customer(session, dealer, number="C7", birthday=date(1980, 4, 1))


@pytest.fixture
def car(session, dealer, chen):
    given = {"plate": "粤A12345", "insurance_until": date(2026, 4, 20)}
    return vehicle(session, dealer, customer_id=chen.id, **given)


def came(session, car, dealer, *days, fen=100):
    for day in days:
        factories.order(session, dealer, car, f"{day}T17:00", total_fen=fen)
    visits.refresh(session.connection(), dealer.id, [car.id])


def find(session, chen, person=SYSTEM):
    return file.find(session, chen.id, as_of=NOW, person=person)


@pytest.mark.parametrize(
    ("last", "away"),
    [
        ("2026-03-10", "active"),
        ("2025-12-10", "active"),
        ("2025-12-09", "at_risk"),
        ("2025-09-10", "at_risk"),
        ("2025-09-09", "dormant"),
        ("2025-03-10", "dormant"),
        ("2025-03-09", "lost"),
    ],
)
def test_a_car_stands_in_the_class_of_its_last_visit(session, dealer, chen, car, last, away):
    came(session, car, dealer, "2024-05-05", last)
    (found,) = find(session, chen).cars
    assert (found.away, found.visits, found.last_on) == (away, 2, date.fromisoformat(last))


def test_a_car_that_never_came_has_no_class(session, chen, car):
    (found,) = find(session, chen).cars
    assert (found.away, found.visits, found.last_on, found.year_fen) == (None, 0, None, 0)


def test_what_the_cars_brought_is_that_of_the_last_twelve_months(session, dealer, chen, car):
    other = vehicle(session, dealer, customer_id=chen.id)
    came(session, car, dealer, "2025-03-09", "2025-03-10", "2026-03-10")
    came(session, other, dealer, "2026-01-01", "2026-03-11", fen=1_000)
    found = find(session, chen)
    assert {one.vehicle.id: one.year_fen for one in found.cars} == {car.id: 200, other.id: 1_000}
    assert found.year_fen == 1_200


def test_all_that_was_between_us_is_there_and_nothing_of_others(session, dealer, chen, car):
    of = {"customer_id": chen.id, "vehicle_id": car.id}
    other = vehicle(session, dealer, customer_id=customer(session, dealer, "Wang").id)
    for who in (of, {"vehicle_id": car.id}, {"vehicle_id": other.id}):
        call = followup(session, dealer, "2026-03-01T10:00", **who)
        factories.promise(session, dealer, "2026-03-20T10:00", followup_id=call.id)
        case = factories.complaint(session, dealer, "2026-03-02T10:00", category="brakes", **who)
        factories.promise(session, dealer, "2026-03-20T10:00", complaint_id=case.id)
    for one in (car, other):
        given = {"vehicle_id": one.id, "state": "selected", "selected_at": NOW}
        session.add(ChurnCase(store_id=dealer.id, **given))
    factories.order(session, dealer, car, "2026-03-01T17:00")
    factories.order(session, dealer, other, "2026-03-01T17:00")
    session.flush()
    found = find(session, chen)
    counts = [len(getattr(found, name)) for name in ("orders", "calls", "complaints", "promises")]
    assert counts == [1, 2, 2, 4]
    assert [one.vehicle_id for one in found.churn] == [car.id]
    assert {one.code for one in found.categories.values()} == {"brakes"}


def test_an_answer_stands_with_its_call(session, dealer, chen, car):
    call = followup(session, dealer, "2026-03-01T10:00", customer_id=chen.id)
    said = factories.response(session, dealer, "2026-03-01T10:00", 2, callback_id=call.id)
    (found,) = find(session, chen, account(session, Role.MANAGER, dealer)).calls
    assert (found.response.id, found.rule.code, found.open_to) == (said.id, "service", True)


@pytest.mark.parametrize(
    ("role", "named"),
    [
        *((role, True) for role in (Role.PRINCIPAL, Role.MANAGER, Role.QUALITY)),
        (Role.ADMIN, False),
    ],
)
def test_who_sees_people_sees_who_it_is(session, dealer, chen, role, named):
    assert find(session, chen, account(session, role, dealer)).named is named


def test_a_file_outside_the_stores_does_not_exist(session, dealer, chen):
    session.info["person"] = account(session, Role.MANAGER, store(session, "S2"))
    assert find(session, chen, session.info["person"]) is None


def test_to_an_agent_it_exists_with_a_call_of_theirs(session, dealer, chen, car):
    agent = account(session, Role.AGENT, dealer)
    me = employee(session, dealer, user_id=agent.id)
    other = employee(session, dealer, "Wang")
    call = followup(session, dealer, "2026-03-01T10:00", vehicle_id=car.id, agent_id=other.id)
    assert find(session, chen, agent) is None
    call.agent_id = me.id
    theirs = {"customer_id": chen.id, "agent_id": other.id}
    followup(session, dealer, "2026-02-01T10:00", completed_at="2026-02-01T10:00", **theirs)
    session.flush()
    found = find(session, chen, agent)
    assert found.named
    assert [one.open_to for one in found.calls] == [True, False]


def test_a_wall_screen_has_no_files(session, dealer, chen):
    assert find(session, chen, account(session, Role.SCREEN, dealer)) is None


def reminder(found, care):
    return next(one for one in found.reminders if one.care == care)


def test_each_date_says_when_it_is_and_whether_somebody_calls(session, dealer, chen, car):
    rule = session.query(FollowupRule).filter_by(code="insurance").one()
    one = reminder(find(session, chen), "insurance_until")
    assert (one.day, one.call, one.call_on) == (date(2026, 4, 20), None, None)
    rule.active = True
    session.flush()
    assert reminder(find(session, chen), "insurance_until").call_on == date(2026, 3, 21)
    rule.starts_on = date(2026, 4, 21)
    session.flush()
    assert reminder(find(session, chen), "insurance_until").call_on is None
    given = {"anchor": f"v{car.id} 2026-04-20", "vehicle_id": car.id}
    call = followup(session, dealer, "2026-03-11T10:00", rule="insurance", **given)
    assert reminder(find(session, chen), "insurance_until").call.id == call.id


def test_an_unknown_date_and_the_coming_birthday(session, chen, car):
    found = find(session, chen)
    assert [one.care for one in found.reminders] == [
        *("insurance_until", "inspection_due_on", "next_service_on", "birthday"),
    ]
    assert reminder(found, "inspection_due_on").day is None
    assert reminder(found, "birthday").day == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("born", "coming"),
    [
        (date(1980, 3, 10), date(2026, 3, 10)),
        (date(1980, 3, 9), date(2027, 3, 9)),
        (date(1980, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_birthday_comes_again(session, chen, born, coming):
    chen.birthday = born
    session.flush()
    assert reminder(find(session, chen), "birthday").day == coming


def test_the_value_is_reckoned_by_the_formula_of_the_house(session, dealer):
    kept = lifetime.formula(session)
    worth = lifetime.worth(kept.parts)
    assert (worth.service_fen, worth.cars_fen) == (7_200_000, 30_000_000)
    assert worth.whole_fen == 37_200_000  # 372,000 yuan
    assert kept.version == 1


def test_a_customer_is_found_by_id_or_by_the_number_of_a_store(session, dealer, chen):
    store(session, "S2")
    found = Found(chen.id, "Chen", "S1")
    assert identify(session, str(chen.id)) == found
    assert identify(session, "C7", "S1") == found
    for text, code in (("C7", None), ("C7", "S2"), ("C8", "S1"), ("9" * 30, None)):
        assert identify(session, text, code) is None
