"""Rulers: how much a clock counts between two instants, and when it has counted enough."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from typing import Protocol

from data.clock.instants import DAY, micros, moment

FIRST_YEAR, LAST_YEAR = 1970, 2199
FIRST = micros(datetime(FIRST_YEAR, 1, 2, tzinfo=UTC))  # in these years by every wall clock
LAST = micros(datetime(LAST_YEAR, 12, 31, tzinfo=UTC))
TOO_LATE = (
    f"The term does not end by {LAST_YEAR}: check its start, its amount, its pauses "
    "and the opening hours of the calendar."
)
NEVER_OPEN = "The calendar has no working time: give its week opening hours."
Spans = Sequence[tuple[int, int]]  # opening and closing instants, in order, apart from each other


class Measure(Protocol):
    """A way to count time; what it counts never shrinks as time goes on."""

    def between(self, start: int, end: int) -> int:
        """How much is counted from start to end, for start <= end."""

    def reach(self, start: int, amount: int) -> int:
        """The first instant at which so much is counted since start."""


class RealTime:
    """Counts every moment, day and night."""

    def between(self, start: int, end: int) -> int:
        """The microseconds from start to end."""
        return end - start

    def reach(self, start: int, amount: int) -> int:
        """So many microseconds after start."""
        return start + amount


@dataclass(frozen=True, slots=True)
class _Year:
    """A local year of opening times; `marks` is what is counted before each and after the last."""

    opens: list[int]
    closes: list[int]
    marks: list[int]

    def read(self, at: int) -> int:
        """What is counted from New Year to this instant."""
        i = bisect_right(self.opens, at) - 1
        if i < 0:
            return 0
        opened, closed, before, after = *self._span(i), self.marks[i], self.marks[i + 1]
        return (
            after
            if at >= closed
            else before + (at - opened) * (after - before) // (closed - opened)
        )

    def find(self, mark: int) -> int:
        """The first instant at which `read` shows this mark, for 0 < mark <= the year's total."""
        i = bisect_left(self.marks, mark) - 1
        opened, closed = self._span(i)
        part, whole = mark - self.marks[i], self.marks[i + 1] - self.marks[i]
        return opened - (-part * (closed - opened) // whole)  # rounded up: not a tick too early

    def _span(self, i: int) -> tuple[int, int]:
        return self.opens[i], self.closes[i]


class OpeningTime:
    """Counts while the store is open: in microseconds, or in shares of a working day.

    Years are laid out when first asked for and then kept, so that a question costs two look-ups
    whatever lies between.
    """

    def __init__(
        self,
        new_years: Sequence[int],
        days_of: Callable[[int], Iterable[Spans]],
        count: Callable[[Spans], Iterable[int]],
    ) -> None:
        """Take the New Years of 1970 to 2200, opening times by year, and how a day is counted."""
        self._new_years, self._days_of, self._count = new_years, days_of, count
        self._years: dict[int, _Year] = {}

    def between(self, start: int, end: int) -> int:
        """What is counted from start to end; ValueError outside 1970 to 2199."""
        first, last = self._year_of(start), self._year_of(end)
        whole_years = sum(self._year(year).marks[-1] for year in range(first, last))
        return whole_years + self._year(last).read(end) - self._year(first).read(start)

    def reach(self, start: int, amount: int) -> int:
        """The first instant at which so much is counted; ValueError if it never is."""
        if amount <= 0:
            return start
        year = self._year_of(start)
        mark = amount + self._year(year).read(start)
        while mark > (total := self._year(year).marks[-1]):
            if year == LAST_YEAR:
                raise ValueError(TOO_LATE if self.between(start, LAST) else NEVER_OPEN)
            mark -= total
            year += 1
        return self._year(year).find(mark)

    def _year_of(self, at: int) -> int:
        return FIRST_YEAR + bisect_right(self._new_years, known(at)) - 1

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._lay_out(year)
        return self._years[year]

    def _lay_out(self, year: int) -> _Year:
        days = [spans for spans in self._days_of(year) if spans]
        spans = [span for day in days for span in day]
        counts = (count for day in days for count in self._count(day))
        return _Year(
            opens=[opened for opened, _ in spans],
            closes=[closed for _, closed in spans],
            marks=list(accumulate(counts, initial=0)),
        )


def known(at: int) -> int:
    """The instant itself; ValueError where no calendar reaches."""
    if not FIRST <= at <= LAST:
        raise ValueError(
            f"Calendars reach from {FIRST_YEAR} to {LAST_YEAR}: "
            f"check the date {moment(at):%Y-%m-%d}."
        )
    return at


def by_length(spans: Spans) -> list[int]:
    """The microseconds of each opening of a day."""
    return [closed - opened for opened, closed in spans]


def by_day(spans: Spans) -> list[int]:
    """The share of each opening in its day, in microseconds of 24 hours; together one day."""
    worked = list(accumulate(by_length(spans), initial=0))
    marks = [part * DAY // worked[-1] for part in worked]
    return [after - before for before, after in pairwise(marks)]
