"""Giving several callbacks at once to somebody else: the bar and the dialog."""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import forms
from dashboard.i18n import _, several
from dashboard.ids import HandOver
from dashboard.widgets.parts import icon
from dashboard.words import word
from data.models import Employee

FORM = "hand-over"
HIDDEN, SHOWN = "assign-bar d-none", "assign-bar"


def bar() -> Component:
    """What appears below the list as soon as calls are chosen."""
    button = html.Button(
        [icon("person-check"), _("Hand over")],
        id=HandOver.OPEN,
        className="btn btn-primary",
        type="button",
    )
    said = html.Span(id=HandOver.COUNT, role="status")
    return html.Div([said, button], id=HandOver.BAR, className=HIDDEN)


def dialog() -> Component:
    """The dialog, empty until it is opened."""
    title = dbc.ModalHeader(dbc.ModalTitle(_("Who is to call")), close_button=True)
    inside = [title, dbc.ModalBody(id=HandOver.BODY)]
    made: Component = dbc.Modal(inside, id=HandOver.DIALOG, is_open=False, centered=True)
    return made


def counted(n: int) -> str:
    """How many are chosen."""
    return several("{n} call chosen", "{n} calls chosen", n=n)


def done(n: int) -> str:
    """How many were handed over."""
    return several("{n} call handed over.", "{n} calls handed over.", n=n)


def fields(chosen: Sequence[tuple[int, int]], people: Sequence[Employee]) -> list[Any]:
    """The form for `chosen` (id and version of each call), all of one store."""
    options = [
        (person.id, _("{name} · {role}", name=person.name, role=word("job", person.role)))
        for person in people
    ]
    button = html.Button(
        _("Hand over"), id=HandOver.SAVE, className="btn btn-primary", type="button"
    )
    return [
        html.P(counted(len(chosen)), className="note"),
        forms.select(FORM, "agent", _("Caller"), options),
        dcc.Store(id=HandOver.CHOSEN, data=[list(pair) for pair in chosen]),
        dcc.Store(id=HandOver.ATTEMPT, data=forms.new_attempt()),
        html.Div(button, className="form-actions"),
    ]


def one_store_only() -> Component:
    """Why calls of several stores cannot be handed over together."""
    words = _(
        "These calls belong to several stores. Choose calls of one store: callers work there."
    )
    return html.P(words)
