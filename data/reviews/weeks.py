"""The weeks that reviews are about, by their ISO names (2026-W47)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from data.givens import FIRST, LAST

NAME = re.compile("([0-9]{4})-W([0-9]{2})")
SEVEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday on."""

    monday: date

    def __str__(self) -> str:
        return f"{self.monday:%G-W%V}"

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> "Week":
        """The week before it."""
        return Week(self.monday - SEVEN)

    @property
    def after(self) -> "Week":
        """The week after it."""
        return Week(self.monday + SEVEN)

    def over(self, today: date) -> bool:
        """Whether it is over on this day."""
        return self.sunday < today


def read(name: str) -> Week | None:
    """The week called so; None if there is none, or no days of it are kept."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    return Week(monday) if FIRST <= monday <= LAST else None


def of(day: date) -> Week:
    """The week that this day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def latest(today: date) -> Week:
    """The week to be reviewed: the last one that is over."""
    return of(today).before
