"""Filling the tables of whatever page is on screen, a page of rows at a time."""

from collections.abc import Callable
from typing import Any

from dash import (
    MATCH,
    ClientsideFunction,
    Input,
    NoUpdate,
    Output,
    State,
    clientside_callback,
    no_update,
)

from callbacks.drawing import once
from callbacks.widgets import failed
from dashboard import ids, sessions
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Kind, Shell
from dashboard.widgets import Ask, Table, parts, still
from data.lookups import Session
from data.scope import Scope
from pages import TABLES

MOST_LISTED = 500
Tell = Callable[[Table, Ask, Session, Scope], tuple[Any, ...]]


@callback(
    Output(ids.table(MATCH), "getRowsResponse"),
    Output(ids.said(Kind.GRID, MATCH), "children"),
    Output(ids.card(Kind.GRID, MATCH), "className"),
    Input(ids.table(MATCH), "getRowsRequest"),
    State(ids.table(MATCH), "id"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    on_error=lambda error: _failed_grid(error),
)
def rows(
    request: Any, table_id: dict[str, str], search: str
) -> tuple[Any, list[Any] | NoUpdate, str | NoUpdate]:
    """The rows a grid asks for."""
    if request is None:
        return no_update, no_update, no_update
    table = TABLES.of(table_id["name"])
    return _told(table, search, table.asked(request), of_grid)


clientside_callback(
    ClientsideFunction("house", "renewed"),
    Output(ids.table(MATCH), "className"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    Input(ids.retry(Kind.GRID, MATCH), "n_clicks"),
    State(ids.table(MATCH), "id"),
    prevent_initial_call=True,
)


@callback(
    Output(ids.listing(MATCH), "children"),
    Output(ids.said(Kind.LIST, MATCH), "children"),
    Output(ids.card(Kind.LIST, MATCH), "className"),
    Output(ids.more(MATCH), "hidden"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    Input(ids.retry(Kind.LIST, MATCH), "n_clicks"),
    Input(ids.more(MATCH), "n_clicks"),
    State(ids.listing(MATCH), "id"),
    may=(SIGNED_IN,),
    on_error=lambda error: (*failed(error), True),
)
def listing(
    search: str, _fresh: str | None, _again: int | None, more: int | None, list_id: dict[str, str]
) -> tuple[Any, list[Any], str, bool]:
    """The first rows of a list, and more of them with each click."""
    table = TABLES.of(list_id["name"])
    count = min(table.first * (1 + (more or 0)), MOST_LISTED)
    return _told(table, search, Ask(count=count, sort=table.sort), of_list)


def _told(table: Table, search: str, ask: Ask, tell: Tell) -> tuple[Any, ...]:
    """What `tell` makes of these rows, which each person may see differently."""
    draw = lambda session, scope: tell(table, ask, session, scope)  # noqa: E731
    eyes = sessions.current_person()
    named = (type(table), table.name, tell, ask)
    content, _mark = once(named, search, draw, eyes=eyes, reads=table.reads, keep=table.logged)
    return tuple(content)


def of_grid(table: Table, ask: Ask, session: Session, scope: Scope) -> tuple[Any, ...]:
    """A page of rows for a grid, the words above them, and the card's state."""
    found, total = table.page(session, scope, ask)
    return {"rowData": found, "rowCount": total}, table.said(total), _state(total)


def of_list(table: Table, ask: Ask, session: Session, scope: Scope) -> tuple[Any, ...]:
    """The first rows as a list, the words above them, the card's state, whether no more come."""
    found, total = table.page(session, scope, ask)
    whole = ask.count >= min(total, MOST_LISTED)
    return still(table.listed(found)), table.said(total), _state(total), whole


def _state(total: int) -> str:
    return parts.READY if total else parts.EMPTY


def _failed_grid(error: Exception) -> tuple[Any, list[Any], str]:
    """The grid is told that there is nothing, or it would wait for ever."""
    return ({"rowData": [], "rowCount": 0}, *failed(error)[1:])
