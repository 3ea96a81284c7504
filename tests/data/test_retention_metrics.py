"""Who stays, against triangles typed by hand, slow and obvious counts, and facts of a real file."""

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from math import isclose

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text

from data import visit_months, visits
from data.metrics import METRICS
from data.metrics.retention import (
    active_base,
    cohort_retention,
    gap_flows,
    repeat_visit_rate,
    retention_at,
    return_curve,
    visit_classes,
    visit_gap_classes,
)
from data.metrics.retention.curve import MOST, survival, thinned
from data.models import Norm, RepairOrder, Vehicle, Visit
from data.person import Person, Role
from data.scope import Scope
from data.stats import wilson
from tests.conftest import shared
from tests.factories import at, came, order, store, vehicle

AWAY = ("active", "at_risk", "dormant", "lost")
SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def scope(day, **more):
    """As of ten in the evening of a local day."""
    return Scope(as_of=at(f"{day}T22:00"), **more)


def counts(answer, label="class"):
    return dict(zip(answer.frame[label], answer.frame["count"], strict=True))


def triangle(answer):
    """By cohort: its size, and how many came in each period; None still runs."""
    found = {}
    for cohort, rows in answer.frame.groupby("cohort", sort=True):
        assert list(rows["period"]) == list(range(len(rows)))
        active = [None if value is None else int(value) for value in rows["active"]]
        found[cohort] = (int(rows["size"].iloc[0]), active)
    return found


@pytest.fixture
def dealer(session):
    return store(session)


# --- cohorts -------------------------------------------------------------------------------------

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def four(session, dealer):
    """Four cars; one came twice on a day, and twice in a month."""
    came(session, dealer, "2026-01-05", "2026-02-10", "2026-03-01")
    came(session, dealer, "2026-01-20", "2026-01-20", "2026-01-29")
    came(session, dealer, "2026-01-31", "2026-03-15", "2026-03-16")
    came(session, dealer, "2026-02-02", "2026-03-30")


def test_a_triangle_typed_by_hand(session, four):
    found = cohort_retention(session, scope("2026-04-10"))
    assert triangle(found) == {JAN: (3, [3, 1, 2, None]), FEB: (1, [1, 1, None])}
    assert found.summary == {
        "cohorts": 2, "vehicles": 4, "grain": "month", "mode": "exact", "start": "visit",
    }  # fmt: skip
    third = found.frame.iloc[2]
    assert (third["value"], third["ci_low"], third["ci_high"]) == (2 / 3, *wilson(2, 3))
    assert found.frame.iloc[3][["active", "value", "ci_low", "ci_high"]].isna().all()


def test_rolling_counts_whoever_came_then_or_later(session, four):
    found = cohort_retention(session, scope("2026-04-10"), mode="rolling")
    assert triangle(found) == {JAN: (3, [3, 2, 2, None]), FEB: (1, [1, 1, None])}


def test_a_month_is_over_when_the_next_one_begins(session, four):
    assert triangle(cohort_retention(session, scope("2026-03-31"))) == {
        JAN: (3, [3, 1, None]),
        FEB: (1, [1, None]),
    }
    over = triangle(cohort_retention(session, scope("2026-04-01")))
    assert over[JAN] == (3, [3, 1, 2, None])


def test_what_came_later_is_not_seen_at_an_earlier_time(session, four):
    for mode in ("exact", "rolling"):
        found = cohort_retention(session, scope("2026-02-01"), mode=mode)
        assert triangle(found) == {JAN: (3, [3, None])}
    running = triangle(cohort_retention(session, scope("2026-01-20")))
    assert running == {JAN: (2, [None])}


def test_quarters_are_those_of_the_calendar(session, dealer):
    came(session, dealer, "2025-12-31", "2026-01-01", "2026-06-30")
    came(session, dealer, "2025-10-01", "2026-04-01")
    found = cohort_retention(session, scope("2026-07-01"), grain="quarter")
    assert triangle(found) == {date(2025, 10, 1): (2, [2, 1, 2, None])}


