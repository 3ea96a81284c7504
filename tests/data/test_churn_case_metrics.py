"""What calling brings, complaints made good, renewals, reasons, winning back: counted by hand."""

from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import policies
from data.metrics.retention import (
    case_win_back_rate,
    churn_reasons,
    churn_steps,
    renewal_rate,
    service_recovery,
    solicitation_lift,
)
from data.models import ChurnCase, InsurancePolicy
from data.stats import difference, wilson
from tests.data.test_retention_metrics import SLOW, scope
from tests.factories import at, came, complaint, followup, store, vehicle

TODAY = "2026-05-31"


@pytest.fixture
def dealer(session):
    return store(session)


# --- the interval of a difference ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [  # the examples of Newcombe (1998), method 10
        ((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
        ((10, 10, 0, 20), (1.0000, 0.6791, 1.0000)),
        ((10, 10, 0, 10), (1.0000, 0.6075, 1.0000)),
    ],
)
def test_the_difference_of_two_shares_has_the_published_interval(counts, expected):
    assert difference(*counts) == pytest.approx(expected, abs=5e-5)


SOME = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(one=SOME, other=SOME)
def test_the_interval_holds_the_difference_and_turns_with_it(one, other):
    middle, low, high = difference(*one, *other)
    assert -1 <= low <= middle <= high <= 1
    assert difference(*other, *one) == pytest.approx((-middle, -high, -low))


# --- what calling brings -------------------------------------------------------------------------


def invited(session, dealer, due, *visits, rule="next_service", **more):
    """A car whose invitation was due on that day, and the days it came on."""
    car = came(session, dealer, *visits)
    tried = more.pop("tried", None)
    task = followup(session, dealer, f"{due}T10:00", rule=rule, vehicle_id=car.id, **more)
    task.first_attempt_at = at(tried) if tried else None
    session.flush()
    return task


def test_those_called_stand_beside_those_not_called_of_the_month(session, dealer):
    called = {"tried": "2026-03-02T10:00", "state": "due"}
    invited(session, dealer, "2026-03-02", "2026-03-02", **called)  # on the day it was due
    invited(session, dealer, "2026-03-02", "2026-04-01", **called)  # on the thirtieth day
    invited(session, dealer, "2026-03-02", "2026-04-02", **called)  # a day too late
    invited(session, dealer, "2026-03-03", "2026-03-10", state="unreachable")  # nobody tried
    invited(session, dealer, "2026-03-03", "2026-03-01", state="unreachable")  # came before
    held_out = {"state": "cancelled", "excluded": "hold_out"}
    invited(session, dealer, "2026-03-04", **held_out)
    invited(session, dealer, "2026-03-04", "2026-03-05", **held_out)
    # not among them: who wishes no calls, other rules, and whose thirty days are not over
    invited(session, dealer, "2026-03-04", "2026-03-05", state="cancelled", excluded="do_not_call")
    invited(session, dealer, "2026-03-04", "2026-03-05", rule="service", **called)
    invited(session, dealer, "2026-05-02", "2026-05-03", tried="2026-05-02T09:00", state="due")
    found = solicitation_lift(session, scope(TODAY))
    (row,) = found.frame.to_dict("records")
    assert (row["period"], row["finished"]) == (date(2026, 3, 1), True)
    assert (row["called"], row["called_came"], row["called_rate"]) == (3, 2, 2 / 3)
    assert (row["not_called"], row["not_called_came"]) == (4, 2)
    assert (row["lift"], row["low"], row["high"]) == difference(2, 3, 2, 4)
    told = found.summary
    assert (told["lift"], told["low"], told["high"]) == pytest.approx(difference(2, 3, 2, 4))
    assert (told["held_out"], told["held_out_came"], told["not_due"]) == (2, 1, 1)
    assert told["held_out_lift"] == pytest.approx(2 / 3 - 1 / 2)


