"""Assigning several complaints at once: chosen in the list, given an owner and a day together."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import ALL, Input, NoUpdate, Output, State, callback, no_update, set_props

from callbacks import clock
from callbacks.shell import edition
from dashboard import assigning, forms, ids, sessions, shell
from dashboard.forms import a_day, whole
from dashboard.ids import Assign, Shell
from data import db
from data.commands import Refused, complaints
from data.metrics.complaints import case as cases

GRID = ids.table("complaints-cases")
MOST = 200


@callback(
    Output(Assign.COUNT, "children"),
    Output(Assign.BAR, "className"),
    Input(GRID, "selectedRows"),
)
def choose(rows: list[dict[str, Any]] | None) -> tuple[str, str]:
    """Show the bar while rows are chosen."""
    count = len(rows or [])
    return assigning.counted(count), assigning.SHOWN if count else assigning.HIDDEN


@callback(
    Output(Assign.DIALOG, "is_open"),
    Output(Assign.BODY, "children"),
    Input(Assign.OPEN, "n_clicks"),
    State(GRID, "selectedRows"),
    prevent_initial_call=True,
)
def ask(clicks: int | None, rows: list[dict[str, Any]] | None) -> tuple[Any, Any]:
    """Open the dialog for the chosen cases."""
    if not clicks or not rows:
        return no_update, no_update
    with db.reading(as_=sessions.current_person()) as session:
        chosen = cases.versions(session, [whole(str(row.get("id"))) or 0 for row in rows[:MOST]])
        stores = {case.store_id for case in chosen}
        if len(stores) != 1:
            return True, assigning.one_store_only()
        people = cases.employees(session, stores.pop())
    today = clock.now().astimezone(ZoneInfo(clock.zone())).date()
    return True, assigning.fields([(case.id, case.version) for case in chosen], people, today)


@callback(
    Output(Assign.DIALOG, "is_open", allow_duplicate=True),
    Input(Assign.SAVE, "n_clicks"),
    State(ids.field(assigning.FORM, ALL), "value"),
    State(ids.field(assigning.FORM, ALL), "id"),
    State(Assign.CHOSEN, "data"),
    State(Assign.ATTEMPT, "data"),
    running=[(Output(Assign.SAVE, "disabled"), True, False)],
    prevent_initial_call=True,
)
def save(
    clicks: int | None,
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    chosen: list[list[int]],
    attempt: str,
) -> bool | NoUpdate:
    """Assign them all, or none."""
    if not clicks:
        return no_update
    said, now = forms.values(fields, typed), clock.now()
    with db.writing(by=sessions.current_person(), key=forms.attempt_of(attempt)) as session:
        for case_id, version in _pairs(chosen):
            complaints.assign(
                session,
                complaint_id=case_id,
                version=version,
                now=now,
                today=now.astimezone(ZoneInfo(clock.zone())).date(),
                owner_id=whole(said["owner"]),
                due_on=a_day(said["due_on"]),
                reason=said["reason"],
            )
    shell.notify(assigning.done(len(chosen)))
    set_props(GRID, {"selectedRows": []})
    set_props(Shell.FRESH, {"data": edition()})
    return False


def _pairs(chosen: object) -> list[tuple[int, int]]:
    """Ids and versions, as the browser sent them back."""
    if not isinstance(chosen, list) or not 0 < len(chosen) <= MOST:
        raise Refused("Choose at least one complaint.")
    return [(int(case_id), int(version)) for case_id, version in chosen]