def test_by_sale_every_car_counts_from_its_sale(session, dealer):
    came(session, dealer, "2026-01-02")  # not sold here; the store's visits are known from now
    came(session, dealer, "2026-03-05", sold_on=date(2026, 1, 9))
    came(
        session, dealer, "2026-01-03", "2026-02-03", sold_on=date(2026, 2, 1)
    )  # sold after a visit
    came(session, dealer, "2026-03-06", sold_on=date(2026, 4, 2))  # not sold yet
    came(session, dealer, "2026-03-07", sold_on=date(2025, 12, 31))  # who knows when it came before
    vehicle(session, dealer, sold_on=date(2026, 1, 31))  # never came
    sold = cohort_retention(session, scope("2026-04-01"), start="sale")
    assert triangle(sold) == {JAN: (2, [0, 0, 1, None]), FEB: (1, [1, 0, None])}
    later = cohort_retention(session, scope("2026-04-01"), start="sale", mode="rolling")
    assert triangle(later) == {JAN: (2, [1, 1, 1, None]), FEB: (1, [1, 0, None])}


def test_one_interval_cohort_by_cohort_once_it_is_over(session, four):
    found = retention_at(session, scope("2026-04-10"), after="2")
    rows = found.frame[["period", "numerator", "denominator"]].to_dict("split")["data"]
    assert rows == [[JAN, 2, 3]]
    told = found.summary
    assert (told["numerator"], told["denominator"], told["not_due"]) == (2, 3, 1)
    pooled = retention_at(session, scope("2026-04-10"), after="1", mode="rolling").summary
    assert (pooled["numerator"], pooled["denominator"], pooled["value"]) == (3, 4, 0.75)


# --- classes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "last", "found"),
    [
        ("2011-05-31", "2011-02-28", "active"),
        ("2011-05-31", "2011-02-27", "at_risk"),
        ("2011-05-31", "2010-11-30", "at_risk"),
        ("2011-05-31", "2010-11-29", "dormant"),
        ("2011-05-31", "2010-05-31", "dormant"),
        ("2011-05-31", "2010-05-30", "lost"),
        ("2012-02-29", "2011-11-29", "active"),
        ("2012-02-29", "2011-02-28", "dormant"),
        ("2012-02-29", "2011-02-27", "lost"),
        ("2012-05-31", "2012-02-29", "active"),
    ],
)
def test_months_back_from_the_end_of_a_month_do_not_step_over_a_short_one(
    session, dealer, today, last, found
):
    came(session, dealer, last)
    assert counts(visit_gap_classes(session, scope(today))) == dict.fromkeys(AWAY, 0) | {found: 1}


def test_only_the_last_visit_by_the_data_time_says_the_class(session, dealer):
    came(session, dealer, "2025-01-05", "2025-12-20", "2026-03-10")
    for day, found in (
        ("2025-01-04", None), ("2025-04-05", "active"), ("2025-04-06", "at_risk"),
        ("2025-12-19", "dormant"), ("2025-12-20", "active"), ("2026-03-09", "active"),
        ("2027-03-11", "lost"),
    ):  # fmt: skip
        answer = visit_gap_classes(session, scope(day))
        held = {name for name, count in counts(answer).items() if count}
        assert held == ({found} - {None})
        assert answer.summary["vehicles"] == len(held)


def test_the_bounds_of_the_classes_are_a_setting(session, dealer):
    came(session, dealer, "2026-02-01")
    kept = session.scalars(select(Norm).where(Norm.code == "gap_classes")).one()
    kept.value = {"at_risk": 1, "dormant": 2, "lost": 12}
    session.flush()
    assert counts(visit_gap_classes(session, scope("2026-03-02")))["at_risk"] == 1
    assert counts(visit_gap_classes(session, scope("2026-04-02")))["dormant"] == 1


