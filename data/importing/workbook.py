"""Workbooks (XLSX, XLS): checked before they are read, because a small one can hold a huge one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from data.importing.book import Book, Limits, Line
from data.importing.package import Extent, inspect
from data.importing.reasons import FileRefused

T = TypeVar("T")

DAMAGED = "The workbook is damaged and cannot be read. Open it in Excel and save it again."
LOCKED = "The workbook is protected by a password. Save it without one."
_SAVE = "Save the table as XLSX or CSV and read that."
OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", LOCKED),
    ("WordDocument", f"This is a Word document, not a spreadsheet. {_SAVE}"),
    ("PowerPoint Document", f"This is a PowerPoint presentation, not a spreadsheet. {_SAVE}"),
)
UNKNOWN_OLE = f"This is an Office file of another kind, not a spreadsheet. {_SAVE}"


class SheetTable:
    """A visible sheet, loaded when its rows are asked for."""

    ragged = False
    separator = None

    def __init__(
        self, book: CalamineWorkbook, name: str, extent: Extent | None, limits: Limits
    ) -> None:
        self.book, self.name, self.extent, self.limits = book, name, extent, limits
        self._loaded: CalamineSheet | None = None
        self.height = extent.rows if extent else self._sheet().total_height

    def lines(self) -> Iterator[Line]:
        """The rows from row 1, merged cells filled downwards, Excel's errors as their text."""
        sheet = self._sheet()
        if sheet.start is None:
            return
        self._refuse_too_wide(sheet)
        left = [None] * sheet.start[1]
        fill = _Filling(sheet)
        errors = self.extent.errors if self.extent else {}
        for index, cells in enumerate(_guarded(sheet.iter_rows)):
            row = fill(index, [*left, *cells])
            for column, error in errors.get(index, ()):
                row += [None] * (column + 1 - len(row))
                row[column] = error
            yield Line(index + 1, row)

    def _sheet(self) -> CalamineSheet:
        if self._loaded is None:
            self._loaded = _guard(lambda: self.book.get_sheet_by_name(self.name))
        return self._loaded

    def _refuse_too_wide(self, sheet: CalamineSheet) -> None:
        assert sheet.end is not None
        if sheet.end[1] >= self.limits.columns:
            raise FileRefused(
                "The sheet {sheet} has {columns} columns; at most {most} are read. "
                "Delete what stands beside the table.",
                sheet=self.name,
                columns=sheet.end[1] + 1,
                most=self.limits.columns,
            )


class _Filling:
    """Cells merged over several rows count for each of them; other empty cells stay empty."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.until: dict[int, dict[int, int]] = {}
        self.running: dict[int, tuple[int, Any]] = {}
        for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self.until.setdefault(top, {})[column] = bottom

    def __call__(self, index: int, cells: list[Any]) -> list[Any]:
        for column, (bottom, value) in list(self.running.items()):
            if index > bottom:
                del self.running[column]
            elif column < len(cells) and cells[column] in ("", None):
                cells[column] = value
        for column, bottom in self.until.get(index, {}).items():
            if column < len(cells):
                self.running[column] = (bottom, cells[column])
        return cells


def open_xlsx(path: Path, limits: Limits) -> Book:
    """Open a workbook that is a zip; FileRefused where it is another kind, or too large."""
    package = inspect(path, limits)
    book = _open(path)
    names, hidden = _sheets(book)
    tables = [SheetTable(book, name, package.extents.get(name), limits) for name in names]
    return Book("xlsx", tables, hidden, epoch_1904=package.epoch_1904)


def open_xls(path: Path, limits: Limits) -> Book:
    """Open an Office file of before 2007; FileRefused names it where it is no workbook."""
    _refuse_other_ole(path)
    book = _open(path)
    names, hidden = _sheets(book)
    return Book("xls", [SheetTable(book, name, None, limits) for name in names], hidden)


def _refuse_other_ole(path: Path) -> None:
    content = path.read_bytes()
    for stream, sentence in OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            raise FileRefused(sentence)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "WORKBOOK", "Book")):
        raise FileRefused(UNKNOWN_OLE)


def _open(path: Path) -> CalamineWorkbook:
    book: CalamineWorkbook = _guard(lambda: CalamineWorkbook.from_path(str(path)))
    return book


def _sheets(book: CalamineWorkbook) -> tuple[list[str], list[str]]:
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    hidden = [one.name for one in sheets if one.visible != SheetVisibleEnum.Visible]
    return visible, hidden


def _guard(ask: Callable[[], T]) -> T:
    """Ask the reader; whatever it stumbles over is the file's fault, said in one sentence."""
    try:
        return ask()
    except PasswordError:
        raise FileRefused(LOCKED) from None
    except (CalamineError, OSError, ValueError, OverflowError):
        raise FileRefused(DAMAGED) from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # the reader's own, not importable
            raise
        raise FileRefused(DAMAGED) from None


def _guarded(rows: Callable[[], Iterator[T]]) -> Iterator[T]:
    running = iter(_guard(rows))
    end = object()
    while (row := _guard(lambda: next(running, end))) is not end:
        yield row  # type: ignore[misc]