def test_each_month_weighs_as_many_as_were_called_in_it(session, dealer):
    for month, visits in (("2026-02", ()), ("2026-03", ("2026-03-05",)), ("2026-03", ())):
        tried = {"tried": f"{month}-02T10:00", "state": "due"}
        invited(session, dealer, f"{month}-02", *visits, **tried)
        invited(session, dealer, f"{month}-02", state="unreachable")
    invited(session, dealer, "2026-01-05", "2026-01-06", tried="2026-01-05T10:00", state="due")
    told = solicitation_lift(session, scope(TODAY)).summary
    feb, march = difference(0, 1, 0, 1), difference(1, 2, 0, 2)
    assert (told["called"], told["not_called"], told["left_out"]) == (3, 3, 1)
    assert told["lift"] == pytest.approx(feb[0] / 3 + march[0] * 2 / 3)
    down = sqrt(((feb[0] - feb[1]) / 3) ** 2 + ((march[0] - march[1]) * 2 / 3) ** 2)
    assert told["low"] == pytest.approx(told["lift"] - down)
    assert told["called_rate"] == pytest.approx(1 / 3)  # January has nobody to compare with


def test_a_call_made_later_is_not_seen_at_an_earlier_time(session, dealer):
    invited(session, dealer, "2026-03-02", tried="2026-04-20T10:00", state="due")
    for today, counted in (("2026-04-19", (0, 1)), ("2026-04-20", (1, 0))):
        (row,) = solicitation_lift(session, scope(today)).frame.to_dict("records")
        assert (row["called"], row["not_called"]) == counted
    nothing = solicitation_lift(session, scope(TODAY, end=date(2026, 2, 28))).summary
    assert (nothing["lift"], nothing["called"]) == (None, 0)


# --- complaints made good ------------------------------------------------------------------------

FINE = {"resolved_at": "2025-01-12T10:00", "recontacted_at": "2025-01-14T10:00", "satisfied": True}


def complained(session, dealer, *later, opened="2025-01-10T10:00", **more):
    """A car seen in January 2025 that was complained about, and the days it came on again."""
    car = came(session, dealer, "2025-01-05", *later)
    due = {"close_due_at": at("2025-02-10T10:00")}
    times = {name: at(value) if isinstance(value, str) else value for name, value in more.items()}
    complaint(session, dealer, opened, vehicle_id=car.id, **due | times)
    return car


def test_who_comes_again_by_how_a_complaint_was_handled(session, dealer):
    again = "2026-01-05"
    came(session, dealer, "2025-01-05", again)
    came(session, dealer, "2025-01-05", again)
    came(session, dealer, "2025-01-05")
    complained(session, dealer, again, **FINE)
    complained(session, dealer, **FINE | {"satisfied": False})
    complained(session, dealer, **FINE | {"resolved_at": "2025-02-10T10:01"})
    complained(session, dealer, again, **FINE | {"resolved_at": "2025-02-10T10:00"})
    complained(session, dealer, **FINE | {"recontacted_at": None})
    twice = complained(session, dealer, again, **FINE)
    complaint(session, dealer, "2025-01-11T10:00", vehicle_id=twice.id)  # open still, nobody called
    complained(session, dealer, again, opened="2024-05-30T10:00")  # before those months
    found = service_recovery(session, scope(TODAY))
    rows = {row["group"]: row for row in found.frame.to_dict("records")}
    counted = {group: (row["numerator"], row["denominator"]) for group, row in rows.items()}
    assert counted == {
        "none": (3, 4),
        "in_time_satisfied": (2, 2),
        "in_time_not_satisfied": (0, 1),
        "late": (0, 1),
        "never_recontacted": (1, 2),
    }
    late = rows["late"]
    assert (late["difference"], late["low"], late["high"]) == difference(0, 1, 3, 4)
    assert (found.summary["numerator"], found.summary["denominator"]) == (6, 10)
    assert found.summary["complained"] == 6


# --- insurance -----------------------------------------------------------------------------------


def insured(session, dealer, *ends, noted="2024-01-01T10:00"):
    car = vehicle(session, dealer)
    for day in ends:
        row = {"vehicle_id": car.id, "ends_on": date.fromisoformat(day), "noted_at": at(noted)}
        session.add(InsurancePolicy(store_id=dealer.id, **row))
    session.flush()
    policies.link(session, dealer.id, [car.id])


