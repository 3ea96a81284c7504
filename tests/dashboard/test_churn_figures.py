"""Who leaves, why, and what it costs: the figures and what they say, on frames written by hand."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard import formats, theme
from data.stats import rate
from tests.dashboard.drawn import figures

AGES = [str(year) for year in range(8)]


def shares(**counted):
    """Rows of a share by key, from (met, of how many)."""
    return DataFrame([{"key": key.lstrip("_"), **rate(*counts)} for key, counts in counted.items()])


def test_amounts_are_said_in_the_order_given_and_lead_to_their_code():
    frame = DataFrame(
        [
            {"class": "at_risk", "count": 10, "value": 20_000.0},
            {"class": "lost", "count": 1, "value": 3_400_000.0},
        ]
    )
    bars = figures.amounts(frame, label="class", words="class").data[0]
    assert bars.text == ("<b>¥20,000</b>", "<b>¥3.4m</b>")
    assert bars.customdata == ({"class": "at_risk"}, {"class": "lost"})
    assert "1 vehicle" in bars.hovertext[1]


def test_a_cliff_keeps_its_order_and_its_line_does_not_reach_what_is_not_known():
    frame = shares(none=(1, 5), _1=(60, 100), _0=(90, 100))
    drawn = figures.cliff(frame, words="age", order=[*AGES, "none"], joined=True)
    way, reach, marks = drawn.data
    assert way.y == (0.9, 0.6)
    assert marks.customdata == ({"age": "0"}, {"age": "1"}, {"age": "none"})
    assert len(reach.x) == 9
    assert marks.marker.color[0] != marks.marker.color[2]  # five are few
    assert drawn.layout.xaxis.ticktext[2] == "Not<br>known"


def test_a_cliff_leaves_out_what_has_no_share():
    drawn = figures.cliff(shares(_0=(0, 0), _1=(3, 4)), words="age", order=AGES)
    assert drawn.data[1].customdata == ({"age": "1"},)


def rule(code, back, then, **more):
    counted = rate(back, then)
    return {
        "rule": code,
        "vehicles": 1000,
        "flagged": 400,
        "share": 0.4,
        "flagged_then": then,
        "back": back,
        "false_alarms": counted["value"],
        "ci_low": counted["ci_low"],
        "ci_high": counted["ci_high"],
        "at_stake_yuan": 123_456.0,
        **more,
    }


RULES = DataFrame([rule("own", 1, 4), rule("6", 30, 300), rule("3", 160, 300), rule("12", 0, 0)])


def test_rules_stand_side_by_side_and_every_mark_leads_to_who_is_flagged():
    drawn = figures.rules(RULES)
    reach, alarms, flagged, stake = drawn.data
    ways = ({"away": "3"}, {"away": "6"}, {"away": "12"}, {"away": "own"})
    assert flagged.customdata == alarms.customdata == stake.customdata == ways
    assert flagged.text[0] == "<b>400</b>  40%"
    assert stake.text[0] == "<b>¥123,456</b>"
    assert reach.x[:2] == (RULES["ci_low"][2], RULES["ci_high"][2])


def test_a_rule_that_is_surely_wrong_is_loud_and_one_of_which_little_is_known_quiet():
    _reach, alarms, _flagged, _stake = figures.rules(RULES).data
    assert alarms.marker.color == tuple(
        theme.colour(meaning) for meaning in ("bad", "data", "quiet", "quiet")
    )
    assert "little can be said" in alarms.hovertext[3]


REASONS = DataFrame(
    [
        {"key": "price", "kind": "internal", "count": 3, "share": 0.3, "year_yuan": 900.0},
        {"key": "attitude", "kind": "internal", "count": 5, "share": 0.5, "year_yuan": 100.0},
        {"key": "sold", "kind": "external", "count": 2, "share": 0.2, "year_yuan": 0.0},
    ]
)


def test_reasons_that_are_ours_stand_apart_from_the_others():
    drawn = figures.churn_reasons(REASONS)
    codes = [keys["reason"] for keys in drawn.data[0].customdata]
    assert codes[:3] == ["", "attitude", "price"]
    assert codes[5:7] == ["", "sold"]
    assert [note.text for note in drawn.layout.annotations] == [
        "<b>Ours to mend</b>",
        "<b>Not in our hands</b>",
    ]
    assert drawn.data[0].text[1] == "<b>5</b>  50%"
    assert drawn.data[0].text[3] == "0"


def test_steps_say_how_many_are_under_way_and_how_many_ended():
    rows = [("selected", 4), ("asked", 3), ("won_back", 2), ("lost", 1)]
    drawn = figures.churn_steps(DataFrame(rows, columns=["step", "count"]))
    assert [note.text for note in drawn.layout.annotations] == [
        "<b>Under way: 7</b>",
        "<b>Ended: 3</b>",
    ]
    assert {"step": "won_back"} in drawn.data[0].customdata


MONTH = {
    "period": date(2026, 3, 1),
    "called": 100,
    "called_came": 40,
    "called_rate": 0.4,
    "not_called": 20,
    "not_called_came": 6,
    "not_called_rate": 0.3,
    "lift": 0.1,
    "low": -0.12,
    "high": 0.29,
}


def test_those_called_stand_beside_the_others_with_the_difference_below():
    drawn = figures.lift(DataFrame([MONTH]))
    others, called, reach, apart = drawn.data
    assert (others.y, called.y, apart.y) == ((0.3,), (0.4,), (0.1,))
    assert reach.y == (-0.12, 0.29, None)
    assert called.customdata == ({"start": "2026-03-01", "kind": "attempted"},)
    assert others.customdata == ({"start": "2026-03-01", "kind": "missed"},)
    assert others.marker.symbol == ("circle-open",)  # twenty are few
    assert "+10.0 points" in apart.hovertext[0]


def test_a_month_without_one_of_the_groups_has_no_difference():
    gone = {"not_called": 0, "not_called_rate": None, "lift": None, "low": None, "high": None}
    drawn = figures.lift(DataFrame([MONTH | gone]))
    assert "–" in drawn.data[3].hovertext[0]


def test_those_with_a_complaint_stand_below_those_without_one():
    apart = {"difference": -0.3, "low": -0.5, "high": -0.1}
    alone = {"difference": None, "low": None, "high": None}
    frame = DataFrame(
        [
            {"group": "late", **rate(20, 50), **apart},
            {"group": "none", **rate(70, 100), **alone},
            {"group": "never_recontacted", **rate(0, 0), **alone},
        ]
    )
    drawn = figures.recovery(frame)
    assert drawn.data[1].x == (0.7, 0.4)
    assert "−30.0 points" in drawn.data[1].hovertext[1]


def test_what_a_customer_is_worth_keeps_service_apart_from_cars():
    frame = DataFrame([{"service_part": 72_000.0, "cars_part": 300_000.0}])
    drawn = figures.lifetime(frame).data[0]
    assert drawn.text == ("<b>¥72,000</b>", "<b>¥300,000</b>")
    assert drawn.marker.color[0] != drawn.marker.color[1]


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.0, "¥0"), (12_345.4, "¥12,345"), (1_250_000.0, "¥1.2m")],
)
def test_yuan_are_shortened_beyond_a_million(value, said):
    assert formats.yuan(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(None, "–"), (0.123, "+12.3 points"), (-0.05, "−5.0 points")]
)
def test_differences_of_shares_are_points(value, said):
    assert formats.points(value) == said
