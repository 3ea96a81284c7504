"""Data health: what is wrong with the data, how much of it, what it could move, what to do."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import board, further, page_head
from data.scope import Scope
from pages.data_health.lists import FAULTS, RECORDS, TABLES

__all__ = ["GROUP", "ICON", "NAME", "PATH", "TABLES", "layout"]

PATH = "/data-health"
NAME = "Data health"
GROUP, ICON = "system", "heart-pulse"


def layout(*, scope: Scope) -> Component:
    """The page."""
    lead = _("What is wrong with the data, which figures it could move, and what to do about it.")
    return html.Div([page_head(_(NAME), lead=lead), board(FAULTS.card(), *further([RECORDS]))])
