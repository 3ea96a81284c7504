"""XLSX: typed cells, a header that stays in view, and text that is never a formula or a link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.exporting.cells import Column, Kind, cell

PIECE = 64 * 1024  # bytes
LONGEST = 32_767  # characters a cell takes
SHEET = "Aftercare"
LOOKS = {  # how numbers are shown, and how wide a column is at least
    Kind.TEXT: ("@", 18),
    Kind.NUMBER: ("#,##0.##", 12),
    Kind.SHARE: ("0.0%", 12),
    Kind.MONEY: ("#,##0.00", 14),
    Kind.DAY: ("yyyy-mm-dd", 12),
    Kind.MOMENT: ("yyyy-mm-dd hh:mm", 18),
}


def workbook(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], zone: str
) -> Iterator[bytes]:
    """The file, piece by piece; moments by the clocks of `zone`."""
    with TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(file, options)
        _fill(book, columns, rows, zone)
        book.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _fill(
    book: Workbook, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], zone: str
) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = {kind: book.add_format({"num_format": look}) for kind, (look, _) in LOOKS.items()}
    _head(sheet, columns, book.add_format({"bold": True, "bottom": 1}))
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = cell(row.get(column.key), column.kind, zone)
            write(sheet, line, place, value, looks[column.kind])


def _head(sheet: Worksheet, columns: Sequence[Column], look: Format) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column))
        sheet.write_string(0, place, column.title, look)


def _width(column: Column) -> int:
    """Wide enough for the title; a Chinese character is as wide as two."""
    title = sum(2 if ord(letter) > 0x2E80 else 1 for letter in column.title)
    return max(LOOKS[column.kind][1], title + 2)


def write(sheet: Worksheet, line: int, place: int, value: Any, look: Format) -> None:
    """Put a value into a cell: text is never a formula or a link, and never too long."""
    if isinstance(value, str):
        sheet.write_string(line, place, value[:LONGEST], look)
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, date | datetime):
        sheet.write_datetime(line, place, value, look)
    elif value is not None:
        sheet.write_number(line, place, value, look)
