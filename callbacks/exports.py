"""/export: the rows of a chart or table as a file, for the same query as the page it stands on."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, request, stream_with_context

from callbacks import clock
from dashboard import sessions
from dashboard.doors import SIGNED_IN, open_to
from dashboard.i18n import _
from dashboard.widgets import Ask, Chart, Table
from dashboard.widgets import Column as Shown
from dashboard.words import WORDS, word
from data import db
from data.commands import NotFound
from data.exporting import MIME_TYPES, WRITERS, Column, Kind, kind_of
from data.exporting.cells import plain
from data.lookups import Session
from data.person import Person
from data.scope import Scope
from pages import CHARTS, TABLES

Rows = Iterator[Mapping[str, Any]]
File = tuple[list[Column], Rows]

routes = Blueprint("exports", __name__)
PIECE = 5000  # rows asked of a table at once
KINDS = {
    "number": Kind.NUMBER,
    "percent": Kind.SHARE,
    "day": Kind.DAY,
    "moment": Kind.MOMENT,
    "until": Kind.MOMENT,
    "duration": Kind.NUMBER,
}
TITLES = {
    "period": "Period",
    "finished": "Finished",
    "value": "Value",
    "numerator": "Of these",
    "denominator": "Counted",
    "not_due": "Not yet due",
    "ci_low": "Low end (95%)",
    "ci_high": "High end (95%)",
    "centre": "Centre line",
    "lower": "Lower limit",
    "upper": "Upper limit",
    "signal": "Signal",
    "count": "Count",
    "share": "Share",
    "cumulative": "Running share",
    "chance": "Chance",
    "name": "Name",
    "name_zh": "Chinese name",
    "store": "Store",
    "number": "Number",
    "complaints": "Complaints",
    "orders": "Orders",
    "changes": "Changes of owner",
    "opened_at": "Opened",
    "close_due_at": "To be closed by",
    "median_hours": "Median, hours",
    "p90_hours": "90% below, hours",
    "max_hours": "Longest, hours",
}
ALWAYS_SHARES = ("share", "cumulative", "chance")
SHARES = ("value", "ci_low", "ci_high", "centre", "lower", "upper")


def init(server: Flask) -> None:
    """Add /export to `server`."""
    server.register_blueprint(routes)


@routes.get("/export/<name>.<any(csv, xlsx):ending>")
@open_to(SIGNED_IN)
def export(name: str, ending: str) -> Response:
    """The file, sent while it is made; an error before its first rows is still an error page."""
    scope = clock.scope(request.query_string.decode())
    pieces = _made(_widget(name), ending, scope, sessions.current_person())
    whole = chain([next(pieces)], pieces)
    answer = Response(stream_with_context(whole), mimetype=MIME_TYPES[ending])
    answer.call_on_close(pieces.close)
    file = f"{name}-{scope.today.isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _widget(name: str) -> Chart | Table:
    """The chart or table of this name, if the person may see its page; else 404."""
    for registry in (CHARTS, TABLES):
        with suppress(NotFound):
            return registry.of(name)
    abort(404)


def _made(
    widget: Chart | Table, ending: str, scope: Scope, person: Person
) -> Generator[bytes, None, None]:
    with db.reading(as_=person) as session:
        if isinstance(widget, Table):
            columns, rows = _of_table(widget, session, scope)
        else:
            columns, rows = _of_chart(widget, session, scope)
        yield from WRITERS[ending](columns, rows, scope.zone)


def _of_chart(chart: Chart, session: Session, scope: Scope) -> File:
    frame = chart.export(session, scope)
    rows = cast(list[dict[str, Any]], frame.to_dict("records"))
    columns = [_measured(chart, key, rows) for key in frame.columns]
    return columns, ({key: _said(key, row[key]) for key in row} for row in rows)


def _measured(chart: Chart, key: str, rows: list[dict[str, Any]]) -> Column:
    share = key in ALWAYS_SHARES or (chart.metric.unit == "share" and key in SHARES)
    known = next((row[key] for row in rows if plain(row[key]) is not None), None)
    title = TITLES.get(key) or WORDS["filter"].get(key, key)
    return Column(key, _(title), kind_of(known, share=share))


def _of_table(table: Table, session: Session, scope: Scope) -> File:
    shown = [column for column in table.columns if column.kind != "action"]
    columns = [Column(c.field, _(c.title), KINDS.get(c.kind, Kind.TEXT)) for c in shown]
    return columns, (_row(shown, row) for row in _all_rows(table, session, scope))


def _all_rows(table: Table, session: Session, scope: Scope) -> Rows:
    start, total = 0, 1
    while start < total:
        found = table.rows(session, scope, Ask(start=start, count=PIECE, sort=table.sort))
        yield from found.rows
        start, total = start + PIECE, found.total


def _row(shown: list[Shown], row: Mapping[str, Any]) -> dict[str, Any]:
    return {c.field: _said(c.words, row.get(c.field)) for c in shown}


def _said(kind: str, value: Any) -> Any:
    """A code in the reader's words; a length of time in days; all else as it is."""
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    known = kind in WORDS and isinstance(value, str) and value
    return word(kind, value) if known else value
