"""Two people saved the same record: what the other one did, shown beside what one typed."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.timeline import timeline
from dashboard.widgets.parts import icon
from data.commands import Conflict


def shown(conflict: Conflict, names: Mapping[str, str], zone: str) -> Component:
    """What was saved meanwhile, by whom, and that one's own words are still in the form."""
    theirs = timeline(conflict.since, names, zone)
    own = _(
        "What you typed is still in the form. Save again to put it on top, or reload the page "
        "to go on from theirs."
    )
    return html.Div(
        [
            html.H2([icon("people"), _("Somebody else saved this in the meantime")]),
            theirs,
            html.P(own),
        ],
        className="clash",
    )
