"""The administration: one callback saves whichever setting's button was clicked."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import ALL, MATCH, Input, NoUpdate, Output, State, callback, ctx, no_update, set_props

from callbacks import clock, conflicts
from callbacks.setting import WRITERS, Asked
from callbacks.shell import edition
from dashboard import forms, ids, sessions, shell
from dashboard.ids import Admin, Shell
from data import db
from data.commands import Conflict, NotFound
from data.lookups import Session
from data.person import Person
from data.scope import Scope
from pages.admin import calendars, categories, norms, policies, rules, targets, user, users

LONGEST_KEY = 120
BODIES: dict[str, Callable[[Session, Person, Scope], list[Any]]] = {
    "targets": targets.body,
    "users": users.body,
    "rules": rules.body,
    "policies": policies.body,
    "calendars": calendars.body,
    "categories": categories.body,
    "norms": norms.body,
}


def _beside(error: Exception) -> NoUpdate:
    """A conflict is shown above, and the form goes on from the newer version."""
    if not isinstance(error, Conflict):
        shell.explain(error)
    elif isinstance(ctx.triggered_id, dict):
        conflicts.show(Admin.CLASH, error)
        form = ctx.triggered_id["form"]
        set_props(ids.admin_version(form), {"data": error.version})
    return no_update


@callback(
    Output(Admin.BODY, "children"),
    Input(ids.admin_save(MATCH), "n_clicks"),
    State(ids.admin_save(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    State(ids.admin_version(MATCH), "data"),
    running=[(Output(ids.admin_save(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
    on_error=_beside,
)
def save(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
    version: object,
) -> list[Any] | NoUpdate:
    """Save the setting whose button was clicked, and draw its page anew."""
    if not clicks:
        return no_update
    page, act, key = (*str(button["form"]).split(".", 2), "", "")[:3]
    if (page, act) not in WRITERS:
        raise NotFound("There is no such form.")
    person, asked = sessions.current_person(), _asked(key, forms.values(fields, typed), version)
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        said = WRITERS[page, act](session, asked)
    shell.notify(said)
    set_props(Shell.FRESH, {"data": edition()})
    with db.reading(as_=person) as session:
        if page == "user":
            return user.body(session, person, clock.scope(""), asked.key)
        return BODIES[page](session, person, clock.scope(""))


def _asked(key: str, typed: forms.Typed, version: object) -> Asked:
    known = version if type(version) is int and 0 <= version < 2**63 else 0
    return Asked(key[:LONGEST_KEY], typed, known, clock.now(), clock.scope("").today)
