"""Callback metrics against answers counted by hand, and against a slow and obvious count."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.metrics import METRICS, followups
from data.models import Customer, FollowupRule, Norm, Promise
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.factories import (
    at,
    attempt,
    employee,
    followup,
    order,
    promise,
    response,
    store,
    vehicle,
)

NOW = "2026-03-16T10:00"  # a Monday
RATES = ("attempt_rate", "contact_rate", "completion_rate", "on_time_rate")


def scope(now=NOW, **more):
    return Scope(as_of=at(now), **more)


def rate_of(answer):
    summary = answer.summary
    return summary["numerator"], summary["denominator"], summary["not_due"]


def rates(session, *, asked=None):
    """(met, matured, not due) of the four rates."""
    return {name: rate_of(METRICS[name](session, asked or scope())) for name in RATES}


def rows_of(answer, *columns):
    return answer.frame[list(columns)].to_dict("split")["data"]


@pytest.fixture
def dealer(session):
    return store(session)


# --- what counts, and when -----------------------------------------------------------------------


def test_what_is_not_due_yet_is_in_no_denominator(session, dealer):
    followup(session, dealer, "2026-03-16T10:01", state="planned")
    followup(session, dealer, "2026-03-16T10:00", state="planned")  # due at this moment: matured
    assert rates(session) == dict.fromkeys(RATES, (0, 1, 1))


def test_a_call_done_early_is_in_the_denominator_before_its_deadline(session, dealer):
    followup(session, dealer, "2026-03-16T20:00", completed_at="2026-03-16T09:00")
    assert rates(session) == dict.fromkeys(RATES, (1, 1, 0))


def test_open_and_late_is_a_miss(session, dealer):
    tried = {"first_attempt_at": "2026-03-15T11:00", "attempts": 1}
    followup(session, dealer, "2026-03-15T10:00", **tried)
    assert rates(session) == {
        "attempt_rate": (1, 1, 0),
        "contact_rate": (0, 1, 0),
        "completion_rate": (0, 1, 0),
        "on_time_rate": (0, 1, 0),
    }


def test_an_attempt_before_the_deadline_does_not_make_an_open_call_count(session, dealer):
    followup(session, dealer, "2026-03-16T20:00", first_attempt_at="2026-03-16T09:00", attempts=1)
    assert rates(session)["attempt_rate"] == (0, 0, 1)


def test_exactly_at_the_deadline_is_in_time(session, dealer):
    followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T10:00")
    followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T10:00:01")
    assert rates(session)["on_time_rate"] == (1, 2, 0)
    assert rates(session)["completion_rate"] == (2, 2, 0)


def test_who_is_not_called_counts_nowhere(session, dealer):
    over = {"state": "cancelled", "ended_at": "2026-03-11T10:00"}
    for why in ("fleet", "internal", "do_not_call"):
        followup(session, dealer, "2026-03-12T10:00", excluded=why, **over)
    followup(session, dealer, "2026-03-12T10:00", **over)
    assert rates(session) == dict.fromkeys(RATES, (0, 0, 0))
    assert followups.followups_due(session, scope()).summary == {"value": 0, "not_due": 0}
    assert followups.callback_funnel(session, scope()).summary["due"] == 0


def test_answers_of_somebody_else_complete_nothing(session, dealer):
    followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T09:00")
    for who in ("owner", "other"):
        done = {"completed_at": "2026-03-12T09:00", "respondent": who}
        followup(session, dealer, "2026-03-12T10:00", **done)
    assert rates(session)["completion_rate"] == (2, 3, 0)
    assert rates(session)["contact_rate"] == (3, 3, 0)


def test_a_call_that_nobody_answered_is_a_miss_once_it_is_given_up(session, dealer):
    given_up = {"state": "unreachable", "ended_at": "2026-03-16T09:00", "attempts": 5}
    followup(session, dealer, "2026-03-16T20:00", first_attempt_at="2026-03-15T21:00", **given_up)
    assert rates(session)["completion_rate"] == (0, 1, 0)
    assert rates(session)["attempt_rate"] == (1, 1, 0)


def test_an_earlier_moment_sees_nothing_of_what_came_later(session, dealer):
    call = followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T12:00")
    call.first_attempt_at, call.attempts = at("2026-03-11T18:00"), 2
    attempt(session, call, "2026-03-11T18:00", "no_answer")
    attempt(session, call, "2026-03-12T11:55", "connected")
    gone = {"state": "cancelled", "ended_at": "2026-03-13T10:00"}
    followup(session, dealer, "2026-03-12T10:00", **gone)

    def then(moment):
        return rates(session, asked=scope(moment))

    assert then("2026-03-11T09:59") == dict.fromkeys(RATES, (0, 0, 0))  # not planned yet
    assert then("2026-03-11T19:00")["attempt_rate"] == (0, 0, 2)
    assert then("2026-03-12T11:00")["attempt_rate"] == (1, 2, 0)
    assert then("2026-03-12T11:00")["contact_rate"] == (0, 2, 0)
    assert then("2026-03-12T12:00")["completion_rate"] == (1, 2, 0)
    assert then("2026-03-13T10:00")["completion_rate"] == (1, 1, 0)  # the other is called off
    tries = followups.attempts_per_completion(session, scope("2026-03-12T11:00")).summary
    assert (tries["numerator"], tries["denominator"]) == (1, 0)
    reach = followups.reach_by_hour(session, scope("2026-03-12T11:00")).summary
    assert (reach["numerator"], reach["denominator"]) == (0, 1)


def test_the_funnel_adds_up_with_the_rates(session, dealer):
    followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T09:00")
    followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-13T09:00")
    other = {"completed_at": "2026-03-12T09:00", "respondent": "other"}
    followup(session, dealer, "2026-03-12T10:00", **other)
    followup(session, dealer, "2026-03-12T10:00", first_attempt_at="2026-03-12T09:00", attempts=1)
    followup(session, dealer, "2026-03-12T10:00")
    followup(session, dealer, "2026-03-16T11:00", state="planned")
    answer = followups.callback_funnel(session, scope())
    assert rows_of(answer, "step", "count", "share") == [
        ["due", 5, 1.0],
        ["attempted", 4, 0.8],
        ["connected", 3, 0.6],
        ["completed", 2, 0.4],
        ["on_time", 1, 0.2],
    ]
    assert answer.summary["not_due"] == 1
    assert followups.followups_due(session, scope()).summary == {"value": 6, "not_due": 1}


# --- weeks, keys and stores ----------------------------------------------------------------------


def test_a_week_ends_at_midnight_on_the_clocks_of_the_store(session, dealer):
    berlin = store(session, "B", zone="Europe/Berlin")
    for place, last, first in (
        (dealer, "2026-03-08T23:59", "2026-03-09T00:00"),
        (berlin, "2026-03-08T23:59", "2026-03-09T00:00"),
    ):
        followup(session, place, last)
        followup(session, place, first)
        followup(session, place, first)
    answer = followups.completion_rate(session, scope())
    assert rows_of(answer, "period", "finished", "denominator") == [
        [date(2026, 3, 2), True, 2],
        [date(2026, 3, 9), True, 4],
    ]
    one = followups.completion_rate(session, scope(start=date(2026, 3, 9), end=date(2026, 3, 9)))
    assert rate_of(one) == (0, 4, 0)


def test_the_running_week_is_not_finished(session, dealer):
    followup(session, dealer, "2026-03-16T09:00")
    answer = followups.on_time_rate(session, scope())
    assert rows_of(answer, "period", "finished") == [[date(2026, 3, 16), False]]


def test_the_rates_by_rule_agent_channel_and_store(session, dealer):
    li, wang = employee(session, dealer, "Li"), employee(session, dealer, "Wang")
    done = {"completed_at": "2026-03-12T09:00"}
    followup(session, dealer, "2026-03-12T10:00", agent_id=li.id, **done)
    followup(session, dealer, "2026-03-12T10:00", agent_id=li.id, rule="sale")
    followup(session, dealer, "2026-03-12T10:00", agent_id=wang.id, rule=None, **done)
    followup(session, dealer, "2026-03-12T10:00")

    def by(key):
        answer = followups.completion_rate(session, scope(), by=key)
        return sorted(rows_of(answer, "key", "numerator", "denominator"))

    assert by("rule") == [["none", 1, 1], ["sale", 0, 1], ["service", 1, 2]]
    assert by("agent") == sorted([[str(li.id), 1, 2], [str(wang.id), 1, 1], ["none", 0, 1]])
    assert by("channel") == [["none", 1, 1], ["phone", 1, 3]]
    assert by("store") == [["S1", 2, 4]]
    named = followups.completion_rate(session, scope(), by="rule").frame.set_index("key")
    assert named.loc["sale", "name_zh"] == "购车后回访"


@pytest.mark.parametrize(
    ("drill", "denominator"),
    [
        ((("rule", "sale"),), 1),
        ((("rule", "none"),), 1),
        ((("rule", "sale"), ("rule", "service")), 2),
        ((("channel", "phone"),), 2),
        ((("agent", "none"),), 2),
        ((("result", "busy"),), 1),
        ((("result", "no_answer"),), 0),
        ((("rule", "nonsense"),), 0),
        ((("agent", "nonsense"),), 0),
    ],
)
def test_a_drill_narrows(session, dealer, drill, denominator):
    li = employee(session, dealer, "Li")
    one = followup(session, dealer, "2026-03-12T10:00", agent_id=li.id)
    attempt(session, one, "2026-03-12T09:00", "busy")
    followup(session, dealer, "2026-03-12T10:00", rule="sale")
    followup(session, dealer, "2026-03-12T10:00", rule=None)
    assert rates(session, asked=scope(drill=drill))["completion_rate"][1] == denominator
    mine = scope(drill=(("agent", str(li.id)),))
    assert rates(session, asked=mine)["completion_rate"][1] == 1


def test_a_scope_keeps_to_its_stores_and_a_person_to_theirs(session, dealer):
    other = store(session, "S2")
    for place, count in ((dealer, 1), (other, 2)):
        for _ in range(count):
            call = followup(session, place, "2026-03-12T10:00", completed_at="2026-03-12T09:00")
            attempt(session, call, "2026-03-12T09:00", "connected")
            response(session, place, "2026-03-12T09:00", callback_id=call.id, asked=7)
            promise(session, place, "2026-03-12T10:00")
    session.info["person"] = Person(
        login="m", name="M", role=Role.MANAGER, stores=frozenset({other.id})
    )
    for name in (*RATES, "reach_by_hour", "promise_kept_rate", "scores_by_caller"):
        assert METRICS[name](session, scope()).summary["denominator"] == 2, name
        none = METRICS[name](session, scope(stores=("S1",)))
        assert none.summary["denominator"] == 0, name
    session.info["person"] = SYSTEM
    for name in RATES:
        assert METRICS[name](session, scope(stores=("S2",))).summary["denominator"] == 2


def test_every_callback_metric_is_kept_to_a_persons_stores(session, dealer):
    other = store(session, "S2")
    for place in (dealer, other, other):
        car = vehicle(session, place)
        theirs = order(session, place, car, "2026-03-11T10:00", adviser_id=None)
        done = {"completed_at": "2026-03-12T09:00", "talk_s": 400, "order_id": theirs.id}
        day = {"vehicle_id": car.id, "anchored_on": date(2026, 3, 11)}
        call = followup(session, place, "2026-03-12T10:00", **done, **day)
        attempt(session, call, "2026-03-12T08:00", "busy")
        response(session, place, "2026-03-12T09:00", callback_id=call.id, asked=7)
        promise(session, place, "2026-03-12T10:00", followup_id=call.id)
        employee(session, place, role="agent")
        followup(session, place, "2026-03-17T10:00", planned_at="2026-03-16T09:00")
    one = scope(stores=("S2",))
    whole = {name: METRICS[name](session, one).summary for name in followups.__all__}
    session.info["person"] = Person(
        login="m", name="M", role=Role.MANAGER, stores=frozenset({other.id})
    )
    for name in followups.__all__:
        assert METRICS[name](session, scope()).summary == whole[name], name
    assert whole["followup_coverage"]["denominator"] == 2


def test_every_callback_metric_answers_without_any_data(session):
    for name in followups.__all__:
        assert METRICS[name](session, scope()).summary is not None


# --- coverage ------------------------------------------------------------------------------------


def test_an_order_without_a_callback_is_a_gap(session, dealer):
    with_call, without = vehicle(session, dealer), vehicle(session, dealer)
    day = {"anchored_on": date(2026, 3, 10)}
    followup(session, dealer, "2026-03-11T10:00", vehicle_id=with_call.id, **day)
    for car in (with_call, with_call, without):  # two orders of a day have one call
        order(session, dealer, car, "2026-03-10T10:00")
    order(session, dealer, with_call, "2026-03-09T10:00")  # another day, no call
    order(session, dealer, without, "2026-03-16T09:00")  # there is time until tomorrow
    order(session, dealer, without, "2026-03-16T10:01")  # not delivered yet
    assert rate_of(followups.followup_coverage(session, scope())) == (2, 4, 1)


def test_orders_that_should_have_no_callback_are_not_covered_for(session, dealer):
    customer = Customer(store_id=dealer.id, name="Zhang", do_not_call=True)
    session.add(customer)
    session.flush()
    for car in (
        vehicle(session, dealer, fleet=True),
        vehicle(session, dealer, internal=True),
        vehicle(session, dealer, customer_id=customer.id),
    ):
        order(session, dealer, car, "2026-03-10T10:00")
    excluded = vehicle(session, dealer)
    day = {"anchored_on": date(2026, 3, 10), "state": "cancelled"}
    ended = {"ended_at": "2026-03-10T11:00", "excluded": "do_not_call"}
    followup(session, dealer, "2026-03-11T10:00", vehicle_id=excluded.id, **day, **ended)
    order(session, dealer, excluded, "2026-03-10T10:00")
    assert rate_of(followups.followup_coverage(session, scope())) == (0, 0, 0)


def test_orders_before_the_rule_began_need_no_callback(session, dealer):
    rule = session.query(FollowupRule).filter_by(code="service").one()
    rule.starts_on = date(2026, 3, 10)
    session.flush()
    car = vehicle(session, dealer)
    order(session, dealer, car, "2026-03-09T23:59")
    order(session, dealer, car, "2026-03-10T00:00")
    assert rate_of(followups.followup_coverage(session, scope())) == (0, 1, 0)


# --- the tries -----------------------------------------------------------------------------------


def test_attempts_per_completed_call(session, dealer):
    first = {"completed_at": "2026-03-12T09:00"}
    followup(session, dealer, "2026-03-12T10:00", **first)
    followup(session, dealer, "2026-03-12T10:00", **first, attempts=3)
    given_up = {"state": "unreachable", "ended_at": "2026-03-14T10:00", "attempts": 5}
    followup(session, dealer, "2026-03-12T10:00", **given_up)
    still = followup(session, dealer, "2026-03-12T10:00", attempts=2)
    attempt(session, still, "2026-03-12T09:00", "busy")
    attempt(session, still, "2026-03-16T10:01", "busy")  # not yet
    answer = followups.attempts_per_completion(session, scope())
    assert (answer.summary["numerator"], answer.summary["denominator"]) == (1 + 3 + 5 + 1, 2)
    assert answer.summary["value"] == pytest.approx(5.0)
    assert answer.summary["first_attempt_share"] == pytest.approx(0.5)
    assert rows_of(answer, "period", "value") == [[date(2026, 3, 9), 5.0]]


def test_reach_by_weekday_and_hour_of_the_store(session, dealer):
    calcutta = store(session, "IN", zone="Asia/Kolkata")  # half an hour off
    here, there = (followup(session, place, "2026-03-12T10:00") for place in (dealer, calcutta))
    attempt(session, here, "2026-03-10T09:59", "connected")  # a Tuesday
    attempt(session, here, "2026-03-10T10:00", "no_answer")
    attempt(session, here, "2026-03-15T09:15", "refused")  # a Sunday
    attempt(session, there, "2026-03-10T09:00", "busy", zone="Asia/Kolkata")
    answer = followups.reach_by_hour(session, scope())
    assert rows_of(answer, "weekday", "hour", "numerator", "denominator") == [
        [1, 9, 1, 2],
        [1, 10, 0, 1],
        [6, 9, 0, 1],
    ]
    one_day = scope(start=date(2026, 3, 10), end=date(2026, 3, 10))
    assert followups.reach_by_hour(session, one_day).summary["denominator"] == 3
    busy = scope(drill=(("result", "busy"),))
    assert followups.reach_by_hour(session, busy).summary["denominator"] == 1


def test_a_night_call_belongs_to_the_local_day(session, dealer):
    call = followup(session, dealer, "2026-03-12T10:00")
    attempt(session, call, "2026-03-10T00:10", "busy")  # in UTC still the 9th
    on = {"start": date(2026, 3, 10), "end": date(2026, 3, 10)}
    assert followups.reach_by_hour(session, scope(**on)).summary["denominator"] == 1
    before = {"start": date(2026, 3, 9), "end": date(2026, 3, 9)}
    assert followups.reach_by_hour(session, scope(**before)).summary["denominator"] == 0


def test_why_nobody_was_reached(session, dealer):
    call = followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T12:00")
    sold = {"state": "cancelled", "ended_at": "2026-03-12T10:00"}
    gone = followup(session, dealer, "2026-03-12T10:00", **sold)
    for one, result in (
        (call, "no_answer"),
        (call, "no_answer"),
        (call, "busy"),
        (call, "connected"),
        (gone, "car_sold"),
    ):
        attempt(session, one, "2026-03-12T09:00", result)
    attempt(session, call, "2026-03-16T10:01", "busy")  # not yet
    answer = followups.unreached_reasons(session, scope())
    assert rows_of(answer, "result", "count") == [["no_answer", 2], ["busy", 1], ["car_sold", 1]]
    assert answer.summary == {"count": 4}
    of_busy = followups.unreached_reasons(session, scope(drill=(("result", "busy"),)))
    assert rows_of(of_busy, "result", "count") == [["no_answer", 2], ["busy", 1]]


# --- can the answers be believed -----------------------------------------------------------------


def test_calls_of_a_proper_length_and_short_ones_with_full_marks(session, dealer):
    for talk_s, overall, more in (
        (299, 5, {}),
        (300, 5, {}),  # exactly five minutes
        (600, 4, {}),  # exactly ten
        (601, 5, {}),
        (59, 5, {}),  # short with full marks
        (59, 5, {"nps": 9}),  # not quite the full marks
        (59, 5, {"lowest": 4}),
        (60, 5, {}),  # not short
        (None, 5, {}),  # nobody knows
    ):
        done = {"completed_at": "2026-03-12T09:00", "talk_s": talk_s}
        call = followup(session, dealer, "2026-03-12T10:00", **done)
        response(session, dealer, "2026-03-12T09:00", overall, callback_id=call.id, **more)
    other = {"completed_at": "2026-03-12T09:00", "talk_s": 400, "respondent": "other"}
    followup(session, dealer, "2026-03-12T10:00", **other)
    answer = followups.call_length_compliance(session, scope())
    assert rate_of(answer) == (2, 8, 0)
    assert (answer.summary["short_full_marks"], answer.summary["unknown"]) == (1, 1)


def test_the_proper_length_is_a_setting(session, dealer):
    call = {"completed_at": "2026-03-12T09:00", "talk_s": 120}
    followup(session, dealer, "2026-03-12T10:00", **call)
    assert rate_of(followups.call_length_compliance(session, scope())) == (0, 1, 0)
    session.query(Norm).filter_by(code="call_length").one().value = {"least_s": 120}
    session.flush()
    assert rate_of(followups.call_length_compliance(session, scope())) == (1, 1, 0)


def test_an_advisers_own_call_is_not_independent(session, dealer):
    adviser, agent = employee(session, dealer, "Li"), employee(session, dealer, "Wang")
    car = vehicle(session, dealer)
    theirs = order(session, dealer, car, "2026-03-10T10:00", adviser_id=adviser.id)
    nobodys = order(session, dealer, car, "2026-03-10T10:00")
    for caller, of in (
        (adviser.id, theirs.id),  # the adviser's own
        (agent.id, theirs.id),
        (None, theirs.id),  # nobody knows who called
        (agent.id, nobodys.id),  # nor whose order it was
        (adviser.id, None),  # there is no order
    ):
        done = {"completed_at": "2026-03-12T09:00", "agent_id": caller, "order_id": of}
        followup(session, dealer, "2026-03-12T10:00", **done)
    answer = followups.caller_independence(session, scope())
    assert rate_of(answer) == (1, 2, 0)
    assert answer.summary["unknown"] == 3


def test_a_blank_is_not_a_zero(session, dealer):
    for asked, blank in ((7, 2), (7, 0), (0, 0)):
        call = followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T09:00")
        given = {"callback_id": call.id, "asked": asked, "blank": blank}
        response(session, dealer, "2026-03-12T09:00", **given)
    assert rate_of(followups.blank_answer_rate(session, scope())) == (2, 14, 0)
    scores = followups.scores_by_caller(session, scope())
    assert scores.summary["mean"] == 5.0
    call = followup(session, dealer, "2026-03-12T10:00", completed_at="2026-03-12T09:00")
    response(session, dealer, "2026-03-12T09:00", None, callback_id=call.id, lowest=None)
    again = followups.scores_by_caller(session, scope())
    assert (again.summary["denominator"], again.summary["mean"]) == (3, 5.0)


def test_a_caller_with_perfect_short_calls_stands_out(session, dealer):
    honest, perfect = employee(session, dealer, "Li"), employee(session, dealer, "Wang")
    usual = [5] * 30 + [4] * 20 + [3] * 8 + [2] * 2
    for caller, overall, talk_s in (
        *((honest, mark, 400) for mark in usual),
        *((perfect, 5, 30) for _ in range(60)),
    ):
        done = {"completed_at": "2026-03-12T09:00", "talk_s": talk_s, "agent_id": caller.id}
        call = followup(session, dealer, "2026-03-12T10:00", **done)
        response(session, dealer, "2026-03-12T09:00", overall, callback_id=call.id)
    answer = followups.scores_by_caller(session, scope())
    rows = answer.frame.set_index("key")
    first, second = rows.loc[str(perfect.id)], rows.loc[str(honest.id)]
    assert (first["signal"], first["short_full_marks"], first["value"]) == ("above", 60, 1.0)
    assert second["signal"] is None  # the yardstick is not bent by the calls under suspicion
    assert second["centre"] == pytest.approx(50 / 60)
    assert second["mean"] == pytest.approx(second["mean_centre"])
    assert answer.summary["short_full_marks"] == 60


def test_few_calls_make_nobody_stand_out(session, dealer):
    li, wang = employee(session, dealer, "Li"), employee(session, dealer, "Wang")
    for caller, marks in ((li, [5] * 40), (wang, [1] * 5)):
        for mark in marks:
            done = {"completed_at": "2026-03-12T09:00", "agent_id": caller.id}
            call = followup(session, dealer, "2026-03-12T10:00", **done)
            response(session, dealer, "2026-03-12T09:00", mark, callback_id=call.id)
    rows = followups.scores_by_caller(session, scope()).frame.set_index("key")
    assert rows.loc[str(wang.id), "signal"] is None


# --- promises and load ---------------------------------------------------------------------------


def test_promises_kept(session, dealer):
    due = "2026-03-12T10:00"
    promise(session, dealer, due, kept_at="2026-03-12T10:00")  # exactly then: kept
    promise(session, dealer, due, kept_at="2026-03-12T10:01")  # too late
    promise(session, dealer, due)  # open and late
    promise(session, dealer, due, explained_at="2026-03-12T09:00")  # explained in time
    promise(session, dealer, due, explained_at="2026-03-12T11:00")  # too late for that
    promise(session, dealer, "2026-03-16T12:00")  # not due
    promise(session, dealer, "2026-03-16T12:00", kept_at="2026-03-16T09:00")  # kept before
    promise(session, dealer, "2026-03-18T12:00", made_at="2026-03-16T10:01")  # not made yet
    answer = followups.promise_kept_rate(session, scope())
    assert rate_of(answer) == (2, 6, 1)
    assert answer.summary["explained"] == 1
    earlier = followups.promise_kept_rate(session, scope("2026-03-12T08:59"))
    assert (*rate_of(earlier), earlier.summary["explained"]) == (0, 0, 5, 0)


@pytest.mark.parametrize("by", ["period", "store", "agent"])
@pytest.mark.parametrize("drill", [(), (("agent", "none"),)], ids=str)
def test_promises_kept_as_a_slow_and_obvious_count_tells(session, dealer, by, drill):
    luck, abroad = Random(7), store(session, "S2", zone="America/New_York")
    people = {one.id: [employee(session, one).id, None] for one in (dealer, abroad)}
    hour = timedelta(minutes=30)
    for number in range(300):
        where, due = (dealer, abroad)[number % 2], at(NOW) + luck.randint(-200, 50) * hour
        made = due - luck.randint(1, 60) * hour
        kept, told = ((made + luck.randint(0, 80) * hour) for _ in "ab")
        what = {"kept_at": luck.choice([kept, None]), "explained_at": luck.choice([told, None])}
        whose = luck.choice(people[where.id])
        promise(session, where, NOW, due_at=due, made_at=made, made_by_id=whose, **what)
    asked = scope(start=date(2026, 3, 13), end=date(2026, 3, 16), drill=drill)
    answer = followups.promise_kept_rate(session, asked, by=by)
    theirs = slowly_kept(session, asked, {dealer.id: dealer, abroad.id: abroad}, by)
    sums = [sum(row[place] for row in theirs.values()) for place in range(4)]
    assert [*rate_of(answer), answer.summary["explained"]] == sums
    assert sums[3] > 0
    told = answer.frame[answer.frame["denominator"] + answer.frame["not_due"] > 0]
    found = told[["numerator", "denominator", "not_due"]].to_dict("split")["data"]
    assert sorted(found) == sorted([*row[:3]] for row in theirs.values())


def slowly_kept(session, asked, stores, by):
    """Kept in time, matured, not due and explained of the promises of a scope, by key."""
    rows = {}
    for one in session.scalars(select(Promise)):
        day = one.due_at.astimezone(ZoneInfo(stores[one.store_id].zone)).date()
        other = asked.asked("agent") and one.made_by_id is not None
        if one.made_at > asked.as_of or not asked.start <= day <= asked.end or other:
            continue
        week = day - timedelta(days=day.weekday())
        key = {"period": week, "store": one.store_id, "agent": one.made_by_id}[by]
        kept = one.kept_at if one.kept_at and one.kept_at <= asked.as_of else None
        due, in_time = one.due_at <= asked.as_of or bool(kept), bool(kept and kept <= one.due_at)
        told = one.explained_at and one.explained_at <= min(one.due_at, asked.as_of)
        held = rows.setdefault(key, [0, 0, 0, 0])
        for place, true in enumerate((in_time, due, not due, due and told and not in_time)):
            held[place] += bool(true)
    return rows


def test_the_load_ahead_and_the_backlog(session, dealer):
    for _ in range(2):
        employee(session, dealer, "Li", role="agent")
    employee(session, dealer, "Wang", role="agent", active=False)
    employee(session, dealer, "Zhao", role="adviser")
    followup(session, dealer, "2026-03-16T10:00")  # due at this moment
    followup(session, dealer, "2026-03-01T10:00")
    followup(session, dealer, "2026-03-16T18:00")
    followup(session, dealer, "2026-03-17T18:00", planned_at="2026-03-16T09:00")
    followup(session, dealer, "2026-03-17T18:00", planned_at="2026-03-16T10:01")  # not yet known
    followup(session, dealer, "2026-03-16T19:00", completed_at="2026-03-16T09:00")
    followup(session, dealer, "2026-03-16T19:00", completed_at="2026-03-16T10:01")  # still open
    answer = followups.callback_load(session, scope())
    assert rows_of(answer, "day", "count", "capacity")[:3] == [
        [date(2026, 3, 16), 2, 80],
        [date(2026, 3, 17), 1, 80],
        [date(2026, 3, 18), 0, 80],
    ]
    summary = answer.summary
    assert (summary["overdue"], summary["due"], summary["agents"]) == (2, 3, 2)


# --- against a slow and obvious count ------------------------------------------------------------

HOURS = st.integers(-60, 60)
MAYBE = st.none() | HOURS
CALLS = st.fixed_dictionaries(
    {
        "due": HOURS,
        "planned": st.integers(-90, 10),
        "first": MAYBE,
        "connected": MAYBE,
        "ended": MAYBE,
        "state": st.sampled_from(["due", "completed", "unreachable", "cancelled"]),
        "respondent": st.sampled_from(["person_served", "owner", "other", None]),
        "excluded": st.sampled_from([None, None, None, "fleet"]),
    }
)
NIGHT = at("2026-03-16T00:30")  # half an hour into a Monday: days and weeks are near


def made(session, place, call):
    """A row for this call; hours count from half past midnight."""

    def moment(hour):
        return None if hour is None else NIGHT + timedelta(hours=hour)

    ended = moment(call["ended"])
    done = ended if call["state"] == "completed" else None
    due = moment(call["due"])
    followup(
        session,
        place,
        (due + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        planned_at=moment(call["planned"]),
        first_attempt_at=moment(call["first"]),
        connected_at=moment(call["connected"]),
        ended_at=ended,
        state=call["state"] if ended else "due",
        excluded=call["excluded"],
        **({"completed_at": done, "respondent": call["respondent"]} if done else {}),
    )


def obvious(calls, now):
    """(met, matured, not due) of the four rates by local day, one call after the other."""
    counts = {name: Counter() for name in RATES}
    for call in calls:
        over = call["ended"] is not None and call["ended"] <= now
        if call["planned"] > now or call["excluded"] or (call["state"] == "cancelled" and over):
            continue
        day = (NIGHT + timedelta(hours=call["due"] + 8)).date()
        matured = call["due"] <= now or over
        completed = (
            over
            and call["state"] == "completed"
            and call["respondent"] in ("person_served", "owner")
        )
        met = {
            "attempt_rate": call["first"] is not None and call["first"] <= now,
            "contact_rate": call["connected"] is not None and call["connected"] <= now,
            "completion_rate": completed,
            "on_time_rate": completed and call["ended"] <= call["due"],
        }
        for name in RATES:
            place = "matured" if matured else "not_due"
            counts[name][day, place] += 1
            counts[name][day, "met"] += matured and met[name]
    return counts


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(calls=st.lists(CALLS, max_size=12), now=st.integers(-40, 40), first=st.integers(-3, 3))
def test_the_rates_are_those_of_a_slow_and_obvious_count(session, calls, now, first):
    start = date(2026, 3, 16) + timedelta(days=first)
    end = start + timedelta(days=2)
    with session.begin_nested() as nested:
        place = store(session)
        for call in calls:
            made(session, place, call)
        asked = Scope(as_of=moment_at(now), start=start, end=end)
        found = rates(session, asked=asked)
        nested.rollback()
    for name, counts in obvious(calls, now).items():
        totals = [
            sum(counts[start + timedelta(days=step), place] for step in range(3))
            for place in ("met", "matured", "not_due")
        ]
        assert found[name] == tuple(totals), name


def moment_at(hour):
    return NIGHT + timedelta(hours=hour)
