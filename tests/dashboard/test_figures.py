"""Drawings show what they were given, mark what is uncertain, and never read data as markup."""

from datetime import date

import pytest
from pandas import DataFrame

from dashboard import theme
from dashboard.figures.base import text
from tests.dashboard.drawn import figures

WEEKS = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)]


def trend(**columns):
    plain = {
        "period": WEEKS,
        "value": [0.5, None, 0.75, 1.0],
        "numerator": [50, 0, 30, 3],
        "denominator": [100, 0, 40, 3],
        "not_due": [0, 0, 0, 9],
        "finished": [True, True, True, False],
        "signal": [None, None, "trend", None],
    }
    return DataFrame({**plain, **columns})


def marks(figure):
    drawn = (trace for trace in figure.data if trace.type == "scatter")
    return next(trace for trace in drawn if trace.mode == "markers")


def test_a_trend_has_a_point_for_each_period_with_a_value():
    drawn = marks(figures.rate_over_time(trend()))
    assert list(drawn.x) == ["2026-01-05", "2026-01-19", "2026-01-26"]
    assert list(drawn.y) == [0.5, 0.75, 1.0]


def test_the_running_period_is_hollow_and_its_line_dotted():
    figure = figures.rate_over_time(trend())
    assert marks(figure).marker.color[-1] == theme.colour("surface")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert list(lines[0].x)[-1] == "2026-01-19"
    assert list(lines[1].x) == ["2026-01-19", "2026-01-26"]
    assert lines[1].line.dash != "solid"


def test_little_to_count_from_is_grey_and_says_so():
    few = marks(figures.rate_over_time(trend(denominator=[10, 0, 40, 3])))
    assert few.marker.line.color[0] == theme.colour("quiet")
    assert "Fewer than 30" in few.hovertext[0]


def test_a_signal_has_another_shape_and_a_word():
    drawn = marks(figures.rate_over_time(trend()))
    assert list(drawn.marker.symbol) == ["circle", "diamond", "circle"]
    assert "A change, not chance" in drawn.hovertext[1]


def test_hovering_shows_what_was_counted():
    said = marks(figures.rate_over_time(trend())).hovertext
    assert "50.0%" in said[0]
    assert "50 of 100" in said[0]
    assert "9 not yet due" in said[2]


def test_a_point_leads_to_its_own_days():
    drawn = marks(figures.rate_over_time(trend()))
    assert drawn.customdata[0] == {"start": "2026-01-05", "end": "2026-01-11"}
    assert drawn.customdata[-1] == {"start": "2026-01-26"}


def test_the_target_is_a_line_with_its_name():
    figure = figures.rate_over_time(trend(), target=0.95)
    assert figure.layout.shapes[0].y0 == 0.95
    assert "Target 95%" in [note.text for note in figure.layout.annotations]


def test_limits_are_drawn_where_there_are_any():
    with_limits = trend(lower=[0.2] * 4, upper=[0.9] * 4)
    more = len(figures.rate_over_time(with_limits).data) - len(figures.rate_over_time(trend()).data)
    assert more == 2


def test_the_usual_is_drawn_quietly():
    figure = figures.rate_over_time(trend(centre=[0.5] * 4))
    assert [0.5] * 4 in [list(trace.y) for trace in figure.data if trace.mode == "lines"]


def test_where_something_was_done_a_line_parts_the_phases():
    figure = figures.rate_over_time(trend(phase=[0, 0, 1, 1]), target=0.9)
    _, border = figure.layout.shapes
    assert border.x0 == border.x1 == "2026-01-15T12:00:00"
    assert "Action done" in [note.text for note in figure.layout.annotations]
    assert len(figures.rate_over_time(trend(phase=[0] * 4)).layout.shapes) == 0


def test_a_trend_of_nothing_is_an_empty_drawing():
    assert len(marks(figures.over_time(trend().head(0), unit="per_1000")).x) == 0


