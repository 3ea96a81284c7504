"""Handing several callbacks over at once: chosen in the list, given to somebody of their store."""

from typing import Any

from dash import Input, NoUpdate, Output, State, callback, no_update, set_props

from callbacks import clock
from callbacks.shell import edition
from dashboard import forms, handing_over, ids, sessions, shell
from dashboard.forms import whole
from dashboard.ids import HandOver, Shell
from data import db
from data.commands import Refused, followups
from data.followups import desk

GRID = ids.table("worklist-calls")
MOST = 200


@callback(
    Output(HandOver.COUNT, "children"),
    Output(HandOver.BAR, "className"),
    Input(GRID, "selectedRows"),
)
def choose(rows: list[dict[str, Any]] | None) -> tuple[str, str]:
    """Show the bar while rows are chosen."""
    count = len(rows or [])
    return handing_over.counted(count), handing_over.SHOWN if count else handing_over.HIDDEN


@callback(
    Output(HandOver.DIALOG, "is_open"),
    Output(HandOver.BODY, "children"),
    Input(HandOver.OPEN, "n_clicks"),
    State(GRID, "selectedRows"),
    prevent_initial_call=True,
)
def ask(clicks: int | None, rows: list[dict[str, Any]] | None) -> tuple[Any, Any]:
    """Open the dialog for the chosen calls."""
    if not clicks or not rows:
        return no_update, no_update
    with db.reading(as_=sessions.current_person()) as session:
        wanted = [whole(str(row.get("id"))) or 0 for row in rows[:MOST]]
        chosen = desk.versions(session, wanted)
        stores = {call.store_id for call in chosen}
        if len(stores) != 1:
            return True, handing_over.one_store_only()
        people = desk.colleagues(session, stores.pop())
    return True, handing_over.fields([(call.id, call.version) for call in chosen], people)


@callback(
    Output(HandOver.DIALOG, "is_open", allow_duplicate=True),
    Input(HandOver.SAVE, "n_clicks"),
    State(ids.field(handing_over.FORM, "agent"), "value"),
    State(HandOver.CHOSEN, "data"),
    State(HandOver.ATTEMPT, "data"),
    running=[(Output(HandOver.SAVE, "disabled"), True, False)],
    prevent_initial_call=True,
)
def save(
    clicks: int | None, agent: str | None, chosen: list[list[int]], attempt: str
) -> bool | NoUpdate:
    """Hand them all over, or none."""
    if not clicks:
        return no_update
    agent_id, now = whole(str(agent or "")), clock.now()
    if agent_id is None:
        raise Refused("Please choose who is to call.")
    with db.writing(by=sessions.current_person(), key=forms.attempt_of(attempt)) as session:
        for call_id, version in _pairs(chosen):
            given = {"followup_id": call_id, "version": version, "now": now}
            followups.hand_over(session, **given, agent_id=agent_id)
    shell.notify(handing_over.done(len(chosen)))
    set_props(GRID, {"selectedRows": []})
    set_props(Shell.FRESH, {"data": edition()})
    return False


def _pairs(chosen: object) -> list[tuple[int, int]]:
    """Ids and versions, as the browser sent them back."""
    if not isinstance(chosen, list) or not 0 < len(chosen) <= MOST:
        raise Refused("Choose at least one call.")
    return [(int(call_id), int(version)) for call_id, version in chosen]
