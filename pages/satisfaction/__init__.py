"""Satisfaction: what customers answer, whether it changes, what matters, and what they say."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.beginning import begin
from dashboard.i18n import _
from dashboard.widgets import board, further, page_head
from data.person import Right
from data.scope import Scope
from pages.satisfaction.charts import BOUNDS, CHARTS, FACTORS, TILES, TRENDS
from pages.satisfaction.lists import ALERTS, ANSWERS, FACTOR_LIST, REWORK, TABLES, WORDS

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TABLES", "TILES", "layout"]

PATH = "/satisfaction"
NAME = "Satisfaction"
GROUP = "today"
ICON = "emoji-smile"


def layout(*, scope: Scope) -> Component:
    """The page."""
    runs = sessions.current_person().may(Right.RUN_IMPROVEMENTS)
    return html.Div(
        [
            page_head(_(NAME), *([begin("satisfaction")] if runs else [])),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            board(*(chart.card() for chart in TRENDS[:2]), *further(TRENDS[2:])),
            board(*further((*FACTORS, FACTOR_LIST))),
            board(*further(BOUNDS)),
            board(*further((ALERTS, WORDS))),
            board(*further((ANSWERS, REWORK))),
        ]
    )