def test_ages_are_stacked_by_severity_with_their_total():
    rows = DataFrame(
        {
            "bucket": ["0-1", "0-1", "30+"],
            "severity": ["critical", "general", "general"],
            "count": [1, 2, 4],
        }
    )
    figure = figures.ageing(rows)
    assert {trace.name: list(trace.y) for trace in figure.data} == {
        "General": [2, 0, 0, 0, 0, 4],
        "Critical": [1, 0, 0, 0, 0, 0],
    }
    assert [note.text for note in figure.layout.annotations] == ["<b>3</b>", "<b>4</b>"]
    assert figure.data[1].customdata[0] == {"bucket": "0-1", "severity": "critical"}


def test_a_severity_in_the_dealers_own_words_is_shown_too():
    rows = DataFrame({"bucket": ["0-1"], "severity": ["<b>bad</b>"], "count": [1]})
    assert [trace.name for trace in figures.ageing(rows).data] == ["&lt;b&gt;bad&lt;/b&gt;"]


@pytest.mark.parametrize("word", ["<a href='https://x'>y</a>", "$\\frac{1}{2}$", "&lt;b&gt;"])
def test_words_from_the_data_are_no_markup(word):
    rows = DataFrame({"cause": [word], "count": [1], "share": [1.0]})
    bar = figures.shares(rows, label="cause").data[0]
    for said in (bar.hovertext[0], figures.shares(rows, label="cause").layout.yaxis.ticktext[0]):
        assert "<a" not in said
        assert "$" not in said
    assert bar.customdata[0] == {"cause": word}


def test_harmless_text_stays_as_it_is():
    assert text("制动 & Brakes") == "制动 &amp; Brakes"


def test_categories_say_count_share_and_running_total():
    rows = DataFrame(
        {
            "category": ["a", "b"],
            "name": ["A", "B"],
            "name_zh": ["甲", "乙"],
            "count": [3, 1],
            "share": [0.75, 0.25],
            "cumulative": [0.75, 1.0],
            "verdict": ["common", "isolated"],
        }
    )
    bar = figures.pareto(rows).data[0]
    assert list(bar.text) == ["<b>3</b>  75%  Σ 75%", "<b>1</b>  25%  Σ 100%"]
    assert bar.marker.color == (theme.colour("data"), theme.colour("data-2"))


def test_the_gravest_is_on_top_of_a_spread():
    rows = DataFrame(
        {
            "severity": ["general", "critical"],
            "count": [1, 1],
            "median_hours": [1.0, 2.0],
            "p90_hours": [3.0, 4.0],
            "max_hours": [5.0, 60.0],
        }
    )
    assert figures.spread(rows).layout.yaxis.ticktext == ("Critical", "General")


def test_a_figure_travels_without_its_theme():
    assert figures.rate_over_time(trend()).layout.template.layout.to_plotly_json() == {}


def fields(**columns):
    plain = {
        "weekday": [0, 0, 1],
        "hour": [9, 10, 9],
        "value": [0.2, 0.8, 0.5],
        "numerator": [20, 80, 5],
        "denominator": [100, 100, 10],
    }
    return DataFrame({**plain, **columns})


def test_a_heat_map_is_deeper_where_more_is_and_grey_where_little_was_counted():
    drawn = figures.heat(fields(), row="weekday", across="hour").data[0]
    low, high, few = drawn.marker.opacity
    assert low < high
    assert few == low
    quiet, data = theme.colour("quiet"), theme.colour("data")
    assert list(drawn.marker.color) == [data, data, quiet]
    assert "Fewer than 30" in drawn.hovertext[2]
    assert list(drawn.text) == ["20%", "80%", "50%"]


def test_a_field_of_a_heat_map_opens_its_row_and_column():
    drawn = figures.heat(fields(), row="weekday", across="hour").data[0]
    assert drawn.customdata[1] == {"weekday": "0", "hour": "10"}
    assert (drawn.x[2], drawn.base[2]) == (0, 0.5)


