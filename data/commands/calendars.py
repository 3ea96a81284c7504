"""The working calendars: the week, the days that differ from it, and how far they are known.

Deadlines that are set already stay; what is opened from now on goes by the new calendar.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from data.clock import chinese_loaded_until
from data.commands import NotFound, Refused, command, settings
from data.models import CalendarException, WorkCalendar
from data.person import Right

WEEKDAYS = tuple(str(day) for day in range(7))
HOURS = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")
BETWEEN = re.compile(r"[,;，；、\s]+")
MIDNIGHT, MOST_PARTS = "00:00", 6
EARLIEST, LATEST = date(2010, 1, 1), date(2040, 12, 31)
FURTHEST = timedelta(days=3 * 366)
LONGEST_REASON = 100


@command(Right.ADMINISTER)
def set_week(
    session: Session, *, code: str, version: int, now: datetime, week: Mapping[str, str]
) -> None:
    """Let the house work other hours; week: by weekday ("0" is Monday), "08:30-12:00, 13:30-18:00".

    A weekday that is empty or left out is a day off.
    """
    row = _found(session, code)
    parsed = {day: _hours(day, week.get(day, "")) for day in WEEKDAYS}
    values = {"week": {day: hours for day, hours in parsed.items() if hours}}
    if not values["week"]:
        raise Refused("A week needs at least one working day, or no deadline would ever come.")
    settings.edit(
        session, row, _subject(code), "week_set", values, version=version, now=now, code=code
    )


@command(Right.ADMINISTER)
def set_day(
    session: Session,
    *,
    code: str,
    version: int,
    now: datetime,
    day: date | None,
    working: bool,
    reason: str,
) -> None:
    """Let one day differ from the week and from the public holidays: closed, or worked."""
    row = _found(session, code)
    if day is None or not EARLIEST <= day <= LATEST:
        raise Refused("Please give a day from 2010 to 2040.")
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise Refused("Please say why this day is different.")
    if settings.already(session, _subject(code)):
        return
    settings.check(session, _subject(code), version, row.version)
    own = _own(session, row, day)
    before = {"working": own.working, "reason": own.reason} if own else None
    if own is None:
        own = CalendarException(calendar_id=row.id, day=day, working=working, reason=said)
        session.add(own)
    own.working, own.reason = working, said
    after = {"working": working, "reason": said}
    _note(session, row, "day_set", now, day=day.isoformat(), **{"from": before, "to": after})


@command(Right.ADMINISTER)
def drop_day(session: Session, *, code: str, version: int, now: datetime, day: date | None) -> None:
    """Let a day be as its week and the public holidays have it again."""
    row = _found(session, code)
    if settings.already(session, _subject(code)):
        return
    settings.check(session, _subject(code), version, row.version)
    own = _own(session, row, day) if day else None
    if own is None or day is None:
        raise NotFound("This day does not differ from its week.")
    before = {"working": own.working, "reason": own.reason}
    session.delete(own)
    _note(session, row, "day_dropped", now, day=day.isoformat(), **{"from": before})


@command(Right.ADMINISTER)
def load_until(
    session: Session,
    *,
    code: str,
    version: int,
    now: datetime,
    until: date | None,
    estimated: bool = False,
) -> None:
    """Say that the holidays and make-up days are right up to this day.

    Beyond the State Council's last notice that came with this version they are an estimate without
    make-up days: that has to be said (`estimated`), after the make-up days were entered by hand.
    """
    row = _found(session, code)
    if until is None or not EARLIEST <= until <= min(LATEST, now.date() + FURTHEST):
        raise Refused("Please give a day within the next three years.")
    known = chinese_loaded_until()
    if row.country == "CN" and until > known and not estimated:
        raise Refused(
            "The holidays after {day} are not announced in this version: check them against the "
            "State Council's notice, enter the make-up days, and tick that you did.",
            day=known,
        )
    values, about = {"loaded_until": until}, {"code": code, "estimated": until > known}
    settings.edit(
        session, row, _subject(code), "calendar_loaded", values, version=version, now=now, **about
    )


def _subject(code: str) -> str:
    return f"calendar {code}"


def _found(session: Session, code: str) -> WorkCalendar:
    settings.for_everybody(session)
    settings.alone(session)
    row = session.scalar(select(WorkCalendar).where(WorkCalendar.code == code).with_for_update())
    if row is None:
        raise NotFound("There is no calendar {code}.", code=code)
    return row


def _own(session: Session, row: WorkCalendar, day: date) -> CalendarException | None:
    own = CalendarException
    return session.scalar(select(own).where(own.calendar_id == row.id, own.day == day))


def _note(session: Session, row: WorkCalendar, kind: str, now: datetime, **said: Any) -> None:
    """Log it; a day that differs is an edit of its calendar, so the calendar's version moves."""
    was = row.version
    flag_modified(row, "week")
    settings.note(session, _subject(row.code), kind, version=was, now=now, code=row.code, **said)


def _hours(weekday: str, text: str) -> list[list[str]]:
    """08:30-12:00, 13:30-18:00 as pairs of times, in order."""
    cleaned = text.strip().replace("：", ":").replace("–", "-").replace("~", "-")
    parts = sorted(part for part in BETWEEN.split(cleaned) if part)
    if len(parts) > MOST_PARTS or not all(HOURS.fullmatch(part) for part in parts):
        raise Refused(
            "Write the hours of {weekday} as 08:30-12:00, 13:30-18:00; empty for a day off.",
            weekday=Weekday(weekday),
        )
    hours = [part.split("-") for part in parts]
    backwards = any(closes <= opens and closes != MIDNIGHT for opens, closes in hours)
    overlap = any(
        closes == MIDNIGHT or following < closes for (_, closes), (following, _) in pairwise(hours)
    )
    if backwards or overlap:
        raise Refused("The hours of {weekday} overlap or run backwards.", weekday=Weekday(weekday))
    return hours


class Weekday(str):
    """The number of a weekday, said as its name on the screen."""
