"""Satisfaction metrics against answers counted by hand, and against a slow and obvious count."""

from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.defaults import DIMENSIONS
from data.metrics import METRICS, satisfaction
from data.metrics.satisfaction.listing import listing
from data.metrics.satisfaction.repairs import reworked
from data.models import Norm, Question, Questionnaire, SurveyAnswer
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from data.stats import correlation, mean
from tests.factories import (
    at,
    complaint,
    customer,
    employee,
    followup,
    marks,
    order,
    response,
    store,
    vehicle,
)

NOW = "2026-03-16T10:00"  # a Monday
DAY = "2026-03-10T10:00"
NOTHING = (None, 0, 0)


def scope(now=NOW, **more):
    return Scope(as_of=at(now), **more)


def told(answer):
    return tuple(answer.summary[name] for name in ("value", "numerator", "denominator"))


def rated(session, dealer, *overall, when=DAY, **more):
    return [response(session, dealer, when, each, **more) for each in overall]


def row_of(answer, **keys):
    frame = answer.frame
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    (row,) = frame.to_dict("records")
    return {name: None if value != value else value for name, value in row.items()}


@pytest.fixture
def dealer(session):
    return store(session)


# --- overall -------------------------------------------------------------------------------------


def test_a_blank_is_not_a_zero(session, dealer):
    rated(session, dealer, 5, 4, 3, 2, None)
    assert told(satisfaction.csat_t2b(session, scope())) == (0.5, 2, 4)
    assert told(satisfaction.csat_t1b(session, scope())) == (0.25, 1, 4)
    assert told(satisfaction.dissatisfied_rate(session, scope())) == (0.25, 1, 4)


@pytest.mark.parametrize("code", ["csat_t2b", "csat_t1b", "dissatisfied_rate", "response_rate"])
def test_of_nothing_there_is_no_share(session, dealer, code):
    rated(session, dealer, None)
    assert told(METRICS[code](session, scope())) == NOTHING


def test_answers_count_by_the_day_they_were_given_and_not_before(session, dealer):
    rated(session, dealer, 5, when="2026-03-09T10:00")
    rated(session, dealer, 1, when="2026-03-16T10:00")
    week = scope(start=date(2026, 3, 16), end=date(2026, 3, 22))
    assert told(satisfaction.csat_t2b(session, week)) == (0, 0, 1)
    assert told(satisfaction.csat_t2b(session, scope("2026-03-16T09:59"))) == (1, 1, 1)
    assert told(satisfaction.csat_t2b(session, scope("2026-03-09T09:59"))) == NOTHING


def test_a_trend_has_the_limits_of_a_p_chart_and_marks_the_running_week(session, dealer):
    for week in range(8):
        when = (at("2026-01-12T10:00") + timedelta(weeks=week)).strftime("%Y-%m-%dT18:00")
        rated(session, dealer, *[5] * 30, *[3] * 10, when=when)
    rated(session, dealer, 1, when="2026-03-16T09:00")
    rows = satisfaction.csat_t2b(session, scope()).frame
    first, last = rows.iloc[0], rows.iloc[-1]
    assert (first["value"], first["centre"]) == (0.75, 0.75)
    assert first["lower"] == pytest.approx(0.75 - 3 * sqrt(0.75 * 0.25 / 40))
    assert not last["finished"]
    assert last["lower"] is None or last["lower"] != last["lower"]


def test_what_somebody_else_answered_is_kept_but_does_not_count(session, dealer):
    for who, overall in (("person_served", 5), ("owner", 2), ("other", 1)):
        call = followup(session, dealer, DAY, completed_at=DAY, respondent=who)
        response(session, dealer, DAY, overall, nps=10, callback_id=call.id)
    assert told(satisfaction.csat_t2b(session, scope())) == (0.5, 1, 2)
    assert satisfaction.nps(session, scope()).summary["denominator"] == 2
    assert satisfaction.hot_alerts(session, scope()).summary["count"] == 2
    assert listing(session, scope())[1] == 2


