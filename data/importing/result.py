"""What an import says when it is done, and what a preview shows; both travel as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from data.importing.headers import Column
from data.importing.reasons import Reason
from data.importing.rows import Problem, Row
from data.importing.storable import storable
from data.importing.values import as_text

COUNTS = ("read", "added", "changed", "unchanged", "refused", "duplicates", "warnings")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the file or one of its lines; `gaps` fill the {gaps} of `sentence`."""

    sentence: str
    gaps: Mapping[str, Any]
    line: int | None = None
    column: str | None = None
    raw: str = ""

    def __str__(self) -> str:
        return self.sentence.format(**self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """The counts of an import: read = added + changed + unchanged + refused + duplicates.

    `skipped` counts lines without data by what they are. `notices` are about the file; `refusals`
    and `doubts` are the first of each, by line. `batch` is the number of the import_batch, None
    after a dry run.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    refused: int
    duplicates: int
    warnings: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    notices: Sequence[Remark] = ()
    refusals: Sequence[Remark] = ()
    doubts: Sequence[Remark] = ()
    batch: int | None = None

    def counts(self) -> dict[str, int]:
        """The promised keys with their numbers."""
        return {name: getattr(self, name) for name in COUNTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A file before it is read in.

    `columns` are (heading, field or None); `unread` the headings that are not read; `rows` the
    original texts of the first data rows in the order of `columns`, each with its line number.
    """

    kind: str
    format: str
    encoding: str | None
    separator: str | None
    sheet: str
    sheets: Sequence[str]
    header_line: int
    columns: Sequence[tuple[str, str | None]]
    unread: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    notices: Sequence[Remark]


def remark(reason: Reason) -> Remark:
    """A reason about the file as a whole."""
    return Remark(reason.sentence, _plain(reason.gaps))


def remark_on(row: Row, problem: Problem) -> Remark:
    """A problem of a row."""
    reason = problem.reason
    return Remark(
        reason.sentence,
        _plain(reason.gaps),
        row.line,
        problem.column and storable(problem.column),
        storable(problem.raw),
    )


def texts(row: Row, columns: Sequence[Column]) -> list[str]:
    """The original texts of a row, in the order of the columns."""
    cells = row.cells
    return [as_text(cells[one.place]) if one.place < len(cells) else "" for one in columns]


def as_json(said: ImportResult | Preview) -> dict[str, Any]:
    """Nothing but lists, texts and numbers."""
    return asdict(said)


def result_from(said: Mapping[str, Any]) -> ImportResult:
    """The other way round."""
    lists = {name: _remarks(said[name]) for name in ("notices", "refusals", "doubts")}
    return ImportResult(**{**said, **lists})


def preview_from(said: Mapping[str, Any]) -> Preview:
    """The other way round."""
    columns = [(heading, field_) for heading, field_ in said["columns"]]
    rows = [(line, list(cells)) for line, cells in said["rows"]]
    notices = _remarks(said["notices"])
    return Preview(**{**said, "columns": columns, "rows": rows, "notices": notices})


def _remarks(said: Sequence[Mapping[str, Any]]) -> list[Remark]:
    return [Remark(**one) for one in said]


def _plain(gaps: Mapping[str, Any]) -> dict[str, Any]:
    return {name: gap if isinstance(gap, int) else storable(str(gap)) for name, gap in gaps.items()}
