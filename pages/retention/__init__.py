"""Retention and churn: who stays, who leaves, why, and what it costs."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import Chart, Table, page_head
from data.scope import Scope
from pages.retention import churn, cohorts, value, winning_back
from pages.retention.section import Section

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TABLES", "TILES", "layout"]

PATH = "/retention"
NAME = "Retention"
GROUP = "today"
ICON = "arrow-repeat"

SECTIONS: tuple[Section, ...] = (
    *cohorts.SECTIONS,
    *churn.SECTIONS,
    *value.SECTIONS,
    *winning_back.SECTIONS,
)
TILES = (*cohorts.TILES, *churn.TILES, *value.TILES)
CHARTS = tuple(card for part in SECTIONS for card in part.cards if isinstance(card, Chart))
TABLES = tuple(card for part in SECTIONS for card in part.cards if isinstance(card, Table))


def layout(*, scope: Scope) -> Component:
    """The page."""
    lead = _(
        "Counted from all visits up to the data time. The stores chosen above narrow these "
        "figures; the period does not, unless a card says so."
    )
    return html.Div(
        [
            page_head(_(NAME), lead=lead),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            *(part for section in SECTIONS for part in section.body(scope)),
        ]
    )
