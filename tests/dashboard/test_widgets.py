"""Charts, tiles and tables: what they say, what they refuse to be asked, and what stays closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pandas import DataFrame, concat

from dashboard import figures, headlines, urls
from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Choice, Column, Rows, Table, Tile, link, parts
from data.lookups import Target
from data.metrics import Answer, Metric
from data.scope import Scope

SCOPE = Scope(as_of=datetime(2026, 3, 16, 2, tzinfo=UTC))
UP, DOWN = Target(0.95, True), Target(8.0, False)


WEEKS = [date(2026, 1, 12) + timedelta(weeks=week) for week in range(9)]


def rate(value=0.9, n=100, not_due=0, signal=None, run=1, weeks=WEEKS, **more):
    rows = {
        "period": weeks,
        "value": [value] * len(weeks),
        "numerator": [90] * len(weeks),
        "denominator": [n] * len(weeks),
        "finished": [True] * len(weeks),
        "centre": [0.5] * len(weeks),
        "signal": [None] * (len(weeks) - 1) + [signal],
        "run": [None] * (len(weeks) - 1) + [run],
    }
    told = {"value": value, "numerator": 90, "denominator": n, "not_due": not_due}
    return Answer(DataFrame(rows), told | more)


NOTHING = Answer(DataFrame(columns=["period", "value"]), {"value": None, "denominator": 0})
METRIC = Metric("reply", "Reply", "share", lambda *_: rate(), {})


def chart(**more):
    return Chart(
        name="c",
        title="C",
        metric=METRIC,
        figure=figures.rate_over_time,
        headline=headlines.rate("{value} of {n} replied in time"),
        **more,
    )


def tile(**more):
    return Tile(name="t", title="T", metric=METRIC, drill=urls.complaints, **more)


def table(**more):
    columns = (
        Column(field="number", title="Number", kind="link", find=True),
        Column(field="severity", title="Severity", kind="badge", words="severity"),
        Column(field="due", title="Due", kind="until", sort=False),
    )
    return Table(name="x", title="X", columns=columns, rows=lambda *_: Rows([], 0), **more)


def words(said):
    return " ".join(str(part) for part in said)


# --- charts --------------------------------------------------------------------------------------


MODE = Choice(key="mode", title="Came", values=("exact", "rolling"), words="mode")


@pytest.mark.parametrize(
    ("drill", "asked"),
    [
        ((), "exact"),
        ((("mode", "rolling"),), "rolling"),
        ((("mode", "rubbish"),), "exact"),
        ((("severity", "rolling"),), "exact"),
    ],
)
def test_a_chart_asks_what_the_address_chooses_and_says_so_to_figure_and_words(drill, asked):
    heard = []

    def count(_session, _scope, *, mode):
        heard.append(mode)
        return rate()

    def figure(frame, *, mode):
        heard.append(mode)
        return figures.rate_over_time(frame)

    chosen = Chart(
        name="c",
        title="C",
        metric=Metric("m", "M", "share", count, {"mode": MODE.values}),
        choices={"mode": MODE},
        figure=figure,
        headline=lambda answer, _target: heard.append(answer.summary["mode"]),
    )
    chosen.draw(chosen.ask(None, replace(SCOPE, drill=drill)))
    assert heard == [asked] * 3


def test_a_wide_chart_scrolls_and_a_usual_one_does_not():
    assert "scrolls" in str(chart(least=640).card())
    assert "scrolls" not in str(chart().card())


@pytest.mark.parametrize(
    ("answer", "target", "sentence"),
    [
        (rate(), UP, "No real change: 90.0% of 100 replied in time (target 95%)."),
        (rate(), None, "No real change: 90.0% of 100 replied in time."),
        (
            rate(signal="one_side", run=9),
            UP,
            "A real change for the better since the week of 12 Jan, 9 weeks in a row above the "
            "usual: 90.0% of 100 replied in time (target 95%).",
        ),
        (
            rate(0.2, signal="beyond_limits"),
            UP,
            "A real change for the worse in the week of 9 Mar, which lies below what chance gives:",
        ),
        (rate(0.2, signal="one_side", run=9), None, "A real change since the week of 12 Jan"),
        (rate(weeks=WEEKS[:3]), UP, "Too early to tell, only 3 weeks are over: 90.0% of 100"),
        (rate(weeks=WEEKS[:1]), UP, "Too early to tell, hardly anything is over yet: 90.0%"),
    ],
)
def test_a_headline_calls_a_change_only_what_is_a_signal(answer, target, sentence):
    said = headlines.rate("{value} of {n} replied in time")(answer, target)
    assert said.startswith(sentence)


def trend(values, periods=WEEKS):
    """As many periods, the last of which ends a climb or fall of six."""
    answer = rate(signal="trend", run=6, weeks=periods)
    answer.frame["value"] = values
    return answer


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        (WEEKS, "since the week of 2 Feb, 6 weeks in a row"),
        ([date(2025, month, 1) for month in range(3, 12)], "since Jun 2025, 6 months in a row"),
        (
            [date(2024 + place // 4, place % 4 * 3 + 1, 1) for place in range(9)],
            "since quarter 4 of 2024, 6 quarters in a row",
        ),
    ],
)
def test_a_climb_says_since_when(periods, since):
    climb = [0.2, 0.1, 0.15, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15]  # all below the centre
    said = headlines.rate("{value} of {n}")(trend(climb, periods), UP)
    assert said.startswith(f"A real change for the better {since} rising: ")
    fall = [1 - value for value in climb]
    said = headlines.rate("{value} of {n}")(trend(fall, periods), UP)
    assert said.startswith(f"A real change for the worse {since} falling: ")


def test_a_headline_judges_the_latest_settled_period_of_the_latest_phase():
    answer = rate(signal="beyond_limits")
    after = DataFrame([{"period": date(2026, 3, 16), "value": 1.0, "settled": False}])
    longer = concat([answer.frame.assign(settled=True), after], ignore_index=True)
    assert headlines.change(Answer(longer.assign(finished=True), answer.summary)) == "change"
    phases = Answer(rate().frame.assign(phase=[0] * 6 + [1] * 3), answer.summary)
    assert "only 3 weeks are over since something was done" in headlines.rate("{value}")(phases, UP)


def test_fewer_is_better_where_the_target_says_so():
    assert headlines.change(rate(0.9, signal="one_side", run=9), DOWN) == "worse"
    assert headlines.change(rate(0.2, signal="one_side", run=9), DOWN) == "better"


def test_where_too_little_is_counted_the_headline_says_so():
    few = Answer(rate().frame.assign(enough=[True] * 7 + [False] * 2), rate().summary)
    said = headlines.rate("{value} of {n} replied in time")(few, UP)
    assert said.startswith("Whether it changes cannot be told, too few a week: 90.0% of 100")
    assert "Too few to tell a change" in words(tile().fill(few, View()))


def test_attempts_say_too_whether_they_changed():
    answer = rate(2.0, signal="one_side", run=9, first_attempt_share=0.5)
    assert headlines.attempts(answer, None) == (
        "A real change since the week of 12 Jan, 9 weeks in a row above the usual: "
        "2.0 attempts for each completed call; 50% took a single one."
    )


def test_a_chart_says_its_denominator_and_what_is_not_due():
    said = words(chart().draw(rate(not_due=12)).said)
    assert "n = 100" in said
    assert "12 not yet due" in said


def test_a_chart_without_anything_says_so_and_draws_nothing():
    drawn = chart(empty="No complaints.").draw(NOTHING)
    assert (drawn.state, drawn.figure) == (parts.EMPTY, None)
    assert "No complaints." in words(drawn.said)


def test_a_share_of_nought_is_not_nothing():
    assert chart().draw(rate(value=0.0)).state == parts.READY


def test_rules_about_no_vehicle_at_all_are_nothing():
    rules = Answer(rate().frame, {"vehicles": 0})
    assert chart().draw(rules).state == parts.EMPTY


def test_what_is_not_due_yet_is_not_nothing():
    waiting = Answer(NOTHING.frame, {**NOTHING.summary, "not_due": 4})
    assert "Nothing is due yet: 4" in words(chart().draw(waiting).said)


# --- tiles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "target", "judged"),
    [
        (rate(0.97), UP, "Target 95% met"),
        (rate(0.2), UP, "Target 95% missed"),
        (NOTHING, UP, "Nothing counted yet"),
    ],
)
def test_a_tile_judges_in_words(answer, target, judged):
    assert judged in words(tile().fill(answer, View(), target))


def test_a_tile_has_a_place_for_a_mark_that_is_hidden_until_a_fault_is_found():
    parts_ = [part for part in tile().card()._traverse() if hasattr(part, "id")]
    link_ = next(part for part in parts_ if "mark" in str(part.id))
    assert (link_.id["metric"], link_.className, link_.href) == ("reply", "doubt", "/data-health")


def test_a_tile_of_nothing_shows_a_dash():
    assert "–" in words(tile().fill(NOTHING, View()))


@pytest.mark.parametrize(("count", "said"), [(3, "Needs action"), (0, "None")])
def test_a_count_that_should_be_none_alarms(count, said):
    answer = Answer(DataFrame(), {"breached": count})
    filled = tile(value="breached", unit="complaints", alarm="bad").fill(answer, View())
    assert said in words(filled)


def test_a_tile_says_what_it_was_before():
    filled = tile().fill(rate(), View(), None, rate(0.8))
    assert "Before: 80.0%" in words(filled)


def test_a_tile_leads_to_its_page_with_the_filters():
    filled = tile().fill(rate(), View(stores=("S2",)))
    assert "href='/complaints?store=S2'" in words(filled)


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        None,
        "rows",
        [],
        {},
        {"startRow": "x", "endRow": None, "sortModel": 7, "filterModel": [1]},
        {"sortModel": [{"colId": "password", "sort": "asc"}, {"colId": "due"}, "x", None]},
        {"filterModel": {"severity": {"filter": "x"}, "number": {"filter": 5}, "nope": "x"}},
        {"sortModel": [{"colId": [], "sort": "asc"}, {"colId": {}, "sort": []}, {"colId": 7}]},
        {"filterModel": {"number": {"filter": ["C2"]}}},
        {"filterModel": {"number": {"filter": "C2\0"}}},
        {"filterModel": {"number": []}},
        {"startRow": [], "endRow": {}},
        {"startRow": -5},
        {"startRow": float("nan")},
        {"startRow": True},
    ],
)
def test_what_a_table_may_not_be_asked_is_left_out(request_):
    assert table().asked(request_) == Ask()


def test_a_table_is_sorted_and_searched_by_its_own_columns():
    asked = table().asked(
        {
            "startRow": 100,
            "endRow": 150,
            "sortModel": [{"colId": "severity", "sort": "desc"}],
            "filterModel": {"number": {"type": "contains", "filter": "C2"}},
        }
    )
    assert asked == Ask(start=100, count=50, sort=(("severity", True),), find=(("number", "C2"),))


def test_nobody_gets_more_than_two_blocks_at_once():
    assert table().asked({"startRow": 0, "endRow": 10**9}).count == 200


def test_a_search_has_an_end():
    asked = table().asked({"filterModel": {"number": {"filter": "x" * 5000}}})
    assert len(asked.find[0][1]) == 80


def test_cells_are_written_for_people():
    rows = [
        {
            "number": "C1",
            "severity": "critical",
            "due": SCOPE.as_of - timedelta(hours=2),
            "store": "S1",
        }
    ]
    told = table(href=lambda row: urls.complaint(row["number"], row["store"]))
    shown = told.show(rows, SCOPE)[0]
    assert shown["severity"] == {
        "word": "Critical",
        "tone": "bad",
        "shape": "exclamation-octagon",
    }
    assert shown["due"]["word"] == "2 h 0 min over"
    assert shown["href"] == "/complaints/C1?store=S1"


def test_missing_values_are_dashes():
    shown = table().show([{"number": None, "severity": None, "due": None}], SCOPE)[0]
    assert set(shown.values()) == {"–"}


def test_links_lead_to_pages_of_ours_alone():
    for href in ("javascript:alert(1)", "https://example.com", "//example.com"):
        with pytest.raises(AssertionError):
            link("x", href)