def test_a_policy_is_renewed_if_another_ends_within_fifteen_months_after(session, dealer):
    insured(session, dealer, "2026-03-10", "2027-03-10")
    insured(session, dealer, "2026-03-11")
    insured(session, dealer, "2026-03-12", "2027-06-11")  # 456 days later
    insured(session, dealer, "2026-03-13", "2027-06-13")  # 457: another year went by without
    insured(session, dealer, "2026-05-30")  # ran out yesterday
    insured(session, dealer, "2026-05-31")  # runs out today
    asked = scope(TODAY, start=date(2026, 1, 1), end=date(2026, 6, 30))
    found = renewal_rate(session, asked)
    rows = {row["period"]: row for row in found.frame.to_dict("records")}
    march, may = rows[date(2026, 3, 1)], rows[date(2026, 5, 1)]
    assert (march["numerator"], march["denominator"]) == (2, 4)
    assert (may["numerator"], may["denominator"], may["not_due"]) == (0, 1, 1)
    told = found.summary
    assert (told["numerator"], told["denominator"], told["not_due"]) == (2, 5, 1)
    assert (told["ci_low"], told["ci_high"]) == wilson(2, 5)
    (by_store,) = renewal_rate(session, asked, by="store").frame.to_dict("records")
    assert (by_store["key"], by_store["numerator"], by_store["denominator"]) == ("S1", 2, 5)


def test_a_renewal_heard_of_later_is_not_seen_at_an_earlier_time(session, dealer):
    insured(session, dealer, "2026-03-10", noted="2025-01-01T10:00")
    insured(session, dealer, "2026-03-10", "2027-03-10", noted="2026-04-01T10:00")
    assert renewal_rate(session, scope("2026-03-31")).summary["numerator"] == 0
    assert renewal_rate(session, scope("2026-04-02")).summary["numerator"] == 1


# --- the cases -----------------------------------------------------------------------------------


def away(session, dealer, selected="2026-01-05", *, tried=None, car=(), **facts):
    """A churn case, with the moments given as local days at ten, and its first call."""
    whose = vehicle(session, dealer, **dict(car))
    moments = {
        name: at(f"{facts.pop(name)}T10:00")
        for name in ("asked_at", "told_at", "ended_at")
        if facts.get(name)
    }
    returned = facts.pop("returned_on", None)
    case = ChurnCase(
        store_id=dealer.id,
        vehicle_id=whose.id,
        selected_at=at(f"{selected}T10:00"),
        returned_on=returned and date.fromisoformat(returned),
        **{"state": "analysed", "rule": "6", "list_code": "L1"} | facts | moments,
    )
    if tried:
        task = followup(session, dealer, f"{selected}T10:00", state="due", vehicle_id=whose.id)
        task.first_attempt_at = at(f"{tried}T10:00")
        session.flush()
        case.ask_id = task.id
    session.add(case)
    session.flush()
    return case


def test_the_steps_are_those_of_the_moment_without_the_held_out(session, dealer):
    away(session, dealer, state="selected")
    away(session, dealer, tried="2026-01-06")
    away(session, dealer, tried="2026-01-06", asked_at="2026-01-06", reason="price", state="asked")
    told = {"asked_at": "2026-01-06", "told_at": "2026-02-06", "reason": "price"}
    away(session, dealer, tried="2026-01-06", state="acted_on", **told)
    ended = {"ended_at": "2026-03-01", "state": "won_back", "returned_on": "2026-03-01"}
    away(session, dealer, tried="2026-01-06", **ended)
    away(session, dealer, held_out=True)
    away(session, dealer, selected="2026-06-01", state="selected")  # still to come
    found = churn_steps(session, scope(TODAY))
    steps = {step: count for step, count in found.frame.itertuples(index=False) if count}
    assert steps == {"selected": 1, "analysed": 1, "asked": 1, "acted_on": 1, "won_back": 1}
    assert found.summary == {"open": 4, "held_out": 1, "cases": 5}
    before = churn_steps(session, scope("2026-01-20"))
    steps = {step: count for step, count in before.frame.itertuples(index=False) if count}
    assert steps["asked"] + steps.get("counted", 0) == 2
    assert "won_back" not in steps


