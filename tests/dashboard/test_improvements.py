"""Improvement actions drawn and said: rows written by hand, read as a person would."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard import deeds
from dashboard.headlines import improvements as told
from data.effect import compare
from data.improvements.measuring import Measured, Windows
from data.metrics import Answer
from data.stats import rate
from pages.improvement import effect
from tests.dashboard.drawn import figures

SPAN = Windows(date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 2), date(2026, 9, 30))
STATES = ("open", "in_progress", "done", "effective", "not_effective", "cancelled")


def compared(**more):
    plain = {
        "number": "A1", "store": "S1", "title": "重试 <b>", "unit": "orders", "before": 20,
        "orders_before": 1000, "after": 4, "orders_after": 800, "rate_before": 20.0,
        "rate_after": 5.0, "before_low": 12.0, "before_high": 31.0, "after_low": 1.4,
        "after_high": 12.8, "verdict": "effective",
    }  # fmt: skip
    return plain | more


def answer(rows=(), **summary):
    return Answer(DataFrame(rows), summary)


def standing(**counts):
    given = dict.fromkeys(STATES, 0) | counts
    return answer(total=sum(given.values()), **({"overdue": 0} | given))


def test_each_action_has_its_rate_before_and_after_with_both_intervals():
    drawn = figures.effects(DataFrame([compared(), compared(number="A2", verdict="not_effective")]))
    before_reach, _after_reach, before, after = drawn.data
    assert tuple(before.x) == (20.0, 20.0)
    assert tuple(after.x) == (5.0, 5.0)
    assert tuple(before_reach.x)[:3] == (12.0, 31.0, None)
    assert after.customdata[1] == {"number": "A2", "store": "S1"}
    assert [note.text for note in drawn.layout.annotations] == ["Effective", "Not effective"]


def test_a_title_cannot_become_markup():
    drawn = figures.effects(DataFrame([compared()]))
    assert "<b>" not in drawn.layout.yaxis.ticktext[0]
    assert "重试 &lt;b&gt;" in drawn.data[3].hovertext[0]


def test_an_action_without_orders_before_is_left_out():
    drawn = figures.effects(DataFrame([compared(rate_before=None), compared(number="A2")]))
    assert len(drawn.layout.yaxis.ticktext) == 1


def test_a_bar_says_how_many_are_overdue():
    rows = [{"key": "open", "count": 3, "overdue": 2}, {"key": "done", "count": 1, "overdue": 0}]
    bar = figures.actions(DataFrame(rows), words="action_state").data[0]
    assert bar.text == ("<b>3</b>  2 overdue", "<b>1</b>")


def test_the_longest_wait_stands_on_top_and_unknown_ones_are_left_out():
    rows = [("A1", 5, None), ("A2", 40, 12), ("A3", None, 3)]
    frame = DataFrame(rows, columns=["number", "days_to_action", "days_to_done"])
    bar = figures.waits(frame.assign(store="S1", title="x")).data[0]
    assert [point["number"] for point in bar.customdata] == ["A2", "A1"]
    assert bar.text == ("<b>40</b>  + 12 until done", "<b>5</b>")


def test_a_delay_opens_its_action():
    row = {"number": "A1", "store": "S1", "title": "x", "owner": "王", "times": 2, "days": 9}
    bar = figures.delays(DataFrame([row | {"reasons": "parts"}])).data[0]
    assert bar.customdata[0] == {"number": "A1", "store": "S1"}
    assert bar.text == ("<b>9</b>  2 times",)


def labels(drawn):
    return {*drawn.layout.yaxis.ticktext}


def test_actions_of_several_stores_say_whose_they_are():
    row = {"number": "A1", "title": "x", "owner": "王", "times": 2, "days": 9, "reasons": "parts"}
    mine, ours = (
        DataFrame([row | {"store": "S1"}]),
        DataFrame([row | {"store": "S1"}, row | {"store": "S2"}]),
    )
    assert labels(figures.delays(mine)) == {"A1 x"}
    assert labels(figures.delays(ours)) == {"A1 · S1 x", "A1 · S2 x"}


def test_the_headline_counts_what_is_under_way_and_late():
    assert told.status(standing(), None) is None
    assert told.status(standing(open=2, not_effective=1, done=4), None) == (
        "3 are under way, none past its deadline."
    )
    late = standing(open=2, overdue=1)
    assert told.status(late, None) == "2 are under way, 1 of them past their deadline."


def test_the_headline_of_effects_tells_all_three_apart():
    nothing = answer(done=0)
    some = answer(done=6, effective=1, not_effective=2, not_yet_proven=3)
    assert told.effects(nothing, None) is None
    assert told.effects(some, None) == "1 helped, 2 did not, 3 are not proven yet."


def test_the_headlines_of_time_and_of_telling_say_nothing_of_nothing():
    assert told.time_to_action(answer(median_to_action=None), None) is None
    assert told.informed(answer(**rate(0, 0)), None) is None
    assert told.slippage(answer(put_off=0), None) is None
    assert "3 of 4" not in (told.informed(answer(**rate(3, 4)), None) or "")
    assert "75.0% of 4 customers" in (told.informed(answer(**rate(3, 4)), None) or "")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((40, 1000, 5, 1000), "It helped: 5.0 per 1,000 orders instead of 40.0."),
        ((5, 1000, 8, 1000), "It did not help: 8.0 per 1,000 orders, 5.0 before."),
        ((5, 1000, 4, 1000), "Fewer, but it may be chance: 4.0 per 1,000 orders instead of 5.0."),
        ((0, 1000, 0, 1000), "Too little has been counted yet to compare."),
        ((5, 1000, 0, 0), "Too little has been counted yet to compare."),
    ],
)
def test_the_verdict_is_said_with_both_rates(counts, said):
    assert effect.sentence(Measured(compare(*counts), SPAN, "orders")).startswith(said)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("given", {"owner": "王"}, "Given to 王"),
        ("given", {"owner": "王", "from_owner": "李"}, "Handed from 李 to 王"),
        ("put_off", {"from_due_on": "2026-03-01", "due_on": "2026-03-09"}, "put off from"),
        ("checked", {"days": 30, "verdict": "not_yet_proven"}, "after 30 days: Not yet proven"),
        ("verified", {"verdict": "effective"}, "Verified by the figures: Effective"),
        ("informed", {"complaint": "C1"}, "The customer of complaint C1 was told"),
        ("back", {"complaint": "C2"}, "The cause is back in complaint C2"),
        ("back", {"complaint": None}, "Taken up again"),
    ],
)
def test_what_happened_is_told(kind, data, said):
    assert said in deeds.SENTENCES[kind](data, "Asia/Shanghai")
