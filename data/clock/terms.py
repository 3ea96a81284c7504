"""Terms: when they end, how much time has counted, and when half of it is gone."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from data.clock.calendar import ONE_DAY, Calendar
from data.clock.instants import DAY, HOUR, TICK, micros, moment
from data.clock.pauses import Span, running
from data.clock.ruler import LAST, LAST_YEAR, TOO_LATE, Measure, RealTime

LONGEST = 10_000
FOREVER = micros(datetime.max.replace(tzinfo=UTC))
REAL_TIME = RealTime()


class Unit(StrEnum):
    """What a term is counted in."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"  # of 24 hours
    WORKING_DAYS = "working_days"
    MONTHS = "months"  # of the calendar


LENGTH = {Unit.HOURS: HOUR, Unit.WORKING_HOURS: HOUR, Unit.DAYS: DAY, Unit.WORKING_DAYS: DAY}


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take, for example 24 hours; ValueError unless 1 to 10,000."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= LONGEST:
            raise ValueError(
                f"A term of {self.amount} {self.unit.replace('_', ' ')} makes no sense: "
                f"use a whole number from 1 to {LONGEST}."
            )


def due(calendar: Calendar, start: datetime, term: Term, pauses: Sequence[Span] = ()) -> datetime:
    """The UTC moment at which the term ends; exactly at it is still in time.

    Never earlier for a longer term, a further or longer pause, or a later start. Months, which
    differ in length but keep the time of day, are the exception: 30 October 08:00 ends after
    31 October 07:00, both on 30 November; and a pause between two starts may turn them round.
    Raises ValueError for a start without a time zone, and if the term does not end by 2199, as
    when the calendar has no working time.
    """
    return moment_at(calendar, start, term, 1, pauses)


def moment_at(
    calendar: Calendar,
    start: datetime,
    term: Term,
    share: float,
    pauses: Sequence[Span] = (),
) -> datetime:
    """The UTC moment at which this share (0 to 1) of the term is used; errors as for `due`."""
    if not 0 <= share <= 1:
        raise ValueError(f"The share {share} of a term makes no sense: use 0 to 1.")
    ruler = measure(calendar, term.unit)
    left = ceil(_length(calendar, micros(start), term) * Fraction(share))
    for began, ended in running(origin(calendar, micros(start), term.unit), FOREVER, pauses):
        reached = ruler.reach(began, left)
        if reached <= ended:
            return _known(reached)
        left -= ruler.between(began, ended)
    raise ValueError(TOO_LATE)


def elapsed(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    *,
    unit: Unit,
    pauses: Sequence[Span] = (),
) -> timedelta:
    """How much time has counted from start to end; nothing if the end is not after the start.

    WORKING_DAYS answer in days: timedelta(days=2.5) is two and a half working days after the day
    of the start. MONTHS answer in real time. At `due` it is the whole term, months apart.
    Raises ValueError without time zones and for working time outside 1970 to 2199.
    """
    ruler = measure(calendar, unit)
    began = origin(calendar, micros(start), unit)
    counted = sum(ruler.between(*stretch) for stretch in running(began, micros(end), pauses))
    return counted * TICK


def share_used(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    term: Term,
    pauses: Sequence[Span] = (),
) -> float:
    """The share of the term that is used at `end`: 0 at the start, 1 when due, more if late."""
    counted = elapsed(calendar, start, end, unit=term.unit, pauses=pauses)
    return (counted // TICK) / _length(calendar, micros(start), term)


def measure(calendar: Calendar, unit: Unit) -> Measure:
    """The ruler by which a unit counts."""
    if unit is Unit.WORKING_HOURS:
        return calendar.working_time
    return calendar.working_days if unit is Unit.WORKING_DAYS else REAL_TIME


def origin(calendar: Calendar, start: int, unit: Unit) -> int:
    """When counting begins: at the start, for working days at the end of its local day."""
    if unit is not Unit.WORKING_DAYS:
        return start
    return calendar.instant(calendar.local(start).date() + ONE_DAY)


def _length(calendar: Calendar, start: int, term: Term) -> int:
    """What the ruler of the unit shows when the term is over."""
    if term.unit is Unit.MONTHS:
        return _months_after(calendar, start, term.amount) - start
    return term.amount * LENGTH[term.unit]


def _months_after(calendar: Calendar, start: int, months: int) -> int:
    local = calendar.local(start)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise ValueError(TOO_LATE)
    last_day = monthrange(year, month + 1)[1]
    return calendar.instant(date(year, month + 1, min(local.day, last_day)), local.time())


def _known(at: int) -> datetime:
    """The moment of an instant; ValueError where no calendar reaches."""
    if at > LAST:
        raise ValueError(TOO_LATE)
    return moment(at)
