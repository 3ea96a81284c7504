"""Retention and churn: who stays, who leaves, why, and what it costs."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import page_head
from data.scope import Scope
from pages.retention.charts import CHARTS, TILES

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TILES", "layout"]

PATH = "/retention"
NAME = "Retention"
GROUP = "today"
ICON = "arrow-repeat"


def layout(*, scope: Scope) -> Component:
    """The page."""
    return html.Div(
        [page_head(_(NAME)), html.Div([tile.card() for tile in TILES], className="tiles")]
    )
