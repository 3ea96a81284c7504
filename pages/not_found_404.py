"""There is no such page: what to do now."""

from typing import Any

from dash.development.base_component import Component

from dashboard import urls
from dashboard.i18n import _
from dashboard.widgets import link, page_head

NAME = "No such page"


def layout(**_query: Any) -> Component:
    """The page."""
    return page_head(
        _(NAME),
        link(_("To the overview"), urls.overview(), className="btn btn-primary"),
        lead=_("The address may be mistyped, or what stood here belongs to another store."),
    )
