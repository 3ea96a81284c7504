"""Filling the charts and tiles of whatever page is on screen, and opening what lies behind."""

from functools import partial
from typing import Any

from dash import (
    ALL,
    MATCH,
    ClientsideFunction,
    Input,
    NoUpdate,
    Output,
    State,
    clientside_callback,
    no_update,
)
from flask import abort
from werkzeug.exceptions import HTTPException

from callbacks.drawing import Draw, once
from dashboard import ids, log, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Kind, Shell
from dashboard.widgets import Chart, Tile, parts, still
from data import lookups
from data.commands import NotFound
from data.lookups import Session
from data.scope import Scope
from data.trouble import trouble
from pages import CHARTS, TILES


def failed(error: Exception) -> tuple[Any, list[Any], str]:
    """A card whose question failed says so, with a reference; the others are not touched."""
    if isinstance(error, HTTPException):
        raise error
    if isinstance(error, NotFound):
        abort(404)  # no page of theirs has such a card
    return no_update, [parts.failure(log.failed(error), trouble(error))], parts.FAILED


clientside_callback(
    ClientsideFunction("house", "come"),
    Output(ids.further(MATCH), "children"),
    Input(ids.further(MATCH), "near"),
    State(ids.further(MATCH), "card"),
    prevent_initial_call=True,
)


@callback(
    Output(ids.drawing(MATCH), "data"),
    Output(ids.said(Kind.CHART, MATCH), "children"),
    Output(ids.card(Kind.CHART, MATCH), "className"),
    Output(ids.card(Kind.CHART, MATCH), parts.SHOWN),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    Input(ids.retry(Kind.CHART, MATCH), "n_clicks"),
    State(ids.drawing(MATCH), "id"),
    State(ids.card(Kind.CHART, MATCH), parts.SHOWN),
    may=(SIGNED_IN,),
    on_error=lambda error: (*failed(error), ""),
)
def draw(
    search: str, _fresh: str | None, _again: int | None, drawing: dict[str, str], shown: str | None
) -> tuple[Any, ...]:
    """Ask the chart's metric about the scope in the address, and draw the answer."""
    chart = CHARTS.of(drawing["name"])
    content, mark = _once(chart, search, partial(drawn, chart))
    return (no_update,) * 4 if mark == shown else (*content, mark)


clientside_callback(
    ClientsideFunction("house", "drawn"),
    Output(ids.chart(MATCH), "figure"),
    Input(ids.drawing(MATCH), "data"),
    Input(Shell.THEME, "data"),
    State(Shell.LOOK, "data"),
    prevent_initial_call=True,
)


@callback(
    Output(ids.tile(MATCH), "children"),
    Output(ids.tile(MATCH), "title"),
    Output(ids.card(Kind.TILE, MATCH), "className"),
    Output(ids.card(Kind.TILE, MATCH), parts.SHOWN),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    Input(ids.retry(Kind.TILE, MATCH), "n_clicks"),
    State(ids.tile(MATCH), "id"),
    State(ids.card(Kind.TILE, MATCH), parts.SHOWN),
    may=(SIGNED_IN,),
    on_error=lambda error: (*_failed_tile(error), ""),
)
def fill(
    search: str, _fresh: str | None, _again: int | None, tile_id: dict[str, str], shown: str | None
) -> tuple[Any, ...]:
    """Ask the tile's metric, now and for the period to compare with."""
    tile = TILES.of(tile_id["name"])
    content, mark = _once(tile, search, partial(filled, tile, urls.read(search)))
    return (no_update,) * 4 if mark == shown else (content, no_update, parts.READY, mark)


# a page brings its charts without a click; only a real one is worth a request. It has no output:
# every card would wait for it, and it waits until the charts' script is there
clientside_callback(
    ClientsideFunction("house", "clicked"),
    Input(ids.chart(ALL), "clickData"),
    prevent_initial_call=True,
)


@callback(
    Output(Shell.URL, "href"),
    Input(Shell.CLICK, "data"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def drill(click: Any, search: str) -> str | NoUpdate:
    """A click on a chart opens the list behind it: the same slice, narrowed to the point."""
    keys = _point(click)
    href = keys and CHARTS.of(click.get("name")).behind(urls.read(search), keys)
    return href or no_update


def _once(card: Chart | Tile, search: str, draw: Draw) -> tuple[Any, str]:
    named, stores = (type(card), card.name), sessions.current_person().stores
    return once(named, search, draw, eyes=stores, reads=card.metric.reads)


def drawn(chart: Chart, session: Session, scope: Scope) -> tuple[Any, ...]:
    """The figure, the words above it, and the card's state."""
    found = chart.draw(chart.ask(session, scope), _target(chart, session, scope))
    return found.figure, found.said, found.state


def filled(tile: Tile, view: urls.View, session: Session, scope: Scope) -> Any:
    """What stands in the tile, as one component."""
    answer, earlier = tile.ask(session, scope), view.before(scope)
    was = tile.ask(session, earlier) if earlier else None
    return still(tile.fill(answer, view, _target(tile, session, scope), was))


def _target(card: Chart | Tile, session: Session, scope: Scope) -> lookups.Target | None:
    return lookups.targets(session, scope, card.metric.code).get(card.metric.code)


def _point(click: Any) -> dict[str, str]:
    """The keys of the point that was clicked; none if it is none of ours."""
    found = click.get("point") if isinstance(click, dict) else None
    known = {*urls.DRILL, "start", "end", "store", "number"}
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: str(value) for key, value in pairs if key in known and value}


def _failed_tile(error: Exception) -> tuple[list[Any], Any, str]:
    _, said, state = failed(error)
    return said, no_update, state
