"""One complaint: what happened, what its clocks say, what comes next, and its history."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.ids import Case
from data import db
from data.metrics.complaints import case as cases
from data.scope import Scope
from pages import not_found_404
from pages.complaint.body import body

PATH = "/complaints/<number>"
NAME = "Complaint"


def layout(*, scope: Scope, number: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        found = cases.find(session, number, scope.stores, as_of=scope.as_of)
        if found is None:
            return not_found_404.layout()
        return html.Div(
            body(session, found, person, as_of=scope.as_of), id=Case.BODY, className="case"
        )
