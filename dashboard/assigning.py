"""Giving several complaints at once an owner and a deadline: the bar and the dialog."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import forms
from dashboard.i18n import _, several
from dashboard.ids import Assign
from dashboard.widgets.parts import icon
from dashboard.words import word
from data.models import Employee

FORM = "bulk"
HIDDEN, SHOWN = "assign-bar d-none", "assign-bar"


def bar() -> Component:
    """What appears below a list as soon as rows are chosen."""
    button = html.Button(
        [icon("person-check"), _("Assign")],
        id=Assign.OPEN,
        className="btn btn-primary",
        type="button",
    )
    said = html.Span(id=Assign.COUNT, role="status")
    return html.Div([said, button], id=Assign.BAR, className=HIDDEN)


def dialog() -> Component:
    """The dialog, empty until it is opened."""
    title = dbc.ModalHeader(dbc.ModalTitle(_("Owner and deadline")), close_button=True)
    inside = [title, dbc.ModalBody(id=Assign.BODY)]
    made: Component = dbc.Modal(inside, id=Assign.DIALOG, is_open=False, centered=True)
    return made


def counted(n: int) -> str:
    """How many are chosen."""
    return several("{n} complaint chosen", "{n} complaints chosen", n=n)


def done(n: int) -> str:
    """How many were assigned."""
    return several("{n} complaint assigned.", "{n} complaints assigned.", n=n)


def fields(chosen: Sequence[tuple[int, int]], people: Sequence[Employee], today: date) -> list[Any]:
    """The form for `chosen` (id and version of each case), all of one store."""
    options = [
        (person.id, _("{name} · {role}", name=person.name, role=word("job", person.role)))
        for person in people
    ]
    button = html.Button(_("Assign"), id=Assign.SAVE, className="btn btn-primary", type="button")
    return [
        html.P(counted(len(chosen)), className="note"),
        forms.select(FORM, "owner", _("Owner"), options),
        forms.day(FORM, "due_on", _("Deadline"), None, least=today),
        forms.line(FORM, "reason", _("Reason, if the deadline moves")),
        dcc.Store(id=Assign.CHOSEN, data=[list(pair) for pair in chosen]),
        dcc.Store(id=Assign.ATTEMPT, data=forms.new_attempt()),
        html.Div(button, className="form-actions"),
    ]


def one_store_only() -> Component:
    """Why cases of several stores cannot be assigned together."""
    words = _("These cases belong to several stores. Choose cases of one store: owners work there.")
    return html.P(words)
