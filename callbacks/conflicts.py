"""Somebody else saved first: what they did is shown beside what was typed."""

from collections.abc import Callable

from dash import NoUpdate, no_update, set_props

from callbacks import clock
from dashboard import clash, sessions, shell
from data import db
from data.commands import Conflict
from data.metrics.complaints import case as cases


def beside(place: str, version: str) -> Callable[[Exception], NoUpdate]:
    """What a form does with an error: a conflict is shown at `place`, all else said as usual.

    The form then holds the newer `version`, so that saving again is a choice made knowingly.
    """

    def explained(error: Exception) -> NoUpdate:
        if not isinstance(error, Conflict):
            shell.explain(error)
            return no_update
        show(place, error)
        set_props(version, {"data": error.version})
        return no_update

    return explained


def show(place: str, conflict: Conflict) -> None:
    """Say at `place` what somebody else did meanwhile."""
    with db.reading(as_=sessions.current_person()) as session:
        names = cases.actors(session, conflict.since)
    set_props(place, {"children": clash.shown(conflict, names, clock.zone())})
