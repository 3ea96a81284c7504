"""Complaint metrics against answers counted by hand."""

from datetime import date

import pytest

from data import calendars, db
from data.commands import complaints as commands
from data.metrics import METRICS, complaints
from data.models import CalendarException, DeliveredDay, RepairOrder
from data.person import Person, Role
from data.scope import Scope
from tests.factories import at, complaint, delivered, employee, store, vehicle

NOW = "2026-03-16T10:00"  # a Monday


def scope(now=NOW, **more):
    return Scope(as_of=at(now), **more)


def rate_of(answer):
    summary = answer.summary
    return summary["numerator"], summary["denominator"], summary["not_due"]


@pytest.fixture
def dealer(session):
    return store(session)


def test_open_complaints_by_age_and_severity(session, dealer):
    for opened, more in (
        ("2026-03-16T10:00", {}),  # 0 days
        ("2026-03-15T10:00:01", {}),  # a second short of a day
        ("2026-03-15T10:00", {}),  # exactly one day: the next bucket
        ("2026-03-13T10:00", {}),  # exactly three
        ("2026-03-09T10:00", {"severity": "critical"}),  # exactly seven
        ("2026-03-02T10:00", {"severity": None}),  # exactly fourteen
        ("2026-02-14T10:00", {}),  # exactly thirty
        ("2026-02-14T10:00", {"resolved_at": "2026-03-16T10:00", "state": "resolved"}),
        ("2026-02-14T10:00", {"resolved_at": "2026-03-16T10:01"}),  # not solved yet at the time
        ("2026-02-14T10:00", {"closed_at": "2026-02-20T10:00", "state": "closed"}),
        ("2026-03-16T10:01", {}),  # not opened yet
    ):
        complaint(session, dealer, opened, **more)
    answer = complaints.complaint_ageing(session, scope(), ages="all")
    assert answer.frame.to_dict("split")["data"] == [
        ["0-1", "general", 2],
        ["1-3", "general", 1],
        ["3-7", "general", 1],
        ["7-14", "critical", 1],
        ["14-30", "unjudged", 1],
        ["30+", "general", 2],
    ]
    summary = answer.summary
    assert (summary["open"], summary["awaiting_recontact"]) == (8, 1)
    assert summary["oldest_days"] == 30
    assert summary["p50_days"] == pytest.approx((3 + 7) / 2)


def test_open_complaints_by_the_share_of_their_time_used(session, dealer):
    # critical: three days from opening, half at 36 h, three quarters at 54 h
    for opened in (
        "2026-03-15T10:00",  # a third
        "2026-03-14T22:00",  # exactly half
        "2026-03-14T04:00",  # exactly three quarters
        "2026-03-13T10:00",  # exactly at the deadline: not late
        "2026-03-13T09:59:59",  # late
    ):
        complaint(session, dealer, opened, severity="critical")
    complaint(session, dealer, "2026-01-01T10:00", severity=None)
    answer = complaints.complaint_ageing(session, scope(), by="target")
    counts = {row["bucket"]: row["count"] for row in answer.frame.to_dict("records")}
    assert counts == {"<50": 1, "50-75": 1, "75-100": 2, "breached": 1, "no_target": 1}
    assert (answer.summary["breached"], answer.summary["at_risk"]) == (1, 2)


def test_the_working_age_leaves_out_nights_weekends_and_waiting(session, dealer):
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    case = complaint(session, dealer, "2026-03-12T10:00", state="replied")  # a Thursday
    moves = {"version": case.version, "complaint_id": case.id}
    commands.pause(
        session, **moves, now=at("2026-03-13T08:30"), reason="away", until=at("2026-03-13T11:30")
    )
    summary = complaints.complaint_ageing(session, scope(), ages="all").summary
    # Thursday 2 + 4.5, Friday 3.5 + 4.5 - 3 of waiting, Monday 1.5
    assert summary["oldest_working_hours"] == pytest.approx(6.5 + 5 + 1.5)


