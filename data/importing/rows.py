"""From the lines of a table to clean rows: each one good, refused with reasons, or a repeat."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.importing.book import Line
from data.importing.headers import Column, Header
from data.importing.kinds.kind import Agreement, Kind, Values
from data.importing.reasons import BadValue, Doubtful, Reason
from data.importing.values import Manner, Reader, as_text, fold

REMEMBERED = 20_000  # different texts of a column that are read once only
TOTAL = re.compile(r"(本页|本月|本日|本年)?(合计|小计|总计|累计|共计)|(sub|grand)?total\s*[:：]?\Z")
FOOTNOTE = re.compile(
    r"(注|备注|说明|附注|制表|打印|审核|统计|数据来源|导出|以上|第\d+页|共\d+[条行页]|note|printed|page)"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a cell: the heading as written, the cell's own text, the reason."""

    column: str | None
    raw: str
    reason: Reason


@dataclass(slots=True)
class Row:
    """A data row of the file.

    `refused` says why it cannot be taken; `doubts` are warnings; `repeats` is the line that said
    the same before. Without any of these, `values` is what it says.
    """

    line: int
    cells: Sequence[Any]
    values: Values = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    repeats: int | None = None


def rows(
    lines: Iterator[Line],
    *,
    kind: Kind,
    header: Header,
    manner: Manner,
    ragged: bool,
    skipped: Counter[str],
) -> Iterator[Row]:
    """The data rows below `header`. `skipped` counts the lines that are none: blank, total,
    footnote, header (repeated on every page). With `ragged` a row must be as wide as the header.
    """
    reader = _RowReader(kind, header, manner)
    memory = _Memory(kind)
    widths = (header.width, max(header.width, len(header.cells))) if ragged else None
    for line in lines:
        if line.number <= header.line:
            continue
        if nothing := _no_data(line.cells, header):
            skipped[nothing] += 1
            continue
        row = Row(line.number, line.cells)
        if damage := line.problem or (_ragged(line.cells, *widths) if widths else None):
            row.refused.append(Problem(None, "", damage))
        else:
            reader.read(row)
            if not row.refused:
                memory.compare(row, reader)
        yield row


def _no_data(cells: Sequence[Any], header: Header) -> str | None:
    first = next((cell for cell in cells if cell not in ("", None)), None)
    if first is None or not any(fold(cell) for cell in cells):
        return "blank"
    if type(first) is not str or len(first) > 200:
        return None
    if first == header.cells[0] and tuple(cells) == header.cells:
        return "header"
    words = "".join(fold(first).lower().split())
    if TOTAL.match(words) and not _has_own_key(cells, first):
        return "total"
    alone = sum(1 for cell in cells if cell not in ("", None)) <= 2
    return "footnote" if alone and FOOTNOTE.match(words) else None


def _has_own_key(cells: Sequence[Any], first: Any) -> bool:
    """A total holds numbers beside its word, no other words."""
    words = [cell for cell in cells if type(cell) is str and cell.strip() and cell is not first]
    return any(re.search(r"[^\W\d_]", word) and not _is_amount(word) for word in words)


def _is_amount(word: str) -> bool:
    return bool(re.fullmatch(r"[￥¥\d.,\s元台次条张]+", fold(word)))


def _ragged(cells: Sequence[Any], width: int, most: int) -> Reason | None:
    if len(cells) < width:
        return Reason(
            "The row stops after {cells} fields; the header has {width}.",
            cells=len(cells),
            width=width,
        )
    if len(cells) > most and any(fold(cell) for cell in cells[most:]):
        return Reason(
            "The row has {cells} fields; the header has only {width}.",
            cells=len(cells),
            width=width,
        )
    return None


FORMULA = tuple("=+-@\t\r＝＋－＠")
Outcome = Any  # a value, a Doubtful, or the BadValue itself


