"""One known problem: what to answer, and the forms that keep it true."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.ids import Library
from data import db, issues
from data.person import Right
from data.scope import Scope
from pages import not_found_404
from pages.issue.body import body, new

PATH = "/issues/<code>"
NAME = "Known problem"
RIGHT = None
NEW = "new"


def layout(*, scope: Scope, code: str) -> Component:
    """The page; `code` new is the form for another problem."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        if code == NEW and person.may(Right.RUN_IMPROVEMENTS):
            return html.Div(new(session, scope.today))
        found = issues.find(session, code)
        if found is None:
            return not_found_404.layout()
        return html.Div(body(session, found, person, scope), id=Library.BODY, className="case")
