"""Refused rows: into the database, and into a file that can be mended and read again."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.importing.headers import Header
from data.importing.result import Remark, remark_on
from data.importing.rows import FORMULA, Row, by_heading
from data.importing.storable import storable
from data.importing.values import as_text

OWN_COLUMNS = ("refused_line", "refused_column", "refused_because")
NUMBER = re.compile(r"[+-]?[\d.,]+\Z")
LONGEST_REASON = 4000


def stored(row: Row, header: Header, batch_id: int, store_id: int) -> dict[str, Any]:
    """A refused row as a row of import_reject.

    `row` there holds "cells" (pairs of heading and original text) and "problems", each with
    column, raw, sentence and gaps, so that it can be said in any language.
    """
    remarks = [remark_on(row, problem) for problem in row.refused]
    cells = [
        (storable(name), storable(text)) for name, text in by_heading(row.cells, header.columns)
    ]
    problems = [
        {"column": one.column, "raw": one.raw, "sentence": one.sentence, "gaps": one.gaps}
        for one in remarks
    ]
    return {
        "store_id": store_id,
        "batch_id": batch_id,
        "line": row.line,
        "column": (remarks[0].column or "")[:200] or None,
        "reason": _reasons(remarks),
        "row": {"cells": cells, "problems": problems},
    }


def _reasons(remarks: Sequence[Remark]) -> str:
    return " ".join(str(one) for one in remarks)[:LONGEST_REASON]


class RejectsFile:
    """A CSV with the refused rows as they were, three columns in front saying where and why."""

    def __init__(self, writer: Any, header: Header) -> None:
        self.writer = writer
        width = max((one.place + 1 for one in header.columns), default=0)
        headings = [""] * width
        for column in header.columns:
            headings[column.place] = column.heading
        self.writer.writerow([*OWN_COLUMNS, *map(harmless, headings)])

    def add(self, row: Row) -> None:
        """Write one refused row."""
        columns = "; ".join(dict.fromkeys(one.column for one in row.refused if one.column))
        because = " ".join(str(one.reason) for one in row.refused)
        said = (as_text(cell) for cell in row.cells)
        self.writer.writerow([row.line, *map(harmless, (columns, because, *said))])


@contextmanager
def rejects_file(path: Path | None, header: Header) -> Iterator[RejectsFile | None]:
    """The file at `path`, or nothing where none is wanted."""
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        yield RejectsFile(csv.writer(file, quoting=csv.QUOTE_NONNUMERIC), header)


def harmless(text: str) -> str:
    """`text` that no spreadsheet takes for a formula; the importer takes the apostrophe off."""
    risky = text.startswith(FORMULA) and not NUMBER.match(text)
    return f"'{text}" if risky else text
