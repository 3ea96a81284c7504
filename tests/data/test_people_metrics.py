"""Scorecards of people: each number counted by hand, each limit worked out by hand."""

from dataclasses import replace
from datetime import date
from math import sqrt

import pytest
from scipy import stats

from data.metrics.complaints.listing import listing
from data.metrics.people import (
    adviser_scorecard,
    agent_scorecard,
    chance,
    strikes,
    technician_scorecard,
)
from data.metrics.people.strikes import months_before
from data.metrics.satisfaction import csat_t2b
from data.models import Norm
from data.scope import Scope
from tests import factories


@pytest.fixture
def scope(now):
    return Scope(as_of=now, start=date(2026, 1, 1), end=date(2026, 3, 16))


@pytest.fixture
def s1(session):
    return factories.store(session)


@pytest.fixture
def bo(session, s1):
    """An agent with five callbacks: three completed, two of them in time, four reached."""
    person = factories.employee(session, s1, "Bo", role="agent")
    calls = [
        called(session, s1, person, "2026-03-01 09:00", "2026-03-01 09:00", talk_s=240),
        called(session, s1, person, "2026-03-02 09:00", "2026-03-01 18:00", talk_s=480),
        called(session, s1, person, "2026-03-03 09:00", "2026-03-04 18:00", talk_s=None),
        called(session, s1, person, "2026-03-04 09:00", "2026-03-04 08:00", respondent="other"),
    ]
    factories.followup(session, s1, "2026-03-05 09:00", agent_id=person.id)  # open and late
    factories.followup(session, s1, "2026-03-16 20:00", agent_id=person.id)  # not yet due
    for call, overall in zip(calls, (5, 3, None, 1), strict=True):
        factories.response(session, s1, "2026-03-04 18:00", overall, callback_id=call.id)
    return person


def called(session, store, person, due, completed, **more):
    return factories.followup(
        session, store, due, completed_at=completed, agent_id=person.id, **more
    )


def row(answer, person, measure):
    found = answer.frame
    (one,) = found[(found["key"] == str(person.id)) & (found["measure"] == measure)].to_dict(
        "records"
    )
    return one


def counted(answer, person, measure):
    one = row(answer, person, measure)
    return one["numerator"], one["denominator"], one["not_due"]


def test_the_callbacks_of_an_agent(session, scope, bo):
    answer = agent_scorecard(session, scope)
    assert counted(answer, bo, "completed") == (3, 5, 1)
    assert counted(answer, bo, "on_time") == (2, 5, 1)
    assert counted(answer, bo, "contact") == (4, 5, 1)


def test_the_length_of_completed_calls_in_minutes_and_the_marks(session, scope, bo):
    answer = agent_scorecard(session, scope)
    length = row(answer, bo, "length")
    assert (length["value"], length["denominator"], length["unit"]) == (6.0, 2, "minutes")
    # 4 and 8 minutes scatter by 2; 1.96 × 2 ÷ √2
    assert length["ci_high"] - 6 == pytest.approx(1.96 * 2 / sqrt(2))
    assert counted(answer, bo, "satisfied") == (1, 2, 0)  # 5 and 3; somebody else's 1 is no mark
    assert row(answer, bo, "overall")["value"] == 4.0


def test_calls_of_nobody_are_nobodys(session, scope, s1):
    factories.followup(session, s1, "2026-03-05 09:00")
    answer = agent_scorecard(session, scope)
    assert answer.frame.empty
    assert answer.summary == {"people": 0, "judged": 0, "compared": 0, "beyond": 0}


def forty(session, store, name, done):
    """An agent with forty matured callbacks, some of them completed."""
    person = factories.employee(session, store, name, role="agent")
    for place in range(40):
        if place < done:
            called(session, store, person, "2026-03-02 09:00", "2026-03-01 18:00")
        else:
            factories.followup(session, store, "2026-03-02 09:00", agent_id=person.id)
    return person


