"""Pages of lists: the rows of one page, and how many there are in all."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

Conditions = Sequence[ColumnElement[bool]]


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
) -> tuple[list[dict[str, Any]], int]:
    """The rows of `query` for which `wanted` and `texts` hold, in this order.

    key: the number of the rows. alone: nothing that `query` joins is needed to tell which rows
    these are; then they are found first, by number, and only those of the page are read whole.
    """
    bare, whole = select(key).where(*wanted), query.where(*wanted, *texts)
    counted = whole if texts else bare
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    shown = whole.order_by(*order).offset(start).limit(count)
    if alone:
        ids = session.scalars(bare.order_by(*order).offset(start).limit(count)).all()
        shown = query.where(key.in_(ids)).order_by(*order)
    return [dict(row) for row in session.execute(shown).mappings()], total
