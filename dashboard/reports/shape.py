"""What a report is made of, whatever file it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from data.exporting import Column


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a table: one of its columns along the bottom, others above it."""

    shape: Literal["line", "bar"]
    along: str
    above: Sequence[str]
    share: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; of nothing, `empty` says so."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    empty: str
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: what it says in words, then its tables."""

    title: str
    words: Sequence[str] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report; `zone` is whose clocks its moments show, `about` lines below the title."""

    title: str
    about: Sequence[str]
    zone: str
    sections: Sequence[Section] = field(default_factory=tuple)