def test_moves_from_the_end_of_a_quarter_to_the_next(session, dealer):
    came(session, dealer, "2025-01-10", "2026-02-10")  # lost, and came again
    came(session, dealer, "2025-12-30")  # active, then drifts
    came(session, dealer, "2026-01-15", "2026-03-15")  # new
    came(session, dealer, "2026-04-20")  # new in the running quarter
    found = gap_flows(session, scope("2026-05-01"))
    rows = found.frame.to_dict("split")["data"]
    quarter, running = date(2026, 1, 1), date(2026, 4, 1)
    assert [row for row in rows if row[0] == quarter] == [
        [quarter, True, "active", "at_risk", 1],
        [quarter, True, "dormant", "active", 1],
        [quarter, True, "new", "active", 1],
    ]
    assert [row for row in rows if row[0] == running] == [
        [running, False, "active", "active", 2],
        [running, False, "at_risk", "at_risk", 1],
        [running, False, "new", "active", 1],
    ]
    assert found.summary == {"vehicles": 4}


def test_with_shorter_classes_a_car_can_come_and_be_at_risk_by_the_end_of_a_quarter(
    session, dealer
):
    kept = session.scalars(select(Norm).where(Norm.code == "gap_classes")).one()
    kept.value = {"at_risk": 1, "dormant": 6, "lost": 12}
    came(session, dealer, "2025-12-20", "2026-01-15")
    came(session, dealer, "2026-02-27")
    frame = gap_flows(session, scope("2026-04-10")).frame
    over = frame[frame["period"] == date(2026, 1, 1)]
    assert over[["from", "to", "count"]].to_dict("split")["data"] == [
        ["active", "at_risk", 1],
        ["new", "at_risk", 1],
    ]


@pytest.mark.parametrize(
    ("today", "quarters"),
    [
        ("2026-03-31", {(2025, 1): True, (2025, 4): True, (2025, 7): True, (2025, 10): True,
                        (2026, 1): False}),
        ("2026-04-01", {(2025, 4): True, (2025, 7): True, (2025, 10): True, (2026, 1): True,
                        (2026, 4): False}),
    ],
)  # fmt: skip
def test_a_quarter_is_over_when_the_next_one_begins(session, dealer, today, quarters):
    came(session, dealer, "2024-12-01")
    frame = gap_flows(session, scope(today)).frame
    found = zip(frame["period"], frame["finished"], strict=True)
    assert {(day.year, day.month): over for day, over in found} == quarters


def test_visits_in_twelve_months(session, dealer):
    five = ("2025-04-01", "2025-06-01", "2025-08-01", "2025-10-01", "2026-03-16")
    came(session, dealer, *five)
    came(session, dealer, *five[1:], "2025-03-15")  # the first lies a day too far back
    came(session, dealer, "2025-03-16", "2025-12-01", "2025-12-02")
    came(session, dealer, "2026-03-16", "2026-03-16")  # one visit
    came(session, dealer, "2025-03-15")
    found = visit_classes(session, scope("2026-03-16"))
    assert counts(found) == {"A": 2, "B": 1, "C": 1, "D": 1}
    assert found.summary == {"vehicles": 5, "five_or_more": 1, "share_five_or_more": 0.2}


def test_who_came_more_than_once_store_by_store(session, dealer):
    came(session, dealer, "2026-01-05", "2026-02-05")
    came(session, dealer, "2026-01-05", "2026-01-05")
    other = store(session, "S2")
    came(session, other, "2026-01-05", "2026-03-17")
    found = repeat_visit_rate(session, scope("2026-03-16"), by="store")
    rows = found.frame[["key", "numerator", "denominator"]].to_dict("split")["data"]
    assert rows == [["S1", 1, 2], ["S2", 0, 1]]
    assert (found.summary["numerator"], found.summary["denominator"]) == (1, 3)
    whole = repeat_visit_rate(session, scope("2026-03-17")).frame.to_dict("records")
    assert [(row["key"], row["numerator"], row["denominator"]) for row in whole] == [("all", 2, 3)]


# --- the return curve ----------------------------------------------------------------------------