def test_first_reply_in_time(session, dealer):
    # general: 24 hours
    for opened, replied in (
        ("2026-03-10T09:00", "2026-03-11T09:00"),  # exactly at the deadline: met
        ("2026-03-10T09:00", "2026-03-11T09:00:01"),  # a second late: missed
        ("2026-03-10T09:00", None),  # open and late: missed
        ("2026-03-15T12:00", None),  # open, not due yet
        ("2026-03-15T12:00", "2026-03-15T13:00"),  # answered before it was due: met
        ("2026-03-10T09:00", "2026-03-16T10:01"),  # answered after the data time: missed
    ):
        complaint(session, dealer, opened, replied_at=replied)
    complaint(session, dealer, "2026-03-10T09:00", severity=None)  # no target: counts nowhere
    answer = complaints.first_reply_compliance(session, scope())
    assert rate_of(answer) == (2, 5, 1)
    assert answer.summary["value"] == pytest.approx(0.4)
    assert answer.summary["naive_value"] == pytest.approx(2 / 3)
    rows = answer.frame[["period", "finished", "numerator", "denominator", "not_due"]]
    assert rows.to_dict("split")["data"] == [[date(2026, 3, 9), True, 2, 5, 1]]


def test_solved_in_time_and_what_the_naive_figure_hides(session, dealer):
    # critical: three days
    for opened, resolved in (
        ("2026-03-01T08:00", "2026-03-04T08:00"),  # exactly at the deadline: met
        ("2026-03-01T08:00", "2026-03-04T08:00:01"),  # missed
        ("2026-03-01T08:00", None),  # open and late: missed
        ("2026-03-15T08:00", None),  # not due
        ("2026-03-02T08:00", "2026-03-03T08:00"),  # met
    ):
        complaint(session, dealer, opened, severity="critical", resolved_at=resolved)
    closed = {"closed_at": "2026-03-03T08:00", "state": "closed"}
    complaint(session, dealer, "2026-03-01T08:00", severity="critical", **closed)  # met
    answer = complaints.closure_compliance(session, scope())
    assert rate_of(answer) == (3, 5, 1)
    assert answer.summary["naive_value"] == pytest.approx(3 / 4)


def test_a_first_breach_stays_when_the_case_is_reopened(session, dealer):
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    case = complaint(session, dealer, "2026-03-01T08:00", severity="critical", state="replied")

    def do(name, when, **values):
        command = getattr(commands, name)
        command(session, complaint_id=case.id, version=case.version, now=at(when), **values)

    do("resolve", "2026-03-05T08:00", solution="Late")
    do("reopen", "2026-03-06T08:00", reason="Came back")
    do("change_severity", "2026-03-06T09:00", severity="question", reason="Only a question now")
    do("resolve", "2026-03-06T10:00", solution="Quick")
    answer = complaints.closure_compliance(session, scope())
    assert rate_of(answer) == (0, 1, 0)
    for moment, open_then in (
        ("2026-03-04T08:00", 1),
        ("2026-03-05T08:00", 0),
        ("2026-03-06T08:30", 1),
        ("2026-03-06T10:00", 0),
    ):
        summary = complaints.complaint_ageing(session, scope(moment)).summary
        assert summary["open"] == open_then, moment
    assert rate_of(complaints.closure_compliance(session, scope("2026-03-04T08:00"))) == (0, 0, 1)
    assert rate_of(complaints.closure_compliance(session, scope("2026-03-04T08:01"))) == (0, 1, 0)


def test_a_make_up_saturday_counts(session, dealer):
    # questions: 4 working hours. Saturday 2025-10-11 is worked in China (调休)
    case = complaint(session, dealer, "2025-10-10T17:00", severity="question")
    assert case.reply_due_at == at("2025-10-11T11:30")
    ordinary = complaint(session, dealer, "2025-10-17T17:00", severity="question")
    assert ordinary.reply_due_at == at("2025-10-20T11:30")
    answer = complaints.first_reply_compliance(session, scope("2025-10-11T11:31"))
    assert rate_of(answer) == (0, 1, 0)


