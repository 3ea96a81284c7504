"""Keeping how many vehicles of each cohort came in each month: counted along with the visits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select

from data.models import Visit, VisitMonth
from data.months import QUARTER, month_number
from data.sql import insert_new

COUNTS = ("came", "first_in_quarter", "last_seen")
KEYS = ("store_id", "first_month", "month")
NEVER = -1  # a month before all others
Cells = dict[tuple[int, int], list[int]]  # the counts by the month of the first visit and a month


class Known(NamedTuple):
    """What is counted of a visit."""

    vehicle_id: int
    day: date
    previous_on: date | None
    first_month: int


def add(
    connection: Connection, store_id: int, *, gone: Iterable[Known], new: Iterable[Known]
) -> None:
    """Count the visits of a store that are new, and those that are gone no more."""
    changes = _changes(gone, new)
    rows = [
        dict(zip((*KEYS, *COUNTS), (store_id, *key, *cell), strict=True))
        for key, cell in sorted(changes.items())
        if any(cell)
    ]
    if rows:
        table = _table()
        connection.execute(_adding(connection), rows)
        connection.execute(delete(table).where(table.c.store_id == store_id, table.c.came == 0))


def _changes(gone: Iterable[Known], new: Iterable[Known]) -> Cells:
    cells: Cells = defaultdict(lambda: [0] * len(COUNTS))
    for visits, change in ((gone, -1), (new, 1)):
        for visit in visits:
            _count(cells, visit, change)
    return cells


def _count(cells: Cells, visit: Known, change: int) -> None:
    """A visit, and that its vehicle was not last seen at the one before."""
    month, cell = month_number(visit.day), cells[visit.first_month, month_number(visit.day)]
    before = NEVER if visit.previous_on is None else month_number(visit.previous_on)
    cell[0] += change * (before < month)
    cell[1] += change * (before // QUARTER < month // QUARTER)
    cell[2] += change
    if before != NEVER:
        cells[visit.first_month, before][2] -= change


def rebuild(connection: Connection) -> None:
    """Count all visits anew."""
    connection.execute(delete(_table()))
    connection.execute(insert(_table()).from_select([*KEYS, *COUNTS], counted()))


def wrong(connection: Connection) -> int:
    """How many months of cohorts are not what their visits come to."""
    kept = select(*(_table().c[name] for name in (*KEYS, *COUNTS)))
    one, other = ({tuple(row) for row in connection.execute(query)} for query in (kept, counted()))
    return len({row[: len(KEYS)] for row in one ^ other})


def counted() -> Select[Any]:
    """The rows of `visit_month`, from the visits."""
    keys: Any = (Visit.store_id, Visit.first_month, Visit.month)
    which = (fresh(1), fresh(QUARTER), Visit.next_on.is_(None))
    counts = (func.count().filter(condition) for condition in which)
    return select(*keys, *counts).group_by(*keys)


def fresh(months: int) -> ColumnElement[bool]:
    """The condition for a vehicle's first visit in a month, or in a quarter."""
    before = Visit.previous_month
    return or_(before.is_(None), before // months < Visit.month // months)


def _adding(connection: Connection) -> Any:
    rows = insert_new(connection, _table())
    sums = {name: _table().c[name] + rows.excluded[name] for name in COUNTS}
    return rows.on_conflict_do_update(index_elements=KEYS, set_=sums)


def _table() -> Any:
    return VisitMonth.__table__
