"""The figures of the complaints page: its tiles and its charts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import complaints


def narrowed(**drill: str) -> Callable[[View], str]:
    """The way to the list, narrowed by `drill`."""
    return lambda view: urls.complaints(view, **drill)


def whole(view: View, **drill: Any) -> str:
    """The way to all complaints of the period behind a point, open or not."""
    return urls.complaints(view, **{"state": "all", **drill})


def of_store(view: View, store: str = "", **drill: Any) -> str:
    """The way to all complaints of one store."""
    return whole(replace(view, stores=(store,)) if store else view, **drill)


TILES = (
    Tile(
        name="complaints-open",
        title="Open complaints",
        metric=complaints.complaint_ageing,
        value="open",
        note="awaiting_recontact",
        says="{n} more solved, not yet re-contacted",
        drill=narrowed(),
    ),
    Tile(
        name="complaints-breached",
        title="Past their deadline",
        metric=complaints.complaint_ageing,
        value="breached",
        alarm="bad",
        drill=narrowed(target="breached"),
    ),
    Tile(
        name="complaints-at-risk",
        title="About to be late",
        metric=complaints.complaint_ageing,
        value="at_risk",
        alarm="warn",
        drill=narrowed(target="75-100"),
    ),
    Tile(
        name="complaints-first-reply",
        title="First reply in time",
        metric=complaints.first_reply_compliance,
        drill=whole,
    ),
    Tile(
        name="complaints-closure",
        title="Solved in time",
        metric=complaints.closure_compliance,
        drill=whole,
    ),
    Tile(
        name="complaints-per-1000",
        title="Complaints per 1,000 orders",
        metric=complaints.complaints_per_1000_orders,
        drill=whole,
    ),
)

CHARTS = (
    Chart(
        name="complaints-ageing",
        title="Open complaints by age and severity",
        metric=complaints.complaint_ageing,
        figure=figures.ageing,
        headline=headlines.ageing,
        drill=urls.complaints,
        empty="No open complaints.",
    ),
    Chart(
        name="complaints-target",
        title="Open complaints by share of their time used",
        metric=complaints.complaint_ageing,
        options={"by": "target"},
        figure=figures.ageing,
        drawn={"by": "target"},
        headline=headlines.at_risk,
        drill=urls.complaints,
        empty="No open complaints.",
    ),
    Chart(
        name="complaints-reply-trend",
        title="First reply in time, by week opened",
        metric=complaints.first_reply_compliance,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were answered in time"),
        drill=whole,
    ),
    Chart(
        name="complaints-closure-trend",
        title="Solved in time, by week opened",
        metric=complaints.closure_compliance,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.beside_naive("{value} of {n} were solved in time"),
        drill=whole,
    ),
    Chart(
        name="complaints-reply-by-store",
        title="First reply in time, by store",
        metric=complaints.first_reply_compliance,
        options={"by": "store"},
        figure=figures.rates,
        drawn={"drill": "store"},
        headline=headlines.lowest("store"),
        drill=of_store,
    ),
    Chart(
        name="complaints-closure-by-severity",
        title="Solved in time, by severity",
        metric=complaints.closure_compliance,
        options={"by": "severity"},
        figure=figures.rates,
        drawn={"drill": "severity", "words": "severity"},
        headline=headlines.lowest("severity"),
        drill=whole,
    ),
    Chart(
        name="complaints-main-categories",
        title="What it is about",
        metric=complaints.category_pareto,
        figure=figures.pareto,
        headline=headlines.heaviest,
        drill=whole,
    ),
    Chart(
        name="complaints-categories",
        title="What exactly",
        metric=complaints.category_pareto,
        options={"level": "2"},
        figure=figures.pareto,
        headline=headlines.heaviest,
        drill=whole,
        height=320,
    ),
    Chart(
        name="complaints-origin",
        title="Where it comes from",
        metric=complaints.complaint_origins,
        figure=figures.shares,
        drawn={"label": "origin", "words": "origin"},
        headline=headlines.most("origin", "origin"),
        drill=whole,
        width="third",
    ),
    Chart(
        name="complaints-causes",
        title="Why deadlines were missed",
        metric=complaints.breach_causes,
        figure=figures.shares,
        drawn={"label": "cause", "words": "cause"},
        headline=headlines.most("cause", "cause"),
        drill=whole,
        width="third",
    ),
    Chart(
        name="complaints-hand-offs",
        title="Changes of owner",
        metric=complaints.hand_offs,
        figure=figures.shares,
        drawn={"label": "changes"},
        headline=headlines.hand_offs,
        drill=lambda view, changes="": whole(view, hand_offs=changes),
        width="third",
    ),
    Chart(
        name="complaints-repeats",
        title="Repeated within 90 days, by week opened",
        metric=complaints.repeat_rate,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were repeats"),
        drill=whole,
    ),
    Chart(
        name="complaints-overrun",
        title="How far past the deadline",
        metric=complaints.overrun,
        figure=figures.spread,
        headline=headlines.overrun,
        drill=lambda view, severity="": whole(view, severity=severity, target="breached"),
        empty="No complaint missed its deadline.",
    ),
    Chart(
        name="complaints-per-1000-trend",
        title="Complaints per 1,000 orders, by week",
        metric=complaints.complaints_per_1000_orders,
        figure=figures.over_time,
        drawn={"unit": "per_1000"},
        aims=True,
        headline=headlines.measure("{value} complaints per 1,000 orders", "per_1000"),
        drill=whole,
        width="full",
    ),
)
