"""Putting the vehicles of a list on the call list, all of them or those chosen."""

from collections.abc import Sequence
from typing import Any

from dash import ALL, Input, NoUpdate, Output, State, no_update, set_props

from callbacks import clock
from callbacks.shell import edition
from dashboard import call_list, forms, ids, sessions, shell
from dashboard.doors import callback
from dashboard.forms import whole
from dashboard.ids import CallList, Shell
from data import db
from data.commands import Refused, churn
from data.lookups import Session
from data.metrics.retention.listing import listing, of_ids, vehicles
from data.models import Store
from data.person import Right
from data.scope import Scope
from pages.vehicles import VEHICLES
from pages.vehicles.sentence import which

GRIDS = ids.table(ALL)
Rows = list[list[dict[str, Any]] | None]  # of each grid, those that are ticked
Models = list[dict[str, Any] | None]  # what is typed into the columns of each grid


@callback(
    Output(CallList.SENTENCE, "children"),
    Input(Shell.URL, "search"),
    may=(Right.SEE_FIGURES,),
)
def say(search: str) -> str:
    """Say which vehicles these are, as the address asks."""
    return which(clock.scope(search))


@callback(
    Output(CallList.DIALOG, "is_open"),
    Output(CallList.BODY, "children"),
    Input(CallList.OPEN, "n_clicks"),
    State(Shell.URL, "search"),
    State(GRIDS, "selectedRows"),
    State(GRIDS, "filterModel"),
    may=(Right.RUN_IMPROVEMENTS,),
    prevent_initial_call=True,
)
def ask(clicks: int | None, search: str, rows: Rows, typed: Models) -> tuple[Any, Any]:
    """Open the dialog for the chosen vehicles, or for all of the list."""
    if not clicks:
        return no_update, no_update
    scope, chosen = clock.scope(search), _chosen(rows)
    with db.reading(as_=sessions.current_person()) as session:
        _rows, total = listing(session, scope, count=1, find=_find(typed))
    if not total:
        return True, call_list.nothing()
    return True, call_list.fields(total, chosen, scope)


@callback(
    Output(CallList.BODY, "children", allow_duplicate=True),
    Input(CallList.SAVE, "n_clicks"),
    State(ids.field(call_list.FORM, ALL), "value"),
    State(ids.field(call_list.FORM, ALL), "id"),
    State(CallList.CHOSEN, "data"),
    State(CallList.ATTEMPT, "data"),
    State(Shell.URL, "search"),
    State(GRIDS, "filterModel"),
    may=(Right.RUN_IMPROVEMENTS,),
    running=[(Output(CallList.SAVE, "disabled"), True, False)],
    prevent_initial_call=True,
)
def save(
    clicks: int | None,
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    chosen: list[int],
    attempt: str,
    search: str,
    sought: Models,
) -> list[Any] | NoUpdate:
    """Put them on the list, all or none, and say what came of it."""
    if not clicks:
        return no_update
    said, scope = forms.values(fields, typed), clock.scope(search)
    call = said["first"] != "look"
    with db.writing(by=sessions.current_person(), key=forms.attempt_of(attempt)) as session:
        wanted = _wanted(session, scope, chosen, _find(sought))
        made = [
            (
                session.get_one(Store, store_id).code,
                churn.select_cases(
                    session,
                    store_id=store_id,
                    vehicles=some,
                    rule=said["rule"],
                    now=clock.now(),
                    call=call,
                    hold_out=(whole(said["hold_out"]) or 0) / 100,
                ),
            )
            for store_id, some in sorted(wanted.items())
        ]
    with shell.drawing():
        set_props(Shell.FRESH, {"data": edition()})
        return call_list.done(made, call=call)


def _wanted(
    session: Session, scope: Scope, chosen: object, find: Sequence[tuple[str, str]]
) -> dict[int, list[int]]:
    numbers = chosen if isinstance(chosen, list) else []
    some = [number for number in numbers if isinstance(number, int)]
    if len(some) > churn.MOST:
        raise Refused(
            "{count} vehicles are too many for one list: at most {most}. Narrow the filters.",
            count=len(some),
            most=churn.MOST,
        )
    found = of_ids(session, some) if some else vehicles(session, scope, find=find)
    if not found:
        raise Refused("There is no vehicle to select. Widen the filters or choose some rows.")
    return found


def _find(models: Models) -> tuple[tuple[str, str], ...]:
    """What was typed into the columns of the list; nothing where it is no grid."""
    return VEHICLES.asked({"filterModel": next(iter(models), None)}).find


def _chosen(grids: Rows) -> list[int]:
    """The vehicles of the rows that are ticked."""
    rows = [row for grid in grids for row in grid or []]
    return [number for row in rows if (number := whole(str(row.get("id"))))]
