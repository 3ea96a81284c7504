"""A table: rows asked for page by page, sorted and searched by the database, never by the screen.

On a wide screen it is a grid; on a phone, and for short lists, an HTML list of the same rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component
from pandas import DataFrame

from dashboard import ids, sessions, visitor
from dashboard.i18n import _, later, several
from dashboard.ids import Kind
from dashboard.widgets import parts
from dashboard.widgets.cells import Column, shown
from data.db import person_of
from data.lookups import Session
from data.person import Person, Right
from data.scope import Scope

BLOCK = 100
FIRST_LISTED = 8
MOST_ROWS = 100_000
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which rows are wanted: from where, how many, in which order, and what must be in them.

    sort: (field, descending) pairs, most important first. find: field and text that it contains.
    """

    start: int = 0
    count: int = BLOCK
    sort: tuple[tuple[str, bool], ...] = ()
    find: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, and how many there are in all."""

    rows: Sequence[dict[str, Any]]
    total: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows with columns.

    rows: a function (session, scope, ask) that gives Rows. href: the address a row opens.
    row_id: what tells rows apart, needed to select them. short: a plain list of at most `first`
    rows on every screen, without a grid. code: the metric whose definition explains the list.
    logged: whatever changes the rows is in the log, so they may be remembered until then. reads:
    the subjects of the log (of `data.metrics.matters`) that may change them; None if any may.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Callable[[Session, Scope, Ask], Rows]
    href: Callable[[dict[str, Any]], str] | None = None
    row_id: str | None = None
    select: bool = False
    short: bool = False
    logged: bool = True
    reads: frozenset[str] | None = None
    first: int = FIRST_LISTED
    sort: tuple[tuple[str, bool], ...] = ()
    code: str | None = None
    counts: tuple[str, str] = ("{n} row", "{n} rows")
    empty: str = later("No rows for these filters.")
    width: str = "full"
    height: int = 480

    def card(self) -> Component:
        """Its place on a page, to be filled by `callbacks.tables`."""
        plain = self.short or visitor.is_narrow()
        return parts.frame(
            self.name,
            _(self.title),
            self._list() if plain else self._grid(),
            code=self.code,
            width=self.width,
            kind=Kind.LIST if plain else Kind.GRID,
        )

    def asked(self, request: object) -> Ask:
        """What a grid's request asks for; whatever it may not ask for is left out."""
        wanted = request if isinstance(request, dict) else {}
        start = _whole(wanted.get("startRow"), 0, MOST_ROWS)
        end = _whole(wanted.get("endRow"), start + BLOCK, start + 2 * BLOCK)
        return Ask(
            start=start,
            count=max(end - start, 1),
            sort=self._sort(wanted.get("sortModel")) or self.sort,
            find=self._find(wanted.get("filterModel")),
        )

    def page(self, session: Session, scope: Scope, ask: Ask) -> tuple[list[dict[str, Any]], int]:
        """The rows `ask` wants as the screen shows them, and how many there are."""
        found = self.rows(session, scope, self._allowed(ask, person_of(session)))
        return self.show(found.rows, scope), found.total

    def show(self, rows: Sequence[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
        """These rows as the screen writes them."""
        return [self._row(row, scope) for row in rows]

    def said(self, total: int) -> list[Any]:
        """The words above the rows: how many there are, or that there are none."""
        if not total:
            return [parts.nothing(_(self.empty))]
        return [html.P(several(*self.counts, n=total), className="headline")]

    def listed(self, rows: Sequence[dict[str, Any]]) -> Component:
        """The rows as an HTML table that a narrow screen turns into cards."""
        names = [
            html.Th(column.head(), scope="col", className=column.side) for column in self.columns
        ]
        body = [html.Tr([shown(column, row) for column in self.columns]) for row in rows]
        return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="list")

    def export(self, session: Session, scope: Scope) -> DataFrame:
        """Every row for these filters, with the columns' names as the screen says them."""
        found = self.rows(session, scope, Ask(count=MOST_ROWS, sort=self.sort))
        fields = [column.field for column in self.columns if column.kind != "action"]
        frame = DataFrame(list(found.rows), columns=fields)
        return frame.set_axis([_(c.title) for c in self.columns if c.kind != "action"], axis=1)

    def _row(self, row: dict[str, Any], scope: Scope) -> dict[str, Any]:
        href = {"href": self.href(row)} if self.href else {}
        key = {"id": str(row[self.row_id])} if self.row_id else {}
        return {column.field: column.show(row, scope) for column in self.columns} | href | key

    def _allowed(self, ask: Ask, reader: Person) -> Ask:
        """The same without what would tell somebody who may not see people who they are."""
        if reader.may(Right.SEE_PEOPLE):
            return ask
        shut = {column.field for column in self.columns if column.of_people}
        sort = tuple(pair for pair in ask.sort if pair[0] not in shut)
        find = tuple(pair for pair in ask.find if pair[0] not in shut)
        return replace(ask, sort=sort or self.sort, find=find)

    def _sort(self, model: object) -> tuple[tuple[str, bool], ...]:
        known = {column.field for column in self.columns if column.sort}
        return tuple(
            (field, item.get("sort") == "desc")
            for item in (model if isinstance(model, list) else [])
            if isinstance(item, dict) and (field := _text(item.get("colId"))) in known
        )

    def _find(self, model: object) -> tuple[tuple[str, str], ...]:
        known = {column.field for column in self.columns if column.find}
        asked = model.items() if isinstance(model, dict) else ()
        texts = ((key, _text(item.get("filter"))) for key, item in asked if isinstance(item, dict))
        return tuple((key, text[:LONGEST_SEARCH]) for key, text in texts if key in known and text)

    def _list(self) -> Component:
        more = html.Button(
            _("Show more"),
            id=ids.more(self.name),
            className="btn btn-sm btn-outline-primary more",
            type="button",
        )
        listing = html.Div(id=ids.listing(self.name), className="listing")
        return html.Div([listing, more], className="widget-body")

    def _grid(self) -> Component:
        shut = not _sees_people()
        grid = dag.AgGrid(
            id=ids.table(self.name),
            columnDefs=[each.definition(shut=shut and each.of_people) for each in self.columns],
            defaultColDef={"resizable": True, "suppressHeaderMenuButton": True, "sortable": False},
            columnSize="responsiveSizeToFit",
            rowModelType="infinite",
            dashGridOptions=self._options(),
            getRowId="params.data.id" if self.row_id else None,
            className="grid" + (" opens" if self.href else ""),
            style={"height": f"{self.height}px"},
            eventListeners={"rowClicked": ["openRow(params)"]} if self.href else {},
        )
        return html.Div(grid, className="widget-body")

    def _options(self) -> dict[str, Any]:
        selection = {"mode": "multiRow", "enableClickSelection": False, "headerCheckbox": False}
        return {
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 10,
            "infiniteInitialRowCount": 1,
            "maxConcurrentDatasourceRequests": 1,
            "rowHeight": 40,
            "headerHeight": 36,
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
            "animateRows": False,
            "localeText": _grid_words(),
            **({"rowSelection": selection} if self.select else {}),
        }


def _whole(value: object, otherwise: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return otherwise
    return int(min(max(value, 0), highest))


def _sees_people() -> bool:
    return sessions.signed_in() and sessions.current_person().may(Right.SEE_PEOPLE)


def _text(value: object) -> str:
    """The text; nothing if it is none, or one that no database takes."""
    return value if isinstance(value, str) and "\0" not in value else ""


def _grid_words() -> dict[str, str]:
    """The few words of AG Grid's that a reader may meet."""
    return {
        "noRowsToShow": _("No rows for these filters."),
        "loadingOoo": _("Loading …"),
        "filterOoo": _("Search …"),
        "contains": _("contains"),
        "ariaFilterInput": _("Search in this column"),
        "ariaRowToggleSelection": _("Press the space bar to choose this row"),
        "ariaSortableColumn": _("Press Enter to sort"),
    }