def test_the_curve_of_a_textbook():
    """Weeks of remission under 6-MP (Freireich and others 1963), as in many books."""
    ended = Counter({6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1})
    still = Counter({6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1})
    steps = {step.days: step for step in survival(ended, still)}
    known = {
        6: (21, 0.8571, 0.6197, 0.9516),
        7: (17, 0.8067, 0.5631, 0.9228),
        10: (15, 0.7529, 0.5032, 0.8894),
        13: (12, 0.6902, 0.4316, 0.8491),
        16: (11, 0.6275, 0.3675, 0.8049),
        22: (7, 0.5378, 0.2678, 0.7468),
        23: (6, 0.4482, 0.1881, 0.6801),
    }
    for day, row in known.items():
        step = steps[day]
        assert (step.at_risk, step.away, step.low, step.high) == pytest.approx(row, abs=6e-5)
    assert steps[35].away == steps[23].away


def test_open_gaps_count_for_as_long_as_they_have_lasted(session, dealer):
    came(session, dealer, "2026-01-01", "2026-01-11")  # 10 days, then 20 and still away
    came(session, dealer, "2026-01-05", "2026-01-15", "2026-01-27")  # 10, 12, then 4
    found = return_curve(session, scope("2026-01-31"))
    assert found.frame[["days", "at_risk", "returned", "censored"]].to_dict("split")["data"] == [
        [4, 5, 0, 1],
        [10, 4, 2, 0],
        [12, 2, 1, 0],
        [20, 1, 0, 1],
    ]
    assert list(found.frame["away"]) == [1.0, 0.5, 0.25, 0.25]
    assert found.summary == {
        "gaps": 5, "returned": 3, "median_days": 10,
        "back_90": None, "back_180": None, "back_365": None,
    }  # fmt: skip


def test_only_the_gap_after_the_first_visit(session, dealer):
    came(session, dealer, "2025-01-01", "2025-03-12", "2025-03-20")
    came(session, dealer, "2025-01-01")
    found = return_curve(session, scope("2025-12-31"), after="first")
    assert found.frame[["days", "returned", "censored"]].to_dict("split")["data"] == [
        [70, 1, 0],
        [364, 0, 1],
    ]
    assert found.summary["back_90"] == found.summary["back_180"] == 0.5
    assert found.summary["back_365"] is None  # nobody was watched for so long
    before = return_curve(session, scope("2025-03-11"), after="first").summary
    assert (before["gaps"], before["returned"], before["median_days"]) == (2, 0, None)


def test_when_all_are_back_it_is_known_of_later_days_too():
    steps = list(survival(Counter({30: 2}), Counter()))
    assert [(step.days, step.away, step.low, step.high) for step in steps] == [(30, 0.0, 0.0, 1.0)]


@given(
    st.dictionaries(st.integers(1, 1500), st.integers(1, 5), max_size=700),
    st.dictionaries(st.integers(0, 1500), st.integers(1, 5), max_size=700),
)
@settings(max_examples=40, deadline=None)
def test_a_thinned_curve_loses_no_gap_and_not_its_last_step(ended, still):
    steps = list(survival(Counter(ended), Counter(still)))
    kept = thinned(steps)
    assert len(kept) <= MOST
    assert kept[-1:] == [] or kept[-1].days == steps[-1].days
    for name in ("returned", "censored"):
        assert sum(getattr(s, name) for s in kept) == sum(getattr(s, name) for s in steps)
    whole = {step.days: step.away for step in steps}
    assert all(whole[step.days] == step.away for step in kept)
    assert all(of.away >= to.away for of, to in pairwise(kept))


# --- against slow and obvious counts -------------------------------------------------------------

