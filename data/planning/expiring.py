"""Calls whose time is up."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from data import db, sums
from data.models import Event, Followup, FollowupState, Store
from data.person import SYSTEM

CHUNK = 1_000


def expire(*, now: datetime) -> int:
    """End the open calls whose time was up by `now`, each with its event; how many there were.

    They are unreachable from the moment their time was up, however late this runs.
    """
    with db.reading(as_=SYSTEM) as session:
        stores = session.scalars(select(Store.id).order_by(Store.id)).all()
    return sum(_expire_at(store_id, now) for store_id in stores)


def _expire_at(store_id: int, now: datetime) -> int:
    ended = 0
    while True:
        with db.writing(by=SYSTEM) as session:
            some = _expire(session, store_id, now)
        ended += some
        if some < CHUNK:
            return ended


def _expire(session: Session, store_id: int, now: datetime) -> int:
    task, table = Followup, _table(Followup)
    over = (
        select(task.id)
        .where(task.store_id == store_id, task.ended_at.is_(None), task.expires_at <= now)
        .order_by(task.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)  # whoever is being called now is left for the next run
    )
    ended = (
        update(table)
        .where(table.c.store_id == store_id, table.c.id.in_(over.scalar_subquery()))
        .where(table.c.ended_at.is_(None))
        .values(
            state=FollowupState.UNREACHABLE,
            ended_at=table.c.expires_at,
            next_try_at=None,
            version=table.c.version + 1,
        )
        .returning(table.c.store_id, table.c.id, table.c.version, table.c.ended_at)
    )
    rows = session.connection().execute(ended).all()
    if rows:
        session.connection().execute(insert(_table(Event)), [_event(row, now) for row in rows])
        sums.mark(session.connection(), Followup, [row.id for row in rows])
    return len(rows)


def _event(row: Any, now: datetime) -> dict[str, Any]:
    return {
        "store_id": row.store_id,
        "at": row.ended_at,
        "recorded_at": now,
        "actor": SYSTEM.login,
        "subject": Followup.__tablename__,
        "subject_id": row.id,
        "kind": "expired",
        "data": {"version": row.version - 1},
        "key": f"expire:{row.id}",
    }


def _table(model: Any) -> Any:
    return model.__table__
