"""Working calendars: when a store is open, by its own wall clock."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from data.clock.instants import micros, moment
from data.clock.ruler import FIRST_YEAR, LAST_YEAR, OpeningTime, Spans, by_day, by_length, known

Interval = tuple[time, time]  # from, to; 00:00 as the end is midnight at the end of that day
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an exception makes of its day."""

    CLOSED = "closed"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class DayRule:
    """An exception to the week: a holiday, a make-up working day, or other hours.

    Without hours a working day keeps those of its weekday, or borrows those of the first weekday
    that has some. Raises ValueError for hours on a closed day or hours that make no sense.
    """

    day: date
    kind: DayKind
    reason: str = ""
    hours: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is DayKind.CLOSED and self.hours:
            raise ValueError(f"{self.day} is closed: take its hours away or make it a working day.")
        object.__setattr__(self, "hours", _in_order(self.hours, str(self.day)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Calendar:
    """The opening hours of a store: a week, its exceptions, and how far these are known.

    zone: IANA name. week: hours by weekday, Monday 0 to Sunday 6; a weekday left out is a day off.
    exceptions: by day, for example `{**chinese_exceptions([2025, 2026]), **admins_own}`.
    loaded_until: the last day whose exceptions are known; None if nobody said so.
    It never changes and keeps what it worked out: keep one per store rather than making it anew.
    Raises ValueError, in words, for unknown zones and for hours that overlap or cross midnight.
    """

    zone: str = "Asia/Shanghai"
    week: Mapping[int, Sequence[Interval]]
    exceptions: Mapping[date, DayRule] = field(default_factory=dict)
    loaded_until: date | None = None
    _zone: ZoneInfo = field(init=False, repr=False)

    def __post_init__(self) -> None:
        week = {weekday: _week_hours(weekday, hours) for weekday, hours in self.week.items()}
        object.__setattr__(self, "week", MappingProxyType(dict(sorted(week.items()))))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "_zone", _zone(self.zone))
        for day, rule in self.exceptions.items():
            self._check(day, rule)

    def hours(self, day: date) -> Sequence[Interval]:
        """The opening hours of a day by the wall clock; empty if closed."""
        rule = self.exceptions.get(day)
        own = self.week.get(day.weekday(), ())
        if rule is None:
            return own
        if rule.kind is DayKind.CLOSED:
            return ()
        return rule.hours or own or self._lent_hours

    def spans(self, day: date) -> Spans:
        """The opening times of a day as instants in microseconds, in order; empty if closed."""
        hours = self.hours(day)
        spans = [(self.instant(day, opens), self._closing(day, to)) for opens, to in hours]
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def instant(self, day: date, at: time = MIDNIGHT) -> int:
        """When the wall clock first shows this time; if it skips it, the moment of the skip."""
        wall = datetime.combine(day, at, self._zone)
        first, second = micros(wall.replace(fold=0)), micros(wall.replace(fold=1))
        return first if first <= second else self._skip_between(second, first)

    def local(self, at: int) -> datetime:
        """What the store's wall clock shows at an instant; ValueError outside 1970 to 2199."""
        return moment(known(at)).astimezone(self._zone)

    @cached_property
    def working_time(self) -> OpeningTime:
        """Counts the microseconds in which the store is open."""
        return OpeningTime(self._new_years, self._days_of, by_length)

    @cached_property
    def working_days(self) -> OpeningTime:
        """Counts working days, each as 24 hours spread evenly over its opening hours."""
        return OpeningTime(self._new_years, self._days_of, by_day)

    @cached_property
    def _lent_hours(self) -> Sequence[Interval]:
        return next((hours for hours in self.week.values() if hours), ())

    @cached_property
    def _new_years(self) -> list[int]:
        return [self.instant(date(year, 1, 1)) for year in range(FIRST_YEAR, LAST_YEAR + 2)]

    def _days_of(self, year: int) -> Iterator[Spans]:
        first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        return (self.spans(date.fromordinal(day)) for day in range(first, after))

    def _closing(self, day: date, at: time) -> int:
        return self.instant(day, at) if at != MIDNIGHT else self.instant(day + ONE_DAY)

    def _skip_between(self, before: int, after: int) -> int:
        """The instant at which the clocks are put forward, between two that lie around it."""
        skipped = range(before, after)
        offset = self.local(after).utcoffset()
        return skipped[0] + bisect_left(
            skipped, True, key=lambda at: self.local(at).utcoffset() == offset
        )

    def _check(self, day: date, rule: DayRule) -> None:
        if rule.day != day:
            raise ValueError(f"The exception listed under {day} is about {rule.day}: use one day.")
        if rule.kind is DayKind.WORKING and not self.hours(day):
            raise ValueError(
                f"{day} is a working day, but neither it nor any weekday has hours: give it hours."
            )


def warning(calendar: Calendar, day: date) -> bool:
    """Whether holidays and make-up days of this day are not loaded yet, so that terms may move."""
    return calendar.loaded_until is None or day > calendar.loaded_until


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"The time zone {name!r} is not known: use a name like Asia/Shanghai."
        ) from None


def _week_hours(weekday: int, hours: Sequence[Interval]) -> tuple[Interval, ...]:
    if weekday not in range(7):
        raise ValueError(f"There is no weekday {weekday}: use 0 for Monday to 6 for Sunday.")
    return _in_order(hours, f"weekday {weekday} (Monday is 0)")


def _in_order(hours: Sequence[Interval], where: str) -> tuple[Interval, ...]:
    """Hours from early to late; ValueError if they overlap, are empty or cross midnight."""
    ordered = tuple(sorted(hours))
    for opens, closes in ordered:
        if closes <= opens and closes != MIDNIGHT:
            raise ValueError(
                f"{_words(opens, closes)} on {where} crosses midnight or is empty: "
                "split it into one part up to 00:00 and one from 00:00 on the next day."
            )
    for (opens, closes), (following, to) in pairwise(ordered):
        if following < closes or closes == MIDNIGHT:
            raise ValueError(
                f"{_words(opens, closes)} and {_words(following, to)} on {where} overlap: "
                "make them one, or move one of them."
            )
    return ordered


def _words(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}–{closes:%H:%M}"
