"""The issue library: what often goes wrong, and what to answer."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import sessions, urls
from dashboard.i18n import _, language
from dashboard.ids import Library
from dashboard.widgets import icon, link, page_head
from dashboard.widgets.parts import attributes
from data import db, settings
from data.models import ComplaintCategory
from data.person import Right
from data.scope import Scope

PATH = "/issues"
NAME = "Issue library"
GROUP, ICON = "improve", "journal-bookmark"
RIGHT = None
ALL = "all"
DEBOUNCE = 400  # ms


def layout(*, scope: Scope) -> Component:
    """The page; its list is filled by `callbacks.issues`."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        options = _options(list(settings.categories(session)))
    add = link([icon("plus-lg"), _("Add a problem")], urls.issue(), className="btn btn-primary")
    lead = _("What customers often report, and what we answer. All stores share it.")
    return html.Div(
        [
            page_head(_(NAME), *([add] if person.may(Right.RUN_IMPROVEMENTS) else []), lead=lead),
            _search(scope, options),
            html.Div(id=Library.LIST, className="issues", **attributes(aria_live="polite")),
        ]
    )


def _search(scope: Scope, options: list[dict[str, str]]) -> Component:
    words = dbc.Input(
        id=Library.SEARCH,
        type="search",
        value=" ".join(scope.asked("words")),
        placeholder=_("Search problems and answers …"),
        debounce=DEBOUNCE,
        maxLength=urls.LONGEST,
    )
    category = dbc.Select(
        id=Library.CATEGORY,
        options=[{"value": ALL, "label": _("All categories")}, *options],
        value=next(iter(scope.asked("category")), ALL),
    )
    return html.Div(
        [
            _labelled(_("Search problems and answers …"), words),
            _labelled(_("Category"), category),
        ],
        className="issue-search",
        role="search",
    )


def _labelled(words: str, control: Any) -> Component:
    label = html.Label(words, htmlFor=control.id, className="visually-hidden")
    return html.Div([label, control])


def _options(rows: list[ComplaintCategory]) -> list[dict[str, str]]:
    """Each main category, then those below it."""
    rows.sort(key=lambda row: (row.parent_id or row.id, row.parent_id or 0, row.id))
    names = {row.code: row.name_zh if language() == "zh" else row.name for row in rows}
    return [
        {"value": row.code, "label": f"\N{EM SPACE}{names[row.code]}"}
        if row.parent_id
        else {"value": row.code, "label": names[row.code]}
        for row in rows
    ]