def test_reasons_are_counted_in_the_period_they_were_given_in(session, dealer):
    new = {"sold_on": date(2025, 3, 1), "warranty_until": date(2028, 3, 1)}
    for reason, day, fen in (
        ("price", "2026-02-01", 10_000),
        ("price", "2026-02-28", 5_050),
        ("sold", "2026-02-14", None),
        ("price", "2026-03-01", 1),
        ("waiting", "2026-01-31", 1),
    ):
        away(session, dealer, asked_at=day, reason=reason, year_fen=fen, car=new)
    period = {"start": date(2026, 2, 1), "end": date(2026, 2, 28)}
    found = churn_reasons(session, scope(TODAY, **period))
    rows = {row["key"]: row for row in found.frame.to_dict("records")}
    assert (rows["price"]["count"], rows["price"]["kind"]) == (2, "internal")
    assert (rows["price"]["share"], rows["price"]["year_yuan"]) == (2 / 3, 150.5)
    assert (rows["sold"]["count"], rows["sold"]["kind"]) == (1, "external")
    assert rows["waiting"]["count"] == 0
    told = found.summary
    assert (told["cases"], told["numerator"], told["denominator"]) == (3, 2, 3)
    for by, key in (("warranty", "in"), ("age", "1"), ("store", "S1")):
        answer = churn_reasons(session, scope(TODAY, **period), by=by)
        assert list(answer.frame[["key", "count"]].itertuples(index=False)) == [(key, 3)]


def test_won_back_are_those_who_came_within_ninety_days_of_the_first_call(session, dealer):
    def back(day, **more):
        return {"returned_on": day, "ended_at": day, "state": "won_back", **more}

    away(session, dealer, tried="2026-01-10", reason="price", **back("2026-04-10"))  # day 90
    away(session, dealer, tried="2026-01-10", reason="price", **back("2026-04-11"))  # too late
    away(session, dealer, tried="2026-01-10", reason="sold")  # its days are over
    away(session, dealer, tried="2026-01-10", state="lost", ended_at="2026-02-01")
    away(session, dealer, tried="2026-03-02")  # the ninetieth day is today: not over
    away(session, dealer, tried="2026-03-05", **back("2026-03-07"))
    away(session, dealer)  # never called
    away(session, dealer, held_out=True)
    returned = {"returned_on": "2026-02-01", "ended_at": "2026-02-01", "state": "returned"}
    away(session, dealer, held_out=True, **returned)
    found = case_win_back_rate(session, scope(TODAY), by="reason")
    told = found.summary
    assert (told["numerator"], told["denominator"], told["not_due"]) == (2, 5, 1)
    assert (told["held_out"], told["held_out_back"]) == (2, 1)
    rows = {row["key"]: row for row in found.frame.to_dict("records")}
    assert (rows["price"]["numerator"], rows["price"]["denominator"]) == (1, 2)
    assert (rows["sold"]["numerator"], rows["sold"]["denominator"]) == (0, 1)
    by_month = case_win_back_rate(session, scope(TODAY)).frame.set_index("period")
    assert list(by_month["denominator"]) == [4, 0, 1]
    march = scope(TODAY, start=date(2026, 3, 1))  # of so few weeks only the quick ones are known
    assert case_win_back_rate(session, march, by="reason").summary == told
    early = case_win_back_rate(session, scope("2026-04-09")).summary
    assert (early["numerator"], early["denominator"], early["not_due"]) == (1, 2, 4)


# --- slow and obvious ----------------------------------------------------------------------------

MOMENT = st.dates(date(2026, 1, 1), date(2026, 4, 30))
INVITED = st.lists(
    st.tuples(MOMENT, st.booleans(), st.lists(MOMENT, max_size=3)), min_size=1, max_size=8
)


@SLOW
@given(calls=INVITED, today=MOMENT)
def test_the_lift_is_a_slow_and_obvious_count(session, calls, today):
    with session.begin_nested() as nested:
        dealer = store(session)
        for due, called, days in calls:
            tried = {"tried": f"{due}T11:00", "state": "due"} if called else {"state": "planned"}
            invited(session, dealer, due, *(day.isoformat() for day in days), **tried)
        told = solicitation_lift(session, scope(today)).summary
        nested.rollback()
    over = [one for one in calls if one[0] + timedelta(days=30) <= today]
    both = {
        month
        for month in {due.month for due, *_ in over}
        if {tried for due, tried, _ in over if due.month == month} == {True, False}
    }
    assert told["left_out"] == sum(due.month not in both for due, *_ in over)
    for called, name in ((True, "called"), (False, "not_called")):
        mine = [(due, days) for due, tried, days in over if tried is called and due.month in both]
        back = sum(any(0 <= (day - due).days <= 30 for day in days) for due, days in mine)
        assert (told[name], told[f"{name}_came"]) == (len(mine), back)
    assert told["not_due"] == sum(due <= today for due, *_ in calls) - len(over)
