"""What becomes of each row, and how many there are of each."""

from collections import Counter
from collections.abc import Sequence

from data.importing.headers import Header
from data.importing.reading import Reading
from data.importing.rejects import RejectsFile
from data.importing.result import COUNTS, ImportResult, Remark, remark, remark_on
from data.importing.rows import Row, problem_at
from data.importing.storing.desk import Contradiction, Writer

SHOWN = 200  # refusals and doubts that a result carries; all refusals are in the database


class Tally:
    """Counts what happens to the rows, and keeps the first words about them."""

    def __init__(self, reading: Reading, file: RejectsFile | None) -> None:
        self.reading, self.file = reading, file
        self.count = Counter(dict.fromkeys(COUNTS, 0))
        self.count["warnings"] = len(reading.notices)
        self.refusals: list[Remark] = []
        self.doubts: list[Remark] = []

    def take(self, row: Row, outcome: str) -> None:
        """Count one row: what became of it, and the doubts about it if it was taken."""
        self.count["read"] += 1
        self.count[outcome] += 1
        if outcome == "refused":
            self._keep(self.refusals, row)
            if self.file:
                self.file.add(row)
        elif outcome != "duplicates":
            self.count["warnings"] += len(row.doubts)
            self._keep(self.doubts, row)

    def _keep(self, into: list[Remark], row: Row) -> None:
        problems = row.refused or row.doubts
        into.extend(remark_on(row, one) for one in problems[: max(0, SHOWN - len(into))])

    def result(self, batch: int | None) -> ImportResult:
        """All that was counted."""
        return ImportResult(
            **{name: self.count[name] for name in COUNTS},
            skipped=dict(self.reading.skipped),
            notices=[remark(notice) for notice in self.reading.notices],
            refusals=self.refusals,
            doubts=self.doubts,
            batch=batch,
        )


def take(rows: Sequence[Row], writer: Writer, header: Header, tally: Tally) -> list[Row]:
    """Give a chunk of rows to the writer; the refused ones."""
    good = [row for row in rows if not row.refused and row.repeats is None]
    writer.load(good)
    for row in rows:
        tally.take(row, _outcome(row, writer, header))
    writer.flush()
    return [row for row in rows if row.refused]


def _outcome(row: Row, writer: Writer, header: Header) -> str:
    if row.refused:
        return "refused"
    if row.repeats is not None:
        return "duplicates"
    try:
        return writer.write(row)
    except Contradiction as no:
        row.refused.append(problem_at(header.read, no.field, row, no.reason))
        return "refused"
