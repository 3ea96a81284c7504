"""What it costs when customers leave."""

from dashboard import figures, urls
from dashboard.headlines import churn
from dashboard.urls import View
from dashboard.widgets import Chart, Tile
from data.metrics import retention
from pages.retention.section import Section


def away(view: View) -> str:
    """The way to the vehicles that stay away."""
    return urls.vehicles(view, away="3")


TILES = (
    Tile(
        name="retention-at-risk-yuan",
        title="Money at stake, a year",
        metric=retention.value_at_risk,
        note="vehicles",
        says="{n} vehicles stay away",
        drill=away,
    ),
)
COSTS = (
    Chart(
        name="retention-stake",
        title="Money at stake, a year, by class",
        metric=retention.value_at_risk,
        figure=figures.amounts,
        drawn={"label": "class", "words": "class"},
        headline=churn.at_stake,
        drill=urls.vehicles,
        empty="No vehicle stays away, or nothing is known of what they brought.",
        height=200,
    ),
    Chart(
        name="retention-value",
        title="What a customer is worth",
        metric=retention.customer_value,
        figure=figures.lifetime,
        headline=churn.lifetime,
        empty="No vehicle came in the last twelve months.",
        height=200,
    ),
)
SECTIONS = (
    Section(
        title="What it costs",
        says="What vehicles that stay away brought in the year up to their last visit.",
        cards=COSTS,
    ),
)
