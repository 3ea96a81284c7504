"""Keeping the sums: what has changed is worked out anew, and every day those of one day more."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from data import db, served
from data.locking import is_spread
from data.models import Ledger as LedgerRow
from data.models import StaleDay, Store
from data.person import SYSTEM
from data.sums.flushing import nothing_noted
from data.sums.kinds import Ledger
from data.sums.ledgers import LEDGERS
from data.sums.marking import mark_where
from data.sums.reading import on_days

LOCK = 4_827_003  # any number; one at a time works sums out
AT_ONCE = 1_000  # notes of stale days in a transaction, or days of few stores
DAY = timedelta(days=1)
STEP = timedelta(days=30)  # days of many stores in a transaction
OPEN = timedelta(days=2)  # by then a day is over on every clock
Begin = Callable[[], AbstractContextManager[Connection]]
Which = Callable[[Any, Any], Any]  # a condition of the columns of store and day


def refresh(*, now: datetime, within: Connection | None = None) -> int:
    """Work out what has changed and what was never worked out; how many days these were.

    Many short transactions, or all of it `within` the one of a connection. Any number of runs, at
    once or broken off, do no harm.
    """
    begin: Begin = _apart if within is None else lambda: nullcontext(within)
    return sum(_settle(ledger, now, begin) + _go_on(ledger, now, begin) for ledger in LEDGERS)


def forget(connection: Connection) -> None:
    """Let nothing be kept any more: the next refresh works all of it out."""
    _alone(connection)
    for ledger in LEDGERS:
        connection.execute(delete(LedgerRow).where(LedgerRow.name == ledger.name))
        for kind in ledger.kinds:
            connection.execute(delete(kind.kept))


@contextmanager
def _apart() -> Iterator[Connection]:
    with db.writing(by=SYSTEM) as session:
        yield session.connection()


def _settle(ledger: Ledger, now: datetime, begin: Begin) -> int:
    """Work out the stale days that are noted by now; what is noted meanwhile is left."""
    noted = select(func.max(StaleDay.id)).where(StaleDay.ledger == ledger.name)
    with begin() as connection:
        last = connection.scalar(noted)
    done, notes = 0, AT_ONCE if last else 0
    while notes == AT_ONCE:
        with begin() as connection:
            notes, days = _settle_some(connection, ledger, last or 0, now)
        done += days
    return done


def _settle_some(
    connection: Connection, ledger: Ledger, last: int, now: datetime
) -> tuple[int, int]:
    """So many notes were taken, so many days worked out. A note is taken before its rows are read:
    who writes meanwhile leaves another."""
    _alone(connection)
    until, taken = _until(connection, ledger), _take(connection, ledger, last)
    days = {(store, day) for store, day in taken if until is not None and day <= until}
    if days:
        with served.one_by_one(connection):
            _work_out(connection, ledger, partial(on_days, sorted(days)), now)
    return len(taken), len(days)


def _take(connection: Connection, ledger: Ledger, last: int) -> Sequence[Any]:
    note: Any = StaleDay.__table__
    some = (
        select(note.c.id)
        .where(note.c.ledger == ledger.name, note.c.id <= last)
        .order_by(note.c.id)
        .limit(AT_ONCE)
    )
    taken = delete(note).where(note.c.id.in_(some.scalar_subquery()))
    nothing_noted(connection)
    return connection.execute(taken.returning(note.c.store_id, note.c.day)).all()


def _go_on(ledger: Ledger, now: datetime, begin: Begin) -> int:
    """Work out the days that are over and were not worked out, a month or more at a time."""
    target, done, days = now.astimezone(UTC).date() - OPEN, 0, 1
    while days:
        with begin() as connection:
            days = _one_step(connection, ledger, target, now)
        done += days
    return done


def _one_step(connection: Connection, ledger: Ledger, target: date, now: datetime) -> int:
    _alone(connection)
    until = _until(connection, ledger)
    first = until + DAY if until else min(first_day(connection, ledger) or target, target)
    if first > target:
        return 0  # somebody else was quicker
    last = min(first + _step(connection), target)
    if until is None:
        connection.execute(insert(LedgerRow), {"name": ledger.name, "until": last, "as_of": now})
    _work_out(connection, ledger, lambda store, day: _every(store) & day.between(first, last), now)
    mine = update(LedgerRow).where(LedgerRow.name == ledger.name)
    connection.execute(mine.values(until=last))
    return (last - first).days + 1


def _step(connection: Connection) -> timedelta:
    """How far to go in a transaction: a month of many stores is as much as years of one."""
    stores = connection.scalar(select(func.count(Store.id))) or 1
    return max(STEP, DAY * (AT_ONCE // stores))


def _every(store: Any) -> Any:
    """Said even of all stores: so the databases read store by store, in the order of days."""
    return store.in_(select(Store.id))


def _work_out(connection: Connection, ledger: Ledger, which: Which, now: datetime) -> None:
    """Put the sums of these days in the place of those that are kept."""
    for kind in ledger.kinds:
        table = kind.kept
        connection.execute(delete(table).where(which(table.store_id, getattr(table, kind.day))))
        found = kind.whole(now, which(ledger.store, ledger.day))
        connection.execute(insert(table).from_select(kind.columns, found))
    mark_where(connection, ledger, which(ledger.store, ledger.day), ledger.later(now))
    seen = update(LedgerRow).where(LedgerRow.name == ledger.name, LedgerRow.as_of < now)
    connection.execute(seen.values(as_of=now))


def _until(connection: Connection, ledger: Ledger) -> date | None:
    query = select(LedgerRow.until).where(LedgerRow.name == ledger.name)
    return connection.scalar(query)


def first_day(connection: Connection, ledger: Ledger) -> date | None:
    """The first day there is anything of, looked up store by store; Citus has no such question."""
    mine = select(func.min(ledger.day))
    if not is_spread(connection):
        of_store = mine.where(ledger.store == Store.id).correlate(Store)
        mine = select(func.min(of_store.scalar_subquery())).select_from(Store)
    first: date | None = connection.scalar(mine)
    return first


def _alone(connection: Connection) -> None:
    """Until this transaction ends nobody else works sums out; on SQLite nobody else writes."""
    if connection.dialect.name == "postgresql":
        served.without_limit(connection)
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
