"""A finished action starts a new phase of the trend of what it was aimed at, of nothing else."""

from datetime import date

import pytest

from data.metrics import complaints, trend
from data.scope import Scope
from tests.factories import at, complaint, delivered, employee, improvement, store

MONDAYS = [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23)]


@pytest.fixture
def dealer(session):
    dealer = store(session)
    for day in ("2026-02-03", "2026-02-10", "2026-02-17", "2026-02-24"):
        complaint(session, dealer, f"{day}T10:00", category="reception_wait", severity="critical")
    delivered(session, dealer, d20260203=10, d20260210=10, d20260217=10, d20260224=10)
    return dealer


def done(session, dealer, moment, category="reception_wait", **more):
    owner = employee(session, dealer)
    return improvement(session, dealer, owner, moment, category=category, **more)


def phases(session, category="reception_wait", metric=complaints.complaints_per_1000_orders):
    drill = (("category", category),) if category else ()
    asked = Scope(as_of=at("2026-03-16T10:00"), drill=drill)
    return metric(session, asked).frame["phase"].tolist()


def test_nothing_done_is_one_phase(session, dealer):
    assert phases(session) == [0, 0, 0, 0]


def test_a_phase_begins_with_the_first_whole_week_after_the_action(session, dealer):
    done(session, dealer, "2026-02-11T16:00")
    assert phases(session) == [0, 0, 1, 1]


def test_an_action_done_on_a_monday_starts_that_week(session, dealer):
    done(session, dealer, "2026-02-09T08:00")
    assert phases(session) == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "metric",
    [complaints.first_reply_compliance, complaints.closure_compliance, complaints.repeat_rate],
)
def test_every_trend_of_a_category_has_the_phases(session, dealer, metric):
    done(session, dealer, "2026-02-11T16:00")
    assert phases(session, metric=metric) == [0, 0, 1, 1]


def test_an_action_above_or_below_the_category_counts_one_beside_it_does_not(session, dealer):
    done(session, dealer, "2026-02-09T08:00", category="booking")
    assert set(phases(session)) == {0}
    assert phases(session, "waiting") == [0, 1, 1, 1]
    done(session, dealer, "2026-02-16T08:00", category="waiting")
    assert phases(session) == [0, 0, 1, 1]


def test_without_a_category_no_action_is_a_change_of_the_whole(session, dealer):
    done(session, dealer, "2026-02-11T16:00")
    assert set(phases(session, category=None)) == {0}


def test_among_several_stores_one_action_is_no_change_of_the_whole(session, dealer):
    done(session, dealer, "2026-02-11T16:00")
    store(session, "S2")
    assert set(phases(session)) == {0}


@pytest.mark.parametrize(
    ("moment", "state"), [("2026-03-16T10:01", "done"), ("2026-02-11T16:00", "cancelled")]
)
def test_what_is_not_done_yet_or_was_called_off_is_no_change(session, dealer, moment, state):
    done(session, dealer, moment, state=state)
    assert set(phases(session)) == {0}


def test_changes_lie_before_the_period_that_they_can_show_in():
    changes = [date(2026, 1, 1), date(2026, 2, 9), date(2026, 2, 10), date(2026, 3, 5)]
    assert trend.change_points(MONDAYS, changes) == [0, 1, 2, 4]


def rates(*weeks):
    asked = Scope(as_of=at("2026-02-27T10:00"))
    days = [(monday, counts) for monday, counts in zip(MONDAYS, weeks, strict=True)]
    return trend.rates(days, asked, "week")


def test_only_settled_weeks_have_limits():
    # the third has 6 of 100 still to come, the second exactly 5; the fourth is running
    rows = rates((90, 100, 0), (90, 95, 5), (90, 94, 6), (5, 5, 0))
    assert rows["settled"].tolist() == [True, True, False, False]
    assert rows["upper"].notna().tolist() == [True, True, False, False]
    assert rows["centre"].iloc[0] == pytest.approx(180 / 195)
