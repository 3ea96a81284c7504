"""The figures of the improvement actions: their tiles and their charts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.headlines import improvements as told
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import improvements


def narrowed(**drill: str) -> Callable[[View], str]:
    """The way to the list, narrowed by `drill`."""
    return lambda view: urls.improvements(view, **drill)


def action(view: View, number: str = "", store: str = "") -> str | None:
    """The way to one action, if the point is one."""
    return urls.improvement(number, store) if number and store else None


def of_store(view: View, store: str = "") -> str:
    """The way to the actions of one store."""
    return urls.improvements(replace(view, stores=(store,)) if store else view)


def all_of_them(view: View, **_point: Any) -> str:
    """The way to the whole list."""
    return urls.improvements(view)


TILES = (
    Tile(
        name="actions-overdue",
        title="Actions past their deadline",
        metric=improvements.action_status,
        value="overdue",
        alarm="bad",
        note="due_in_7_days",
        says="{n} more due within 7 days",
        drill=narrowed(due="overdue"),
    ),
    Tile(
        name="actions-on-time",
        title="Done by the first deadline",
        metric=improvements.action_on_time,
        drill=all_of_them,
    ),
    Tile(
        name="actions-effective",
        title="Actions that helped",
        metric=improvements.action_effectiveness,
        note="not_yet_proven",
        says="{n} not yet proven",
        drill=narrowed(state="effective"),
    ),
    Tile(
        name="actions-recurred",
        title="Causes that came back",
        metric=improvements.action_recurrence,
        drill=all_of_them,
    ),
    Tile(
        name="actions-informed",
        title="Customers told what was done",
        metric=improvements.customers_informed_rate,
        drill=narrowed(state="done"),
    ),
    Tile(
        name="actions-time",
        title="Days from complaint to action",
        metric=improvements.time_to_action,
        value="median_to_action",
        unit="days",
        drill=all_of_them,
    ),
)
EFFECTS = Chart(
    name="actions-effects",
    title="Before and after each action, per 1,000",
    metric=improvements.action_effectiveness,
    figure=figures.effects,
    headline=told.effects,
    drill=action,
    empty="No action that is aimed at something counted has been done yet.",
    width="full",
    height=420,
    least=620,
)
CHARTS = (
    EFFECTS,
    Chart(
        name="actions-status",
        title="Where the actions stand",
        metric=improvements.action_status,
        figure=figures.actions,
        drawn={"words": "action_state"},
        headline=told.status,
        drill=urls.improvements,
        empty="No action has been opened yet.",
    ),
    Chart(
        name="actions-owners",
        title="Who has them",
        metric=improvements.action_status,
        options={"by": "owner"},
        figure=figures.actions,
        drawn={"drill": "owner"},
        headline=told.status,
        drill=urls.improvements,
        empty="No action has been opened yet.",
    ),
    Chart(
        name="actions-on-time-trend",
        title="Done by the first deadline, by month",
        metric=improvements.action_on_time,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were done by their first deadline"),
        drill=all_of_them,
    ),
    Chart(
        name="actions-slippage",
        title="Deadlines put off, in days",
        metric=improvements.action_slippage,
        figure=figures.delays,
        headline=told.slippage,
        drill=action,
        empty="No deadline was put off.",
    ),
    Chart(
        name="actions-informed-stores",
        title="Customers told what was done, by store",
        metric=improvements.customers_informed_rate,
        figure=figures.rates,
        drawn={"drill": "store"},
        headline=told.informed,
        drill=of_store,
        empty="No complaint is linked to an action yet.",
    ),
    Chart(
        name="actions-waits",
        title="Days from the first complaint to the action",
        metric=improvements.time_to_action,
        figure=figures.waits,
        headline=told.time_to_action,
        drill=action,
        empty="No action was opened in this period.",
    ),
)
