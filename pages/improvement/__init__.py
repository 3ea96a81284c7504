"""One improvement action: its effect, whom it concerns, what comes next; or the form for one."""

from dash import html
from dash.development.base_component import Component

from dashboard import sessions, urls
from dashboard.ids import ActionFile
from data import db, improvements
from data.person import Right
from data.scope import Scope
from pages import not_found_404
from pages.improvement.begin import blank
from pages.improvement.body import body

PATH = "/actions/<number>"
NAME = "Improvement action"


def layout(*, scope: Scope, number: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        if number == urls.NEW:
            if not person.may(Right.RUN_IMPROVEMENTS):
                return not_found_404.layout()
            return html.Div(blank(session, scope), id=ActionFile.BODY, className="case")
        found = improvements.find(session, number, scope.stores, as_of=scope.as_of)
        if found is None:
            return not_found_404.layout()
        inside = body(session, found, person, as_of=scope.as_of)
        return html.Div(inside, id=ActionFile.BODY, className="case")
