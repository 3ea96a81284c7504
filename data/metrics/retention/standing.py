"""Vehicles as they stood on a day: each at its last visit by then."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, extract, func, or_, select
from sqlalchemy.orm import Session

from data.models import Visit
from data.months import MONTHS, months_after
from data.scope import Scope
from data.sql import embedded


def back(scope: Scope, months: int) -> date:
    """The local day so many calendar months before `as_of`, safe at the end of a month."""
    return months_after(scope.today, -months)


def standing(session: Session, scope: Scope, day: date | None = None) -> list[ColumnElement[bool]]:
    """The conditions for the last visit of each vehicle by the end of `day` (today)."""
    until = scope.today if day is None else day
    if not came_since(session, scope, until):
        return latest(scope)
    return [*seen(scope, until), or_(Visit.next_on.is_(None), Visit.next_on > until)]


def came_since(session: Session, scope: Scope, day: date) -> bool:
    """Whether anybody has come after `day`; if not, all stand at the last visits that are known."""
    later = select(Visit.store_id).where(*latest(scope), Visit.day > day)
    return session.scalar(later.limit(1)) is not None


def latest(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the latest visit of each vehicle, whenever that was."""
    return [*scope.where(Visit), Visit.next_on.is_(None)]


def seen(scope: Scope, until: date, since: date | None = None) -> list[ColumnElement[bool]]:
    """The conditions for the visits of the scope's stores from `since` to `until`, both with."""
    earliest: list[Any] = [] if since is None else [Visit.day >= since]
    return [*scope.where(Visit), *earliest, Visit.day <= until]


def by_months(
    session: Session, wanted: Sequence[Any], along: Sequence[Any], where: Sequence[Any]
) -> Select[Any]:
    """Counts of visits by the columns `wanted`, which are among those `along` the index of months.

    SQLite counts along the index first, as it lies: what is left to sort is little.
    """
    names = [column.key for column in wanted]
    keys = (Visit.store_id, *along) if embedded(session) else wanted
    each = select(*keys, func.count().label("visits")).where(*where).group_by(*keys).subquery()
    columns = [each.c[name] for name in names]
    visits = cast(func.sum(each.c.visits), Integer)
    return select(*columns, visits).group_by(*columns)


def month_of(day: Any) -> ColumnElement[int]:
    """The number of the month a column's day lies in, as `data.months` numbers them."""
    year, month = (cast(extract(part, day), Integer) for part in ("year", "month"))
    return year * MONTHS + month - 1
