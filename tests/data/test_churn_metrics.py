"""Who leaves and what it costs: counted by hand, and against slow and obvious counts."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from pandas import isna

from data.metrics.retention import (
    churn_rule_lab,
    customer_value,
    keep_rate,
    monthly_churn,
    recapture_rate,
    value_at_risk,
    win_back_rate,
    window_churn,
)
from data.models import Followup, FollowupRule, Norm
from data.stats import wilson
from tests.data.test_retention_metrics import LOGS, SLOW, TODAYS, made, scope, seen
from tests.factories import at, came, followup, store

DAY = timedelta(days=1)
TODAY = "2026-05-31"


def months_before(day, months):
    return day - relativedelta(months=months)


def share(answer):
    return answer.summary["numerator"], answer.summary["denominator"]


def shares(answer, label="key"):
    rows = answer.frame.to_dict("records")
    return {row[label]: (row["numerator"], row["denominator"]) for row in rows}


@pytest.fixture
def dealer(session):
    return store(session)


# --- by hand -------------------------------------------------------------------------------------


def test_a_window_is_counted_in_whole_days_and_safe_at_the_end_of_a_month(session, dealer):
    came(session, dealer, "2026-02-28")  # on the first day of the window: three months before
    came(session, dealer, "2026-02-27")  # the last day before it
    came(session, dealer, "2025-02-28")  # the first of the twelve months before
    came(session, dealer, "2025-02-27")  # too early
    came(session, dealer, "2025-12-01", "2026-05-31")  # before, and in the window
    assert share(window_churn(session, scope(TODAY))) == (2, 3)
    assert share(window_churn(session, scope(TODAY), months="12")) == (2, 2)
    by_store = window_churn(session, scope(TODAY), by="store")
    assert shares(by_store) == {"S1": (2, 3)}


def test_monthly_churn_misses_whom_it_saw_so_many_months_before(session, dealer):
    came(session, dealer, "2025-09-05", "2025-09-20")  # not since
    came(session, dealer, "2025-09-06", "2026-03-31")  # came again in the month it would be missed
    came(session, dealer, "2025-09-07", "2026-04-01")  # came again after it
    found = monthly_churn(session, scope("2026-04-02"), months="6")
    assert shares(found, "period")[date(2026, 3, 1)] == (2, 3)
    assert share(found) == (2, 3)  # March is the last month that is over
    assert not found.frame.set_index("period").loc[date(2026, 4, 1) :, "finished"].any()
    april = monthly_churn(session, scope("2026-05-01"), months="6").summary
    assert april["value"] is None  # nobody came in October
    assert monthly_churn(session, scope("2026-03-15")).summary["value"] is None


def test_kept_and_come_again_count_from_the_same_day(session, dealer):
    came(session, dealer, "2025-05-31")  # twelve months ago to the day
    came(session, dealer, "2025-05-30")
    came(session, dealer, "2023-05-31")  # thirty-six months ago to the day
    came(session, dealer, "2023-05-30")
    came(session, dealer, "2024-06-15", "2026-01-01")
    assert share(keep_rate(session, scope(TODAY))) == (2, 4)
    assert share(recapture_rate(session, scope(TODAY))) == (1, 2)


def test_who_came_again_by_age_and_warranty(session, dealer):
    then, again = "2025-01-10", "2026-01-10"
    young = {"sold_on": date(2024, 6, 1), "warranty_until": date(2027, 6, 1)}
    cliff = {"sold_on": date(2022, 5, 31), "warranty_until": date(2025, 5, 31)}
    old = {"sold_on": date(2010, 1, 1), "warranty_until": date(2013, 1, 1)}
    came(session, dealer, then, again, **young)
    came(session, dealer, then, **cliff)
    came(session, dealer, then, again, **cliff)
    came(session, dealer, then, **old)
    came(session, dealer, then)
    by_age = recapture_rate(session, scope(TODAY), by="age")
    assert shares(by_age) == {"0": (1, 1), "3": (1, 2), "7+": (0, 1), "none": (0, 1)}
    by_warranty = recapture_rate(session, scope(TODAY), by="warranty")
    assert shares(by_warranty) == {
        "in": (1, 1), "ended_lately": (1, 2), "out": (0, 1), "none": (0, 1),
    }  # fmt: skip
    assert share(by_age) == share(by_warranty) == (2, 5)


def test_won_back_are_those_long_away_who_came_in_that_month(session, dealer):
    came(session, dealer, "2025-02-10", "2026-04-02")  # came in April after fourteen months
    came(session, dealer, "2025-02-10")  # did not
    came(session, dealer, "2025-02-11", "2026-03-31")  # was back before April
    came(session, dealer, "2025-05-02")  # not away for long enough
    came(session, dealer, "2024-04-29")  # away for too long
    found = win_back_rate(session, scope("2026-05-10"))
    assert shares(found, "period")[date(2026, 4, 1)] == (1, 2)
    assert share(found) == (1, 2)


# --- the laboratory ------------------------------------------------------------------------------


def lab(session, day=TODAY):
    answer = churn_rule_lab(session, scope(day))
    return {row["rule"]: row for row in answer.frame.to_dict("records")}, answer.summary


def judged(row):
    return row["vehicles"], row["flagged"], row["flagged_then"], row["back"], row["called"]


def test_each_rule_names_whom_it_calls_lost_and_was_wrong_about_a_year_ago(session, dealer):
    came(session, dealer, "2025-02-01", "2025-08-01")  # away 4 months then; back in time
    came(session, dealer, "2025-02-01", "2025-12-01")  # back a day too late
    came(session, dealer, "2025-02-01", "2025-11-30")  # on the very day
    came(session, dealer, "2024-11-01", fen=50_000)  # away 7 months then, and still
    came(session, dealer, "2026-05-01")  # nobody then
    rows, summary = lab(session)
    assert judged(rows["3"]) == (5, 4, 4, 2, 0)
    assert judged(rows["6"]) == (5, 2, 1, 0, 0)  # 2025-11-30 is six months ago to the day
    assert judged(rows["12"]) == (5, 1, 0, 0, 0)
    assert rows["3"]["false_alarms"] == 0.5
    assert (rows["3"]["ci_low"], rows["3"]["ci_high"]) == wilson(2, 4)
    assert isna(rows["12"]["false_alarms"])
    assert rows["3"]["at_stake_yuan"] == rows["12"]["at_stake_yuan"] == 500
    assert summary == {"believe": None, "vehicles": 5}  # so few say nothing


def test_ones_own_interval_is_judged_by_what_was_usual(session, dealer):
    often = ("2025-01-31", "2025-03-02", "2025-04-01")  # every 30 days: lost after 45
    came(session, dealer, *often)  # 60 days away at 2025-05-31: named
    came(session, dealer, *often, "2025-07-01")  # named then, and was back
    came(session, dealer, "2024-05-31", "2025-05-01")  # once a year: not named then, nor now
    came(session, dealer, "2025-01-01")  # a single visit cannot be judged
    rows, _ = lab(session)
    assert judged(rows["own"]) == (3, 2, 2, 1, 0)
    # exactly one and a half times the interval is not yet too long
    rows, _ = lab(session, "2025-05-16")
    assert rows["own"]["flagged"] == 0


def test_who_was_called_about_it_proves_nothing(session, dealer):
    rule = session.query(FollowupRule).filter_by(code="visit_gap").one()
    called = came(session, dealer, "2025-02-01", "2025-08-01")
    called_too_late = came(session, dealer, "2025-02-01", "2025-08-01")
    served = came(session, dealer, "2025-02-01", "2025-08-01")
    for car, day, code in (
        (called, "2025-07-30", "visit_gap"),
        (called_too_late, "2025-08-02", "visit_gap"),
        (served, "2025-07-30", "service"),
    ):
        made_call = followup(session, dealer, f"{day}T10:00", rule=code, vehicle_id=car.id)
        made_call.first_attempt_at = at(f"{day}T10:00")
    session.flush()
    assert rule.id in {one.rule_id for one in session.query(Followup)}
    rows, _ = lab(session)
    assert judged(rows["3"])[2:] == (2, 2, 1)


def test_a_call_on_the_last_day_of_the_six_months_is_one_of_them(session, dealer):
    for day in ("2025-05-31", "2025-06-01", "2025-11-30", "2025-12-01"):  # judged at 2025-05-31
        car = came(session, dealer, "2025-02-01", day if day != "2025-05-31" else "2025-11-30")
        call = followup(session, dealer, f"{day}T10:00", rule="visit_gap", vehicle_id=car.id)
        call.first_attempt_at = at(f"{day}T10:00")
    session.flush()
    rows, _ = lab(session)
    assert judged(rows["3"])[2:] == (2, 1, 2)


def test_the_rule_to_believe_is_the_earliest_that_is_surely_seldom_wrong(session, dealer):
    for _ in range(35):
        came(session, dealer, "2025-02-01", "2025-08-01")  # away four months: all came back
        came(session, dealer, "2024-11-01")  # away seven months: none did
    rows, summary = lab(session)
    assert rows["3"]["false_alarms"] == 0.5
    assert rows["6"]["ci_high"] <= 1 / 3
    assert summary["believe"] == "6"


# --- money ---------------------------------------------------------------------------------------


def test_at_stake_is_what_each_brought_in_the_year_up_to_its_last_visit(session, dealer):
    came(session, dealer, "2024-01-15", "2024-01-16", "2025-01-14", fen=10_000)  # lost
    came(session, dealer, "2026-02-27", fen=5_000)  # at risk
    came(session, dealer, "2026-02-28", fen=9_900)  # active on the very day: not at stake
    found = value_at_risk(session, scope(TODAY))
    rows = {row["class"]: (row["count"], row["value"]) for row in found.frame.to_dict("records")}
    assert rows == {"at_risk": (1, 50.0), "dormant": (0, 0.0), "lost": (1, 200.0)}
    assert found.summary == {"value": 250.0, "vehicles": 2}


def test_a_customer_is_worth_what_the_house_reckons(session, dealer):
    came(session, dealer, "2025-05-31", "2026-05-01", fen=20_000)
    came(session, dealer, "2025-06-15", fen=50_000)
    came(session, dealer, "2025-05-30", fen=99_000)  # not of the base
    told = customer_value(session, scope(TODAY)).summary
    assert told == {
        "value": 372_000.0, "service_part": 72_000.0, "cars_part": 300_000.0,
        "observed_year": 450.0, "vehicles": 2,
    }  # fmt: skip
    session.query(Norm).filter_by(code="customer_value").one().value = {"years": 5}
    session.flush()
    assert customer_value(session, scope(TODAY)).summary["value"] == 336_000.0


# --- slow and obvious ----------------------------------------------------------------------------


def within(days, first, last):
    return any(first <= day <= last for day in days)


def obvious_window(cars, today, months):
    first, window = months_before(today, months + 12), months_before(today, months)
    base = [days for days in cars if within(days, first, window - DAY)]
    return sum(not within(days, window, today) for days in base), len(base)


def obvious_kept(cars, today):
    year, three = months_before(today, 12), months_before(today, 36)
    return sum(within(d, year, today) for d in cars), sum(within(d, three, today) for d in cars)


def obvious_again(cars, today):
    first, year = months_before(today, 24), months_before(today, 12)
    base = [days for days in cars if within(days, first, year - DAY)]
    return sum(within(days, year, today) for days in base), len(base)


def month_of(start):
    return start, start + relativedelta(months=1) - DAY


def obvious_missed(cars, today, months):
    """By the month they are missed in: how many, of how many that came so long before."""
    found = {}
    start = date(2024, 1, 1)
    while start <= today:
        first, last = month_of(months_before(start, months))
        base = [days for days in cars if within(days, first, last)]
        end = min(month_of(start)[1], today)
        if base:
            found[start] = sum(not within(days, last + DAY, end) for days in base), len(base)
        start += relativedelta(months=1)
    return found


def obvious_won_back(cars, today):
    found = {}
    for back in range(12):
        start = months_before(today.replace(day=1), back)
        end = min(month_of(start)[1], today)
        before = [[day for day in days if day < start] for days in cars]
        away = [
            days
            for days, known in zip(cars, before, strict=True)
            if known and months_before(end, 24) <= known[-1] < months_before(end, 12)
        ]
        if away:
            found[start] = sum(within(days, start, end) for days in away), len(away)
    return found


@SLOW
@given(logs=LOGS, today=TODAYS, months=st.sampled_from([3, 6, 12]))
def test_windows_are_a_slow_and_obvious_count(session, logs, today, months):
    with session.begin_nested() as nested:
        made(session, logs)
        asked = scope(today)
        answers = (
            window_churn(session, asked, months=str(months)),
            keep_rate(session, asked),
            recapture_rate(session, asked),
        )
        nested.rollback()
    cars = seen(logs, today)
    assert share(answers[0]) == obvious_window(cars, today, months)
    assert share(answers[1]) == obvious_kept(cars, today)
    assert share(answers[2]) == obvious_again(cars, today)


@SLOW
@given(logs=LOGS, today=TODAYS, months=st.sampled_from([6, 12]))
def test_months_are_a_slow_and_obvious_count(session, logs, today, months):
    with session.begin_nested() as nested:
        made(session, logs)
        missed = monthly_churn(session, scope(today), months=str(months))
        won = win_back_rate(session, scope(today))
        nested.rollback()
    cars = seen(logs, today)
    counted = {start: two for start, two in shares(missed, "period").items() if two[1]}
    assert counted == obvious_missed(cars, today, months)
    counted = {start: two for start, two in shares(won, "period").items() if two[1]}
    assert counted == obvious_won_back(cars, today)


def obvious_lab(logs, today):
    """Per rule: judged, named now, named a year ago, and of those back within six months."""
    then, limit = months_before(today, 12), months_before(today, 12) + relativedelta(months=6)
    found = {}
    for rule in ("3", "6", "12", "own"):
        now = [names(rule, days, today) for days in seen(logs, today)]
        past = [
            (days, names(rule, [day for day in days if day <= then], then))
            for days in seen(logs, today)
            if days[0] <= then
        ]
        named = [days for days, lost in past if lost]
        back = sum(within(days, then + DAY, limit) for days in named)
        judged = [lost for lost in now if lost is not None]
        found[rule] = (len(judged), sum(judged), len(named), back, 0)
    return found


def names(rule, days, day):
    """Whether the rule calls it lost; None where it cannot tell."""
    if rule != "own":
        return days[-1] < months_before(day, int(rule))
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return (day - days[-1]).days > 1.5 * sum(gaps) / len(gaps) if gaps else None


@SLOW
@given(logs=LOGS, today=TODAYS)
def test_the_laboratory_is_a_slow_and_obvious_count(session, logs, today):
    with session.begin_nested() as nested:
        made(session, logs)
        rows, _ = lab(session, today)
        nested.rollback()
    assert {rule: judged(row) for rule, row in rows.items()} == obvious_lab(logs, today)
