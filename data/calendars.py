"""The working calendar of a store, from the tables an administrator edits."""

from datetime import date, time
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import Calendar, DayKind, DayRule, chinese_exceptions
from data.models import CalendarException, Store, WorkCalendar

YEARS = tuple(range(2010, 2041))  # holidays are looked up once for these

Week = tuple[tuple[int, tuple[tuple[str, str], ...]], ...]
Rules = tuple[tuple[date, bool, str], ...]


def calendar_of(session: Session, store_id: int) -> Calendar:
    """When this store works; the same object as long as nobody edits its calendar."""
    store = session.get_one(Store, store_id)
    row = session.get_one(WorkCalendar, store.calendar_id)
    query = select(CalendarException).where(CalendarException.calendar_id == row.id)
    rules = tuple((own.day, own.working, own.reason) for own in session.scalars(query))
    return _calendar(
        store.zone, row.country, _week(row.week), tuple(sorted(rules)), row.loaded_until
    )


@lru_cache(maxsize=256)
def _calendar(
    zone: str, country: str | None, week: Week, rules: Rules, loaded_until: date | None
) -> Calendar:
    public = _public(country)
    own = {
        day: DayRule(day, DayKind.WORKING if working else DayKind.CLOSED, reason)
        for day, working, reason in rules
    }
    hours = {
        weekday: [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day]
        for weekday, day in week
    }
    return Calendar(zone=zone, week=hours, exceptions=public | own, loaded_until=loaded_until)


@lru_cache
def _public(country: str | None) -> dict[date, DayRule]:
    return chinese_exceptions(YEARS) if country == "CN" else {}


def _week(stored: dict[str, Any]) -> Week:
    return tuple(
        (int(weekday), tuple((opens, closes) for opens, closes in hours))
        for weekday, hours in sorted(stored.items())
    )