def test_beyond_three_standard_deviations_of_the_store_is_more_than_chance(session, scope, s1):
    low, high = forty(session, s1, "An", 18), forty(session, s1, "Bo", 38)
    answer = agent_scorecard(session, scope, measure="completed")
    one, other = row(answer, low, "completed"), row(answer, high, "completed")
    # 56 of 80 are usual: 0.7, and 3 × √(0.7 × 0.3 ÷ 40) = 0.2174
    assert one["centre"] == other["centre"] == pytest.approx(0.7)
    assert (one["lower"], one["upper"]) == pytest.approx((0.4826, 0.9174), abs=1e-4)
    assert (one["value"], one["verdict"]) == (0.45, "below")
    assert (other["value"], other["verdict"]) == (0.95, "above")
    assert answer.summary == {"people": 2, "judged": 2, "compared": 2, "beyond": 2}


def test_nothing_is_said_of_fewer_than_thirty(session, scope, s1, bo):
    forty(session, s1, "An", 38)
    answer = agent_scorecard(session, scope, measure="completed")
    assert row(answer, bo, "completed")["verdict"] is None
    assert answer.summary["judged"] == 1


def test_people_are_compared_with_their_own_store_and_sorted_by_name(session, scope, s1):
    s2 = factories.store(session, "S2")
    people = [
        forty(session, s2, "Di", 20),
        forty(session, s1, "Cy", 20),
        forty(session, s1, "An", 20),
        forty(session, s2, "Bo", 40),
    ]
    answer = agent_scorecard(session, scope, measure="completed")
    assert [row["name"] for row in answer.frame.to_dict("records")] == ["An", "Cy", "Bo", "Di"]
    centres = [row(answer, person, "completed")["centre"] for person in people]
    assert centres == [0.75, 0.5, 0.5, 0.75]


def test_one_agents_own_card_keeps_the_limits_of_the_store(session, scope, s1):
    own, _ = forty(session, s1, "An", 18), forty(session, s1, "Bo", 38)
    answer = agent_scorecard(session, replace(scope, drill=(("agent", str(own.id)),)))
    assert set(answer.frame["name"]) == {"An"}
    assert row(answer, own, "completed")["centre"] == pytest.approx(0.7)


def test_short_calls_with_full_marks_are_nobodys_yardstick(session, scope, s1):
    quick, sober = (factories.employee(session, s1, name, role="agent") for name in ("An", "Bo"))
    for person, talk_s in ((quick, 40), (sober, 400)):
        for place in range(40):
            call = called(
                session, s1, person, "2026-03-02 09:00", "2026-03-01 18:00", talk_s=talk_s
            )
            overall = 3 if person is sober and place < 8 else 5
            factories.response(session, s1, "2026-03-01 18:00", overall, callback_id=call.id)
    answer = agent_scorecard(session, scope, measure="satisfied")
    # usual are 32 of 40, and 3 × √(0.8 × 0.2 ÷ 40) = 0.1897
    assert row(answer, sober, "satisfied")["verdict"] == "within"
    assert row(answer, quick, "satisfied")["centre"] == pytest.approx(0.8)
    assert row(answer, quick, "satisfied")["upper"] == pytest.approx(0.9897, abs=1e-4)
    assert row(answer, quick, "satisfied")["verdict"] == "above"


# --- the workshop --------------------------------------------------------------------------------


@pytest.fixture
def wu(session, s1):
    return factories.employee(session, s1, "Wu")


