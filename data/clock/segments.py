"""Why it stands here: a clock told stretch by stretch, counted and not counted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from data.clock.calendar import ONE_DAY, Calendar
from data.clock.instants import micros, moment
from data.clock.pauses import Span, Stretch, stretches
from data.clock.ruler import known
from data.clock.terms import Unit, origin


class Reason(StrEnum):
    """Why a stretch of time is counted or not."""

    RUNNING = "running"  # counted: the unit counts day and night
    WORKING = "working"  # counted: within opening hours
    MAKE_UP_DAY = "make_up_day"  # counted: opening hours of a day that is off in other weeks
    OUTSIDE_HOURS = "outside_hours"
    LUNCH_BREAK = "lunch_break"  # between two openings of one day
    WEEKEND = "weekend"  # a weekday that is off every week
    HOLIDAY = "holiday"  # a closed day of the calendar; the label is its name
    PAUSE = "pause"  # the label is the pause's own
    START_DAY = "start_day"  # the day it came in, which working days leave out


COUNTED = {Reason.RUNNING, Reason.WORKING, Reason.MAKE_UP_DAY}
BY_THE_CALENDAR = {Unit.WORKING_HOURS, Unit.WORKING_DAYS}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch from its start up to, not including, its end (UTC), and why it counts or not."""

    start: datetime
    end: datetime
    counted: bool
    reason: Reason
    label: str = ""


class _Piece(NamedTuple):
    start: int
    end: int
    reason: Reason
    label: str = ""


def segments(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    *,
    unit: Unit,
    pauses: Sequence[Span] = (),
) -> list[Segment]:
    """The time from start to end in order, without gaps, alike neighbours made one.

    What is counted adds up to `elapsed` (for working days: to their opening hours).
    Raises ValueError without time zones and for working time outside 1970 to 2199.
    """
    began = origin(calendar, micros(start), unit)
    parts = stretches(micros(start), micros(end), pauses)
    pieces = chain.from_iterable(_pieces(calendar, part, unit, began) for part in parts)
    return [_segment(alike) for _, alike in groupby(pieces, lambda piece: piece[2:])]


def _segment(alike: Iterable[_Piece]) -> Segment:
    first, *others = alike
    last = others[-1] if others else first
    counted = first.reason in COUNTED
    return Segment(moment(first.start), moment(last.end), counted, first.reason, first.label)


def _pieces(calendar: Calendar, part: Stretch, unit: Unit, began: int) -> Iterator[_Piece]:
    if part.pause is not None:
        return iter([_Piece(part.start, part.end, Reason.PAUSE, part.pause.label)])
    if unit not in BY_THE_CALENDAR:
        return iter([_Piece(part.start, part.end, Reason.RUNNING)])
    start_day = [_Piece(part.start, began, Reason.START_DAY)]
    days = _calendar_pieces(calendar, max(part.start, began), part.end)
    return _within(part.start, part.end, chain(start_day, days))


def _calendar_pieces(calendar: Calendar, start: int, end: int) -> Iterator[_Piece]:
    day = calendar.local(start).date()
    while calendar.instant(day) < known(end):
        yield from _within(start, end, _day_pieces(calendar, day))
        day += ONE_DAY


def _day_pieces(calendar: Calendar, day: date) -> Iterator[_Piece]:
    """A day from midnight to midnight: closed, or outside hours, open, break, open, outside."""
    spans = calendar.spans(day)
    edges = [calendar.instant(day), *chain.from_iterable(spans), calendar.instant(day + ONE_DAY)]
    for i, (start, end) in enumerate(pairwise(edges)):
        if not spans:
            yield _Piece(start, end, *_day_off(calendar, day))
        elif i % 2:
            yield _Piece(start, end, *_open(calendar, day))
        else:
            inside = 0 < i < len(edges) - 2
            yield _Piece(start, end, Reason.LUNCH_BREAK if inside else Reason.OUTSIDE_HOURS)


def _day_off(calendar: Calendar, day: date) -> tuple[Reason, str]:
    rule = calendar.exceptions.get(day)
    return (Reason.HOLIDAY, rule.reason) if rule else (Reason.WEEKEND, "")


def _open(calendar: Calendar, day: date) -> tuple[Reason, str]:
    rule = calendar.exceptions.get(day)
    reason = Reason.WORKING if calendar.week.get(day.weekday()) else Reason.MAKE_UP_DAY
    return reason, rule.reason if rule else ""


def _within(start: int, end: int, pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The parts of the pieces that lie between start and end."""
    for piece in pieces:
        cut = piece._replace(start=max(start, piece.start), end=min(end, piece.end))
        if cut.start < cut.end:
            yield cut