def test_an_administrator_can_close_a_day(session, dealer):
    holiday = CalendarException(
        calendar_id=dealer.calendar_id, day=date(2025, 10, 11), working=False, reason="Stock-taking"
    )
    session.add(holiday)
    session.flush()
    case = complaint(session, dealer, "2025-10-10T17:00", severity="question")
    assert case.reply_due_at == at("2025-10-13T11:30")
    assert calendars.calendar_of(session, dealer.id).zone == "Asia/Shanghai"


def test_a_calendar_month_ends_on_the_right_day(session, dealer):
    case = complaint(session, dealer, "2026-01-31T09:00", resolved_at="2026-02-28T09:00")
    assert case.close_due_at == at("2026-02-28T09:00")
    assert rate_of(complaints.closure_compliance(session, scope())) == (1, 1, 0)


def test_compliance_by_something_else_than_time(session, dealer):
    other, li = store(session, "S2"), employee(session, dealer, "Li")
    complaint(session, dealer, "2026-03-01T08:00", owner_id=li.id, category="brakes")
    complaint(session, other, "2026-03-01T08:00", replied_at="2026-03-01T09:00")
    for by, keys in (
        ("store", {"S1": 0.0, "S2": 1.0}),
        ("owner", {"Li": 0.0, None: 1.0}),
        ("category", {"brakes": 0.0, None: 1.0}),
        ("severity", {"general": 0.5}),
    ):
        rows = complaints.first_reply_compliance(session, scope(), by=by).frame
        assert dict(zip(rows["key"], rows["value"], strict=True)) == keys, by


@pytest.mark.parametrize(
    ("narrow", "open_"),
    [
        ({}, 4),
        ({"stores": ("S1",)}, 3),
        ({"stores": ("S1", "S2")}, 4),
        ({"stores": ("nowhere",)}, 0),
        ({"drill": (("severity", "critical"),)}, 1),
        ({"drill": (("severity", "critical"), ("severity", "general"))}, 4),
        ({"drill": (("category", "brakes"),)}, 1),
        ({"drill": (("category", "vehicle"),)}, 2),
        ({"drill": (("owner", "none"),)}, 3),
        ({"drill": (("owner", "none"), ("category", "vehicle"))}, 1),
        ({"start": date(2026, 3, 16)}, 4),
    ],
)
def test_filters_narrow_what_is_counted(session, dealer, narrow, open_):
    li = employee(session, dealer)
    complaint(session, dealer, "2026-03-01T08:00", category="brakes", owner_id=li.id)
    complaint(session, dealer, "2026-03-02T08:00", category="engine", severity="critical")
    complaint(session, dealer, "2026-03-03T08:00", category="above_quote")
    complaint(session, store(session, "S2"), "2026-03-04T08:00")
    assert complaints.complaint_ageing(session, scope(**narrow)).summary["open"] == open_


def test_the_period_is_local_days_both_included(session, dealer):
    for opened in ("2026-03-01T23:59", "2026-03-02T00:00", "2026-03-03T23:59", "2026-03-04T00:00"):
        complaint(session, dealer, opened)
    days = scope(start=date(2026, 3, 2), end=date(2026, 3, 3))
    assert rate_of(complaints.first_reply_compliance(session, days)) == (0, 2, 0)


def test_two_weeks(session, dealer):
    closed = {"resolved_at": "2026-03-05T08:00", "closed_at": "2026-03-06T08:00"}
    complaint(session, dealer, "2026-03-01T08:00", **closed)
    complaint(session, dealer, "2026-03-02T10:00")  # exactly two weeks: not longer
    complaint(session, dealer, "2026-03-02T09:59")
    complaint(session, dealer, "2026-01-02T09:59", resolved_at="2026-01-05T08:00")
    assert rate_of(complaints.two_week_closure_rate(session, scope())) == (1, 3, 1)