def test_by_store_adviser_agent_and_rule_and_narrowed_to_each(session, dealer):
    other, ann, bob = store(session, "S2"), *(employee(session, dealer, n) for n in ("Ann", "Bob"))
    car = vehicle(session, dealer)
    for overall, adviser, agent, rule in ((5, ann, bob, "service"), (2, bob, ann, "sale")):
        stay = order(session, dealer, car, DAY, adviser_id=adviser.id)
        call = followup(session, dealer, DAY, rule=rule, agent_id=agent.id, completed_at=DAY)
        response(session, dealer, DAY, overall, callback_id=call.id, order_id=stay.id)
    response(session, other, DAY, 5)
    metric = satisfaction.csat_t2b
    for by, key, value in (
        ("store", "S1", 0.5),
        ("store", "S2", 1),
        ("adviser", str(ann.id), 1),
        ("agent", str(ann.id), 0),
        ("agent", "none", 1),
        ("rule", "sale", 0),
    ):
        assert row_of(metric(session, scope(), by=by), key=key)["value"] == value
        if by != "store":
            narrow = scope(drill=((by, key),))
            assert metric(session, narrow).summary["value"] == value
            assert listing(session, narrow)[1] == 1
    assert row_of(metric(session, scope(), by="adviser"), key=str(ann.id))["name"] == "Ann"
    assert metric(session, scope(drill=(("adviser", "none"),))).summary["denominator"] == 1


# --- nps -----------------------------------------------------------------------------------------


def test_passives_stay_in_the_denominator(session, dealer):
    for score in (10, 9, 9, 8, 7, 6, 0, None):
        response(session, dealer, DAY, 5, nps=score)
    found = satisfaction.nps(session, scope()).summary
    assert found["value"] == pytest.approx(100 * (3 - 2) / 7)
    assert [found[n] for n in ("promoters", "passives", "detractors", "denominator")] == [
        3,
        2,
        2,
        7,
    ]
    reach = 1.959964 * sqrt((5 / 7 - (1 / 7) ** 2) / 7) * 100
    assert found["ci_low"] == pytest.approx(found["value"] - reach, abs=1e-4)
    assert found["ci_high"] == pytest.approx(found["value"] + reach, abs=1e-4)


def test_nps_of_nothing_and_of_one(session, dealer):
    assert satisfaction.nps(session, scope()).summary["value"] is None
    response(session, dealer, DAY, 5, nps=3)
    found = satisfaction.nps(session, scope()).summary
    assert (found["value"], found["ci_low"]) == (-100, None)


def test_the_running_week_has_an_nps_but_no_limits(session, dealer):
    for when in ("2026-03-02T10:00", DAY, "2026-03-16T09:00"):
        response(session, dealer, when, 5, nps=9)
    rows = satisfaction.nps(session, scope()).frame
    assert rows["value"].tolist() == [100, 100, 100]
    assert rows["finished"].tolist() == [True, True, False]
    assert rows["upper"].iloc[0] == 100
    assert rows["signal"].iloc[-1] is None


# --- index ---------------------------------------------------------------------------------------


def test_the_index_by_hand_with_weights(session, dealer):
    session.query(Norm).filter_by(code="csi_weights").one().value = {
        **dict.fromkeys((code for code, *_ in DIMENSIONS), 0),
        "tact": 3,
        "flow": 1,
    }
    for tact, flow, attitude in ((5, 4, 1), (3, None, 1), (4, 2, 1)):
        marks(session, rated(session, dealer, 4)[0], tact=tact, flow=flow, attitude=attitude)
    found = satisfaction.csi_index(session, scope()).summary
    assert found["value"] == pytest.approx(1000 * (3 * 4 / 5 + 1 * 3 / 5) / 4)
    assert (found["denominator"], found["answers"]) == (3, 5)
    errors = 3 * 1 / sqrt(3) + 1 * sqrt(2) / sqrt(2)
    assert found["value"] - found["ci_low"] == pytest.approx(1.959964 * 200 / 4 * errors, abs=1e-3)
    assert found["ci_high"] == 1000  # not above the best there is


