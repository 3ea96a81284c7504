"""A file as one table of one kind: its sheet, its header, its rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from data.importing.book import Book, Limits, Table
from data.importing.files import open_book
from data.importing.headers import Header, Words, find_header, words_of
from data.importing.kinds import KINDS
from data.importing.kinds.kind import Kind
from data.importing.mapping import NONE, OwnWords, read_mapping
from data.importing.reasons import FileRefused, Reason
from data.importing.rows import Row, rows
from data.importing.values import Manner

DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Reading:
    """An opened table. `notices` are warnings about the file as a whole.

    `rows()` reads it; `skipped` then counts the lines that hold no data, by what they are.
    """

    kind: Kind
    book: Book
    table: Table
    header: Header
    manner: Manner
    own: OwnWords
    notices: tuple[Reason, ...]
    skipped: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[Row]:
        """Every data row, from the top; each call begins again."""
        self.skipped.clear()
        return rows(
            self.table.lines(),
            kind=self.kind,
            header=self.header,
            manner=self.manner,
            ragged=self.table.ragged,
            skipped=self.skipped,
        )


def open_reading(
    kind_code: str,
    path: Path,
    *,
    today: date,
    zone: ZoneInfo,
    sheet: str | None = None,
    mapping: Path | None = None,
    limits: Limits = DEFAULT,
) -> Reading:
    """Open the table of `kind_code` in the file at `path`.

    `today` and `zone` are the store's. FileRefused says in one sentence why a file cannot be read.
    """
    kind = _kind(kind_code)
    own = read_mapping(mapping, kind.words) if mapping else NONE
    book = open_book(path, limits)
    table, header, others = _choose(book, words_of(kind.words, own.columns), sheet, limits)
    _check_columns(kind, header)
    _refuse_no_data(table, header)
    return Reading(
        kind,
        book,
        table,
        header,
        _manner(book, own, today, zone),
        own,
        notices=(*header.notices, *_about_sheets(book, table, others)),
    )


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise FileRefused(
            "There is no kind of table called {kind}. Known are: {known}.",
            kind=code,
            known=", ".join(KINDS),
        )
    return KINDS[code]


def _manner(book: Book, own: OwnWords, today: date, zone: ZoneInfo) -> Manner:
    return Manner(
        today=today,
        zone=zone,
        order=own.order,
        epoch_1904=own.epoch == 1904 if own.epoch else book.epoch_1904,
        empty=own.empty,
        words=own.values,
    )


def _choose(
    book: Book, words: Words, sheet: str | None, limits: Limits
) -> tuple[Table, Header, list[Table]]:
    """The table whose header is known, or the one asked for; and the other sheets with data."""
    tables = _named(book, sheet) if sheet and book.format != "csv" else book.tables
    found = _first_known(tables, words, limits, every=book.format == "csv")
    if found:
        unasked = book.tables if not sheet and book.format != "csv" else ()
        return *found, [one for one in unasked if one is not found[0] and one.height]
    if not any(table.height for table in tables):
        raise FileRefused("There are no data in the file.")
    raise _no_header(tables, limits)


def _first_known(
    tables: Sequence[Table], words: Words, limits: Limits, *, every: bool
) -> tuple[Table, Header] | None:
    """The first table with a known header; with `every` the one whose header says most."""
    known = ((one, header) for one in tables if (header := _header(one, words, limits)))
    if every:
        return max(known, key=lambda one: len(one[1].read), default=None)
    return next(known, None)


def _named(book: Book, sheet: str) -> Sequence[Table]:
    found = [table for table in book.tables if table.name == sheet]
    if not found:
        raise FileRefused(
            "There is no visible sheet {sheet}. The file has: {sheets}.",
            sheet=sheet,
            sheets=", ".join(table.name for table in book.tables),
        )
    return found


def _header(table: Table, words: Words, limits: Limits) -> Header | None:
    top = [(line.number, line.cells) for line in islice(table.lines(), limits.heading_lines)]
    if any(len(cells) > limits.columns for _, cells in top):
        raise FileRefused(
            "The table has more than {most} columns. Delete what stands beside it.",
            most=limits.columns,
        )
    return find_header(top, words)


def _no_header(tables: Sequence[Table], limits: Limits) -> FileRefused:
    first = (line for table in tables for line in islice(table.lines(), limits.heading_lines))
    words = next((line.cells for line in first if any(line.cells)), [])
    return FileRefused(
        "No header was recognised in the first {lines} lines. The file begins with: {words}. "
        "Name the columns as in the manual, or give a mapping.",
        lines=limits.heading_lines,
        words=" | ".join(str(word)[:20] for word in words[:8] if word),
    )


def _check_columns(kind: Kind, header: Header) -> None:
    for group in kind.required:
        if not any(name in header.read for name in group):
            known = [word for name in group for word in kind.words[name][:3]]
            raise FileRefused(
                "A column is missing: one of {known}. The header on line {line} was read as: "
                "{columns}.",
                known=", ".join(known),
                line=header.line,
                columns=", ".join(column.heading for column in header.columns),
            )


def _refuse_no_data(table: Table, header: Header) -> None:
    below = (line.cells for line in table.lines() if line.number > header.line)
    if not any(any(cell not in ("", None) for cell in cells) for cells in below):
        raise FileRefused("There is a header but no data below it.")


def _about_sheets(book: Book, table: Table, others: Sequence[Table]) -> Iterator[Reason]:
    if others:
        yield Reason(
            "Only the sheet {sheet} was read; not read: {others}.",
            sheet=table.name,
            others=", ".join(one.name for one in others),
        )
    if book.hidden:
        yield Reason("Hidden sheets are not read: {sheets}.", sheets=", ".join(book.hidden))
