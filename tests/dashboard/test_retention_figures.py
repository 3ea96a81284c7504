"""Figures and headlines of who stays: they show what is finished, and say how few are few."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard import theme
from dashboard.headlines import retention as headlines
from data.metrics import Answer
from tests.dashboard.drawn import figures

JAN, FEB, MAR, APR, MAY = (date(2026, month, 1) for month in range(1, 6))
CELLS = ("cohort", "size", "period", "active", "value", "ci_low", "ci_high")


def triangle(*rows):
    """(cohort, size, (active of period 0, of period 1, …)); None still runs."""
    told = [
        (first, size, period, active, *_share(active, size))
        for first, size, counts in rows
        for period, active in enumerate(counts)
    ]
    return DataFrame(told, columns=CELLS, dtype=object)


def _share(active, size):
    if active is None:
        return None, None, None
    return active / size, max(0.0, active / size - 0.1), active / size + 0.1


THREE = triangle((JAN, 100, (100, 20, 40, None)), (FEB, 50, (50, 5, None)), (MAR, 10, (10, None)))


def told(frame, **more):
    return Answer(frame, {"grain": "month", "mode": "exact", "start": "visit"} | more)


# --- the map -------------------------------------------------------------------------------------


def fields(frame=THREE, **more):
    drawn = figures.cohort_map(frame, **more)
    return drawn.data[0]


def test_a_cohort_map_leaves_out_the_period_in_which_all_came():
    drawn = fields()
    assert list(zip(drawn.base, drawn.x, strict=True)) == [
        (-0.5, 1), (-0.5, 2), (-0.5, 3), (0.5, 1), (0.5, 2), (1.5, 1),
    ]  # fmt: skip
    assert list(drawn.text) == ["20%", "40%", "", "10%", "", ""]


def test_a_period_that_still_runs_is_hatched_and_says_so():
    drawn = fields()
    assert list(drawn.marker.pattern.shape) == ["", "", "/", "", "/", "/"]
    assert "Still running" in drawn.hovertext[2]


def test_a_small_cohort_is_grey_with_its_number():
    drawn = fields(triangle((JAN, 100, (100, 20)), (FEB, 29, (29, 29))))
    assert list(drawn.marker.color) == [theme.colour("data"), theme.colour("quiet")]
    assert drawn.marker.opacity[1] <= drawn.marker.opacity[0]
    assert "29 of 29 vehicles" in drawn.hovertext[1]
    assert "Fewer than 30" in drawn.hovertext[1]


def test_more_is_deeper_among_cohorts_that_can_be_judged():
    shares = [20, 40, 30]
    depths = fields(triangle((JAN, 100, (100, *shares)))).marker.opacity
    assert depths[0] < depths[2] < depths[1]


def test_a_field_opens_its_cohort_and_period_as_it_was_counted():
    drawn = fields(mode="rolling", start="sale")
    assert drawn.customdata[1] == {
        "cohort": "2026-01", "cell": "2", "mode": "rolling", "began": "sale",
    }  # fmt: skip
    quarter = fields(triangle((APR, 100, (100, 20))), grain="quarter")
    assert quarter.customdata[0]["cohort"] == "2026-Q2"


def test_the_size_of_each_cohort_stands_before_it():
    sizes = figures.cohort_map(THREE).data[1]
    assert list(sizes.text) == ["<b>100</b>", "<b>50</b>", "<b>10</b>"]
    assert sizes.customdata[2] == {"cohort": "2026-03", "began": "visit"}


@pytest.mark.parametrize(
    ("grain", "start", "said"),
    [
        ("month", "visit", "Months after the first visit"),
        ("month", "sale", "Months after the sale"),
        ("quarter", "visit", "Quarters after the first visit"),
        ("quarter", "sale", "Quarters after the sale"),
    ],
)
def test_the_axis_of_a_cohort_map_says_its_unit(grain, start, said):
    assert figures.cohort_map(THREE, grain=grain, start=start).layout.xaxis.title.text == said


def test_a_long_history_shows_its_newest_two_years():
    many = triangle(*((date(2020 + n // 12, n % 12 + 1, 1), 40, (40, 4)) for n in range(36)))
    assert len(fields(many).x) == 24
    assert fields(many).customdata[-1]["cohort"] == "2022-12"


def test_a_map_of_nothing_is_an_empty_drawing():
    assert len(fields(THREE.head(0)).x) == 0


def test_the_headline_pools_finished_cells_and_says_of_how_many():
    frame = triangle(
        (JAN, 100, (100, 0, 0, 20)), (FEB, 300, (300, 0, 0, 40)), (MAR, 99, (99, None))
    )
    said = headlines.cohort_map(told(frame), None)
    assert said == "All cohorts together: 15.0% of 400 came in month 3."


def test_the_headline_of_a_rolling_map_says_or_later():
    frame = triangle((JAN, 100, (100, 80, 60, 50)))
    assert "50.0% of 100 came in month 3 or later" in headlines.cohort_map(
        told(frame, mode="rolling"), None
    )


def test_cohorts_that_are_too_young_are_said_to_be():
    frame = triangle((JAN, 100, (100, 5, None)))
    assert "old enough" in headlines.cohort_map(told(frame), None)


# --- curves --------------------------------------------------------------------------------------

FIVE = triangle(
    *((first, 100, (100, 0, 0, n)) for first, n in ((JAN, 10), (FEB, 20), (MAR, 30), (APR, 40))),
    (MAY, 100, (100, 0, 0, 26)),
)


def test_the_spread_is_the_median_and_the_middle_half_of_the_cohorts():
    band, middle = figures.cohort_curves(FIVE).data[:2]
    assert list(middle.x) == [1, 2, 3]
    assert middle.y[2] == pytest.approx(0.26)
    assert (band.y[2], band.y[3]) == (pytest.approx(0.2), pytest.approx(0.3))


def test_small_cohorts_and_running_periods_are_in_no_curve():
    frame = triangle((JAN, 100, (100, 10, None)), (FEB, 29, (29, 29)))
    drawn = figures.cohort_curves(frame)
    assert [list(trace.y) for trace in drawn.data[2:]] == [[0.1]]
    assert [trace.showlegend for trace in drawn.data[:2]] == [False, False]


def test_the_newest_cohort_is_drawn_last_in_full_colour():
    lines = figures.cohort_curves(FIVE, grain="quarter").data[2:]
    assert [line.name for line in lines] == ["Q1 2026", "Q2 2026", "Q2 2026"]
    assert lines[-1].line.color == theme.colour("data")
    assert lines[-1].customdata[-1]["cell"] == "3"


def test_a_newest_cohort_within_chance_is_no_real_difference():
    said = headlines.cohort_curves(told(FIVE), None)
    assert said == (
        "No real difference: of the newest cohort (May 2026) 26.0% of 100 came in month 3, as the "
        "median of 4 earlier ones (25.0%) within chance."
    )


def test_a_newest_cohort_beyond_chance_is_said_to_be_apart():
    frame = FIVE.copy()
    frame.loc[frame["cohort"] == MAY, ["ci_low", "ci_high"]] = [0.5, 0.7]
    assert "apart by more than chance" in headlines.cohort_curves(told(frame), None)


def test_the_newest_cohort_is_judged_at_a_mark_however_long_ago_it_was():
    counts = (100, *([0] * 30))
    old = triangle(*((first, 100, counts) for first in (JAN, FEB, MAR, APR, MAY)))
    assert "came in month 12" in headlines.cohort_curves(told(old), None)


def test_rolling_curves_are_not_compared_with_older_ones():
    said = headlines.cohort_curves(told(FIVE, mode="rolling"), None)
    assert "had less time" in said


def test_too_few_cohorts_are_not_compared():
    assert "Too few" in headlines.cohort_curves(told(FIVE.head(8)), None)


# --- coming back ---------------------------------------------------------------------------------


def curve(**columns):
    plain = {
        "days": [100, 200, 400],
        "at_risk": [100, 60, 35],
        "returned": [40, 20, 5],
        "censored": [0, 5, 0],
        "away": [0.6, 0.4, 0.3],
        "low": [0.5, 0.3, 0.2],
        "high": [0.7, 0.5, 0.4],
    }
    return DataFrame({**plain, **columns})


def test_the_return_curve_rises_in_steps_within_its_interval():
    band, line = figures.return_curve(curve()).data
    assert list(line.x) == [0, 100, 200, 400]
    assert list(line.y) == pytest.approx([0.0, 0.4, 0.6, 0.7])
    assert line.line.shape == "hv"
    assert min(band.y) == 0
    assert max(band.y) == pytest.approx(0.8)
    assert "40.0%" in line.hovertext[1]


def test_where_everybody_is_back_there_is_no_interval():
    drawn = figures.return_curve(curve(away=[0.6, 0.4, 0.0], low=[0.5, 0.3, None]))
    assert max(drawn.data[0].y) == 1


def test_the_day_by_which_half_are_back_is_marked():
    drawn = figures.return_curve(curve())
    assert drawn.layout.shapes[1].x0 == 200
    assert drawn.layout.annotations[0].text == "Half are back"
    never = figures.return_curve(curve(away=[0.9, 0.8, 0.7]))
    assert not never.layout.shapes


def test_the_curve_ends_where_few_are_left():
    drawn = figures.return_curve(curve(days=[100, 200, 900], at_risk=[100, 60, 5]))
    assert max(drawn.data[1].x) == 200


def test_the_return_curve_in_words():
    summary = {
        "gaps": 1200, "median_days": 183, "back_90": 0.09, "back_180": 0.49, "back_365": 0.84,
    }  # fmt: skip
    assert headlines.return_curve(Answer(curve(), summary), None) == (
        "Half come again within 183 days. Of 1,200 gaps 9% ended within 90 days, 49% within 180 "
        "and 84% within 365."
    )
    never = headlines.return_curve(Answer(curve(), summary | {"median_days": None}), None)
    assert never.endswith("half of them have not ended yet.")
    assert headlines.return_curve(Answer(curve().head(0), {"gaps": 0}), None) is None


# --- classes -------------------------------------------------------------------------------------


def flows():
    quarters = {
        date(2026, 1, 1): (True, [("new", "active", 5), ("active", "at_risk", 3),
                                  ("active", "active", 7), ("lost", "active", 2)]),
        date(2026, 4, 1): (False, [("active", "active", 10), ("active", "lost", 4),
                                   ("at_risk", "lost", 3)]),
    }  # fmt: skip
    rows = [(period, over, *move) for period, (over, moves) in quarters.items() for move in moves]
    return DataFrame(rows, columns=["period", "finished", "from", "to", "count"])


def columns(drawn):
    return {trace.name: list(trace.y) for trace in drawn.data if trace.type == "bar" and trace.name}


def ribbons():
    return [trace for trace in figures.class_flows(flows()).data if trace.type == "scatter"]


def test_the_columns_of_flows_are_the_classes_at_each_end():
    drawn = figures.class_flows(flows())
    assert columns(drawn) == {
        "Active": [10, 14, 10],
        "At risk": [0, 3, 0],
        "Dormant": [0, 0, 0],
        "Lost": [2, 0, 7],
    }
    assert list(drawn.layout.xaxis.ticktext) == ["Dec 2025", "Mar 2026", "Now"]


def test_the_classes_are_named_beside_the_first_column_and_the_last():
    drawn = figures.class_flows(flows())
    assert list(drawn.layout.yaxis.ticktext) == ["Active", "Lost"]
    assert [note.text for note in drawn.layout.annotations] == ["New here", "Active", "Lost"]
    assert figures.class_flows(flows().head(0)).layout.annotations == ()


def test_names_stand_beside_the_first_column_that_has_any():
    late = DataFrame(
        [(JAN, True, "new", "active", 5), (APR, False, "active", "at_risk", 5)],
        columns=["period", "finished", "from", "to", "count"],
    )
    assert [note.x for note in figures.class_flows(late).layout.annotations] == [
        pytest.approx(-0.17)
    ]


def test_only_the_classes_of_now_open_their_vehicles():
    lost = next(trace for trace in figures.class_flows(flows()).data if trace.name == "Lost")
    assert list(lost.customdata) == [None, None, {"class": "lost"}]


def test_a_ribbon_is_as_high_as_many_moved_and_says_where():
    said = {trace.text: trace for trace in ribbons()}
    away = said["Dec 2025 → Mar 2026<br><b>Active → At risk: 3</b>"]
    assert away.y[-1] - away.y[0] == 3
    assert away.fillcolor == theme.colour("warn")
    back = said["Dec 2025 → Mar 2026<br><b>Lost → Active: 2</b>"]
    assert back.fillcolor == theme.colour("good")
    assert "Dec 2025 → Mar 2026<br><b>New: 5</b>" in said


def test_flows_into_a_column_fill_it_without_a_gap():
    half = len(ribbons()[0].x) // 2
    into_active = sorted(
        (trace.y[half - 1], trace.y[half])
        for trace in ribbons()
        if trace.text.startswith("Dec") and "At risk" not in trace.text
    )
    assert into_active == [(0, 5), (5, 12), (12, 14)]


def test_flows_in_words_speak_of_the_last_finished_quarter():
    assert headlines.class_flows(Answer(flows(), {}), None) == (
        "In Q1 2026, of 12 vehicles 3 drifted a class further away, 0 of them to lost; 2 came back "
        "to active and 5 came for the first time."
    )
    running = flows()[~flows()["finished"]]
    assert headlines.class_flows(Answer(running, {}), None) is None


def test_classes_in_words_say_their_denominator():
    summary = {"vehicles": 200, "active": 120, "at_risk": 30, "dormant": 20, "lost": 30}
    assert headlines.gap_classes(Answer(DataFrame(), summary), None) == (
        "Of 200 vehicles ever seen, 120 are active (60%); 30 have not come for more than twelve "
        "months (15%)."
    )
    assert headlines.gap_classes(Answer(DataFrame(), {"vehicles": 0}), None) is None


def test_visit_classes_in_words_say_how_few_reach_the_yardstick():
    frame = DataFrame({"class": ["A", "B", "C", "D"], "count": [10, 40, 100, 50]})
    summary = {"vehicles": 200, "five_or_more": 3}
    assert headlines.visit_classes(Answer(frame, summary), None) == (
        "Of 200 vehicles ever seen, 25% did not come in twelve months and 50% came once; 3 came "
        "five times or more."
    )


# --- one interval --------------------------------------------------------------------------------


def trend(signal=None):
    rows = {
        "period": [date(2025 + n // 12, n % 12 + 1, 1) for n in range(10)],
        "finished": [True] * 10,
        "settled": [True] * 10,
        "value": [0.2] * 10,
        "numerator": [20] * 10,
        "denominator": [100] * 10,
        "centre": [0.2] * 10,
        "enough": [True] * 10,
        "signal": [None] * 9 + [signal],
        "run": [None] * 9 + [1 if signal else None],
        "phase": [0] * 10,
    }
    summary = {"value": 0.2, "numerator": 200, "denominator": 1000, "grain": "month", "after": "6"}
    return Answer(DataFrame(rows), summary)


def test_the_trend_of_one_interval_names_its_cohorts():
    drawn = figures.cohort_trend(trend().frame, after="6")
    assert drawn.layout.xaxis.ticktext[-1] == "Oct 2025"
    assert drawn.layout.xaxis.title.text == "Cohort · in month 6 after"


def test_without_a_signal_the_trend_is_no_real_change():
    assert headlines.retention_at(trend(), None) == (
        "No real change: 20.0% of 1,000 vehicles came in month 6 after their first visit."
    )
    assert headlines.retention_at(trend("beyond_limits"), None).startswith("A real change")
    nothing = Answer(trend().frame.head(0), {"denominator": 0})
    assert headlines.retention_at(nothing, None) is None
