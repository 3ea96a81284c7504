"""A form of the administration as it was sent, and the numbers in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.forms import Typed, number, whole
from data.lookups import Session

LINK = "link"  # what was made by saving, beside what was typed


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: the record it names, what was typed, the version it started from.

    `today` is the local day.
    """

    key: str
    typed: Typed
    version: int
    now: datetime
    today: date

    @property
    def of(self) -> dict[str, Any]:
        """Which record, which version of it, and when: what most commands begin with."""
        return {"code": self.key, "version": self.version, "now": self.now}

    @property
    def screen(self) -> dict[str, Any]:
        """The same of a screen."""
        return {"screen_id": whole(self.key) or 0, "version": self.version, "now": self.now}


def integer(text: str) -> int | None:
    """A whole number as somebody typed it; None if it is none."""
    found = number(text)
    return int(found) if found is not None and found.is_integer() else None


def share(text: str) -> float | None:
    """A share that was typed in percent."""
    found = number(text)
    return None if found is None else found / 100


Writers = dict[tuple[str, str], Callable[[Session, Asked], str]]