def test_a_heat_map_leaves_a_field_without_a_value_empty():
    drawn = figures.heat(fields(value=[0.2, None, 0.5]), row="weekday", across="hour").data[0]
    assert len(drawn.x) == 2


def people(**columns):
    plain = {
        "key": ["7", "8", None],
        "name": ["Li", "Wang", None],
        "name_zh": ["Li", "Wang", None],
        "value": [0.9, 0.5, 0.1],
        "numerator": [90, 50, 1],
        "denominator": [100, 100, 10],
        "ci_low": [0.8, 0.4, 0.0],
        "ci_high": [0.95, 0.6, 0.4],
    }
    return DataFrame({**plain, **columns})


def test_dots_show_the_lowest_first_and_few_at_the_end_in_grey():
    drawn = marks(figures.dots(people(), drill="agent", words="agent"))
    assert list(drawn.x) == [0.5, 0.9, 0.1]
    assert drawn.customdata[0] == {"agent": "8"}
    assert drawn.customdata[2] == {"agent": "none"}
    assert drawn.marker.color[2] == theme.colour("quiet")


def test_dots_stand_before_their_target_and_intervals():
    figure = figures.dots(people(), drill="agent", words="agent", target=0.8)
    assert figure.layout.shapes[0].x0 == 0.8
    lines = next(trace for trace in figure.data if trace.mode == "lines")
    assert list(lines.x)[:3] == [0.4, 0.6, None]


def test_a_caller_apart_from_the_others_is_a_diamond_before_a_band():
    limits = {"lower": [0.6, 0.6, 0.0], "upper": [0.8, 0.8, 1.0], "signal": ["above", None, None]}
    marked = {"store": "S1", "mean": [4.9, 4.1, 4.0], "short_full_marks": [80, 0, 0]}
    figure = figures.callers(people(**limits, **marked))
    assert list(marks(figure).marker.symbol) == ["diamond", "circle", "circle"]
    assert "80 calls under a minute" in marks(figure).hovertext[0]
    band = next(trace for trace in figure.data if trace.type == "bar")
    assert (band.base[0], band.x[0]) == (0.6, pytest.approx(0.2))


def test_a_funnel_opens_its_steps_and_says_what_is_lost():
    frame = DataFrame({"step": ["due", "attempted"], "count": [10, 7], "share": [1.0, 0.7]})
    drawn = figures.funnel(frame).data[0]
    assert drawn.customdata[1] == {"kind": "attempted"}
    assert "3 lost" in drawn.hovertext[1]


def test_days_with_more_than_can_be_called_are_loud():
    frame = DataFrame({"day": WEEKS[:2], "count": [50, 20], "capacity": [40, 40]})
    figure = figures.load(frame)
    assert list(figure.data[0].marker.color) == [theme.colour("bad"), theme.colour("data")]
    assert figure.layout.shapes[0].y0 == 40
    far = figures.load(frame.assign(capacity=400))
    assert not far.layout.shapes
    assert far.data[0].customdata[0] == {"start": "2026-01-05", "end": "2026-01-05"}


def test_a_rare_share_does_not_lie_flat_on_the_ground():
    rare = figures.rate_over_time(trend(value=[0.01, None, 0.02, 0.01]))
    assert rare.layout.yaxis.range[1] < 0.1
    assert figures.rate_over_time(trend()).layout.yaxis.range[1] > 1


def test_bounds_reach_as_far_as_those_not_reached_could_move_them():
    frame = DataFrame(
        {
            "key": ["S1"], "low": [0.6], "value": [0.9], "high": [0.95],
            "satisfied": [90], "answered": [100], "unreached": [40],
        }
    )  # fmt: skip
    figure = figures.bounds(frame)
    lines = next(trace for trace in figure.data if trace.mode == "lines")
    assert list(lines.x)[:2] == [0.6, 0.95]
    assert "the 40 who were not reached" in marks(figure).hovertext[0]
