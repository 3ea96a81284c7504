"""What is kept of cohorts by month, and the visits themselves where that does not tell."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select
from sqlalchemy.orm import Session

from data.metrics.retention.standing import by_months, came_since, latest, seen, standing
from data.models import Visit, VisitMonth
from data.months import QUARTER, month_number, month_start
from data.scope import Scope
from data.visit_months import fresh

FRESH = {1: VisitMonth.came, QUARTER: VisitMonth.first_in_quarter}
CELL, WHEN = ((table.month, table.first_month) for table in (VisitMonth, Visit))
Cells = list[tuple[int, int, int]]  # a month, that of the first visit, and how many vehicles
Day = tuple[date, int]


def came(session: Session, scope: Scope, months: int) -> Cells:
    """Vehicles by month and cohort, each once in every month, or quarter, it came in."""
    kept = _kept(scope, FRESH[months], *CELL)
    if not came_since(session, scope, scope.today):
        return _told(session, kept)
    running = month_number(scope.today)
    lately = [*seen(scope, scope.today), Visit.month == running, fresh(months)]
    return [*_told(session, kept.where(VisitMonth.month < running)), *_counted(session, lately)]


def last_seen(session: Session, scope: Scope) -> Cells:
    """Vehicles by the month of their last visit and cohort."""
    if came_since(session, scope, scope.today):
        return _counted(session, standing(session, scope))
    return _told(session, _kept(scope, VisitMonth.last_seen, *CELL))


def last_days(session: Session, scope: Scope, exact: Collection[date]) -> Iterator[Day]:
    """Vehicles by the day of their last visit; in months without any of the `exact` days they may
    stand at the first of the month."""
    if came_since(session, scope, scope.today):
        yield from _by_day(session, standing(session, scope))
        return
    apart = {month_number(day) for day in exact}
    kept = _kept(scope, VisitMonth.last_seen, VisitMonth.month)
    for month, count in session.execute(kept.where(VisitMonth.month.not_in(apart))):
        yield month_start(month), count
    for month in apart:
        days = (Visit.day >= month_start(month), Visit.day < month_start(month + 1))
        yield from _by_day(session, [*latest(scope), *days])


def last_since(session: Session, scope: Scope, *days: date) -> list[tuple[int, ...]]:
    """By store: its id, and how many vehicles were last seen on each of the `days` or later."""
    if came_since(session, scope, scope.today):
        known = [*standing(session, scope), Visit.day >= min(days)]
        return _by_store(
            session, Visit, [func.count().filter(Visit.day >= day) for day in days], known
        )
    months = [month_number(day) for day in days]
    whole = [func.sum(VisitMonth.last_seen).filter(VisitMonth.month > month) for month in months]
    known = [*scope.where(VisitMonth), VisitMonth.month >= min(months)]
    found = _by_store(session, VisitMonth, whole, known)
    begun = [dict(_by_store(session, Visit, [func.count()], _begun(scope, day))) for day in days]
    return [
        (store, *((n or 0) + part.get(store, 0) for n, part in zip(counts, begun, strict=True)))
        for store, *counts in found
    ]


def _begun(scope: Scope, day: date) -> list[Any]:
    """The last visits from the day to the end of its month."""
    return [*latest(scope), Visit.day >= day, Visit.day < month_start(month_number(day) + 1)]


def ever_seen(session: Session, scope: Scope) -> int:
    """How many vehicles were ever seen."""
    if came_since(session, scope, scope.today):
        query: Any = select(func.count()).select_from(Visit).where(*standing(session, scope))
    else:
        query = _kept(scope, VisitMonth.last_seen)
    return session.scalar(query) or 0


def _kept(scope: Scope, counts: Any, *keys: Any) -> Select[Any]:
    query = select(*keys, cast(func.sum(counts), Integer)).where(*scope.where(VisitMonth))
    return query.where(counts > 0).group_by(*keys)


def _counted(session: Session, where: Sequence[Any]) -> Cells:
    return _told(session, by_months(session, WHEN, WHEN, where))


def _told(session: Session, query: Select[Any]) -> Cells:
    return [(month, first, count) for month, first, count in session.execute(query)]


def _by_store(
    session: Session, table: Any, counts: Sequence[Any], where: Sequence[Any]
) -> list[tuple[Any, ...]]:
    query = select(table.store_id, *counts).where(*where).group_by(table.store_id)
    return [tuple(row) for row in session.execute(query)]


def _by_day(session: Session, where: Sequence[Any]) -> list[Day]:
    query = select(Visit.day, func.count()).where(*where).group_by(Visit.day)
    return [(day, count) for day, count in session.execute(query)]
