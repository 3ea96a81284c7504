"""Filling the charts and tiles of whatever page is on screen, and opening what lies behind."""

from hashlib import sha256
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
from plotly.io.json import to_json_plotly
from werkzeug.exceptions import HTTPException

from callbacks import clock
from dashboard import ids, log, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Kind, Shell
from dashboard.widgets import Tile, parts
from data import db, lookups
from data.commands import NotFound
from data.lookups import Session
from data.metrics import Answer
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
    chart, person = CHARTS.of(drawing["name"]), sessions.current_person()
    scope = clock.scope(search)
    with db.reading(as_=person) as session:
        target = lookups.targets(session, scope).get(chart.metric.code)
        drawn = chart.draw(chart.ask(session, scope), target)
    return _unless(shown, drawn.figure, drawn.said, drawn.state)


clientside_callback(
    ClientsideFunction("house", "drawn"),
    Output(ids.chart(MATCH), "figure"),
    Input(ids.drawing(MATCH), "data"),
    Input(Shell.THEME, "data"),
    State(Shell.LOOK, "data"),
    prevent_initial_call=True,
)

clientside_callback(
    ClientsideFunction("house", "exported"),
    Output(ids.export(ALL, ALL), "href"),
    Input(Shell.URL, "search"),
    State(ids.export(ALL, ALL), "id"),
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
    tile, person, view = TILES.of(tile_id["name"]), sessions.current_person(), urls.read(search)
    scope = clock.scope(search)
    with db.reading(as_=person) as session:
        target = lookups.targets(session, scope).get(tile.metric.code)
        answer, was = tile.ask(session, scope), _before(tile, session, scope, view)
    return _unless(shown, tile.fill(answer, view, target, was), no_update, parts.READY)


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


def _unless(shown: str | None, *content: Any) -> tuple[Any, ...]:
    """What a card is to show and its mark; if it has been shown already, nothing is sent."""
    mark = sha256(to_json_plotly(content).encode()).hexdigest()[:16]
    return (no_update,) * (len(content) + 1) if mark == shown else (*content, mark)


def _before(tile: Tile, session: Session, scope: Scope, view: urls.View) -> Answer | None:
    earlier = view.before(scope)
    return tile.ask(session, earlier) if earlier else None


def _point(click: Any) -> dict[str, str]:
    """The keys of the point that was clicked; none if it is none of ours."""
    found = click.get("point") if isinstance(click, dict) else None
    known = {*urls.DRILL, "start", "end", "store", "number"}
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: str(value) for key, value in pairs if key in known and value}


def _failed_tile(error: Exception) -> tuple[list[Any], Any, str]:
    _, said, state = failed(error)
    return said, no_update, state
