"""What every page of the administration is made of: forms that know their version, and a log."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import forms, ids, urls
from dashboard.i18n import _, language
from dashboard.ids import Admin
from dashboard.timeline import timeline
from dashboard.widgets import card, icon, link, page_head
from data import lookups, settings
from data.lookups import Session
from data.models import AdminEvent

Content = Sequence[Any]


def page(
    title: str, lead: str, main: Content, side: Content, *, back: tuple[str, str] | None = None
) -> list[Any]:
    """The inside of a page: what there is on the left, what may be done and was done beside it.

    back: the name and the address of the page above, where it is not the index.
    """
    name, href = back or (_("Administration"), urls.admin())
    return [
        link([icon("arrow-left"), name], href, className="back"),
        page_head(title, lead=lead),
        html.Div(id=Admin.CLASH, role="alert"),
        dcc.Store(id=Admin.ID),  # each form names its record itself
        html.Div(
            [
                html.Div(list(main), className="case-main"),
                html.Aside(list(side), className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def form(name: str, version: int, *fields: Component | None, says: str) -> Component:
    """A form that saves a setting, unless somebody else did since `version`."""
    kept = dcc.Store(id=ids.admin_version(name), data=version)
    return forms.form(name, kept, *filter(None, fields), says=says, saves=ids.admin_save(name))


def history(
    session: Session,
    zone: str,
    *subjects: str,
    about: Callable[[AdminEvent], str] | None = None,
) -> Component:
    """Who changed what of these settings last."""
    found = settings.changes(session, *subjects)
    shown = timeline(found, lookups.actors(session, found), zone, about)
    nothing = html.P(_("Nothing has been changed yet."), className="note")
    return card(_("Who changed what"), shown if found else nothing, width="full")


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Component:
    """A short plain table; it scrolls sideways where the screen is narrow."""
    head = html.Thead(html.Tr([html.Th(said, scope="col") for said in heads]))
    body = html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows])
    return html.Div(html.Table([head, body], className="admin-table"), className="admin-scroll")


def item(name: Any, *beside: Any, body: Content) -> Component:
    """A setting in a list: its name and how it stands, and what may be done once it is opened."""
    summary = html.Summary(
        [html.Span(name, className="admin-name"), html.Span(list(beside), className="admin-stands")]
    )
    return html.Details([summary, *body], className="admin-item")


def called(row: Any) -> str:
    """The name of a row that has one in each language."""
    return str(row.name_zh if language() == "zh" else row.name)
