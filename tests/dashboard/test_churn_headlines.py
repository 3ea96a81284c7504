"""Who leaves, why, and what it costs: what is said above the figures, on rows written by hand."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard.headlines import beside, calling, churn, winning_back
from data.lookups import Target
from data.metrics import Answer
from data.stats import rate

AT_MOST = Target(0.2, up=False)


def shares(**counted):
    """Rows of a share by key, from (met, of how many)."""
    return DataFrame([{"key": key.lstrip("_"), **rate(*counts)} for key, counts in counted.items()])


def said(headline, frame, summary=None, target=None):
    return headline(Answer(frame, summary or {}), target)


@pytest.mark.parametrize(
    ("met", "told"),
    [
        (20, "cannot be told apart from the reference of at most 20%"),
        (45, "above the reference of at most 20% by more than chance"),
        (5, "keeps the reference of at most 20%"),
    ],
)
def test_monthly_churn_is_held_against_its_reference(met, told):
    months = [(date(2026, 2, 1), met / 100, True), (date(2026, 3, 1), 0.9, False)]
    frame = DataFrame(months, columns=["period", "value", "finished"])
    words = said(churn.monthly_churn(6), frame, rate(met, 100), AT_MOST)
    assert "of 100 vehicles that came in Aug 2025" in words
    assert "not back by the end of Feb 2026" in words
    assert told in words


def test_monthly_churn_of_nothing_says_nothing():
    assert said(churn.monthly_churn(6), DataFrame(), rate(0, 0), AT_MOST) is None


def test_the_age_cliff_is_the_steepest_fall():
    frame = shares(_3=(80, 200), _2=(180, 200), _1=(184, 200), none=(0, 900))
    words = said(churn.age_cliff, frame)
    assert "from 2 years to 3 years of age: 90% of 200 came again, then 40% of 200" in words
    assert "−50.0 points" in words


def test_a_fall_within_chance_is_no_cliff():
    assert "No cliff can be told" in said(churn.age_cliff, shares(_1=(50, 100), _2=(48, 100)))
    assert "Too few" in said(churn.age_cliff, shares(_1=(50, 100), _2=(0, 9)))


def test_ages_that_do_not_follow_one_another_are_not_compared():
    assert "Too few" in said(churn.age_cliff, shares(_0=(90, 100), _5=(10, 100)))
    oldest = DataFrame([{"key": "6", **rate(60, 90)}, {"key": "7+", **rate(9, 90)}])
    assert "from 6 years to 7 years of age" in said(churn.age_cliff, oldest)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"in": (80, 100), "out": (40, 100)}, "−40.0 points, more than chance"),
        ({"in": (50, 100), "out": (48, 100)}, "No real difference: under warranty 50% of 100"),
        ({"in": (50, 100), "out": (4, 10)}, "Too few"),
        ({"in": (80, 100), "ended_lately": (40, 100)}, "after it 40% of 100"),
    ],
)
def test_warranty_is_compared_beyond_chance(rows, told):
    assert told in said(churn.warranty_cliff, shares(**rows))


def rule(code, back, then, called=0):
    counted = rate(back, then)
    return {
        "rule": code,
        "flagged_then": then,
        "false_alarms": counted["value"],
        "ci_low": counted["ci_low"],
        "ci_high": counted["ci_high"],
        "called": called,
    }


def test_the_laboratory_says_which_rule_to_believe_and_which_is_hasty():
    frame = DataFrame([rule("3", 180, 300), rule("6", 45, 300, called=7), rule("own", 1, 2)])
    words = said(churn.rules, frame, {"believe": "6"})
    assert words.startswith("Believe “No visit for 6 months”: of 300 vehicles it flagged a year")
    assert "15% came back by themselves" in words
    assert "No rule that flags more is surely right in two of three cases" in words
    assert "“No visit for 3 months” is too hasty: 60% of 300" in words
    assert "7 that were called in between are left out" in words


def test_rules_within_chance_of_each_other_are_not_ranked():
    frame = DataFrame([rule("3", 60, 200), rule("6", 52, 200)])
    words = said(churn.rules, frame, {"believe": "3"})
    assert "cannot be told apart" in words
    assert "Yet no rule is surely right in two of three cases" in words


def test_a_rule_is_not_believed_on_too_few():
    assert "Too few" in said(churn.rules, DataFrame([rule("3", 1, 4)]), {"believe": None})


def test_money_at_stake_names_the_class_where_most_of_it_lies():
    frame = DataFrame([{"class": "lost", "value": 10.0}, {"class": "at_risk", "value": 90.0}])
    words = said(churn.at_stake, frame, {"value": 100.0, "vehicles": 7})
    assert words == (
        "7 vehicles that stay away brought ¥100 in the year up to their last visit; 90% of it are "
        "“At risk”."
    )
    assert said(churn.at_stake, frame, {"value": 0, "vehicles": 0}) is None


def test_the_worth_of_a_customer_keeps_service_apart_and_stands_beside_the_books():
    told = {"value": 372_000.0, "service_part": 72_000.0, "cars_part": 300_000.0}
    plain = said(churn.lifetime, DataFrame(), told | {"observed_year": None, "vehicles": 0})
    assert plain.endswith("¥72,000 is service and ¥300,000 the cars bought again.")
    seen = said(churn.lifetime, DataFrame(), told | {"observed_year": 1930.0, "vehicles": 40})
    assert seen.endswith("Seen in the books: ¥1,930 a year for each of 40 active vehicles.")


def reasons(**counts):
    return DataFrame([{"key": key, "count": count} for key, count in counts.items()])


def test_reasons_say_how_many_are_ours_to_mend():
    words = said(winning_back.reasons, reasons(price=20, skill=5, sold=25))
    assert words.startswith("25 of 50 asked stay away for a reason that is ours to mend")
    assert words.endswith("“Price” (20).")
    few = said(winning_back.reasons, reasons(price=2))
    assert few.endswith("So few say little about all of them.")
    assert "nobody named a reason that is ours" in said(winning_back.reasons, reasons(sold=3))
    assert said(winning_back.reasons, reasons(price=0)) is None


def test_steps_say_how_the_ended_ones_did():
    frame = DataFrame({"step": ["selected", "asked", "won_back"], "count": [3, 2, 4]})
    words = said(winning_back.steps, frame, {"open": 5})
    assert words == (
        "5 under way, 3 of these not looked at yet. Ended: 4 won back after a call, 0 came by "
        "themselves, 0 given up."
    )
    assert said(winning_back.steps, frame.assign(count=0), {"open": 0}) is None


def test_reasons_are_ranked_by_winning_back_only_beyond_chance():
    ranked = said(winning_back.win_back, shares(price=(10, 50), waiting=(40, 50)), rate(50, 100))
    assert ranked.startswith("Best won back: “Waiting time”, 80% of 50; worst: “Price”, 20% of 50.")
    close = said(winning_back.win_back, shares(price=(24, 50), waiting=(25, 50)), rate(49, 100))
    assert close.startswith("The reasons cannot be told apart")


def test_few_cases_are_told_together_with_those_held_out():
    summary = {**rate(8, 20), "held_out": 5, "held_out_back": 2}
    words = said(winning_back.win_back, shares(price=(8, 20)), summary)
    assert words.startswith("Of 20 called, 40% came again within 90 days")
    assert words.endswith("Of 5 held out and not called, 2 came all the same.")
    assert said(winning_back.win_back, shares(price=(0, 0)), rate(0, 0)) is None


LIFT = {
    "called": 200,
    "called_rate": 0.4,
    "not_called": 100,
    "not_called_rate": 0.3,
    "lift": 0.1,
    "low": -0.02,
    "high": 0.21,
    "held_out": 40,
    "held_out_came": 12,
    "held_out_lift": 0.1,
    "held_out_low": -0.06,
    "held_out_high": 0.23,
}


def test_what_calling_brings_is_no_difference_within_chance():
    words = said(calling.lift, DataFrame(), LIFT)
    assert words.startswith("No real difference: 40% of 200 called came")
    assert "+10.0 points (−2.0 to +21.0)" in words
    assert words.endswith(
        "Beside the 40 held out by lot, the fair comparison (30% came), nothing can be told: "
        "+10.0 points (−6.0 to +23.0)."
    )
    sure = said(calling.lift, DataFrame(), LIFT | {"held_out_low": 0.01})
    assert "the fair comparison (30% came): +10.0 points" in sure


def test_what_calling_brings_is_said_where_it_is_more_than_chance():
    words = said(calling.lift, DataFrame(), LIFT | {"low": 0.02, "held_out": 0})
    assert words.startswith("40% of 200 called came")
    assert "more than chance" in words
    assert "Nobody was held out by lot" in words
    assert said(calling.lift, DataFrame(), LIFT | {"called": 0}) is None


def handled(group, met, of, low=None, high=None):
    span = {"difference": None if low is None else (low + high) / 2, "low": low, "high": high}
    return {"group": group, **rate(met, of), **span}


def test_only_ways_to_handle_a_complaint_that_differ_are_named():
    rows = [
        handled("none", 70, 100),
        handled("in_time_satisfied", 33, 50, -0.2, 0.1),
        handled("late", 20, 50, -0.45, -0.15),
        handled("never_recontacted", 2, 8, -0.6, -0.1),
    ]
    words = said(calling.recovery, DataFrame(rows))
    assert words.startswith("Without a complaint 70% of 100 came again.")
    assert "Solved late: 40% of 50, −30.0 points" in words
    assert "In time, content" not in words
    assert words.endswith("Fewer than 30, so little can be said: “Never called again”.")


def test_complaints_within_chance_cannot_be_told_apart():
    rows = [handled("none", 70, 100), handled("late", 33, 50, -0.2, 0.1)]
    assert "cannot be told apart" in said(calling.recovery, DataFrame(rows))
    assert said(calling.recovery, DataFrame([handled("late", 1, 2)])) is None


KEPT = beside.stores("{value} of {n} were kept.")


def test_a_store_is_called_lowest_only_beyond_chance():
    apart = shares(S1=(90, 100), S2=(40, 100), S3=(0, 5))
    words = said(KEPT, apart, rate(130, 205))
    assert words == (
        "63.4% of 205 were kept. Lowest: S2, 40% of 100, −45.7 points beside the others together."
    )
    close = shares(S1=(50, 100), S2=(48, 100))
    assert said(KEPT, close, rate(98, 200)).endswith("No store can be told apart from the others.")


def test_a_store_alone_is_not_compared():
    assert said(KEPT, shares(S1=(50, 100)), rate(50, 100)) == "50.0% of 100 were kept."
    assert said(KEPT, shares(), rate(0, 0)) is None
