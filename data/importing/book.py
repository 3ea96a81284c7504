"""What an opened file looks like to the rest: tables of numbered lines, and the limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from data.importing.reasons import Reason

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of this machine.

    `file_bytes` on disk; `expanded_bytes` and `entries` of the zip a workbook is; `cells` of the
    rectangle a sheet spans (memory goes with it); `heading_lines` are searched for the header;
    `record_lines` and `record_chars` is the longest one quoted CSV row may grow.
    """

    file_bytes: int = 600 * MB
    expanded_bytes: int = 200 * MB
    entries: int = 2_000
    rows: int = 2_000_000
    columns: int = 500
    cells: int = 15_000_000
    heading_lines: int = 40
    record_lines: int = 500
    record_chars: int = 200_000


class Line(NamedTuple):
    """A row as it stands in the file. `number` is what a person sees beside it, from 1.

    `problem` is set when the row itself is damaged, for example by an open quotation mark.
    """

    number: int
    cells: Sequence[Any]
    problem: Reason | None = None


class Table(Protocol):
    """A sheet, or the one table of a text file."""

    name: str
    height: int
    ragged: bool

    @property
    def separator(self) -> str | None:
        """What a text file is cut at."""

    def lines(self) -> Iterator[Line]:
        """The rows from the top, blank ones included; each call begins again."""


@dataclass(frozen=True, slots=True)
class Book:
    """An opened file; its tables are visible sheets, or readings of one text file.

    `encoding` is that of a text file. `epoch_1904`: plain numbers meant as days count from 1904,
    as old Excel for Mac did.
    """

    format: str
    tables: Sequence[Table]
    hidden: Sequence[str] = ()
    encoding: str | None = None
    epoch_1904: bool = False
