"""Labelled fields with room for what is wrong with them, and what every form carries along.

A form's version says which state of the record it was opened with; its key names the attempt, so
that a second click or a request sent twice writes once. Both are State of the saving callback.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.i18n import _
from dashboard.widgets.parts import attributes, icon

LONGEST = 4000


def form(name: str, *fields: Component, version: int | None = None) -> Component:
    """The fields of a form called `name`, with its version and its key."""
    carried = [
        dcc.Store(id=ids.form_version(name), data=version),
        dcc.Store(id=ids.form_key(name), data=new_key()),
    ]
    return html.Div([*carried, *fields], className="form", role="group")


def new_key() -> str:
    """A name for an attempt to save; give the form a new one after each save."""
    return secrets.token_urlsafe(12)


def field(
    label: str, control: Any, *, hint: str = "", problem: str = "", needed: bool = False
) -> Component:
    """A control with its label, a hint, and the slot that says what is wrong with it.

    Controls of dbc take no aria attributes: the group around them is what the hint describes.
    """
    name = str(control.id)
    described = f"{name}-hint {name}-problem" if hint else f"{name}-problem"
    shown: Any = [label, html.Span(_("(needed)"), className="needed")] if needed else label
    return html.Div(
        [
            html.Label(shown, htmlFor=name),
            control,
            html.Div(hint, id=f"{name}-hint", className="hint") if hint else None,
            html.Div(problem, id=f"{name}-problem", className="problem", role="alert"),
        ],
        className="field",
        role="group",
        **attributes(aria_describedby=described),
    )


def text(id: str, value: str = "", *, longest: int = 200, **more: Any) -> Component:
    """One line of text."""
    made: Component = dbc.Input(id=id, type="text", value=value, maxLength=longest, **more)
    return made


def long_text(id: str, value: str = "", *, rows: int = 4, longest: int = LONGEST) -> Component:
    """Several lines of text."""
    made: Component = dbc.Textarea(id=id, value=value, rows=rows, maxLength=longest)
    return made


def select(
    id: str, options: Iterable[tuple[Any, str]], value: Any = None, *, nobody: str = ""
) -> Component:
    """One of some; `nobody` names the choice of none and leaves that choice open."""
    shown = [{"value": str(key), "label": words} for key, words in options]
    first = [{"value": "", "label": nobody}] if nobody else []
    made: Component = dbc.Select(
        id=id, options=[*first, *shown], value="" if value is None else str(value)
    )
    return made


def day(id: str, value: Any = None) -> Component:
    """A day."""
    made: Component = dbc.Input(id=id, type="date", value=value.isoformat() if value else "")
    return made


def moment(id: str, value: datetime | None = None, *, zone: str) -> Component:
    """A day and a time by the clocks of `zone`; read what comes back with `moment_of`."""
    local = value.astimezone(ZoneInfo(zone)) if value else None
    made: Component = dbc.Input(
        id=id, type="datetime-local", value=local.strftime("%Y-%m-%dT%H:%M") if local else ""
    )
    return made


def moment_of(text: str | None, zone: str) -> datetime | None:
    """What somebody entered as a moment in `zone`; None if it is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def yes_no(id: str, label: str, value: bool = False) -> Component:
    """Something that is so or not."""
    made: Component = dbc.Checkbox(id=id, label=label, value=value)
    return made


def submit_row(*buttons: Component) -> Component:
    """The buttons below a form, the one that saves first."""
    return html.Div(list(buttons), className="submit-row")


def save_button(id: str, words: str, symbol: str = "check-lg") -> Component:
    """The button that saves."""
    made: Component = dbc.Button([icon(symbol), " ", words], id=id, color="primary", type="button")
    return made


def other_button(id: str, words: str, symbol: str | None = None) -> Component:
    """A button that does something else."""
    inside = [icon(symbol), " ", words] if symbol else words
    made: Component = dbc.Button(inside, id=id, color="primary", outline=True, type="button")
    return made
