"""What was promised to customers: kept in time, explained in time, or broken."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, any_of, share_of, whole_numbers
from data.metrics.matters import PROMISES, STAFF
from data.metrics.trend import GRAINS
from data.models import Promise, Store
from data.scope import Scope
from data.sql import local_day


@metric(
    "promise_kept_rate",
    "Promises kept",
    unit="share",
    reads=PROMISES | STAFF,
    grain=GRAINS,
    by=("period", "store", "agent"),
)
def promise_kept_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Promises kept by their time ÷ promises due: those whose time has come, or that were kept
    before. Open and late is a miss. `explained` of the misses were explained to the customer
    before they were due. Promises of callbacks and of complaints, by the local day they are due.
    """
    counted = _counted(session, scope, by)
    answer = share_of(session, [(key, *held[:3]) for key, *held in counted], scope, grain, by)
    explained = sum(held[-1] for _, *held in counted)
    return Answer(answer.frame, answer.summary | {"explained": explained})


def _counted(session: Session, scope: Scope, by: str) -> list[Any]:
    """By key: kept in time, matured, not due, explained in time though not kept."""
    day = local_day(Promise.due_at, Store.zone)  # on the clocks of the store
    key = {"period": day, "store": Promise.store_id, "agent": Promise.made_by_id}[by]
    query = (
        select(key, *(func.count().filter(true) for true in _judged(scope)))
        .join(Store, Store.id == Promise.store_id)
        .where(*scope.where(Promise), Promise.made_at <= scope.as_of, *_about(scope, day))
    )
    return [*session.execute(query.group_by(key))]


def _about(scope: Scope, day: Any) -> list[ColumnElement[bool]]:
    """Due on the scope's days, roughly by the moment, which has an index, and by the day itself."""
    due, roughly, wanted = Promise.due_at, timedelta(days=1), []
    if scope.start is not None:
        wanted += [due >= scope.local_midnight(scope.start) - roughly, day >= scope.start]
    if scope.end is not None:
        wanted += [due < scope.local_midnight(scope.end) + 2 * roughly, day <= scope.end]
    if asked := scope.asked("agent"):
        wanted.append(any_of(Promise.made_by_id, whole_numbers(asked), NONE in asked))
    return wanted


def _judged(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Kept in time, matured, not due, explained in time though not kept."""
    own, now = Promise, scope.as_of
    kept = and_(own.kept_at.is_not(None), own.kept_at <= now)
    due = or_(own.due_at <= now, kept)
    in_time = and_(kept, own.kept_at <= own.due_at)
    told = and_(own.explained_at <= own.due_at, own.explained_at <= now)
    return in_time, due, not_(due), and_(due, told, not_(in_time))
