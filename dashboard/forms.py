"""Forms: labelled fields, what they may hold, and reading back what somebody typed.

Each form has a name. Its fields, its save button and its attempt carry that name in their ids, so
that one callback serves every form of a page.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from typing import Any
from unicodedata import normalize
from uuid import uuid4
from zoneinfo import ZoneInfo

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.i18n import _
from dashboard.icons import Icon
from dashboard.widgets.parts import attributes, icon
from data.commands import Refused

LONGEST, LONGEST_KEY = 4000, 64
Options = Sequence[tuple[Any, str]]
Typed = defaultdict[str, str]


def form(
    name: str, *fields: Component, says: str, saves: Mapping[str, str] | None = None
) -> Component:
    """The form called `name`: its fields and the button that saves them, with the words `says`.

    `saves` is the id of that button, where another callback than that of the cases serves it.
    """
    button = html.Button(
        says, id=dict(saves or ids.save(name)), className="btn btn-primary", type="button"
    )
    return html.Div(
        [
            *fields,
            dcc.Store(id=ids.attempt(name), data=new_attempt()),
            html.Div(button, className="form-actions"),
        ],
        className="form",
        role="group",
        **attributes(aria_label=says),
    )


def fold(title: str, shape: Icon, *body: Component) -> Component:
    """A form that is opened when it is wanted."""
    summary = html.Summary([icon(shape), html.Span(title)])
    return html.Details([summary, *body], className="fold")


def new_attempt() -> str:
    """A key for one attempt to save: the same click sent twice is written once."""
    return uuid4().hex


def attempt_of(sent: object, *said: object) -> str | None:
    """The attempt's key as a browser sent it back; None if it is none of ours.

    With what was `said` it is of those words alone: whoever changes them before the answer comes
    makes another attempt, which is written too or told that the first one was.
    """
    if not (isinstance(sent, str) and sent.isalnum() and len(sent) <= LONGEST_KEY):
        return None
    words = json.dumps(said, sort_keys=True, default=str).encode()
    return sent + sha256(words).hexdigest()[:16] if said else sent


def area(form: str, name: str, label: str, *, rows: int = 3, value: str = "") -> Component:
    """Several lines of free text."""
    field = dbc.Textarea(id=ids.field(form, name), value=value, rows=rows, maxLength=LONGEST)
    return _labelled(form, name, label, field)


def line(form: str, name: str, label: str, value: str = "") -> Component:
    """One line of free text."""
    field = dbc.Input(id=ids.field(form, name), value=value, maxLength=LONGEST, type="text")
    return _labelled(form, name, label, field)


def figure(form: str, name: str, label: str, value: float | None) -> Component:
    """A number; phones show their digits for it."""
    said = "" if value is None else f"{value:.10g}"
    field = dbc.Input(
        id=ids.field(form, name), value=said, maxLength=20, type="text", inputmode="decimal"
    )
    return _labelled(form, name, label, field)


def secret(form: str, name: str, label: str) -> Component:
    """A new password, which nobody reads over one's shoulder."""
    field = dbc.Input(
        id=ids.field(form, name),
        value="",
        maxLength=LONGEST,
        type="password",
        autocomplete="new-password",
    )
    return _labelled(form, name, label, field)


def ticks(form: str, name: str, label: str, options: Options, ticked: Sequence[str]) -> Component:
    """Any of several; what is sent back is their keys with commas between."""
    field = dbc.Checklist(
        id=ids.field(form, name),
        options=[{"label": said, "value": str(key)} for key, said in options],
        value=list(ticked),
    )
    if len(options) == 1 and not label:
        return html.Div(field, className="field")
    return html.Fieldset([html.Legend(label), field], className="field")


def day(form: str, name: str, label: str, value: date | None, *, least: date) -> Component:
    """A day, not before `least`."""
    field = dbc.Input(
        id=ids.field(form, name),
        type="date",
        value=value.isoformat() if value else "",
        min=least.isoformat(),
    )
    return _labelled(form, name, label, field)


def moment(form: str, name: str, label: str, value: datetime, zone: str) -> Component:
    """A day and a time by the clocks of `zone`."""
    local = value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    field = dbc.Input(id=ids.field(form, name), type="datetime-local", value=local)
    return _labelled(form, name, label, field)


def select(form: str, name: str, label: str, options: Options, value: Any = None) -> Component:
    """One of several, or none yet."""
    field = dbc.Select(
        id=ids.field(form, name),
        options=[{"label": said, "value": str(key)} for key, said in options],
        placeholder=_("Choose …"),
        value=None if value is None else str(value),
    )
    return _labelled(form, name, label, field)


def values(fields: Sequence[Mapping[str, Any]], typed: Sequence[Any]) -> Typed:
    """What was typed, by field; whatever is missing or should not have been sent is empty."""
    found: Typed = defaultdict(str)
    for field, said in zip(fields, typed, strict=True):
        found[str(field.get("name"))] = _text(said)
    return found


def whole(text: str) -> int | None:
    """A whole number such as an id; None where there is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def number(text: str) -> float | None:
    """A number as somebody typed it, 1,234.5 or 95 %; None if it is none."""
    plain = normalize("NFKC", text).replace(",", "").replace("%", "").strip()
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if isfinite(found) else None


def a_day(text: str) -> date | None:
    """A day; None where none was given; refused if it is not one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("{text} is not a day. Write it as 2026-03-31.", text=text[:20]) from None


def a_moment(text: str, zone: str) -> datetime:
    """A moment by the clocks of `zone`; refused if there is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("Please give a day and a time.") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _text(said: Any) -> str:
    """What a field holds; of several ticks their keys."""
    if isinstance(said, list):
        return ",".join(one for one in said if isinstance(one, str))
    return said if isinstance(said, str) else ""


def _labelled(form: str, name: str, label: str, field: Component) -> Component:
    target = ids.as_html(ids.field(form, name))
    return html.Div([html.Label(label, htmlFor=target), field], className="field")
