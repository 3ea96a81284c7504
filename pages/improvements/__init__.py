"""Improvement actions: what is under way, what is late, and whether what was done helped."""

from dash import html
from dash.development.base_component import Component

from dashboard import assigning, sessions
from dashboard.beginning import begin
from dashboard.i18n import _
from dashboard.ids import Board
from dashboard.widgets import board, further, page_head
from data.person import Right
from data.scope import Scope
from pages.improvements.charts import CHARTS, EFFECTS, TILES
from pages.improvements.lists import ALL, TABLES

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TABLES", "TILES", "layout"]

PATH = "/actions"
NAME = "Improvements"
GROUP = "improve"
ICON = "clipboard-check"


def layout(*, scope: Scope) -> Component:
    """The page."""
    runs = sessions.current_person().may(Right.RUN_IMPROVEMENTS)
    lead = _("Whether an action helped is counted from complaints per order, never declared.")
    return html.Div(
        [
            page_head(_(NAME), *([begin("actions")] if runs else []), lead=lead),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            html.Div(id=Board.COLUMNS, className="lanes", role="list"),
            board(ALL.card()),
            *([assigning.ACTIONS.bar(), assigning.ACTIONS.dialog()] if runs else []),
            board(*further((EFFECTS, *(chart for chart in CHARTS if chart is not EFFECTS)))),
        ]
    )
