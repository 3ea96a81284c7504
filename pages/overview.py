"""The overview: is anything wrong, is it getting worse, and what must be decided today."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import page_head
from data.scope import Scope

PATH = "/"
NAME = "Overview"
GROUP = "today"
ICON = "speedometer2"


def layout(*, scope: Scope) -> Component:
    """The page."""
    return html.Div([page_head(_(NAME))])
