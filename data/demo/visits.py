"""When cars come back: the clockwork behind retention, and the days a workshop is full."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from data.clock import Calendar
from data.demo import stories

REACH = 15  # a visit is moved by at most so many days, towards days people prefer


def visits(dice: Random, sold: int, until: int) -> Iterator[int]:
    """The days (ordinals) a car sold on day `sold` comes in, up to `until`."""
    warranty_end = sold + round(stories.WARRANTY_YEARS * 365.25)
    day = sold
    while (after := day + _gap(dice, day > warranty_end)) <= until:
        if dice.random() < _chance_to_leave(day, after, warranty_end):
            if dice.random() >= stories.RETURNS_AFTER_LEAVING:
                return
            after = day + dice.randint(400, 720)
        if after > until:
            return
        yield after
        day = after


def _gap(dice: Random, out_of_warranty: bool) -> int:
    stretch = stories.GAP_OUT_OF_WARRANTY if out_of_warranty else 1.0
    days = dice.lognormvariate(math.log(stories.GAP_DAYS * stretch), stories.GAP_SPREAD)
    return max(stories.SHORTEST_GAP, round(days))


def _chance_to_leave(day: int, after: int, warranty_end: int) -> float:
    if after <= warranty_end:
        return stories.LEAVES_IN_WARRANTY
    return stories.LEAVES_AT_WARRANTY_END if day <= warranty_end else stories.LEAVES_LATER


class Season:
    """The working days of a stretch of time, and how much people like to come on each."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        """Weigh every day from `first` to `last`."""
        self._first = first.toordinal()
        festivals = _spring_festivals(calendar)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        weights = (_weight(calendar, day, festivals) for day in days)
        self._marks = list(accumulate(weights, initial=0.0))

    def near(self, dice: Random, day: int) -> int | None:
        """A working day within reach of `day`; None if there is none in this stretch."""
        low = self._mark(day - REACH)
        high = self._mark(day + REACH + 1)
        if low == high:
            return None
        found = bisect_right(self._marks, low + dice.random() * (high - low)) - 1
        return self._first + min(found, len(self._marks) - 2)

    def _mark(self, day: int) -> float:
        return self._marks[min(max(day - self._first, 0), len(self._marks) - 1)]


def _weight(calendar: Calendar, day: date, festivals: list[date]) -> float:
    if not calendar.hours(day):
        return 0.0
    return stories.MONTHS[day.month - 1] * _around(day, festivals) * _autumn(day)


def _around(day: date, festivals: list[date]) -> float:
    for festival in festivals:
        away = (day - festival).days
        if -21 <= away < 0:
            return stories.BEFORE_SPRING_FESTIVAL
        if 0 <= away < 28:
            return stories.AFTER_SPRING_FESTIVAL
    return 1.0


def _autumn(day: date) -> float:
    return (
        stories.BEFORE_NATIONAL_DAY if (day.month, day.day) >= (9, 20) and day.month == 9 else 1.0
    )


def _spring_festivals(calendar: Calendar) -> list[date]:
    """The first free day of each Spring Festival."""
    days = sorted(day for day, rule in calendar.exceptions.items() if "春节" in rule.reason)
    return [day for n, day in enumerate(days) if n == 0 or (day - days[n - 1]).days > 30]
