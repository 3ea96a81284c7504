"""Where rows of a file are written: which store, in which transaction, by which rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.importing.reasons import Reason
from data.importing.rows import Row

Doubt = Callable[[Row, str, Reason], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every writer needs.

    `doubt` notes something about a field of a row that a person should look at. `columns` are the
    fields that the file has; `now` is when it is read. With `dry` nothing is written, and the same
    desk serves the whole file.
    """

    session: Session
    store_id: int
    zone: ZoneInfo
    now: datetime
    doubt: Doubt
    columns: frozenset[str]
    dry: bool
    shared_phones: bool


class Contradiction(Exception):
    """What a row says cannot be true together with what is stored."""

    def __init__(self, field: str, sentence: str, **gaps: object) -> None:
        self.field, self.reason = field, Reason(sentence, **gaps)
        super().__init__(sentence)


class Writer(Protocol):
    """Takes the rows of one kind of table."""

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what they may meet."""

    def write(self, row: Row) -> str:
        """Take one: "added", "changed" or "unchanged"; Contradiction refuses it."""

    def flush(self) -> None:
        """Write what was taken."""
