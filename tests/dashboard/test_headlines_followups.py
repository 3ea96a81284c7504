"""The headlines of the callbacks say what the figure shows, and nothing where little is known."""

import pytest
from pandas import DataFrame

from dashboard import headlines
from data.metrics import Answer


def caller(**more):
    plain = {"key": "7", "name": "Li", "name_zh": "Li", "store": "S3", "value": 1.0}
    return {**plain, "denominator": 60, "signal": None, "short_full_marks": 0, **more}


def callers(*rows):
    return headlines.callers(Answer(DataFrame(rows, dtype=object)), None)


def test_the_funnel_names_the_step_before_which_most_are_lost():
    counts = {"due": 100, "attempted": 98, "connected": 70, "completed": 65, "on_time": 60}
    frame = DataFrame({"step": list(counts), "count": list(counts.values())})
    said = headlines.funnel(Answer(frame, counts), None)
    assert "Of 100 due, 65 were completed and 60 of these in time" in said
    assert "“Reached”" in said
    assert headlines.funnel(Answer(frame, {"due": 0}), None) is None


def test_hours_with_few_attempts_are_neither_best_nor_worst():
    frame = DataFrame(
        {
            "weekday": [0, 1, 2, 3],
            "hour": [8, 9, 18, 12],
            "value": [1.0, 0.3, 0.8, 0.0],
            "denominator": [2, 40, 40, 3],
        }
    )
    said = headlines.reach(Answer(frame), None)
    assert said == "Best reached: Wednesday from 18:00, 80%; worst: Tuesday from 9:00, 30%."
    assert headlines.reach(Answer(frame.head(1)), None) is None


def test_a_caller_is_named_only_if_it_is_no_chance():
    assert callers(caller()) == (
        "Nobody's marks stand apart from their store's by more than chance."
    )
    short = callers(caller(), caller(name="Wang", signal="above", short_full_marks=55))
    assert short.startswith("Wang (S3) stands apart: 100.0% content of 60, 55 of them in less")
    long = callers(caller(name="Wang", signal="below", value=0.4))
    assert long == "Wang (S3) stands apart: 40.0% content of 60, no chance."


@pytest.mark.parametrize(
    ("short", "unknown", "more"),
    [(0, 0, ""), (9, 0, "9 took less than a minute"), (0, 4, "Of 4 the length is unknown.")],
)
def test_short_calls_and_unknown_lengths_are_said(short, unknown, more):
    told = {"value": 0.5, "denominator": 40, "short_full_marks": short, "unknown": unknown}
    said = headlines.call_length("{value} of {n} took long enough")(Answer(DataFrame(), told), None)
    assert "50.0% of 40 took long enough" in said
    assert more in said


def test_bounds_say_what_is_left_open():
    told = {"value": 0.9, "answered": 100, "unreached": 50, "low": 0.6, "high": 0.93}
    said = headlines.bounds(Answer(DataFrame(), told), None)
    assert "50 were not reached: of all, it may be anything from 60% to 93%." in said
    assert headlines.bounds(Answer(DataFrame(), {"answered": 0}), None) is None