def test_a_question_nobody_answered_does_not_pull_the_index_down(session, dealer):
    for tact in (5, 5):
        marks(session, rated(session, dealer, 4)[0], tact=tact, flow=None)
    assert satisfaction.csi_index(session, scope()).summary["value"] == 1000
    assert satisfaction.csi_index(session, scope("2026-03-01T00:00")).summary["value"] is None


def test_on_a_day_of_two_editions_of_a_questionnaire_the_answers_to_both_count(session, dealer):
    first = session.scalars(select(Question).where(Question.dimension == "tact")).one()
    later = Questionnaire(code="later", edition=2, name="Later", name_zh="后")
    session.add(later)
    session.flush()
    same = ("code", "position", "dimension", "scale", "required", "wording", "wording_zh")
    again = Question(questionnaire_id=later.id, **{name: getattr(first, name) for name in same})
    session.add(again)
    session.flush()
    for question, score in ((first, 5), (again, 1)):
        said = response(session, dealer, DAY, None)
        answered = {"response_id": said.id, "question_id": question.id, "score": score}
        session.add(SurveyAnswer(store_id=dealer.id, **answered))
    session.flush()
    told = satisfaction.csi_index(session, scope())
    assert (told.summary["value"], told.summary["answers"]) == (600, 2)
    assert [(row.value, row.answers) for row in told.frame.itertuples()] == [(600, 2)]


def test_the_index_by_week_adds_days_and_has_xmr_limits(session, dealer):
    for when, tact in (("2026-03-02T10:00", 5), ("2026-03-03T10:00", 4), (DAY, 4)):
        marks(session, rated(session, dealer, 4, when=when)[0], tact=tact)
    rows = satisfaction.csi_index(session, scope()).frame
    assert rows["value"].tolist() == [900, 800]
    assert rows["centre"].tolist() == [850, 850]
    assert rows["upper"].iloc[0] == pytest.approx(850 + 2.66 * 100)


# --- dimensions ----------------------------------------------------------------------------------


def test_every_dimension_has_a_row_and_a_blank_is_no_answer(session, dealer):
    marks(session, rated(session, dealer, 5)[0], tact=5, flow=None)
    marks(session, rated(session, dealer, 4)[0], tact=2, flow=None)
    found = satisfaction.dimension_scores(session, scope())
    assert found.frame["dimension"].tolist() == [code for code, *_ in DIMENSIONS]
    assert found.frame["group"].tolist() == ["procedural"] * 7 + ["personal"] * 7
    tact, flow = (row_of(found, dimension=name) for name in ("tact", "flow"))
    assert (tact["value"], tact["mean"], tact["n"], tact["importance"]) == (0.5, 3.5, 2, None)
    assert (flow["value"], flow["mean"], flow["n"], flow["denominator"]) == (None, None, 0, 0)


def test_importance_is_the_correlation_with_the_overall_answer(session, dealer):
    pairs = [(5, 5), (4, 5), (3, 2)] * 10  # tact, overall
    for tact, overall in pairs[:-1]:
        marks(session, rated(session, dealer, overall)[0], tact=tact, flow=4)
    early = satisfaction.dimension_scores(session, scope())
    assert row_of(early, dimension="tact")["importance"] is None
    marks(session, rated(session, dealer, 2)[0], tact=3, flow=4)
    marks(session, rated(session, dealer, None)[0], tact=1)  # says nothing of what goes together
    found = satisfaction.dimension_scores(session, scope())
    # 10 × (5, 5), (4, 5), (3, 2): covariance 1, variances 2/3 and 2
    assert row_of(found, dimension="tact")["importance"] == pytest.approx(1 / sqrt(2 / 3 * 2))
    assert row_of(found, dimension="tact")["n"] == 31
    assert row_of(found, dimension="flow")["importance"] is None  # always the same


