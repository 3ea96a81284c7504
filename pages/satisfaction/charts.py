"""The figures of the satisfaction page: its tiles and its charts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import satisfaction
from data.metrics.trend import next_period


def narrowed(**always: str) -> Callable[..., str]:
    """The way to the answers, narrowed by `always` and by the point that was clicked."""

    def behind(view: View, store: str = "", **drill: Any) -> str:
        there = replace(view, stores=(store,)) if store else view
        return urls.satisfaction(there, **{**dict(view.drill), **always, **drill})

    return behind


def field(view: View, dimension: str = "", store: str = "", period: str = "") -> str:
    """The way to the answers behind a field: of a store, or of a month."""
    days = {}
    if first := urls.day_in(period):
        last = date.fromordinal(next_period(first, "month").toordinal() - 1)
        days = {"start": period, "end": last.isoformat()}
    return narrowed()(view, store=store, dimension=dimension, **days)


def calls(view: View, **drill: Any) -> str:
    """The way to the callbacks whose customer was reached."""
    return urls.followups(view, **{"kind": "connected", **drill})


def uncalled(view: View, store: str = "", **_drill: Any) -> str:
    """The way to the callbacks that were not completed, of one store or of all."""
    there = replace(view, stores=(store,)) if store else view
    return urls.followups(there, kind="missed")


TILES = (
    Tile(
        name="satisfaction-t2b",
        title="Satisfied customers",
        metric=satisfaction.csat_t2b,
        drill=narrowed(kind="dissatisfied"),
    ),
    Tile(
        name="satisfaction-nps",
        title="Net promoter score",
        metric=satisfaction.nps,
        drill=narrowed(kind="detractor"),
    ),
    Tile(
        name="satisfaction-index",
        title="Satisfaction index of 1,000",
        metric=satisfaction.csi_index,
        drill=narrowed(),
    ),
    Tile(
        name="satisfaction-response",
        title="Questionnaires answered",
        metric=satisfaction.response_rate,
        drill=calls,
    ),
    Tile(
        name="satisfaction-alerts",
        title="Hot alerts without a complaint",
        metric=satisfaction.hot_alerts,
        value="open",
        unit="complaints",
        alarm="bad",
        note="count",
        says="{n} hot alerts in all",
        drill=narrowed(kind="alert"),
    ),
    Tile(
        name="satisfaction-fixed",
        title="Fixed right first time",
        metric=satisfaction.fixed_right_first_time,
        drill=narrowed(),
    ),
)

TRENDS = (
    Chart(
        name="satisfaction-t2b-trend",
        title="Satisfied customers, by week of the answer",
        metric=satisfaction.csat_t2b,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} answered 4 or 5"),
        drill=narrowed(),
        empty="Nobody has answered in this period.",
    ),
    Chart(
        name="satisfaction-nps-trend",
        title="Net promoter score, by week of the answer",
        metric=satisfaction.nps,
        figure=figures.over_time,
        drawn={"unit": "points"},
        headline=headlines.measure("the net promoter score is {value}", "points"),
        drill=narrowed(),
        empty="Nobody has answered in this period.",
    ),
    Chart(
        name="satisfaction-index-trend",
        title="Satisfaction index, by week of the answer",
        metric=satisfaction.csi_index,
        figure=figures.over_time,
        drawn={"unit": "points"},
        headline=headlines.measure("the index is {value} of 1,000", "points"),
        drill=narrowed(),
        empty="Nobody has answered in this period.",
    ),
    Chart(
        name="satisfaction-alert-trend",
        title="Hot alerts with a complaint within 24 h, by month",
        metric=satisfaction.hot_alerts,
        options={"grain": "month"},
        figure=figures.rate_over_time,
        headline=headlines.rate("{value} of {n} hot alerts led to a complaint within 24 h"),
        drill=narrowed(kind="alert"),
        empty="No hot alert in this period.",
    ),
)
FACTORS = (
    Chart(
        name="satisfaction-dimensions",
        title="Satisfied on fourteen dimensions",
        metric=satisfaction.dimension_scores,
        options={"by": "spread"},
        figure=figures.dimensions,
        headline=headlines.dimensions,
        drill=field,
        height=440,
        empty="Nobody has answered in this period.",
    ),
    Chart(
        name="satisfaction-quadrants",
        title="What matters, and how good it is",
        metric=satisfaction.dimension_scores,
        figure=figures.quadrants,
        headline=headlines.quadrants,
        drill=narrowed(),
        height=440,
        empty="Nobody has answered in this period.",
    ),
)
BOUNDS = (
    Chart(
        name="satisfaction-bounds",
        title="Satisfied, if those not reached were asked",
        metric=satisfaction.unreached_bounds,
        options={"by": "store"},
        figure=figures.bounds,
        headline=headlines.bounds,
        drill=uncalled,
        empty="No callback has come due in this period.",
    ),
    Chart(
        name="satisfaction-by-adviser",
        title="Satisfied customers, by service adviser",
        metric=satisfaction.csat_t2b,
        options={"by": "adviser"},
        figure=figures.dots,
        drawn={"drill": "adviser", "words": "adviser"},
        headline=headlines.lowest("adviser"),
        drill=narrowed(),
        empty="Nobody has answered in this period.",
    ),
)
CHARTS = (*TRENDS, *FACTORS, *BOUNDS)
