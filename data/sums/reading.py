"""Reading sums: those that are kept, and from the rows whatever is not, or not any more."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

from data.db import person_of
from data.models import Ledger as LedgerRow
from data.models import StaleDay, Store
from data.scope import Scope
from data.sums.kinds import NOW, Kind, Ledger

MOST_STALE = 500  # days of stores; with more of them the rows are read as if nothing were kept

Added = list[tuple[Any, ...]]
Conditions = Sequence[ColumnElement[bool]]


class Question(NamedTuple):
    """Sums to be added up by keys.

    `rows` are the conditions of the rows that count, `kept` the same for the table of sums; None
    if the sums cannot tell.
    """

    ledger: Ledger
    kind: Kind
    keys: Sequence[str]
    names: Sequence[str]
    rows: Conditions
    kept: Conditions | None


def added_up(session: Session, scope: Scope, asked: Question) -> Added:
    """The sums by their keys: (key, …, sum, …)."""
    whole: dict[tuple[Any, ...], list[int]] = {}
    width = len(asked.keys)
    for part in _parts(session, scope, asked):
        for row in session.execute(part, {NOW.key: scope.as_of}):
            key = row[:width]
            known = whole.get(key)
            found = [value if type(value) is int else int(value or 0) for value in row[width:]]
            whole[key] = found if known is None else [*map(add, known, found)]
    return [(*key, *sums) for key, sums in whole.items()]


def _parts(session: Session, scope: Scope, asked: Question) -> list[Select[Any]]:
    """The questions to the database; their answers are added up."""
    from_rows = partial(asked.kind.from_rows, NOW, asked.keys, asked.names, *asked.rows)
    found = _until_and_stale(session, scope, asked.ledger) if asked.kept is not None else None
    if found is None or len(found.stale) > MOST_STALE:
        return [from_rows()]
    store, day = list(asked.kind.keys.values())[:2]
    parts = [_kept(scope, asked, *found).where(*_everywhere(session, asked.kind.kept))]
    if found.stale:
        parts.append(from_rows(on_days(found.stale, store, day)))
    if scope.end is None or scope.end > found.until:
        parts.append(from_rows(day > found.until))
    return parts


class _Holding(NamedTuple):
    """The last day that is kept, and the stores and days in scope whose sums hold no more."""

    until: date
    stale: Sequence[tuple[int, date]]  # one more than too many at most


def _until_and_stale(session: Session, scope: Scope, ledger: Ledger) -> _Holding | None:
    """None if nothing is kept that can answer at the scope's moment."""
    if not scope.live:
        return None
    kept, stale = LedgerRow, StaleDay
    in_scope = stale.ledger == kept.name, stale.day <= kept.until, *scope.where(stale, stale.day)
    query = (
        select(kept.until, stale.store_id, stale.day)
        .outerjoin(stale, and_(*in_scope))
        .where(kept.name == ledger.name, kept.as_of <= scope.as_of)
    )
    found = session.execute(query.distinct().limit(MOST_STALE + 1)).all()
    if not found:
        return None
    return _Holding(found[0].until, [(one.store_id, one.day) for one in found if one.day])


def on_days(days: Sequence[tuple[int, date]], store: Any, day: Any) -> ColumnElement[bool]:
    """One of these days of these stores."""
    by_store: dict[int, list[date]] = defaultdict(list)
    for store_id, one in days:
        by_store[store_id].append(one)
    return or_(false(), *(and_(store == key, day.in_(some)) for key, some in by_store.items()))


def _kept(
    scope: Scope, asked: Question, until: date, stale: Sequence[tuple[int, date]]
) -> Select[Any]:
    table = asked.kind.kept
    columns = [getattr(table, key) for key in asked.keys]
    counted = (func.sum(getattr(table, name)) for name in asked.names)
    day = getattr(table, asked.kind.day)
    holding = [not_(on_days(stale, table.store_id, day))] if stale else []
    return (
        select(*columns, *counted)
        .where(*scope.where(table, day), day <= until, *holding, *(asked.kept or ()))
        .group_by(*columns)
    )


def _everywhere(session: Session, table: Any) -> list[ColumnElement[bool]]:
    """That it is one of all stores, where nothing says which: so the databases read store by store,
    in the order of days."""
    return [table.store_id.in_(select(Store.id))] if person_of(session).stores is None else []