def test_the_orders_of_an_adviser_and_a_technician(session, scope, s1, wu):
    tan = factories.employee(session, s1, "Tan", role="technician")
    car = factories.vehicle(session, s1)
    both = {"adviser_id": wu.id, "technician_id": tan.id}
    first = factories.order(session, s1, car, "2026-02-02 17:00", **both)
    factories.order(session, s1, factories.vehicle(session, s1), "2026-02-03 17:00", **both)
    factories.order(session, s1, factories.vehicle(session, s1), "2026-03-03 17:00", **both)
    factories.complaint(session, s1, "2026-02-10 09:00", order_id=first.id)
    factories.complaint(session, s1, "2026-02-11 09:00")  # of no order
    for overall in (5, 4, 2):
        factories.response(session, s1, "2026-02-05 10:00", overall, order_id=first.id)
    for answer, person in (
        (adviser_scorecard(session, scope), wu),
        (technician_scorecard(session, scope), tan),
    ):
        assert set(answer.frame["name"]) == {person.name}
        assert counted(answer, person, "satisfied") == (2, 3, 0)
        assert counted(answer, person, "complaints") == (1, 3, 0)
        assert row(answer, person, "complaints")["value"] == pytest.approx(1000 / 3)
        assert counted(answer, person, "rework") == (0, 2, 1)  # 3 March is not 30 days ago


def test_an_answer_of_somebody_else_is_no_judgement_of_the_adviser(session, scope, s1, wu):
    order = factories.order(
        session, s1, factories.vehicle(session, s1), "2026-02-02 17:00", adviser_id=wu.id
    )
    call = called(session, s1, wu, "2026-02-03 17:00", "2026-02-03 12:00", respondent="other")
    factories.response(session, s1, "2026-02-03 12:00", 1, order_id=order.id, callback_id=call.id)
    assert "satisfied" not in set(adviser_scorecard(session, scope).frame["measure"])


def came_again(session, store, car, delivered, **more):
    """The car is back in the workshop for the same fault."""
    return factories.order(session, store, car, delivered, rework=True, **more)


def test_rework_is_charged_to_the_order_it_repeats(session, scope, s1, wu):
    cars = [factories.vehicle(session, s1) for _ in range(4)]
    orders = [
        factories.order(session, s1, car, "2026-01-10 17:00", adviser_id=wu.id) for car in cars
    ]
    came_again(session, s1, cars[0], "2026-01-20 17:00", rework_of_id=orders[0].id)
    came_again(session, s1, cars[1], "2026-02-09 17:00")  # the 30th day, of an unnamed order
    came_again(session, s1, cars[2], "2026-02-10 17:00")  # a day too late
    factories.order(session, s1, cars[3], "2026-01-20 17:00")  # back, for something else
    assert counted(adviser_scorecard(session, scope), wu, "rework") == (2, 4, 0)


def test_a_rework_of_a_named_order_is_not_charged_to_another(session, scope, s1, wu):
    li, car = factories.employee(session, s1), factories.vehicle(session, s1)
    first = factories.order(session, s1, car, "2026-01-10 17:00", adviser_id=li.id)
    factories.order(session, s1, car, "2026-01-15 17:00", adviser_id=wu.id)
    came_again(session, s1, car, "2026-01-20 17:00", rework_of_id=first.id)
    answer = adviser_scorecard(session, scope)
    assert counted(answer, li, "rework") == (1, 1, 0)
    assert counted(answer, wu, "rework") == (0, 1, 0)


# --- strikes -------------------------------------------------------------------------------------


def verified(session, store, opened, person, **more):
    more = {"person_complained_id": person.id, "person_verified": True} | more
    return factories.complaint(session, store, opened, **more)


def switch_on(session, **value):
    norm = session.query(Norm).filter_by(code="strikes").one()
    norm.value = {"counted": True, "months": 12} | value
    session.flush()


def test_strikes_are_off_until_a_house_switches_them_on(session, scope, s1, wu):
    verified(session, s1, "2026-02-10 09:00", wu)
    answer = strikes(session, scope)
    assert answer.frame.empty
    assert answer.summary["counted"] is False


