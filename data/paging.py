"""Pages of lists: the rows of one page, and how many there are in all."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

Conditions = Sequence[ColumnElement[bool]]
CLOCKS = timedelta(days=3)  # no clock is further ahead of another, nor a day longer


class Days(NamedTuple):
    """How many rows there are of each local day, the latest first."""

    counts: Sequence[tuple[date, int]]

    @classmethod
    def of(cls, found: Iterable[tuple[date, int]]) -> Self:
        """The days of these counts, in any order."""
        return cls(sorted(found, reverse=True))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _day, count in self.counts)

    def holding(self, day: Any, latest: int) -> Conditions:
        """The condition for the days that hold so many of the latest rows; none for all days."""
        for one, count in self.counts:
            latest -= count
            if latest <= 0:
                return [day >= one - CLOCKS]
        return []


def page(
    session: Session,
    query: Select[Any],
    key: Any,
    *,
    wanted: Conditions,
    texts: Conditions,
    order: Sequence[Any],
    alone: bool,
    start: int,
    count: int,
    total: int | None = None,
) -> tuple[list[dict[str, Any]], int]:
    """The rows of `query` for which `wanted` and `texts` hold, in this order.

    key: the number of the rows. alone: nothing that `query` joins is needed to tell which rows
    these are; then they are found first, by number, and only those of the page are read whole.
    total: how many there are in all, where that is known.
    """
    bare, whole = select(key).where(*wanted), query.where(*wanted, *texts)
    if total is None:
        counted = whole if texts else bare
        total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    shown = whole.order_by(*order).offset(start).limit(count)
    if alone:
        ids = session.scalars(bare.order_by(*order).offset(start).limit(count)).all()
        shown = query.where(key.in_(ids)).order_by(*order)
    return [dict(row) for row in session.execute(shown).mappings()], total
