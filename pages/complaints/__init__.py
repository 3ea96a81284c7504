"""Complaints: what is open, how old, how near its deadline, what it is about, and how it ends."""

from dash import html
from dash.development.base_component import Component

from dashboard import assigning, sessions
from dashboard.beginning import begin
from dashboard.i18n import _
from dashboard.widgets import board, further, page_head
from data.person import Right
from data.scope import Scope
from pages.complaints.charts import CHARTS, TILES
from pages.complaints.lists import AT_RISK, CASES, POSTPONED, PROMISED, TABLES

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TABLES", "TILES", "layout"]

PATH = "/complaints"
NAME = "Complaints"
GROUP = "today"
ICON = "chat-left-dots"


def layout(*, scope: Scope) -> Component:
    """The page."""
    runs = sessions.current_person().may(Right.RUN_IMPROVEMENTS)
    return html.Div(
        [
            page_head(_(NAME), *([begin("complaints")] if runs else [])),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            board(*(chart.card() for chart in CHARTS[:2])),
            board(CASES.card()),
            assigning.COMPLAINTS.bar(),
            board(*further((AT_RISK, PROMISED, POSTPONED))),
            board(*further(CHARTS[2:])),
            assigning.COMPLAINTS.dialog(),
        ]
    )
