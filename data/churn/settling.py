"""Churn cases end by themselves when the vehicle comes in again: a repair order says so alone.

Won back are those who had been called by then; the others returned by themselves.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from data import db
from data.commands import staying
from data.commands.churn import call_off
from data.models import ChurnCase, ChurnState, Followup, RepairOrder, Store, Visit
from data.person import SYSTEM, system_at

CHUNK = 500


def settle(*, now: datetime) -> int:
    """End the open cases whose vehicle has come in since, each with its event; how many there were.

    Any number of runs, also at the same time, end each case once.
    """
    with db.reading(as_=SYSTEM) as session:
        stores = session.scalars(select(Store.id).order_by(Store.id)).all()
    return sum(_settle_at(store_id, now) for store_id in stores)


def _settle_at(store_id: int, now: datetime) -> int:
    ended, after = 0, 0
    while True:
        with db.writing(by=system_at(store_id)) as session:
            found = _back(session, after)
            for case, came_on in found:
                _settle(session, case, came_on, now)
                after = case.id
        ended += len(found)
        if len(found) < CHUNK:
            return ended


def _back(session: Session, after: int) -> Sequence[tuple[ChurnCase, date]]:
    """The open cases whose vehicle came after the visit that was its last when it was selected."""
    came = (
        select(func.min(Visit.day))
        .where(
            Visit.store_id == ChurnCase.store_id,
            Visit.vehicle_id == ChurnCase.vehicle_id,
            or_(ChurnCase.last_visit_on.is_(None), Visit.day > ChurnCase.last_visit_on),
        )
        .correlate(ChurnCase)
        .scalar_subquery()
    )
    query = (
        select(ChurnCase, came)
        .where(ChurnCase.ended_at.is_(None), ChurnCase.id > after, came.is_not(None))
        .order_by(ChurnCase.id)
        .limit(CHUNK)
        .with_for_update(of=ChurnCase, skip_locked=True)
    )
    return [(case, day) for case, day in session.execute(query)]


def _settle(session: Session, case: ChurnCase, came_on: date, now: datetime) -> None:
    zone = ZoneInfo(session.get_one(Store, case.store_id).zone)
    tried, arrived = _first_try(session, case), _arrived(session, case, came_on)
    won = tried is not None and arrived is not None and tried < arrived
    state = ChurnState.WON_BACK if won else ChurnState.RETURNED
    evening = datetime.combine(came_on + timedelta(days=1), time(), zone)
    over = min(max(evening, case.selected_at), now)  # orders may come in late
    case.returned_on = came_on
    staying.end(case, state, over)
    staying.note(session, case, state.value, at=over, day=came_on.isoformat())
    call_off(session, case, now)


def _arrived(session: Session, case: ChurnCase, day: date) -> datetime | None:
    """When the vehicle came in that day: a call later on the same day brought nobody."""
    query = select(func.min(RepairOrder.opened_at)).where(
        RepairOrder.store_id == case.store_id,
        RepairOrder.vehicle_id == case.vehicle_id,
        RepairOrder.opened_on == day,
    )
    return session.scalar(query)


def _first_try(session: Session, case: ChurnCase) -> datetime | None:
    """When the customer was first called about the case."""
    task: Any = aliased(Followup)
    ids = [id_ for id_ in (case.ask_id, case.tell_id) if id_]
    query = select(func.min(task.first_attempt_at)).where(
        task.store_id == case.store_id, task.id.in_(ids)
    )
    return session.scalar(query)
