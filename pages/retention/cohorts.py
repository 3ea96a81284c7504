"""Who stays: how long the vehicles have been away, and how many of each cohort come again."""

from collections.abc import Callable

from dashboard import figures, urls
from dashboard.figures.cohorts import code
from dashboard.headlines import retention as headlines
from dashboard.urls import View
from dashboard.widgets import Chart, Choice, Tile
from data.metrics import retention
from pages.retention.section import Section

GRAIN = Choice(key="grain", title="Cohorts", values=("month", "quarter"), words="steps")
MODE = Choice(key="mode", title="Came", values=("exact", "rolling"), words="mode")
BEGAN = Choice(key="began", title="Counted from", values=("visit", "sale"), words="began")
AFTER = Choice(
    key="cell",
    title="Interval of the trend",
    values=("1", "2", "3", "6", "12"),
    words="cell",
    usual="6",
)


def narrowed(**always: str) -> Callable[[View], str]:
    """The way to the vehicles, narrowed by `always`."""
    return lambda view: urls.vehicles(view, **always)


def of_cohort(view: View, start: str = "") -> str:
    """The way to the vehicles of the cohort that begins on `start`, at the interval shown."""
    chosen = dict(view.drill)
    grain, after = (chosen.get(choice.key, choice.standard) for choice in (GRAIN, AFTER))
    first = urls.day_in(start)
    cohort = code(first, grain) if first else ""
    return urls.vehicles(view, cohort=cohort, cell=after, mode="exact", began="visit")


TILES = (
    Tile(
        name="retention-base",
        title="Active customer base",
        metric=retention.active_base,
        drill=narrowed(came="yes"),
    ),
    Tile(
        name="retention-lost",
        title="No visit for over twelve months",
        metric=retention.visit_gap_classes,
        value="lost",
        note="vehicles",
        says="of {n} vehicles ever seen",
        drill=narrowed(**{"class": "lost"}),
    ),
    Tile(
        name="retention-repeat",
        title="Came more than once",
        metric=retention.repeat_visit_rate,
        drill=urls.vehicles,
    ),
    Tile(
        name="retention-won",
        title="Back after a year away",
        metric=retention.win_back_rate,
        drill=narrowed(**{"class": "lost"}),
    ),
)

STANDING = (
    Chart(
        name="retention-classes",
        title="How long ago the last visit was",
        metric=retention.visit_gap_classes,
        figure=figures.shares,
        drawn={"label": "class", "words": "class"},
        headline=headlines.gap_classes,
        drill=urls.vehicles,
        empty="No vehicle has been seen yet.",
        height=210,
    ),
    Chart(
        name="retention-visits",
        title="Visits in the last twelve months",
        metric=retention.visit_classes,
        figure=figures.shares,
        drawn={"label": "class", "words": "visits", "drill": "visits"},
        headline=headlines.visit_classes,
        drill=urls.vehicles,
        empty="No vehicle has been seen yet.",
        height=210,
    ),
    Chart(
        name="retention-flows",
        title="Who moved between the classes, by quarter",
        metric=retention.gap_flows,
        figure=figures.class_flows,
        headline=headlines.class_flows,
        drill=urls.vehicles,
        empty="No vehicle has been seen for as long as a quarter.",
        width="full",
        height=380,
        least=680,
    ),
)
COHORTS = (
    Chart(
        name="retention-cohorts",
        title="Cohorts: how many came again",
        metric=retention.cohort_retention,
        choices={"grain": GRAIN, "mode": MODE, "start": BEGAN},
        figure=figures.cohort_map,
        headline=headlines.cohort_map,
        drill=urls.vehicles,
        empty="No cohort yet: nobody has come, or no sale is known.",
        width="full",
        height=640,
        least=960,
    ),
    Chart(
        name="retention-curves",
        title="The newest cohorts beside all others",
        metric=retention.cohort_retention,
        choices={"grain": GRAIN, "mode": MODE, "start": BEGAN},
        figure=figures.cohort_curves,
        headline=headlines.cohort_curves,
        drill=urls.vehicles,
        empty="No cohort yet: nobody has come, or no sale is known.",
        height=340,
    ),
    Chart(
        name="retention-at",
        title="One interval, cohort by cohort",
        metric=retention.retention_at,
        options={"mode": "exact"},
        choices={"grain": GRAIN, "after": AFTER},
        figure=figures.cohort_trend,
        headline=headlines.retention_at,
        drill=of_cohort,
        empty="No cohort is old enough for this interval.",
        height=340,
    ),
)
RETURNS = (
    Chart(
        name="retention-returns",
        title="How soon they come again after any visit",
        metric=retention.return_curve,
        figure=figures.return_curve,
        headline=headlines.return_curve,
        empty="No vehicle has been seen yet.",
        height=300,
    ),
    Chart(
        name="retention-first-returns",
        title="How soon they come again after the first visit",
        metric=retention.return_curve,
        options={"after": "first"},
        figure=figures.return_curve,
        headline=headlines.return_curve,
        empty="No vehicle has been seen yet.",
        height=300,
    ),
)
SECTIONS = (
    Section(title="Who stays, and who drifts away", cards=STANDING),
    Section(
        title="Do they come again?",
        says=(
            "A cohort is all vehicles that came for the first time, or were sold, in the same "
            "month or quarter. Hatched periods still run; cohorts of fewer than 30 are grey."
        ),
        choices=(GRAIN, MODE, BEGAN, AFTER),
        cards=COHORTS,
    ),
    Section(
        title="How soon do they come again?",
        says=(
            "Gaps that have not ended yet count for as long as they have lasted, so that recent "
            "visits do not make customers look lost."
        ),
        cards=RETURNS,
    ),
)
