"""Doing one thing to several rows of a table together: the bar below it, and the dialog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import forms, ids
from dashboard.i18n import _, several
from dashboard.widgets.parts import icon
from dashboard.words import word
from data.models import Employee

HIDDEN, SHOWN = "assign-bar d-none", "assign-bar"
Options = Sequence[tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What can be done to the chosen rows of `table`, all of one store.

    says: the words of its buttons. fields: the fields of the dialog, from the name of the form,
    the people of the store, and its local day. apart: why rows of several stores cannot go
    together. none: what to do if nothing is chosen.
    """

    table: str
    title: str
    says: str
    chosen: tuple[str, str]
    done: tuple[str, str]
    apart: str
    none: str
    fields: Callable[[str, Options, date], list[Component]]

    @property
    def form(self) -> str:
        """The name of the form in the dialog."""
        return f"bulk-{self.table}"

    def bar(self) -> Component:
        """What appears below the table as soon as rows are chosen."""
        button = html.Button(
            [icon("person-check"), _(self.says)],
            id=ids.bulk(self.table, "open"),
            className="btn btn-primary",
            type="button",
        )
        said = html.Span(id=ids.bulk(self.table, "count"), role="status")
        return html.Div([said, button], id=ids.bulk(self.table, "bar"), className=HIDDEN)

    def dialog(self) -> Component:
        """The dialog, empty until it is opened."""
        title = dbc.ModalHeader(dbc.ModalTitle(_(self.title)), close_button=True)
        inside = [title, dbc.ModalBody(id=ids.bulk(self.table, "body"))]
        place = ids.bulk(self.table, "dialog")
        made: Component = dbc.Modal(inside, id=place, is_open=False, centered=True)
        return made

    def counted(self, n: int) -> str:
        """How many are chosen."""
        return several(*self.chosen, n=n)

    def inside(
        self, chosen: Sequence[tuple[int, int]], people: Sequence[Employee], today: date
    ) -> list[Any]:
        """The form for `chosen` (id and version of each row), all of one store."""
        named = [
            (one.id, _("{name} · {role}", name=one.name, role=word("job", one.role)))
            for one in people
        ]
        button = html.Button(
            _(self.says),
            id=ids.bulk(self.table, "save"),
            className="btn btn-primary",
            type="button",
        )
        return [
            html.P(self.counted(len(chosen)), className="note"),
            *self.fields(self.form, named, today),
            dcc.Store(id=ids.bulk(self.table, "chosen"), data=[list(pair) for pair in chosen]),
            dcc.Store(id=ids.bulk(self.table, "attempt"), data=forms.new_attempt()),
            html.Div(button, className="form-actions"),
        ]
