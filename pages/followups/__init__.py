"""Callbacks: whether customers are called, in time, and whether their answers can be believed."""

from dash import html
from dash.development.base_component import Component

from dashboard import urls
from dashboard.i18n import _
from dashboard.widgets import board, further, icon, link, page_head
from data.scope import Scope
from pages.followups.calls import CALLS, TABLES
from pages.followups.charts import PROGRESS, REACH, TILES, TRUTH

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "TABLES", "TILES", "layout"]

PATH = "/callbacks"
NAME = "Callbacks"
GROUP = "today"
ICON = "telephone"
CHARTS = (*PROGRESS, *REACH, *TRUTH)


def layout(*, scope: Scope) -> Component:
    """The page."""
    return html.Div(
        [
            page_head(
                _(NAME),
                link(
                    [icon("list-check"), " ", _("Calls to make")],
                    urls.worklist(),
                    className="btn btn-outline-primary",
                ),
            ),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            board(*(chart.card() for chart in PROGRESS[:2])),
            board(CALLS.card()),
            board(*further(PROGRESS[2:])),
            board(*further(REACH)),
            html.H2(_("Can the answers be believed?"), className="section"),
            html.P(
                _(
                    "A good mark is worth something only if somebody other than the customer's own "
                    "adviser asked, took the time to ask, and wrote down what was said. Here is "
                    "what speaks against it."
                ),
                className="section-lead",
            ),
            board(*further(TRUTH)),
        ]
    )