class _RowReader:
    """Reads the cells of a row by the header, remembering texts that come again and again."""

    def __init__(self, kind: Kind, header: Header, manner: Manner) -> None:
        self.kind, self.columns, self.manner = kind, header.read, manner
        self.cells = [
            (one.name, self.columns[one.name].place, _remembering(one.read, manner))
            for one in kind.fields
            if one.name in self.columns
        ]

    def read(self, row: Row) -> None:
        """Fill `row.values`, and what is wrong or doubtful about it."""
        cells, values = row.cells, row.values
        width = len(cells)
        for name, place, read in self.cells:
            raw = cells[place] if place < width else None
            if raw is None or raw == "":
                continue
            found = read(raw)
            if type(found) is BadValue:
                row.refused.append(self.problem(name, row, found.reason))
            elif type(found) is Doubtful:
                values[name] = found.value
                row.doubts.append(self.problem(name, row, found.reason))
            else:
                values[name] = found
        self._require(row)
        if not row.refused:
            self._judge(row)

    def _require(self, row: Row) -> None:
        bad = {problem.column for problem in row.refused}
        for group in self.kind.required:
            if any(row.values.get(name) is not None for name in group):
                continue
            columns = [self.columns[name].heading for name in group if name in self.columns]
            if not bad.intersection(columns):
                why = Reason("There is nothing in {columns}.", columns=" / ".join(columns))
                row.refused.append(Problem(columns[0], "", why))

    def _judge(self, row: Row) -> None:
        for rule in self.kind.rules:
            for finding in rule(row.values, self.manner):
                into = row.refused if finding.refuses else row.doubts
                into.append(self.problem(finding.field, row, finding.reason))

    def problem(self, name: str, row: Row, reason: Reason) -> Problem:
        return problem_at(self.columns, name, row, reason)


def problem_at(columns: Mapping[str, Column], name: str, row: Row, reason: Reason) -> Problem:
    """`reason` as said about the cell of field `name`."""
    column = columns.get(name)
    if column is None:
        return Problem(None, "", reason)
    return Problem(column.heading, raw_text(row.cells, column), reason)


def raw_text(cells: Sequence[Any], column: Column) -> str:
    """The cell as it stood in the file."""
    return as_text(cells[column.place]) if column.place < len(cells) else ""


def _remembering(read: Reader, manner: Manner) -> Callable[[Any], Outcome]:
    known: dict[str, Outcome] = {}

    def fresh(raw: Any) -> Outcome:
        try:
            if manner.empty and fold(raw).lower() in manner.empty:
                return None
            return read(_unquoted(raw), manner)
        except BadValue as bad:
            return bad

    def remembered(raw: Any) -> Outcome:
        if type(raw) is not str:
            return fresh(raw)
        if raw in known:
            return known[raw]
        found = fresh(raw)
        if len(known) < REMEMBERED:
            known[raw] = found
        return found

    return remembered


def _unquoted(raw: Any) -> Any:
    """An apostrophe that keeps Excel from calculating is no part of the text: '=1+1 is =1+1."""
    calculating = type(raw) is str and raw[:1] == "'" and raw[1:2] in FORMULA
    return raw[1:] if calculating else raw


class _Memory:
    """What earlier rows of the file said under the same key."""

    def __init__(self, kind: Kind) -> None:
        # only hashes: a million rows must fit
        self.agreements: list[tuple[Agreement, dict[int, tuple[int, int]]]] = [
            (one, {}) for one in kind.agreements
        ]

    def compare(self, row: Row, reader: _RowReader) -> None:
        """Mark `row` as a repeat, or refuse it where it contradicts an earlier line."""
        for agreement, seen in self.agreements:
            key, said = hash(agreement.key(row.values)), hash(agreement.same(row.values))
            line, before = seen.setdefault(key, (row.line, said))
            if line == row.line:
                continue
            if before != said:
                return row.refused.append(_contradiction(reader, row, line))
            if agreement.repeats:
                row.repeats = line
                return


def _contradiction(reader: _RowReader, row: Row, line: int) -> Problem:
    why = Reason(
        "Line {line} has the same number but says something else. "
        "The first one was taken; decide which is right.",
        line=line,
    )
    return reader.problem("number", row, why)


def by_heading(cells: Sequence[Any], columns: Sequence[Column]) -> list[tuple[str, str]]:
    """A row's headings and original texts, in the order of the file."""
    return [(column.heading, raw_text(cells, column)) for column in columns]
