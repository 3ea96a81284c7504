"""Keeping the visits: one row for each vehicle and local day on which orders were opened."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Subquery,
    delete,
    extract,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.expression import cast

from data import served, sums, visit_months
from data.models import RepairOrder, Vehicle, Visit
from data.sql import among, days_since_1970
from data.visit_months import Known

AT_ONCE = 5_000
YEAR_DAYS = 365


def refresh(
    connection: Connection, store_id: int, vehicles: Collection[int], since: date = date.min
) -> None:
    """Work out the visits of these vehicles of a store anew from their orders and sales.

    Where nothing has changed before the day `since`, the earlier ones stay: what a visit says it
    knows from itself and those before, but for the one that comes next.
    """
    for some in _parts(sorted(vehicles)):
        mine, orders = (_of(_table(model), store_id, some) for model in (Visit, RepairOrder))
        later = [*mine, _table(Visit).c.day >= since]
        before = _known(connection, later)
        connection.execute(delete(_table(Visit)).where(*later))
        _insert(connection, since, *orders)
        after = _known(connection, later)
        _tell_the_last(connection, since, *mine)
        gone, new = before - after, after - before
        sums.mark_visits(connection, store_id, _spans(gone) ^ _spans(new))
        visit_months.add(connection, store_id, gone=gone, new=new)


def rebuild(connection: Connection) -> int:
    """Work out all visits anew; how many there are. Imports wait meanwhile."""
    if connection.dialect.name == "postgresql":
        served.without_limit(connection)
        connection.execute(text("LOCK TABLE visit IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(delete(_table(Visit)))
    _insert(connection, date.min)
    visit_months.rebuild(connection)
    sums.stop(connection, sums.INVITED)
    return connection.scalar(select(func.count()).select_from(_table(Visit))) or 0


def _of(table: Any, store_id: int, vehicles: Sequence[int]) -> list[Any]:
    return [table.c.store_id == store_id, among(table.c.vehicle_id, vehicles)]


def _known(connection: Connection, mine: Sequence[Any]) -> set[Known]:
    columns = (_table(Visit).c[name] for name in Known._fields)
    found = connection.execute(select(*columns).where(*mine))
    return {Known(*row) for row in found}


def _spans(visits: Iterable[Known]) -> set[sums.Span]:
    return {sums.Span(one.vehicle_id, one.day, one.previous_on) for one in visits}


def _parts(vehicles: Sequence[int]) -> Iterator[Sequence[int]]:
    return (vehicles[start : start + AT_ONCE] for start in range(0, len(vehicles), AT_ONCE))


def _insert(connection: Connection, since: date, *which: Any) -> None:
    found = _visits(_days(*which)).subquery("found")
    later = select(found).where(found.c.day >= since)
    connection.execute(insert(_table(Visit)).from_select(found.c.keys(), later))


def _tell_the_last(connection: Connection, since: date, *mine: Any) -> None:
    """Let the last visits before a day know the next ones."""
    visit = _table(Visit)
    other = visit.alias()
    theirs = (other.c.store_id == visit.c.store_id, other.c.vehicle_id == visit.c.vehicle_id)
    following = select(func.min(other.c.day)).where(*theirs, other.c.day > visit.c.day)
    last = (visit.c.day < since, or_(visit.c.next_on.is_(None), visit.c.next_on >= since))
    telling = update(visit).where(*mine, *last).values(next_on=following.scalar_subquery())
    connection.execute(telling)


def _days(*which: Any) -> Subquery:
    """What was paid on each day of a vehicle, and the day as a number."""
    order = _table(RepairOrder)
    day, paid = order.c.opened_on, func.coalesce(func.sum(order.c.total_fen), 0)
    keys = (order.c.store_id, order.c.vehicle_id)
    numbered = (days_since_1970(day).label("no"), _month(day).label("month"))
    return (
        select(*keys, day.label("day"), *numbered, paid.label("spend_fen"))
        .where(*which)
        .group_by(*keys, day)
        .subquery()
    )


def _visits(days: Subquery) -> Any:
    """The rows of `visit`, each day seen along its vehicle's days."""
    c, car = days.c, _table(Vehicle).c
    along: dict[str, Any] = {"partition_by": (c.store_id, c.vehicle_id), "order_by": c.no}
    columns = {
        "store_id": c.store_id,
        "vehicle_id": c.vehicle_id,
        "day": c.day,
        "month": c.month,
        "number": func.row_number().over(**along),
        "first_month": func.first_value(c.month).over(**along),
        "sold_month": _month(car.sold_on),
        "age_days": c.no - func.first_value(c.no).over(**along),
        "previous_on": func.lag(c.day).over(**along),
        "previous_month": func.lag(c.month).over(**along),
        "gap_days": c.no - func.lag(c.no).over(**along),
        "next_on": func.lead(c.day).over(**along),
        "spend_fen": c.spend_fen,
        "year_fen": func.sum(c.spend_fen).over(**along, range_=(1 - YEAR_DAYS, 0)),
    }
    same = (car.store_id == c.store_id) & (car.id == c.vehicle_id)
    found = select(*(column.label(name) for name, column in columns.items()))
    return found.select_from(days).join(_table(Vehicle), same)


def _month(day: Any) -> Any:
    return cast(extract("year", day), Integer) * 12 + cast(extract("month", day), Integer) - 1


def _table(model: Any) -> Any:
    return model.__table__