def test_reopened_recontacted_and_content(session, dealer):
    done = {"resolved_at": "2026-03-02T08:00"}
    over = {**done, "closed_at": "2026-03-04T08:00", "state": "closed"}
    called = {"recontacted_at": "2026-03-03T08:00"}
    complaint(session, dealer, "2026-03-01T08:00", **over, **called, satisfied=True)
    complaint(session, dealer, "2026-03-01T08:00", **over, **called, satisfied=False, reopened=1)
    complaint(session, dealer, "2026-03-01T08:00", **over)
    complaint(session, dealer, "2026-03-01T08:00", **done, **called, satisfied=True)
    complaint(session, dealer, "2026-03-01T08:00", reopened=2, state="in_progress")
    complaint(session, dealer, "2026-03-01T08:00")
    assert rate_of(complaints.reopen_rate(session, scope())) == (2, 4, 2)
    assert rate_of(complaints.recontact_rate(session, scope())) == (2, 3, 3)
    assert rate_of(complaints.resolution_satisfaction(session, scope())) == (2, 3, 2)


def test_repeats_are_of_the_same_vehicle_and_kind_within_ninety_days(session, dealer):
    car, other = vehicle(session, dealer), vehicle(session, dealer)
    for opened, which, category in (
        ("2025-11-01T08:00", car, "brakes"),
        ("2026-01-30T23:00", car, "engine"),  # 90 local days later, same level 1: a repeat
        ("2026-05-01T08:00", car, "brakes"),  # 91 days after that: none
        ("2026-05-02T08:00", car, "above_quote"),  # another kind
        ("2026-05-02T08:00", other, "brakes"),  # another vehicle
        ("2026-05-03T08:00", car, "vehicle"),  # level 1 itself: a repeat
    ):
        complaint(session, dealer, opened, vehicle_id=which.id, category=category)
    for _ in range(2):  # no vehicle: nothing to repeat
        complaint(session, dealer, "2026-05-04T08:00", category="brakes")
    answer = complaints.repeat_rate(session, scope("2026-06-01T08:00"))
    assert rate_of(answer) == (2, 8, 0)


def test_hand_offs(session, dealer):
    for changes in (0, 0, 1, 3, 4):
        complaint(session, dealer, "2026-03-01T08:00", hand_offs=changes)
    answer = complaints.hand_offs(session, scope())
    assert answer.frame.to_dict("split")["data"] == [[0, 2], [1, 1], [3, 1], [4, 1]]
    assert answer.summary["mean"] == pytest.approx(8 / 5)
    assert (answer.summary["numerator"], answer.summary["denominator"]) == (2, 5)


def test_time_over_the_deadline(session, dealer):
    # escalated: seven days
    complaint(
        session, dealer, "2026-03-01T08:00", severity="escalated", resolved_at="2026-03-09T08:00"
    )  # 24 h over
    complaint(session, dealer, "2026-03-08T10:00", severity="escalated")  # 24 h over now
    complaint(session, dealer, "2026-03-12T10:00", severity="critical")  # 24 h over now
    complaint(session, dealer, "2026-03-10T10:00", severity="critical")  # 72 h over now
    complaint(session, dealer, "2026-03-15T10:00", severity="critical")  # in time
    answer = complaints.overrun(session, scope())
    rows = {row["severity"]: row for row in answer.frame.to_dict("records")}
    assert (rows["escalated"]["count"], rows["escalated"]["max_hours"]) == (2, 24)
    assert (rows["critical"]["count"], rows["critical"]["median_hours"]) == (2, 48)
    assert (answer.summary["count"], answer.summary["median_hours"]) == (4, 24)


