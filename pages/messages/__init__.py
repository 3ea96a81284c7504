"""Messages: who gets reports by mail, and what became of everything that left the house."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import sessions, urls, ways
from dashboard.i18n import _
from dashboard.ids import Post
from dashboard.widgets import board, page_head
from data import db
from data.person import Right
from data.scope import Scope
from pages.messages.body import body
from pages.messages.log import LOG, TABLES

__all__ = ["GROUP", "ICON", "NAME", "PATH", "RIGHT", "TABLES", "layout"]

PATH = urls.messages()
NAME = "Messages"
GROUP, ICON = "system", "envelope"
RIGHT = Right.ADMINISTER


def layout(*, scope: Scope) -> Component:
    """The page."""
    lead = _("Reports that leave by mail, and news for another system of yours.")
    with db.reading(as_=sessions.current_person()) as session:
        inside = body(session, scope, ways.ready())
    return html.Div(
        [
            page_head(_(NAME), lead=lead),
            dcc.Store(id=Post.ID),
            dcc.Store(id=Post.VERSION, data=0),
            html.Div(id=Post.CLASH, role="alert"),
            html.Div(inside, id=Post.BODY, className="case post"),
            board(LOG.card()),
        ]
    )