FIRST, LAST = date(2024, 10, 20), date(2026, 8, 10)
ENDS = [
    date(y, m, 1) + timedelta(days=off) for y in (2025, 2026) for m in (3, 6) for off in (-1, 0)
]
DAYS = st.one_of(st.dates(FIRST, LAST), st.sampled_from(ENDS))
LOGS = st.lists(st.lists(DAYS, max_size=7), max_size=7)
AFTER = (LAST, date(2027, 2, 28))  # nobody comes any more
TODAYS = st.one_of(st.dates(FIRST, LAST), st.sampled_from([*ENDS, date(2026, 5, 31), *AFTER]))


def made(session, logs):
    """The orders of each car, in two stores, and the visits counted from them."""
    places = [store(session, "S1"), store(session, "S2")]
    for number, days in enumerate(logs):
        came(session, places[number % 2], *(day.isoformat() for day in days))


def seen(logs, today):
    """The days each car was seen on by then, in order."""
    found = [sorted({day for day in days if day <= today}) for days in logs]
    return [days for days in found if days]


def class_then(days, end, at_risk=3):
    """Where a car stands at the end of a day; new if it was not seen yet."""
    known = [day for day in days if day <= end]
    if not known:
        return "new"
    bounds = ((at_risk, "active"), (6, "at_risk"), (12, "dormant"))
    held = (name for months, name in bounds if known[-1] >= end - relativedelta(months=months))
    return next(held, "lost")


def obvious_flows(logs, today, at_risk=3):
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    ends = [first - relativedelta(months=3 * n) - timedelta(days=1) for n in range(4, -1, -1)]
    flows = Counter()
    for of, to in pairwise([*ends, today]):
        start, over = of + timedelta(days=1), of + relativedelta(days=1, months=3) <= today
        for days in seen(logs, to):
            moved = (class_then(days, end, at_risk) for end in (of, to))
            flows[start, over, *moved] += 1
    return flows


