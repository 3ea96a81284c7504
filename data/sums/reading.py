"""Reading sums: those that are kept, and from the rows whatever is not, or not any more."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

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
    until = kept_until(session, scope, asked.ledger) if asked.kept is not None else None
    if until is None:
        return [from_rows()]
    stale = stale_days(session, scope, asked.ledger, until)
    if len(stale) > MOST_STALE:
        return [from_rows()]
    store, day = list(asked.kind.keys.values())[:2]
    parts = [_kept(scope, asked, until, stale)]
    if stale:
        parts.append(from_rows(on_days(stale, store, day)))
    if scope.end is None or scope.end > until:
        parts.append(from_rows(day > until))
    return parts


def kept_until(session: Session, scope: Scope, ledger: Ledger) -> date | None:
    """The last day that is kept; None if nothing is that can answer at the scope's moment."""
    kept = LedgerRow
    query = select(kept.until).where(kept.name == ledger.name, kept.as_of <= scope.as_of)
    return session.scalar(query) if scope.live else None


def stale_days(
    session: Session, scope: Scope, ledger: Ledger, until: date
) -> Sequence[tuple[int, date]]:
    """The stores and days in scope whose sums hold no more; one more than too many at most."""
    wanted = [StaleDay.ledger == ledger.name, StaleDay.day <= until]
    query = select(StaleDay.store_id, StaleDay.day).where(
        *wanted, *scope.where(StaleDay, StaleDay.day)
    )
    found = session.execute(query.distinct().limit(MOST_STALE + 1))
    return [(store, day) for store, day in found]


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
    everywhere = table.store_id.in_(select(Store.id))  # store by store, in the order of days
    return (
        select(*columns, *counted)
        .where(everywhere, *scope.where(table, day), day <= until, *holding, *(asked.kept or ()))
        .group_by(*columns)
    )
