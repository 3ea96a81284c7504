"""Administration: what all stores share, each part with a page of its own."""

from collections.abc import Mapping
from typing import Any

import dash
from dash import html
from dash.development.base_component import Component

from dashboard import formats, sessions, urls
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.widgets import icon, link, page_head
from data import db, lookups, settings
from data.lookups import Session
from data.person import Right
from data.scope import Scope
from pages import not_found_404

PATH = "/admin"
NAME = "Administration"
GROUP, ICON = "system", "gear"
RIGHT = Right.SET_TARGETS

ABOUT: Mapping[str, tuple[Icon, str, str]] = {  # address: icon, what it is for, subject in the log
    "/admin/targets": ("bullseye", later("What each metric should reach."), "target"),
    "/admin/users": ("people", later("Who may sign in, and what they see."), "user"),
    "/admin/screens": ("display", later("The wall screens and their links."), "screen"),
    "/admin/rules": ("telephone", later("What makes a callback due."), "rule"),
    "/admin/deadlines": ("stopwatch", later("How long a complaint may take."), "policy"),
    "/admin/calendars": ("calendar3", later("When stores work, and holidays."), "calendar"),
    "/admin/categories": ("tags", later("How complaints are sorted."), "category"),
    "/admin/norms": ("sliders", later("What the figures reckon with."), "norm"),
    "/admin/import": ("file-earmark-arrow-up", later("Spreadsheets from your own system."), ""),
    "/admin/messages": ("envelope", later("Reports by mail, and what became of them."), ""),
}


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    names = {page["relative_path"]: page for page in dash.page_registry.values()}
    open_to = [
        names[path]
        for path in ABOUT
        if path in names and (names[path]["right"] is None or person.may(names[path]["right"]))
    ]
    with db.reading(as_=person) as session:
        cards = [_card(session, page, scope.zone) for page in open_to]
    lead = _("What holds for everybody. Each change is written down with who made it.")
    return html.Div([page_head(_(NAME), lead=lead), html.Div(cards, className="admin-index")])


def missing() -> Component:
    """What is shown in the place of a record that is not there."""
    return not_found_404.layout()


def _card(session: Session, page: dict[str, Any], zone: str) -> Component:
    path = page["relative_path"]
    shape, words, subject = ABOUT[path]
    inside = [
        icon(shape),
        html.Div(
            [
                html.Strong(_(page["name"])),
                html.Span(_(words)),
                html.Small(_last(session, subject, zone)) if subject else None,
            ]
        ),
    ]
    return link(inside, urls.page(path), className="admin-card")


def _last(session: Session, subject: str, zone: str) -> str:
    """Who changed something here last."""
    found = settings.changes(session, subject, most=1)
    if not found:
        return _("Never changed")
    names = lookups.actors(session, found)
    who = names.get(found[0].actor, found[0].actor)
    gaps = {"who": who, "when": formats.moment(found[0].at, zone)}
    return _("Last changed {when} by {who}", **gaps)
