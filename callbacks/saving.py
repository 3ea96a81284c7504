"""One way to save: the forms of a record are written and the record drawn anew.

A page with forms names its parts in an enumeration with the members BODY, ID, VERSION and CLASH,
puts the record's id and version into two stores, and gives every form a save button of its own
kind. Here one callback is made for all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from dash import ALL, MATCH, Input, NoUpdate, Output, State, no_update, set_props

from callbacks import clock, conflicts
from callbacks.shell import edition
from dashboard import forms, sessions, shell
from dashboard.doors import May, callback
from dashboard.forms import Typed
from dashboard.i18n import _
from dashboard.ids import Shell
from dashboard.ids import attempt as attempt_id
from dashboard.ids import field as field_id
from data import db
from data.lookups import Session
from data.person import Person

Button = Callable[[Any], dict[str, Any]]
Callback = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: its name, what was typed, and the record and version it is about."""

    form: str
    typed: Typed
    record: Any
    version: int
    person: Person
    now: datetime

    @property
    def id(self) -> int:
        """The id of the record; 0, which is nobody's, if the browser sent none."""
        return id_of(self.record)


@dataclass(frozen=True, slots=True)
class Saved:
    """What to say once it is written, and where to go then; without an address one stays."""

    says: str = ""
    href: str = ""


Write = Callable[[Session, Sent], Saved]
Draw = Callable[[Session, Sent], Any]


def id_of(sent: object) -> int:
    """An id as a browser sent it back; 0, which is nobody's, if it is none."""
    return sent if type(sent) is int and 0 < sent < 2**63 else 0


def of_record(
    parts: type[StrEnum],
    button: Button,
    *,
    may: May,
    write: Write,
    draw: Draw,
    version: str = "",
    versions: Button | None = None,
) -> Callback:
    """Serve every form of a record that is saved with `button`; the callback made.

    `may` are the rights of which one is needed to save at all; each write has its own besides.
    `write` writes what was sent, in one transaction; `draw` answers the inside of BODY. The member
    `version` of `parts` holds the version, if it is not VERSION; on a page of several records,
    `versions` gives the id of the version that each form starts from.
    """
    kept: Any = versions or parts[version or "VERSION"]

    @callback(
        Output(parts["BODY"], "children", allow_duplicate=True),
        Input(button(MATCH), "n_clicks"),
        *_states(button),
        State(parts["ID"], "data"),
        State(versions(MATCH) if versions else kept, "data"),
        may=may,
        running=[(Output(button(MATCH), "disabled"), True, False)],
        prevent_initial_call=True,
        on_error=conflicts.beside(parts["CLASH"], kept),
    )
    def save(
        clicks: int | None,
        pressed: dict[str, str],
        typed: Sequence[Any],
        fields: Sequence[dict[str, str]],
        attempt: str,
        record: Any,
        version: int,
    ) -> Any:
        """Save the form whose button was clicked, and draw the record anew."""
        if not clicks:
            return no_update
        sent = _sent(pressed, fields, typed, record, version)
        if _written(write, sent, attempt):
            return no_update
        with shell.drawing(), db.reading(as_=sent.person) as session:
            return draw(session, sent)

    return save


def alone(button: Button, *, may: May, write: Write) -> Callback:
    """Serve forms that belong to no record: what they write is said, and the page stays."""

    @callback(
        Output(attempt_id(MATCH), "data"),
        Input(button(MATCH), "n_clicks"),
        *_states(button),
        may=may,
        running=[(Output(button(MATCH), "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def save(
        clicks: int | None,
        pressed: dict[str, str],
        typed: Sequence[Any],
        fields: Sequence[dict[str, str]],
        attempt: str,
    ) -> str | NoUpdate:
        """Save the form whose button was clicked; what it is sent with next is a new attempt."""
        if not clicks:
            return no_update
        _written(write, _sent(pressed, fields, typed, None, 0), attempt)
        with shell.drawing():
            set_props(Shell.FRESH, {"data": edition()})
        return forms.new_attempt()

    return save


def _states(button: Button) -> list[State]:
    return [
        State(button(MATCH), "id"),
        State(field_id(MATCH, ALL), "value"),
        State(field_id(MATCH, ALL), "id"),
        State(attempt_id(MATCH), "data"),
    ]


def _sent(
    pressed: dict[str, str],
    fields: Sequence[dict[str, str]],
    typed: Sequence[Any],
    record: Any,
    version: int,
) -> Sent:
    said = forms.values(fields, typed)
    who, now = sessions.current_person(), clock.now()
    form = str(pressed["form"])
    return Sent(form=form, typed=said, record=record, version=version, person=who, now=now)


def _written(write: Write, sent: Sent, attempt: object) -> bool:
    """Write what was sent and say so; whether one leaves the page for another."""
    key = forms.attempt_of(attempt, sent.person.login, sent.form, sent.record, sent.typed)
    with db.writing(by=sent.person, key=key) as session:
        done = write(session, sent)
    shell.notify(done.says or _("Saved."))
    if done.href:
        set_props(Shell.URL, {"href": done.href})
    return bool(done.href)
