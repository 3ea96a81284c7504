"""Rows out of the house: CSV and XLSX that no spreadsheet mistakes for formulas.

Each writer is a function (columns, rows, zone) that gives the file piece by piece.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from data.exporting.cells import Column, Kind, kind_of
from data.exporting.comma import comma
from data.exporting.workbook import workbook

__all__ = ["MIME_TYPES", "WRITERS", "Column", "Kind", "comma", "kind_of", "workbook"]

Writer = Callable[[Sequence[Column], Iterable[Mapping[str, Any]], str], Iterator[bytes]]

WRITERS: dict[str, Writer] = {"csv": comma, "xlsx": workbook}
MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
