"""The working calendar of a store, from the tables an administrator edits."""

from collections.abc import Collection
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
    return _worked(store.zone, row, _rules(session, [row.id]))


def calendars_of(session: Session, store_ids: Collection[int]) -> dict[int, Calendar]:
    """When each of these stores works, as far as one may see it, by its id."""
    query = (
        select(Store.id, Store.zone, WorkCalendar)
        .join(WorkCalendar, WorkCalendar.id == Store.calendar_id)
        .where(Store.id.in_(store_ids))
    )
    found = session.execute(query).all()
    rules = _rules(session, {row.id for _, _, row in found})
    return {store_id: _worked(zone, row, rules) for store_id, zone, row in found}


def _rules(session: Session, calendar_ids: Collection[int]) -> dict[int, Rules]:
    """The days that differ from the week, by calendar."""
    own = CalendarException
    query = select(own.calendar_id, own.day, own.working, own.reason).order_by(own.day)
    found: dict[int, Rules] = {}
    rows = session.execute(query.where(own.calendar_id.in_(calendar_ids)))
    for number, day, working, reason in rows:
        found[number] = (*found.get(number, ()), (day, working, reason))
    return found


def _worked(zone: str, row: WorkCalendar, rules: dict[int, Rules]) -> Calendar:
    return _calendar(zone, row.country, _week(row.week), rules.get(row.id, ()), row.loaded_until)


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
