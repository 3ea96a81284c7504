"""One vehicle that is to be won back: its six steps, and what can be done now."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.forms import whole
from dashboard.ids import ChurnFile
from data import churn, db
from data.scope import Scope
from pages import not_found_404
from pages.churn_case.body import body

PATH = "/retention/cases/<number>"
NAME = "Churn case"


def layout(*, scope: Scope, number: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        found = churn.find(session, whole(number) or 0, as_of=scope.as_of)
        if found is None:
            return not_found_404.layout()
        return html.Div(body(found, person), id=ChurnFile.BODY, className="case")
