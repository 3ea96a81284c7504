"""The categories of complaints: adding, renaming, retiring."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from data import db, settings
from data.lookups import Session
from data.models import AdminEvent, ComplaintCategory
from data.person import Person, Right
from data.scope import Scope
from pages.admin import parts

PATH = "/admin/categories"
NAME = "Complaint categories"
RIGHT = Right.SET_TARGETS
MAIN = "*"


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    rows = settings.categories(session)
    names = {row.code: parts.called(row) for row in rows}

    def about(entry: AdminEvent) -> str:
        code = str(entry.data.get("code", ""))
        return names.get(code, code)

    lead = _("A retired category stays on its cases and in the figures; it is offered no longer.")
    groups = [
        card(parts.called(main), *_group(main, rows), width="full", actions=_stands(main))
        for main in rows
        if main.parent_id is None
    ]
    new = card(_("Add a category"), _new(rows), width="full")
    told = parts.history(session, scope.zone, "category", about=about)
    return parts.page(_(NAME), lead, groups, [new, told])


def _group(main: ComplaintCategory, rows: Sequence[ComplaintCategory]) -> list[Component]:
    below = [row for row in rows if row.parent_id == main.id]
    own = parts.item(_("The main category itself"), body=_moves(main))
    return [*(parts.item(parts.called(row), _stands(row), body=_moves(row)) for row in below), own]


def _stands(row: ComplaintCategory) -> Component | None:
    return None if row.active else badge(_("Retired"), "quiet")


def _moves(row: ComplaintCategory) -> list[Component]:
    name = f"categories.rename.{row.code}"
    fields = [
        forms.line(name, "name_zh", _("Name in Chinese"), row.name_zh),
        forms.line(name, "name", _("Name in English"), row.name),
    ]
    grid = html.Div(fields, className="admin-grid")
    act, says = ("retire", _("Retire")) if row.active else ("restore", _("Use it again"))
    switch = parts.form(f"categories.{act}.{row.code}", row.version, says=says)
    return [parts.form(name, row.version, grid, says=_("Rename")), switch]


def _new(rows: Sequence[ComplaintCategory]) -> Component:
    name = "categories.add"
    mains = [(row.code, parts.called(row)) for row in rows if row.parent_id is None and row.active]
    return parts.form(
        name,
        0,
        forms.select(name, "parent", _("Belongs to"), [(MAIN, _("A main category")), *mains], MAIN),
        forms.line(name, "name_zh", _("Name in Chinese")),
        forms.line(name, "name", _("Name in English")),
        says=_("Add"),
    )
