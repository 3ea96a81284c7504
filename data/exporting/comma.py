"""CSV as spreadsheets open it: UTF-8 with a mark, and formulas made harmless.

Texts stand in quotes: a program that splits lines at semicolons or tabs would make cells of what a
customer wrote, and formulas of these.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import Any

from data.exporting.cells import Column, cell, neutral

MARK = "\ufeff"  # tells a spreadsheet that the file is UTF-8
PIECE = 1000  # rows


def comma(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], zone: str, *, mark: str = MARK
) -> Iterator[bytes]:
    """The file, piece by piece; moments by the clocks of `zone`."""
    yield (mark + _lines([[neutral(column.title) for column in columns]])).encode()
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        yield _lines([[_word(row, column, zone) for column in columns] for row in piece]).encode()


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return text.getvalue()


def _word(row: Mapping[str, Any], column: Column, zone: str) -> Any:
    value = cell(row.get(column.key), column.kind, zone)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return neutral(value) if isinstance(value, str) else value
