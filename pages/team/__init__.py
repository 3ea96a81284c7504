"""People: what each one's work comes to, and whether it is more than chance."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.i18n import _
from dashboard.widgets import board, card, further, page_head
from data import db
from data.norms import norm
from data.person import Right
from data.scope import Scope
from pages.team.charts import CHARTS
from pages.team.lists import STRIKES, TABLES

__all__ = ["CHARTS", "GROUP", "ICON", "NAME", "PATH", "RIGHT", "TABLES", "layout"]

PATH = "/team"
NAME = "Scorecards"
GROUP, ICON = "improve", "people"
RIGHT = Right.SEE_SCORECARDS


def layout(*, scope: Scope) -> Component:
    """The page."""
    with db.reading(as_=sessions.current_person()) as session:
        counted = norm(session, "strikes")["counted"]
    lead = _(
        "Everybody is compared with their own store, by name. The band shows where chance alone "
        "puts somebody with so few or so many calls or orders: only a diamond outside it says "
        "something, and one comparison in 370 lies there without a reason."
    )
    agents, advisers, technicians = TABLES[:3]
    return html.Div(
        [
            page_head(_(NAME), lead=lead),
            board(*(chart.card() for chart in CHARTS[:2]), *further((*CHARTS[2:4], agents))),
            board(*further((*CHARTS[4:6], advisers))),
            board(*further((*CHARTS[6:], technicians))),
            board(*(further([STRIKES]) if counted else [_no_strikes()])),
        ]
    )


def _no_strikes() -> Component:
    words = _(
        "Verified complaints about somebody's conduct are not counted against people here. The "
        "principal decides whether they are; an administrator then switches the norm on."
    )
    return card(_("Verified conduct complaints"), html.P(words, className="note"), width="full")