def test_time_over_the_deadline_names_the_least_grave_first(session, dealer):
    for severity in ("critical", "question", "escalated", "general"):
        complaint(session, dealer, "2026-01-01T08:00", severity=severity)
    unjudged = complaint(session, dealer, "2026-01-01T08:00", severity="general")
    unjudged.severity = None
    session.flush()
    told = complaints.overrun(session, scope()).frame["severity"].tolist()
    assert told[:4] == ["question", "general", "escalated", "critical"]
    assert len(told) == 5


def test_causes_of_missed_deadlines(session, dealer):
    late = {"severity": "critical", "resolved_at": "2026-03-09T08:00", "state": "closed"}
    for cause in ("parts", "parts", "staff", None):
        closed = {"closed_at": "2026-03-09T09:00", "breach_cause": cause}
        complaint(session, dealer, "2026-03-01T08:00", **late, **closed)
    complaint(session, dealer, "2026-03-01T08:00", **late, breach_cause="parts")  # not closed
    rows = complaints.breach_causes(session, scope()).frame
    assert dict(zip(rows["cause"], rows["count"], strict=True)) == {
        "parts": 2,
        "not_stated": 1,
        "staff": 1,
    }


def test_complaints_per_thousand_orders(session, dealer):
    delivered(session, dealer, d20260302=400, d20260309=100, d20260315=500, d20260316=999)
    for opened in ("2026-03-02T08:00", "2026-03-09T08:00", "2026-03-15T08:00"):
        complaint(session, dealer, opened)
    car = vehicle(session, dealer)
    for number, handed in enumerate(("2026-03-16T09:59", "2026-03-16T10:01")):
        order(session, dealer, car, str(number), handed)
    answer = complaints.complaints_per_1000_orders(session, scope())
    # today counts order by order, up to the data time: one of the two
    assert rate_of(answer)[:2] == (3, 1001)
    assert answer.summary["value"] == pytest.approx(3000 / 1001)
    rows = answer.frame[["period", "finished", "numerator", "denominator"]]
    assert rows.to_dict("split")["data"] == [
        [date(2026, 3, 2), True, 1, 400],
        [date(2026, 3, 9), True, 2, 600],
        [date(2026, 3, 16), False, 0, 1],
    ]


def order(session, dealer, car, number, handed):
    session.add(
        RepairOrder(
            store_id=dealer.id, number=number, vehicle_id=car.id,
            opened_at=at(handed), opened_on=at(handed).date(),
            delivered_at=at(handed), delivered_on=date.fromisoformat(handed[:10]),
        )
    )  # fmt: skip
    session.flush()


def test_a_week_without_orders_has_no_rate(session, dealer):
    delivered(session, dealer, d20260302=100)
    complaint(session, dealer, "2026-03-09T08:00")
    rows = complaints.complaints_per_1000_orders(session, scope()).frame
    assert rows["value"].isna().tolist() == [False, True]


def test_categories_by_frequency(session, dealer):
    for category, times in (("brakes", 9), ("engine", 1), ("above_quote", 2), ("booking", 0)):
        for _ in range(times):
            complaint(session, dealer, "2026-03-10T08:00", category=category)
    complaint(session, dealer, "2026-03-10T08:00")
    top = complaints.category_pareto(session, scope()).frame
    assert top[["category", "count", "cumulative"]].to_dict("split")["data"] == [
        ["vehicle", 10, pytest.approx(10 / 13)],
        ["price", 2, pytest.approx(12 / 13)],
        [None, 1, pytest.approx(1)],
    ]
    # the mean is 13 / 3; common above 4.33 + 3 √4.33 = 10.58
    assert top["verdict"].tolist() == ["isolated"] * 3
    deeper = scope(drill=(("category", "vehicle"),))
    below = complaints.category_pareto(session, deeper, level="2").frame
    assert dict(zip(below["category"], below["count"], strict=True)) == {"brakes": 9, "engine": 1}


