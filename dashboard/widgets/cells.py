"""Columns, and how each kind of value is written in a cell."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _
from dashboard.widgets import parts
from dashboard.words import SEVERITY_TONES, SHAPES, word
from data.scope import Scope

RIGHT = ("number", "decimal", "percent", "duration", "yuan")
LEAST = {"link": 108, "badge": 116, "until": 166, "moment": 156, "day": 136, "word": 100}  # px

Show = Callable[[dict[str, Any], Scope], Any]


def _text(column: "Column", value: Any, scope: Scope) -> str:
    return formats.NOTHING if formats.missing(value) or value == "" else str(value)


def _coded(column: "Column", value: Any, scope: Scope) -> str:
    return formats.NOTHING if formats.missing(value) else word(column.words, value)


def _badge(column: "Column", value: Any, scope: Scope) -> dict[str, str] | str:
    if formats.missing(value):
        return formats.NOTHING
    tone = column.tones.get(str(value), "quiet")
    return {"word": word(column.words, value), "tone": tone, "shape": SHAPES[tone]}


def _until(column: "Column", value: Any, scope: Scope) -> dict[str, str] | str:
    """A deadline as the time that is left, or by how much it is over."""
    if not isinstance(value, datetime):
        return formats.NOTHING
    left = value - scope.as_of
    if left < timedelta(0):
        said = _("{time} over", time=formats.duration(-left))
        return {"word": said, "tone": "bad", "shape": SHAPES["bad"]}
    return _("in {time}", time=formats.duration(left))


KINDS: dict[str, Callable[["Column", Any, Scope], Any]] = {
    "text": _text,
    "link": _text,
    "action": lambda column, value, scope: _(column.says),
    "number": lambda column, value, scope: formats.number(value),
    "decimal": lambda column, value, scope: formats.number(value, 2),
    "percent": lambda column, value, scope: formats.percent(value, 0),
    "yuan": lambda column, value, scope: formats.yuan(value),
    "day": lambda column, value, scope: formats.day(value),
    "moment": lambda column, value, scope: formats.moment(value, scope.zone),
    "duration": lambda column, value, scope: formats.duration(value),
    "until": _until,
    "word": _coded,
    "badge": _badge,
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: the field of the row it shows and how.

    kind: text, link (opens the row), action (a button with the words `says` that opens the row),
    number, decimal (two digits), percent (0 to 1), yuan, day, moment, duration (timedelta), until
    (a deadline), word (a code of the list `words`), badge (a code with a tone). find: whether it
    can be searched. of_people: it tells who a customer is; whoever may not see people neither sorts
    by it nor searches in it, or they would find letter by letter what is veiled.
    """

    field: str
    title: str
    kind: str = "text"
    words: str = ""
    tones: Mapping[str, str] = dataclasses.field(default_factory=lambda: SEVERITY_TONES)
    says: str = ""
    sort: bool = True
    find: bool = False
    of_people: bool = False
    width: int | None = None

    def show(self, row: dict[str, Any], scope: Scope) -> Any:
        """The value of this column in `row`, as the screen shows it."""
        return KINDS[self.kind](self, row.get(self.field), scope)

    @property
    def side(self) -> str:
        """The class that puts numbers to the right."""
        return "end" if self.kind in RIGHT else ""

    def definition(self, *, shut: bool = False) -> dict[str, Any]:
        """The column as AG Grid wants it; where it is shut, it is only to be read."""
        least = {"minWidth": LEAST.get(self.kind, 64 if self.width else 112)}
        size = {"width": self.width} if self.width else {"flex": 1}
        return {
            "field": self.field,
            "headerName": _(self.title),
            "sortable": self.sort and not shut and self.kind != "action",
            **({"type": "rightAligned"} if self.kind in RIGHT else {}),
            **size,
            **least,
            **self._renderer(),
            **(FINDABLE if self.find and not shut else {}),
        }

    def head(self) -> Component | str:
        """What stands above the column; a column of buttons says it only to screen readers."""
        if self.kind == "action":
            return html.Span(_(self.says), className="visually-hidden")
        return _(self.title)

    def _renderer(self) -> dict[str, Any]:
        if self.kind in ("badge", "until"):
            return {"cellRenderer": "Tone"}
        if self.kind in ("link", "action"):
            return {"cellRenderer": "Open", "cellRendererParams": {"as": self.kind}}
        return {}


FINDABLE = {
    "filter": "agTextColumnFilter",
    "floatingFilter": True,
    "suppressFloatingFilterButton": True,
    "suppressHeaderFilterButton": True,
    "filterParams": {"filterOptions": ["contains"], "maxNumConditions": 1, "debounceMs": 300},
}


def heading(column: Column) -> str:
    """What stands above a column."""
    return "" if column.kind == "action" else _(column.title)


def shown(column: Column, row: dict[str, Any]) -> Component:
    """A cell of an HTML list; the label is repeated for the narrow form."""
    return html.Td(
        _inside(column, row),
        className=f"{column.side} kind-{column.kind}",
        **parts.attributes(data_label=heading(column)),
    )


def _inside(column: Column, row: dict[str, Any]) -> Any:
    value = row[column.field]
    if isinstance(value, dict):
        return parts.badge(value["word"], value["tone"])
    if column.kind == "action":
        return parts.link(value, row["href"], className="btn btn-sm btn-outline-primary")
    if column.kind == "link" and row.get("href"):
        return parts.link(value, row["href"])
    return html.Span(value)
