"""The way to a new improvement action, from the pages where the need for one is seen."""

from dash import dcc
from dash.development.base_component import Component

from dashboard import ids, urls
from dashboard.i18n import _
from dashboard.widgets.parts import icon


def begin(page: str) -> Component:
    """A link that aims the action at what the page is narrowed to; `callbacks` keep it so."""
    return dcc.Link(
        [icon("clipboard-plus"), _("Open an action")],
        href=urls.new_improvement(),
        id=ids.begin(page),
        className="btn btn-outline-primary text-nowrap",
    )
