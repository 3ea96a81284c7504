"""A customer's file: the person, the cars, what to remind them of, and all that was between us."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.forms import whole
from dashboard.ids import CustomerFile
from data import db
from data.customers import file as files
from data.scope import Scope
from pages import not_found_404
from pages.customer.body import body

PATH = "/customers/<number>"
NAME = "Customer file"
RIGHT = None  # an agent sees it who has a call of the customer


def layout(*, scope: Scope, number: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        found = files.find(session, whole(number) or 0, as_of=scope.as_of, person=person)
        if found is None:
            return not_found_404.layout()
        inside = body(session, found, person, as_of=scope.as_of)
    return html.Div(inside, id=CustomerFile.BODY, className="case customer-file")
