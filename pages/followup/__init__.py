"""One callback: the customer's file, what to say, and the form for what they say (回访记录表)."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.i18n import _
from dashboard.ids import Call
from dashboard.widgets.parts import attributes
from data import db
from data.followups import sheet
from data.person import Right
from data.scope import Scope
from pages import not_found_404
from pages.followup.body import body

PATH = "/callbacks/<number>"
NAME = "Callback"
RIGHT = Right.RECORD_FOLLOWUPS


def layout(*, scope: Scope, number: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        found = sheet.find(session, number, scope.stores, as_of=scope.as_of, person=person)
        if found is None:
            return not_found_404.layout()
        inside = body(session, found, person, as_of=scope.as_of)
    return html.Div(
        [
            dcc.Store(id=Call.SENT),
            dcc.Store(id=Call.KEPT),
            dcc.Store(id=Call.SAVED),
            html.Div([_status(), _again()], className="call-status-bar"),
            html.Div(id=Call.CLASH, role="alert"),
            html.Div(inside, id=Call.BODY),
        ],
        className="call",
    )


def _status() -> Component:
    """What the browser says by itself of what was typed, in the reader's language."""
    return html.Div(
        id=Call.STATUS,
        role="status",
        **attributes(
            data_offline=_(
                "Not saved yet: no connection. Everything typed is kept; it will be sent when the "
                "connection is back."
            ),
            data_signed_out=_(
                "Not saved yet: you are signed out. Everything typed is kept; sign in again and "
                "send it."
            ),
            data_sending=_("Saving …"),
            data_waiting=_("Not saved yet. What you typed was kept; send it now."),
            data_restored=_("What you typed before is back."),
        ),
    )


def _again() -> Component:
    return html.Button(
        _("Send now"), id=Call.AGAIN, type="button", className="btn btn-sm btn-primary d-none"
    )