def test_strengths_lie_above_the_average_dimension(session, dealer):
    for overall in [5, 3] * 30:
        scores = {"tact": overall, "flow": overall - 1, "attitude": 5 if overall == 3 else 4}
        marks(session, rated(session, dealer, overall)[0], **scores)
    found = satisfaction.dimension_scores(session, scope())
    quadrants = {name: row_of(found, dimension=name)["quadrant"] for name in scores}
    # satisfied: 50 %, 50 %, 100 %; importance 1, 1, −1
    assert quadrants == {"tact": "improve", "flow": "improve", "attitude": "keep"}
    assert row_of(found, dimension="guidance")["quadrant"] is None


def test_what_chance_may_explain_is_about_average(session, dealer):
    for overall in [5, 3] * 15:  # 15 of 30, and the average is two thirds: within the interval
        scores = {"tact": overall, "flow": overall - 1, "attitude": 5 if overall == 3 else 4}
        marks(session, rated(session, dealer, overall)[0], **scores)
    found = satisfaction.dimension_scores(session, scope())
    assert row_of(found, dimension="tact")["quadrant"] == "average"
    assert row_of(found, dimension="attitude")["quadrant"] == "keep"


def test_dimensions_spread_over_stores_or_over_months_of_a_single_one(session, dealer):
    other = store(session, "S2")
    for place, when, tact in (
        (dealer, "2026-02-10T10:00", 5),
        (dealer, "2026-03-10T10:00", 3),
        (other, "2026-03-10T10:00", 1),
    ):
        marks(session, response(session, place, when), tact=tact)
    spread = satisfaction.dimension_scores(session, scope(), by="spread")
    assert row_of(spread, dimension="tact", store="S1")["mean"] == 4
    assert row_of(spread, dimension="tact", store="S2")["mean"] == 1
    months = satisfaction.dimension_scores(session, scope(stores=("S1",)), by="spread")
    assert row_of(months, dimension="tact", period=date(2026, 2, 1))["mean"] == 5
    assert row_of(months, dimension="tact", period=date(2026, 3, 1))["mean"] == 3
    one = Person(login="m", name="M", role=Role.MANAGER, stores=frozenset({dealer.id}))
    session.info["person"] = one
    try:
        mine = satisfaction.dimension_scores(session, scope(), by="spread")
    finally:
        session.info["person"] = SYSTEM
    assert "period" in mine.frame
    assert mine.summary["n"] == 2


# --- response rate and bounds --------------------------------------------------------------------


def test_asked_are_those_reached_and_answered_those_who_said_something(session, dealer):
    done = {"completed_at": "2026-03-10T09:00"}
    for overall in (5, None):
        call = followup(session, dealer, DAY, **done)
        response(session, dealer, DAY, overall, callback_id=call.id)
    followup(session, dealer, DAY, **done)  # reached, no questionnaire
    followup(session, dealer, DAY, **done, respondent="other")  # not the customer
    followup(session, dealer, DAY)  # not reached
    followup(session, dealer, DAY, rule=None, **done)  # no questions to ask
    assert told(satisfaction.response_rate(session, scope())) == (1 / 3, 1, 3)


def test_bounds_by_hand(session, dealer):
    for overall in (5, 4, 2, None):
        call = followup(session, dealer, DAY, completed_at="2026-03-10T09:00")
        response(session, dealer, DAY, overall, callback_id=call.id)
    followup(session, dealer, DAY, state="unreachable", ended_at="2026-03-12T10:00")
    followup(session, dealer, DAY)  # open and late
    followup(session, dealer, DAY, completed_at=DAY, respondent="other")
    followup(session, dealer, "2026-03-16T20:00")  # not due: not missed yet
    found = satisfaction.unreached_bounds(session, scope()).summary
    assert (found["satisfied"], found["answered"], found["unreached"]) == (2, 3, 3)
    assert (found["low"], found["value"], found["high"]) == (2 / 6, 2 / 3, 5 / 6)
    by_store = satisfaction.unreached_bounds(session, scope(), by="store").frame
    assert by_store["key"].tolist() == ["S1"]
    before = satisfaction.unreached_bounds(session, scope("2026-03-01T10:00")).summary
    assert (before["low"], before["value"], before["high"]) == (None, None, None)


# --- rework --------------------------------------------------------------------------------------