def obvious_triangle(logs, today, months, rolling):
    """By cohort: (size, [how many in each period])."""
    index = lambda day: (day.year * 12 + day.month - 1) // months  # noqa: E731
    cars, now = seen(logs, today), index(today)
    found = {}
    for cohort in {index(days[0]) for days in cars}:
        members = [{index(day) for day in days} for days in cars if index(days[0]) == cohort]
        cells = []
        for period in range(cohort, now):
            wanted = set(range(period, now + 1)) if rolling else {period}
            cells.append(sum(bool(member & wanted) for member in members))
        start = date(cohort * months // 12, cohort * months % 12 + 1, 1)
        found[start] = (len(members), [*cells, None])
    return found


def obvious_sales(sales, today, months, rolling):
    """As `obvious_triangle`, from (day of sale or None, days) of the cars of two stores."""
    index = lambda day: (day.year * 12 + day.month - 1) // months  # noqa: E731
    members, now = defaultdict(list), index(today)
    for place in (0, 1):
        cars = sales[place::2]
        known = min((day for _, days in cars for day in days), default=None)
        for sold, days in cars:
            if known and sold and date(known.year, known.month, 1) <= sold <= today:
                members[index(sold)].append({index(day) for day in days if day <= today})
    found = {}
    for cohort, cars in members.items():
        wanted = [set(range(k, now + 1)) if rolling else {k} for k in range(cohort, now)]
        cells = [sum(bool(car & each) for car in cars) for each in wanted]
        found[date(cohort * months // 12, cohort * months % 12 + 1, 1)] = (
            len(cars),
            [*cells, None],
        )
    return found


def obvious_curve(logs, today, first):
    """(day, share still away after it) and the gaps, day by day."""
    ended, still = [], []
    for days in seen(logs, today):
        gaps = [(after - before).days for before, after in pairwise(days)]
        ended += gaps[:1] if first else gaps
        still += [(today - days[-1]).days] if not first or len(days) == 1 else []
    away, found = 1.0, {}
    for day in range(max([*ended, *still], default=-1) + 1):
        at_risk = sum(gap >= day for gap in [*ended, *still])
        away *= 1 - ended.count(day) / at_risk
        found[day] = away
    return ended, still, found


@SLOW
@given(logs=LOGS, today=TODAYS, at_risk=st.sampled_from([1, 2, 3, 4]))
def test_who_stays_is_a_slow_and_obvious_count(session, logs, today, at_risk):
    with session.begin_nested() as nested:
        made(session, logs)
        kept = session.scalars(select(Norm).where(Norm.code == "gap_classes")).one()
        kept.value = {"at_risk": at_risk, "dormant": 6, "lost": 12}
        session.flush()
        asked = scope(today)
        answers = {
            "gaps": visit_gap_classes(session, asked),
            "flows": gap_flows(session, asked),
            "visits": visit_classes(session, asked),
            "repeat": repeat_visit_rate(session, asked),
            "base": active_base(session, asked),
        }
        nested.rollback()
    cars = seen(logs, today)
    assert counts(answers["gaps"]) == {
        name: sum(class_then(days, today, at_risk) == name for days in cars) for name in AWAY
    }
    rows = answers["flows"].frame.to_dict("split")["data"]
    assert {tuple(row[:4]): row[4] for row in rows} == obvious_flows(logs, today, at_risk)
    year = today - relativedelta(months=12)
    often = [sum(day >= year for day in days) for days in cars]
    assert counts(answers["visits"]) == {
        "A": sum(n >= 4 for n in often), "B": sum(n in (2, 3) for n in often),
        "C": often.count(1), "D": often.count(0),
    }  # fmt: skip
    assert answers["visits"].summary["five_or_more"] == sum(n >= 5 for n in often)
    assert answers["base"].summary["value"] == sum(n > 0 for n in often)
    assert answers["repeat"].summary["numerator"] == sum(len(days) > 1 for days in cars)
    assert answers["repeat"].summary["denominator"] == len(cars)


@SLOW
@given(
    logs=LOGS,
    today=TODAYS,
    grain=st.sampled_from(["month", "quarter"]),
    mode=st.sampled_from(["exact", "rolling"]),
    after=st.sampled_from(["1", "2", "3", "6", "12"]),
)
def test_cohorts_are_a_slow_and_obvious_count(session, logs, today, grain, mode, after):
    with session.begin_nested() as nested:
        made(session, logs)
        how = {"grain": grain, "mode": mode}
        whole = cohort_retention(session, scope(today), **how)
        at_once = retention_at(session, scope(today), after=after, **how)
        nested.rollback()
    months = 3 if grain == "quarter" else 1
    expected = obvious_triangle(logs, today, months, mode == "rolling")
    assert triangle(whole) == expected
    k = int(after)
    ripe = {
        start: (cells[k], size)
        for start, (size, cells) in expected.items()
        if k < len(cells) and cells[k] is not None
    }
    rows = at_once.frame[["period", "numerator", "denominator"]].to_dict("split")["data"]
    assert {row[0]: (row[1], row[2]) for row in rows if row[2]} == ripe
    assert at_once.summary["numerator"] == sum(met for met, _ in ripe.values())
    assert at_once.summary["denominator"] == sum(size for _, size in ripe.values())


@SLOW
@given(
    sales=st.lists(st.tuples(st.none() | DAYS, st.lists(DAYS, max_size=5)), max_size=7),
    today=TODAYS,
    grain=st.sampled_from(["month", "quarter"]),
    mode=st.sampled_from(["exact", "rolling"]),
)
def test_cohorts_by_sale_are_a_slow_and_obvious_count(session, sales, today, grain, mode):
    with session.begin_nested() as nested:
        places = [store(session, "S1"), store(session, "S2")]
        for number, (sold, days) in enumerate(sales):
            came(session, places[number % 2], *(day.isoformat() for day in days), sold_on=sold)
        found = cohort_retention(session, scope(today), grain=grain, mode=mode, start="sale")
        nested.rollback()
    months = 3 if grain == "quarter" else 1
    assert triangle(found) == obvious_sales(sales, today, months, mode == "rolling")


@SLOW
@given(logs=LOGS, today=TODAYS, after=st.sampled_from(["any", "first"]))
def test_the_return_curve_is_a_slow_and_obvious_count(session, logs, today, after):
    with session.begin_nested() as nested:
        made(session, logs)
        found = return_curve(session, scope(today), after=after)
        nested.rollback()
    ended, still, away = obvious_curve(logs, today, after == "first")
    assert found.summary["gaps"] == len(ended) + len(still)
    assert found.summary["returned"] == len(ended)
    assert sorted(found.frame["days"]) == sorted({*ended, *still})
    for row in found.frame.to_dict("records"):
        assert row["at_risk"] == sum(gap >= row["days"] for gap in [*ended, *still])
        assert isclose(row["away"], away[row["days"]], abs_tol=1e-9)
        assert row["low"] - 1e-9 <= row["away"] <= row["high"] + 1e-9
    median = next((day for day, share in away.items() if share <= 0.5 + 1e-9), None)
    assert found.summary["median_days"] == median


# --- keeping the visits --------------------------------------------------------------------------

ORDERS = st.lists(
    st.tuples(st.integers(0, 3), st.dates(FIRST, LAST), st.none() | st.integers(0, 900_000)),
    max_size=25,
)


def rows_of(session):
    columns = Visit.__table__.columns
    return {tuple(row) for row in session.execute(select(*columns))}


SOLD = date(2025, 1, 31)


def obvious_visits(orders, cars):
    """Every column of a visit, from (car, day, fen); the first and the last car were sold here."""
    paid = defaultdict(lambda: defaultdict(int))
    for car, day, fen in orders:
        paid[cars[car]][day] += fen or 0
    month = lambda day: day and day.year * 12 + day.month - 1  # noqa: E731
    rows = set()
    for (place, car), spent in paid.items():
        days = sorted(spent)
        for number, day in enumerate(days, 1):
            before = days[number - 2] if number > 1 else None
            year = sum(spent[one] for one in days if day - timedelta(days=364) <= one <= day)
            rows.add((
                place, car, day, month(day), number, month(days[0]),
                month(SOLD) if (place, car) in (cars[0], cars[-1]) else None,
                (day - days[0]).days,
                before, month(before), before and (day - before).days,
                days[number] if number < len(days) else None, spent[day], year,
            ))  # fmt: skip
    return rows


def keep(session, cars, orders):
    """The orders, and the visits of the cars they are of."""
    for car, day, fen in orders:
        number, place = cars[car]
        order(session, place, session.get(Vehicle, number), f"{day}T16:00", total_fen=fen)
    for place in {place for _, place in cars}:
        mine = [(cars[car][0], day) for car, day, _ in orders if cars[car][1] is place]
        since = min((day for _, day in mine), default=date.min)
        visits.refresh(session.connection(), place.id, {car for car, _ in mine}, since)


def test_a_year_of_spending_is_365_days_that_end_with_the_visit(session, dealer):
    car = came(session, dealer, "2025-01-01", "2025-01-02", "2025-12-31", "2026-01-01", fen=100)
    spent = select(Visit.day, Visit.year_fen).where(Visit.vehicle_id == car.id)
    found = {day.isoformat(): fen for day, fen in session.execute(spent)}
    assert found == {"2025-01-01": 100, "2025-01-02": 200, "2025-12-31": 300, "2026-01-01": 300}


@SLOW
@given(orders=ORDERS, more=ORDERS, gone=st.integers(0, 3))
def test_visits_kept_step_by_step_are_those_worked_out_anew(session, orders, more, gone):
    with session.begin_nested() as nested:
        places = [store(session, "S1"), store(session, "S2")]
        sales = zip((*places, *places), (SOLD, None, None, SOLD), strict=True)
        cars = [(vehicle(session, place, sold_on=sold).id, place) for place, sold in sales]
        keep(session, cars, orders)
        keep(session, cars, more)
        stepwise, months = rows_of(session), [visit_months.wrong(session.connection())]
        number, place = cars[gone]
        session.execute(delete(RepairOrder).where(RepairOrder.vehicle_id == number))
        visits.refresh(session.connection(), place.id, [number])
        without = rows_of(session)
        months.append(visit_months.wrong(session.connection()))
        rebuilt = visits.rebuild(session.connection())
        anew = rows_of(session)
        months.append(visit_months.wrong(session.connection()))
        ids = [(place.id, number) for number, place in cars]
        nested.rollback()
    assert stepwise == obvious_visits([*orders, *more], ids)
    assert months == [0, 0, 0]
    left = [row for row in [*orders, *more] if row[0] != gone]
    assert without == anew == obvious_visits(left, ids)
    assert rebuilt == len(anew)


# --- the real file -------------------------------------------------------------------------------


@pytest.fixture
def retail(session, dealer):
    """The real orders, customer = car: the days by car, and the visits kept from them."""
    days = defaultdict(list)
    with shared("real/online_retail_orders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days[row["vehicle_no"]].append(date.fromisoformat(row["in_at"][:10]))
    session.execute(insert(Vehicle), [{"store_id": dealer.id, "number": car} for car in days])
    ids = dict(session.execute(select(Vehicle.number, Vehicle.id)).all())
    listed = [(ids[car], day) for car, found in days.items() for day in found]
    orders = [
        {
            "store_id": dealer.id, "number": f"X{n}", "vehicle_id": car, "opened_on": day,
            "opened_at": at(f"{day}T09:00"),
        }
        for n, (car, day) in enumerate(listed)
    ]  # fmt: skip
    session.execute(insert(RepairOrder), orders)
    session.execute(text("ANALYZE"))  # for others the tables stay empty: it would plan for that
    visits.refresh(session.connection(), dealer.id, ids.values())
    return list(days.values())


def test_facts_of_a_real_file(session, retail):
    repeat = repeat_visit_rate(session, scope("2011-12-09")).summary
    assert (repeat["numerator"], repeat["denominator"]) == (2_790, 4_339)
    away = visit_gap_classes(session, scope("2011-11-30")).summary
    assert away["vehicles"] == 4_298
    assert away["vehicles"] - away["active"] == 1_430
    may = counts(visit_gap_classes(session, scope("2011-05-31")))
    early = [max(day for day in days if day <= date(2011, 5, 31)) for days in retail
             if min(days) <= date(2011, 5, 31)]  # fmt: skip
    assert may["active"] == sum(day >= date(2011, 2, 28) for day in early)
    assert sum(day >= date(2011, 3, 3) for day in early) < may["active"]


def test_the_real_cohorts_and_their_unfinished_month(session, retail):
    today = date(2011, 12, 9)
    for grain, months in (("month", 1), ("quarter", 3)):
        for mode in ("exact", "rolling"):
            found = triangle(cohort_retention(session, scope(today), grain=grain, mode=mode))
            assert found == obvious_triangle(retail, today, months, mode == "rolling")
            assert all(active[-1] is None for _, active in found.values())
    assert found[date(2011, 10, 1)][1] == [None]
    flows = gap_flows(session, scope(today)).frame.to_dict("split")["data"]
    assert {tuple(row[:4]): row[4] for row in flows} == obvious_flows(retail, today)


# --- who may see it ------------------------------------------------------------------------------


OF_STORES = ("visit_gap_classes", "gap_flows", "cohort_retention", "return_curve", "visit_classes")


@pytest.mark.parametrize("code", OF_STORES)
def test_a_person_counts_the_cars_of_their_own_stores(session, dealer, code):
    came(session, dealer, "2026-01-05", "2026-02-05")
    alone = METRICS[code](session, scope("2026-03-16"))
    other = store(session, "S2")
    came(session, other, "2026-01-06", "2026-02-06")
    whole = METRICS[code](session, scope("2026-03-16"))
    stores = frozenset({dealer.id})
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=stores)
    mine = METRICS[code](session, scope("2026-03-16", stores=("S1", "S2")))
    assert (repr(mine.frame), mine.summary) == (repr(alone.frame), alone.summary)
    assert mine.summary != whole.summary
