"""The filter bar and the address say the same thing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import ALL, Input, NoUpdate, Output, State, ctx, no_update

from callbacks import clock
from dashboard import filterbar, i18n, ids, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Filter, Shell
from data import db, lookups


@callback(
    Output(Shell.GO, "data"),
    Input(Filter.STORES, "value"),
    Input(Filter.PERIOD, "value"),
    Input(Filter.START, "value"),
    Input(Filter.END, "value"),
    Input(Filter.COMPARE, "value"),
    Input(Filter.AS_OF, "value"),
    State(Filter.STORES, "options"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def to_address(
    stores: list[str] | None,
    period: str | None,
    start: str | None,
    end: str | None,
    compare: str | None,
    as_of: str | None,
    offered: list[dict[str, str]],
    search: str,
) -> str | NoUpdate:
    """Write what was chosen into the address."""
    days = _own_days(start, end, search) if period == filterbar.OWN else {"period": period}
    view = urls.read(search)
    wanted = stores or _not_offered(view.stores, offered)
    chosen = urls.view_of(stores=wanted, compare=compare, as_of=as_of, **days)
    return _changed(replace(chosen, drill=view.drill), search)


@callback(
    Output(Filter.STORES, "value"),
    Output(Filter.PERIOD, "value"),
    Output(Filter.START, "value"),
    Output(Filter.END, "value"),
    Output(Filter.COMPARE, "value"),
    Output(Filter.AS_OF, "value"),
    Input(Shell.URL, "search"),
    may=(SIGNED_IN,),
)
def from_address(search: str) -> tuple[Any, ...]:
    """Show what the address asks for."""
    view = urls.read(search)
    own = view.start or view.end
    return (
        list(view.stores),
        filterbar.OWN if own else view.period,
        view.start and view.start.isoformat(),
        view.end and view.end.isoformat(),
        view.compare or filterbar.ALONE,
        view.as_of,
    )


@callback(
    Output(Filter.DRILL, "children"),
    Output(Shell.DATA_TIME, "children"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    may=(SIGNED_IN,),
)
def dress(search: str, _fresh: str | None) -> tuple[Any, Any]:
    """Show what the page is narrowed to, and the moment the figures speak for."""
    scope = clock.scope(search)
    view, said = urls.read(search), filterbar.data_time_words(scope.as_of, scope.zone)
    return filterbar.chips(view, _names(view)), said


@callback(Output(Filter.OWN_PERIOD, "className"), Input(Filter.PERIOD, "value"), may=(SIGNED_IN,))
def own_days(period: str | None) -> str:
    """Show the fields for one's own days when they are wanted."""
    return "own-period" if period == filterbar.OWN else "own-period d-none"


@callback(
    Output(Shell.GO, "data", allow_duplicate=True),
    Input(ids.drop(ALL, ALL), "n_clicks"),
    Input(Filter.NOW, "n_clicks"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def take_away(dropped: list[int | None], now: int | None, search: str) -> str | NoUpdate:
    """Take a narrowing back, or return to the present."""
    view, what = urls.read(search), ctx.triggered_id
    if what == Filter.NOW and now:
        return _changed(replace(view, as_of=None), search)
    if not isinstance(what, dict) or not any(dropped):
        return no_update
    gone = (what.get("key"), what.get("value"))
    return _changed(replace(view, drill=tuple(p for p in view.drill if p != gone)), search)


def _names(view: urls.View) -> dict[tuple[str, str], str]:
    """The names of categories, rules and people, which the address knows by code and number."""
    if not {key for key, _value in view.drill} & lookups.NAMED:
        return {}
    with db.reading(as_=sessions.current_person()) as session:
        return lookups.names(session, language=i18n.language())


def _not_offered(asked: Sequence[str], offered: list[dict[str, str]]) -> Sequence[str]:
    """Stores of the address that the bar cannot show: that none is chosen there says nothing."""
    known = {option.get("value") for option in offered}
    return () if known & {*asked} else asked


def _own_days(start: str | None, end: str | None, search: str) -> dict[str, str | None]:
    """One's own days; at first those of the period that was shown before."""
    if start or end:
        return {"from": start, "to": end}
    shown = clock.scope(search)
    return {"from": str(shown.start or shown.today), "to": str(shown.end or shown.today)}


def _changed(view: urls.View, search: str | None) -> str | NoUpdate:
    wanted = urls.search_for(view)
    return no_update if wanted == urls.search_for(urls.read(search)) else wanted