def test_rework_is_flagged_or_comes_back_within_thirty_days(session, dealer):
    car = vehicle(session, dealer)
    first = order(session, dealer, car, "2026-02-01T10:00")
    order(session, dealer, car, "2026-03-10T10:00", rework=True)
    for opened in (date(2026, 3, 3), date(2026, 3, 4)):  # day 30 and day 31
        more = {"rework_of_id": first.id, "opened_on": opened}
        order(session, dealer, car, "2026-03-11T10:00", **more)
    march = scope(start=date(2026, 3, 1), end=date(2026, 3, 31))
    assert told(satisfaction.fixed_right_first_time(session, march)) == (1 / 3, 1, 3)
    found, total = reworked(session, march)
    assert total == 2
    assert {row["earlier"] for row in found} == {None, first.number}
    assert told(satisfaction.fixed_right_first_time(session, scope("2026-03-10T09:59"))) == (
        1,
        1,
        1,
    )


def test_the_window_of_rework_is_a_setting(session, dealer):
    session.query(Norm).filter_by(code="rework").one().value = {"within_days": 5}
    car = vehicle(session, dealer)
    first = order(session, dealer, car, "2026-03-01T10:00")
    order(session, dealer, car, "2026-03-07T10:00", rework_of_id=first.id)
    assert told(satisfaction.fixed_right_first_time(session, scope())) == (1, 2, 2)


# --- hot alerts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2026-03-11T10:00:00.250000", (1, 1)),  # exactly 24 h after it
        ("2026-03-11T10:00:00.250001", (0, 1)),
        ("2026-03-10T10:00:00.250000", (1, 1)),
        ("2026-03-10T10:00:00.249999", (0, 1)),  # before the answer
    ],
)
def test_a_complaint_within_a_day_of_the_answer(session, dealer, opened, expected):
    car = vehicle(session, dealer)
    response(session, dealer, "2026-03-10T10:00:00.250000", 2, vehicle_id=car.id)
    complaint(session, dealer, opened, vehicle_id=car.id)
    found = satisfaction.hot_alerts(session, scope()).summary
    assert (found["numerator"], found["denominator"]) == expected


def test_what_is_alarming_and_what_is_not_due(session, dealer):
    for overall, nps, lowest in ((5, 10, 2), (3, 6, 3), (3, 7, 3), (5, None, 5), (None, 6, None)):
        response(session, dealer, "2026-03-15T10:00:01", overall, nps=nps, lowest=lowest)
    late, young = scope("2026-03-16T10:00:01"), scope("2026-03-16T10:00:00")
    found = [satisfaction.hot_alerts(session, each).summary for each in (late, young)]
    assert [(f["denominator"], f["not_due"], f["count"]) for f in found] == [(3, 0, 3), (0, 3, 3)]


def test_an_alert_answered_late_is_a_miss_but_no_longer_open(session, dealer):
    car, other = vehicle(session, dealer), vehicle(session, dealer)
    response(session, dealer, DAY, 1, vehicle_id=car.id)
    response(session, dealer, DAY, 1, vehicle_id=other.id)
    response(session, dealer, "2026-03-16T09:00", 1, vehicle_id=car.id)
    case = complaint(session, dealer, "2026-03-13T10:00", vehicle_id=car.id)
    found = satisfaction.hot_alerts(session, scope())
    assert (found.summary["numerator"], found.summary["denominator"]) == (0, 2)
    assert (found.summary["open"], found.summary["count"]) == (2, 3)
    assert found.frame["count"].tolist() == [2, 1]
    rows, total = listing(session, scope(drill=(("kind", "alert"),)), sort=[("answered_at", False)])
    assert total == 3
    assert sorted((row["alert"], row["complaint"]) for row in rows[:2]) == [
        ("late", case.number),
        ("open", None),
    ]
    assert (rows[2]["alert"], rows[2]["complaint"]) == ("not_due", None)


# --- the list ------------------------------------------------------------------------------------


