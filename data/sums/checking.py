"""Whether the sums that are kept are what their rows come to."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from data.models import Ledger as LedgerRow
from data.models import StaleDay, Store
from data.sums.kinds import Kind, Ledger
from data.sums.ledgers import LEDGERS
from data.sums.refreshing import first_day

SAMPLE = 20  # days of all stores, others at each look


class Looked(NamedTuple):
    """How many days of stores were looked at, and how many of them were not as they should be."""

    days: int
    wrong: int


def look(connection: Connection, *, now: datetime) -> Looked:
    """Work out a sample of the days that are kept, and compare."""
    stores = len(connection.scalars(select(Store.id)).all())
    days, wrong = 0, 0
    for ledger in LEDGERS:
        some, as_of = _sample(connection, ledger, now)
        days += stores * len(some)
        wrong += len(_wrong(connection, ledger, some, as_of)) if some else 0
    return Looked(days, wrong)


def _sample(
    connection: Connection, ledger: Ledger, now: datetime
) -> tuple[Sequence[date], datetime]:
    """Days that are kept, by lot; and the moment to work them out for."""
    kept = select(LedgerRow.until, LedgerRow.as_of).where(LedgerRow.name == ledger.name)
    row, first = connection.execute(kept).first(), first_day(connection, ledger)
    if row is None or first is None or first > row.until:
        return [], now
    known = range((row.until - first).days + 1)
    chosen = Random(now.isoformat()).sample(known, min(SAMPLE, len(known)))
    return [first + timedelta(days=step) for step in chosen], max(now, row.as_of)


def _wrong(
    connection: Connection, ledger: Ledger, days: Sequence[date], as_of: datetime
) -> set[tuple[int, date]]:
    """The stores and days whose sums differ, and are not known to be stale."""
    stale = select(StaleDay.store_id, StaleDay.day).where(StaleDay.ledger == ledger.name)
    found = set()
    for kind in ledger.kinds:
        kept, rows = _both(connection, ledger, kind, days, as_of)
        found |= {(row[0], row[1]) for row in (kept - rows) + (rows - kept)}
    return found - {(store, day) for store, day in connection.execute(stale.distinct())}


def _both(
    connection: Connection, ledger: Ledger, kind: Kind, days: Sequence[date], as_of: datetime
) -> tuple[Counter[Any], Counter[Any]]:
    table = kind.kept
    kept = select(*(getattr(table, name) for name in kind.columns))
    kept = kept.where(getattr(table, kind.day).in_(days))
    every = ledger.store.in_(select(Store.id))
    rows = kind.whole(as_of, every, ledger.day.in_(days))
    one, other = (Counter(tuple(row) for row in connection.execute(q)) for q in (kept, rows))
    return one, other