def test_a_category_far_above_the_others_is_common(session, dealer):
    for category, times in (("brakes", 20), ("engine", 1), ("noise", 1), ("electrical", 1)):
        for _ in range(times):
            complaint(session, dealer, "2026-03-10T08:00", category=category)
    # mean 23 / 4 = 5.75; common above 5.75 + 3 √5.75 = 12.94
    rows = complaints.category_pareto(session, scope(), level="2").frame
    assert dict(zip(rows["category"], rows["verdict"], strict=True))["brakes"] == "common"
    assert rows["verdict"].tolist().count("isolated") == 3


def test_cases_at_risk_nearest_deadline_first_with_their_chance(session, dealer):
    li = employee(session, dealer, "Li")
    critical = {"severity": "critical", "category": "brakes"}
    # history: two critical cases of the kind were open at three quarters; one became late
    complaint(session, dealer, "2026-02-01T08:00", **critical, resolved_at="2026-02-03T20:00")
    complaint(session, dealer, "2026-02-01T08:00", **critical, resolved_at="2026-02-05T08:00")
    complaint(session, dealer, "2026-02-01T08:00", **critical, resolved_at="2026-02-01T09:00")
    complaint(session, dealer, "2026-03-13T20:00", number="B", **critical)
    complaint(session, dealer, "2026-03-13T11:00", number="A", **critical, owner_id=li.id)
    complaint(session, dealer, "2026-03-15T20:00", number="early", **critical)
    complaint(session, dealer, "2026-03-13T09:00", number="late", **critical)
    rows = complaints.complaints_at_risk(session, scope()).frame
    assert rows[["number", "owner", "category"]].to_dict("split")["data"] == [
        ["A", "Li", "brakes"],
        ["B", None, "brakes"],
    ]
    # of the four ever open at three quarters ("late" is over its time as well), two were late
    assert rows["chance"].tolist() == [pytest.approx(2 / 3)] * 2
    assert rows["comparable"].tolist() == [3, 3]


OURS = [
    code for code, each in METRICS.items() if each.count.__module__.startswith(complaints.__name__)
]


@pytest.mark.parametrize("code", OURS)
def test_a_metric_of_nothing_is_an_empty_frame_with_its_columns(session, dealer, code):
    empty = METRICS[code](session, scope())
    complaint(session, dealer, "2026-03-10T08:00", category="brakes")
    delivered(session, dealer, d20260310=10)
    full = METRICS[code](session, scope())
    assert empty.frame.empty
    assert list(empty.frame.columns) == list(full.frame.columns)
    assert empty.summary.keys() == full.summary.keys()
    assert empty.summary.get("value") is None


@pytest.mark.parametrize("code", OURS)
def test_a_metric_never_counts_another_store(session, dealer, code):
    elsewhere = store(session, "S2")
    for where, number in ((dealer, 1), (elsewhere, 40)):
        for _ in range(number):
            complaint(
                session, where, "2026-03-05T08:00", severity="critical", category="brakes",
                vehicle_id=vehicle(session, where).id, state="closed",
                resolved_at="2026-03-09T08:00", closed_at="2026-03-10T08:00",
            )  # fmt: skip
            complaint(session, where, "2026-03-14T01:00", severity="critical")
        session.add(DeliveredDay(store_id=where.id, day=date(2026, 3, 5), orders=100 * number))
    session.flush()
    alone = METRICS[code](session, scope(stores=("S1",)))
    session.info["person"] = Person(
        login="m", name="M", role=Role.MANAGER, stores=frozenset({dealer.id})
    )
    for asked in ((), ("S1", "S2")):
        seen = METRICS[code](session, scope(stores=asked))
        assert seen.summary == alone.summary
        assert seen.frame.to_dict("records").__repr__() == alone.frame.to_dict("records").__repr__()
    session.info["person"] = db.SYSTEM
    assert METRICS[code](session, scope()).summary != alone.summary or code in (
        "hand_offs", "overrun",
    )  # fmt: skip