def test_the_list_is_narrowed_searched_and_sorted(session, dealer):
    chen = customer(session, dealer)
    for overall, nps, tact, words in (
        (5, 10, 2, "Good"),
        (2, 5, 4, "50% too slow"),
        (4, 8, 4, None),
    ):
        call = followup(session, dealer, DAY, completed_at=DAY, customer_id=chen.id)
        more = {"nps": nps, "comment": words, "callback_id": call.id}
        marks(session, response(session, dealer, DAY, overall, **more), tact=tact)

    def overalls(*drill, **more):
        rows, total = listing(session, scope(drill=drill), sort=[("overall", False)], **more)
        assert total == len(rows)
        return [row["overall"] for row in rows]

    assert overalls() == [2, 4, 5]
    assert overalls(("kind", "words")) == [2, 5]
    assert overalls(("kind", "promoter"), ("kind", "detractor")) == [2, 5]
    assert overalls(("kind", "passive")) == overalls(("score", "4")) == [4]
    assert overalls(("dimension", "tact"), ("score", "2")) == [5]
    assert overalls(("dimension", "tact")) == [2, 4, 5]
    assert overalls(("kind", "nonsense")) == overalls(("score", "x")) == []
    assert overalls(find=[("comment", "0%")]) == [2]
    assert overalls(find=[("overall", "5")]) == [5]
    assert listing(session, scope(), count=1)[0][0]["customer"] == "Chen"


# --- against a slow count ------------------------------------------------------------------------

MARK = st.none() | st.integers(1, 5)
SHEETS = st.lists(
    st.tuples(MARK, st.none() | st.integers(0, 10), MARK, MARK, st.integers(0, 20)), max_size=40
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sheets=SHEETS)
def test_sums_in_the_database_are_what_a_slow_count_finds(session, sheets):
    with session.begin_nested() as nested:
        dealer = store(session)
        for overall, nps, tact, flow, day in sheets:
            when = (at("2026-02-20T10:00") + timedelta(days=day)).strftime("%Y-%m-%dT18:00")
            given = response(session, dealer, when, overall, nps=nps)
            marks(session, given, tact=tact, flow=flow)
        _agree(session, sheets)
        nested.rollback()


def _agree(session, sheets):
    overall = [o for o, *_ in sheets if o is not None]
    satisfied = satisfaction.csat_t2b(session, scope())
    assert told(satisfied)[1:] == (sum(o >= 4 for o in overall), len(overall))
    assert satisfied.frame["denominator"].sum() == len(overall)
    nps = [n for _, n, *_ in sheets if n is not None]
    votes = [100 if n >= 9 else -100 if n <= 6 else 0 for n in nps]
    found = satisfaction.nps(session, scope()).summary
    assert found["value"] == (pytest.approx(np.mean(votes)) if votes else None)
    columns = {"tact": [], "flow": []}
    for _, _, tact, flow, _ in sheets:
        columns["tact"] += [tact] if tact else []
        columns["flow"] += [flow] if flow else []
    means = [np.mean(column) for column in columns.values() if column]
    index = satisfaction.csi_index(session, scope()).summary["value"]
    assert index == (pytest.approx(200 * np.mean(means)) if means else None)
    row = row_of(satisfaction.dimension_scores(session, scope()), dimension="tact")
    assert row["mean"] == (pytest.approx(np.mean(columns["tact"])) if columns["tact"] else None)
    pairs = [(tact, o) for o, _, tact, *_ in sheets if tact and o]
    if len(pairs) >= 30 and all(np.std(side) > 0 for side in zip(*pairs, strict=True)):
        assert row["importance"] == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1])
    else:
        assert row["importance"] is None


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=60))
def test_means_and_correlations_from_sums_are_those_of_the_values(pairs):
    x, y = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    found = mean(len(x), x.sum(), (x * x).sum())
    assert found["mean"] == pytest.approx(x.mean())
    reach = 1.959964 * x.std(ddof=1) / sqrt(len(x))
    assert found["mean_high"] == pytest.approx(x.mean() + reach, abs=1e-5)
    r = correlation(len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum())
    varied = x.std() > 0 and y.std() > 0
    assert r == (pytest.approx(np.corrcoef(x, y)[0, 1]) if varied else None)