def test_only_verified_complaints_of_the_last_months_are_strikes(session, scope, s1, wu):
    switch_on(session)
    li, zhu = factories.employee(session, s1, "Li"), factories.employee(session, s1, "Zhu")
    verified(session, s1, "2025-03-16 09:00", wu)  # twelve months ago to the day: over
    verified(session, s1, "2025-03-17 09:00", wu)  # the first day that counts
    verified(session, s1, "2026-02-10 09:00", wu)
    verified(session, s1, "2026-02-10 09:00", li)
    verified(session, s1, "2026-02-11 09:00", li, person_verified=False)
    verified(session, s1, "2026-03-17 09:00", li)  # after the moment asked about
    for day in ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"):
        verified(session, s1, f"{day} 09:00", zhu)
    answer = strikes(session, scope)
    found = [(r["name"], r["count"], r["step"]) for r in answer.frame.to_dict("records")]
    assert found == [("Li", 1, "warning"), ("Wu", 2, "sanction"), ("Zhu", 4, "dismissal_review")]
    assert answer.summary["people"] == 3


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 16), 12, date(2025, 3, 16)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    assert months_before(day, months) == before


# --- chance --------------------------------------------------------------------------------------


def test_limits_of_shares_are_three_standard_deviations():
    assert chance.of_share(0.5, 100) == pytest.approx((0.35, 0.65))
    assert chance.of_share(0.9, 100) == pytest.approx((0.81, 0.99))


@pytest.mark.parametrize(("usual", "of"), [(0.02, 30), (0.02, 120), (0.004, 700), (0.97, 40)])
def test_limits_of_rare_shares_are_counted_out(usual, of):
    low, high = chance.of_share(usual, of)
    odds = stats.binom(of, usual)
    assert odds.sf(round(high * of)) < chance.TAIL
    assert odds.cdf(round(low * of) - 1) < chance.TAIL
    if high < 1:
        assert odds.sf(round(high * of) - 1) >= chance.TAIL


@pytest.mark.parametrize(("usual", "of"), [(0.008, 30), (0.008, 200), (0.02, 240)])
def test_limits_of_rare_counts_are_counted_out(usual, of):
    low, high = chance.of_count(usual, of)
    odds = stats.poisson(usual * of)
    assert low == 0
    assert odds.sf(round(high * of)) < chance.TAIL <= odds.sf(round(high * of) - 1)


def test_limits_of_frequent_counts_are_three_standard_deviations():
    low, high = chance.of_count(0.04, 900)  # 36 expected, and 3 × 6
    assert (low * 900, high * 900) == pytest.approx((18, 54))


def test_of_nothing_usual_anything_is_beyond_chance():
    assert chance.of_count(0.0, 100) == (0, 0)
    assert chance.of_share(0.0, 100) == (0, 0)
    assert chance.of_share(1.0, 100) == (1, 1)


# --- the way to what is behind it ----------------------------------------------------------------


def test_the_complaints_and_answers_of_a_person_are_listed(session, scope, s1, wu):
    tan = factories.employee(session, s1, "Tan", role="technician")
    car = factories.vehicle(session, s1)
    own = factories.order(
        session, s1, car, "2026-02-02 17:00", adviser_id=wu.id, technician_id=tan.id
    )
    other = factories.order(session, s1, car, "2026-02-03 17:00")
    number = factories.complaint(session, s1, "2026-02-10 09:00", order_id=own.id).number
    factories.complaint(session, s1, "2026-02-10 09:00", order_id=other.id)
    factories.complaint(session, s1, "2026-02-10 09:00")
    for order, overall in ((own, 2), (other, 5)):
        factories.response(session, s1, "2026-02-05 10:00", overall, order_id=order.id)
    for key, person in (("adviser", wu), ("technician", tan)):
        one = replace(scope, drill=((key, str(person.id)), ("state", "all")))
        found, total = listing(session, one)
        assert ([row["number"] for row in found], total) == ([number], 1)
        assert csat_t2b(session, one).summary["denominator"] == 1
