"""Who leaves: how many, and by which rule to tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dashboard import figures, headlines, urls
from dashboard.headlines import beside, churn
from dashboard.i18n import later
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import retention
from data.metrics.trend import next_period
from data.months import months_after
from pages.retention.section import Section

WARRANTIES = ("in", "ended_lately", "out", "none")


def last_seen(months: int) -> Callable[..., str]:
    """The way to the vehicles that came `months` before the month clicked, and not since: as of
    the end of that month, if it is over.
    """

    def behind(view: View, start: str = "", end: str = "") -> str:
        month = urls.day_in(start)
        if month is None:
            return urls.vehicles(view, away=str(months))
        base = months_after(month, -months)
        there = replace(view, as_of=end_of(month).isoformat()) if end else view
        return urls.vehicles(there, month=f"{base:%Y-%m}")

    return behind


def end_of(month: date) -> datetime:
    """The last second of the month that begins on this day."""
    return datetime.combine(next_period(month, "month"), time()) - timedelta(seconds=1)


def stayed_away(view: View, age: str = "", warranty: str = "") -> str:
    """The way to those of an age or a warranty that did not come again."""
    return urls.vehicles(view, came="no", age=age, warranty=warranty)


def of_store(view: View, store: str = "") -> str:
    """The way to the vehicles of a store that stay away."""
    return urls.vehicles(replace(view, stores=(store,)) if store else view, away="12")


def kept(view: View) -> str:
    """The way to the vehicles that were not kept."""
    return urls.vehicles(view, away="12")


TILES = (
    Tile(
        name="retention-kept",
        title="Customers kept",
        metric=retention.keep_rate,
        drill=kept,
    ),
    Tile(
        name="retention-churn-6",
        title="Not back after 6 months",
        metric=retention.monthly_churn,
        options={"months": "6"},
        drill=last_seen(6),
    ),
    Tile(
        name="retention-recaptured",
        title="Came again within a year",
        metric=retention.recapture_rate,
        drill=stayed_away,
    ),
)

LEAVING = (
    *(
        Chart(
            name=f"retention-churn-{months}-trend",
            title=title,
            metric=retention.monthly_churn,
            options={"months": str(months)},
            figure=figures.rate_over_time,
            aims=True,
            headline=churn.monthly_churn(months),
            drill=last_seen(months),
            empty="No month is over yet for which this can be said.",
        )
        for months, title in (
            (6, later("Not back after 6 months (N−6), by month")),
            (12, later("Not back after 12 months (N−12), by month")),
        )
    ),
    Chart(
        name="retention-cliff-age",
        title="Came again within a year, by age of the car",
        metric=retention.recapture_rate,
        options={"by": "age"},
        figure=figures.cliff,
        drawn={"words": "age", "order": (*churn.AGES, "none"), "joined": True},
        headline=churn.age_cliff,
        drill=stayed_away,
        empty="No vehicle came 13 to 24 months ago.",
    ),
    Chart(
        name="retention-cliff-warranty",
        title="Came again within a year, by warranty",
        metric=retention.recapture_rate,
        options={"by": "warranty"},
        figure=figures.cliff,
        drawn={"words": "warranty", "order": WARRANTIES},
        headline=churn.warranty_cliff,
        drill=stayed_away,
        empty="No vehicle came 13 to 24 months ago.",
    ),
    Chart(
        name="retention-kept-stores",
        title="Customers kept, by store",
        metric=retention.keep_rate,
        options={"by": "store"},
        figure=figures.dots,
        drawn={"drill": "store"},
        headline=beside.stores(later("{value} of {n} seen in 36 months came in the last 12.")),
        drill=of_store,
        empty="No vehicle came in the last 36 months.",
    ),
    Chart(
        name="retention-won-back",
        title="Came back after a year away, by month",
        metric=retention.win_back_rate,
        figure=figures.rate_over_time,
        headline=headlines.rate("{value} of {n} vehicles away for one to two years came back"),
        drill=kept,
        empty="No vehicle has been away for a year.",
    ),
)
LABORATORY = Chart(
    name="retention-rules",
    title="Which rule to call a customer lost by",
    metric=retention.churn_rule_lab,
    figure=figures.rules,
    headline=churn.rules,
    drill=urls.vehicles,
    empty="No vehicle has been seen yet.",
    width="full",
    height=280,
    least=640,
)
SECTIONS = (
    Section(
        title="How many leave",
        says="Nobody is called lost for ever: each figure says how long a vehicle has stayed away.",
        cards=LEAVING,
    ),
    Section(
        title="Which rule to believe",
        says=(
            "A rule that is too hasty calls customers lost who would have come anyway. Each is "
            "put to the test on those it would have flagged a year ago."
        ),
        cards=(LABORATORY,),
    ),
)
