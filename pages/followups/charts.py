"""The figures of the callbacks page: its tiles and its charts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import followups, satisfaction


def narrowed(**always: str) -> Callable[..., str]:
    """The way to the calls, narrowed by `always` and by the point that was clicked."""

    def behind(view: View, store: str = "", **drill: Any) -> str:
        there = replace(view, stores=(store,)) if store else view
        return urls.followups(there, **{**dict(view.drill), **always, **drill})

    return behind


def step(view: View, kind: str = "") -> str:
    """The calls that got as far as a step of the funnel."""
    return urls.followups(
        view, **{**dict(view.drill), "kind": "matured" if kind == "due" else kind}
    )


TILES = (
    Tile(
        name="followups-completion",
        title="Completed",
        metric=followups.completion_rate,
        drill=narrowed(kind="missed"),
    ),
    Tile(
        name="followups-on-time",
        title="Completed in time",
        metric=followups.on_time_rate,
        drill=narrowed(kind="late"),
    ),
    Tile(
        name="followups-contact",
        title="Reached",
        metric=followups.contact_rate,
        drill=narrowed(kind="unreached"),
    ),
    Tile(
        name="followups-coverage",
        title="Orders with their callback",
        metric=followups.followup_coverage,
        drill=lambda view: urls.data_health(view, fault="no_callback"),
    ),
    Tile(
        name="followups-independence",
        title="Called by somebody else",
        metric=followups.caller_independence,
        drill=narrowed(kind="own_adviser"),
        note="unknown",
        says="{n} more without an adviser or caller",
    ),
    Tile(
        name="followups-promises",
        title="Promises kept",
        metric=followups.promise_kept_rate,
        drill=narrowed(kind="promise_broken"),
        note="explained",
        says="{n} of the rest were explained in time",
    ),
)

PROGRESS = (
    Chart(
        name="followups-funnel",
        title="From due to completed in time",
        metric=followups.callback_funnel,
        figure=figures.funnel,
        headline=headlines.funnel,
        drill=step,
    ),
    Chart(
        name="followups-on-time-trend",
        title="Completed in time, by week due",
        metric=followups.on_time_rate,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were completed in time"),
        drill=narrowed(kind="late"),
    ),
    Chart(
        name="followups-completion-trend",
        title="Completed, by week due",
        metric=followups.completion_rate,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were completed"),
        drill=narrowed(kind="missed"),
    ),
    Chart(
        name="followups-by-agent",
        title="Completed, by agent",
        metric=followups.completion_rate,
        options={"by": "agent"},
        figure=figures.dots,
        drawn={"drill": "agent", "words": "agent"},
        aims=True,
        headline=headlines.lowest("agent"),
        drill=narrowed(),
    ),
    Chart(
        name="followups-by-rule",
        title="Completed, by rule",
        metric=followups.completion_rate,
        options={"by": "rule"},
        figure=figures.dots,
        drawn={"drill": "rule", "words": "rule"},
        aims=True,
        headline=headlines.lowest("rule"),
        drill=narrowed(),
        height=220,
    ),
    Chart(
        name="followups-by-store",
        title="Completed, by store",
        metric=followups.completion_rate,
        options={"by": "store"},
        figure=figures.dots,
        drawn={"drill": "store"},
        aims=True,
        headline=headlines.lowest("store"),
        drill=narrowed(),
        height=220,
    ),
    Chart(
        name="followups-by-channel",
        title="Completed, by channel",
        metric=followups.completion_rate,
        options={"by": "channel"},
        figure=figures.dots,
        drawn={"drill": "channel", "words": "channel"},
        aims=True,
        headline=headlines.lowest("channel"),
        drill=narrowed(),
        height=220,
    ),
    Chart(
        name="followups-attempts",
        title="Attempts for each completed call, by week due",
        metric=followups.attempts_per_completion,
        figure=figures.over_time,
        drawn={"unit": "attempts"},
        headline=headlines.attempts,
        drill=narrowed(kind="attempted"),
        height=220,
    ),
)

REACH = (
    Chart(
        name="followups-reach",
        title="When customers answer",
        metric=followups.reach_by_hour,
        figure=figures.heat,
        drawn={"row": "weekday", "across": "hour", "words": {"weekday": "weekday"}},
        headline=headlines.reach,
        drill=narrowed(),
        width="two-thirds",
        height=300,
    ),
    Chart(
        name="followups-reasons",
        title="Why nobody was reached",
        metric=followups.unreached_reasons,
        figure=figures.shares,
        drawn={"label": "result", "words": "result"},
        headline=headlines.most("result", "result"),
        drill=narrowed(),
        width="third",
        height=300,
    ),
    Chart(
        name="followups-load",
        title="Planned for the days ahead",
        metric=followups.callback_load,
        figure=figures.load,
        headline=headlines.load,
        drill=narrowed(),
        empty="No callback is planned for the days ahead.",
        width="full",
        height=200,
    ),
)

TRUTH = (
    Chart(
        name="followups-callers",
        title="Content customers, by who called",
        metric=followups.scores_by_caller,
        figure=figures.callers,
        headline=headlines.callers,
        drill=narrowed(kind="completed"),
        empty="No call brought a mark in this period.",
        height=320,
    ),
    Chart(
        name="followups-length",
        title="Calls of a proper length, by agent",
        metric=followups.call_length_compliance,
        options={"by": "agent"},
        figure=figures.dots,
        drawn={"drill": "agent", "words": "agent"},
        headline=headlines.call_length("{value} of {n} calls took as long as they should"),
        drill=narrowed(kind="short_full_marks"),
        height=320,
    ),
    Chart(
        name="followups-bounds",
        title="What those not reached may think, by store",
        metric=satisfaction.unreached_bounds,
        options={"by": "store"},
        figure=figures.bounds,
        headline=headlines.bounds,
        drill=narrowed(kind="missed"),
        height=220,
    ),
    Chart(
        name="followups-own-adviser",
        title="Called by somebody other than the adviser, by store",
        metric=followups.caller_independence,
        options={"by": "store"},
        figure=figures.dots,
        drawn={"drill": "store"},
        headline=headlines.lowest("store"),
        drill=narrowed(kind="own_adviser"),
        height=220,
    ),
    Chart(
        name="followups-blanks",
        title="Required questions left blank, by week due",
        metric=followups.blank_answer_rate,
        figure=figures.rate_over_time,
        headline=headlines.rate("{value} of {n} required questions were left blank"),
        drill=narrowed(kind="blank"),
        width="full",
        height=200,
    ),
)
