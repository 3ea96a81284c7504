"""Somebody else saved first: what they did is shown beside what was typed."""

from collections.abc import Callable
from typing import Any

from dash import NoUpdate, ctx, no_update, set_props

from callbacks import clock
from dashboard import clash, sessions, shell
from data import db, lookups
from data.commands import Conflict

Place = str | Callable[[Any], dict[str, Any]]


def beside(place: str, version: Place) -> Callable[[Exception], NoUpdate]:
    """What a form does with an error: a conflict is shown at `place`, all else said as usual.

    The form then holds the newer `version`, so that saving again is a choice made knowingly. Where
    each form has a version of its own, `version` makes its id from the form's name.
    """

    def explained(error: Exception) -> NoUpdate:
        if not isinstance(error, Conflict):
            shell.explain(error)
            return no_update
        with db.reading(as_=sessions.current_person()) as session:
            names = lookups.actors(session, error.since)
        set_props(place, {"children": clash.shown(error, names, clock.zone())})
        set_props(_of_the_form(version), {"data": error.version})
        return no_update

    return explained


def _of_the_form(version: Place) -> str | dict[str, Any]:
    """Where the version is kept: that of the form whose button was clicked, if each has its own."""
    return version if isinstance(version, str) else version(ctx.inputs_list[0]["id"]["form"])
