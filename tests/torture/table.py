"""The table of what the faults and abuse measured, from the lines that the tests wrote down.

    python -m tests.torture.table REPORT [DOCUMENT]

prints what stands in REPORT. With a DOCUMENT, what was measured in the long form is written between
the two marks in it, and nothing else is changed. Of a test that ran several times the last is told.
"""

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured -->", "<!-- until here -->"
HEAD = ("what is done to it", "aim", "found", "database", "day", "lasted")

Line = dict[str, Any]


def lines(report: Path) -> list[Line]:
    """The last line of each test and gate, in the order they were first measured."""
    found: dict[tuple[str, str], Line] = {}
    for text in report.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        found[line.get("test", ""), line["gate"]] = line
    return list(found.values())


def table(measured: Iterable[Line]) -> str:
    """Rows of the same gate one below the other."""
    rows: dict[str, list[Line]] = {}
    for line in measured:
        rows.setdefault(line["gate"], []).append(line)
    told = [_row(_cells(line)) for of_gate in rows.values() for line in of_gate]
    return "\n".join([_row(HEAD), _row("---" for _ in HEAD), *told])


def _cells(line: Line) -> Iterable[str]:
    form = "" if line["long"] else " (short form)"
    said = (line["gate"], line["aim"], f"{line['figure']}{form}", line["database"], line["day"])
    return (*said, duration(line["seconds"]))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def duration(seconds: int) -> str:
    """Seconds below two minutes, then minutes."""
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def machine() -> str:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def put(document: str, inside: str) -> str:
    """The document with `inside` between its marks."""
    before, mark, rest = document.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (mark and end):
        raise SystemExit(f"The document has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n{inside}\n{END}{after}"


def main(report: str, document: str = "") -> None:
    """Print the table; write it."""
    if not Path(report).exists():
        raise SystemExit(f"Nothing was measured: there is no {report}.")
    found = lines(Path(report))
    sys.stdout.write(f"{machine()}\n\n{table(found)}\n")
    if document:
        inside = f"{machine()}.\n\n{table(line for line in found if line['long'])}"
        file = Path(document)
        file.write_text(put(file.read_text(encoding="utf-8"), inside), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
