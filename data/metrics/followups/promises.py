"""What was promised to customers: kept in time, explained in time, or broken."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, any_of, share_of, whole_numbers
from data.metrics.matters import PROMISES, STAFF
from data.metrics.trend import GRAINS
from data.models import Promise, Store
from data.scope import Scope


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
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in _promises(session, scope):
        held = counts[_key(row, by)]
        for place, true in enumerate(_judged(row, scope)):
            held[place] += true
    found = [(key, *held[:3]) for key, held in counts.items()]
    answer = share_of(session, found, scope, grain, by)
    explained = sum(held[3] for held in counts.values())
    return Answer(answer.frame, answer.summary | {"explained": explained})


def _promises(session: Session, scope: Scope) -> list[Any]:
    """The promises made by then and due on the scope's days, on the clocks of their store."""
    query = (
        select(
            Promise.store_id,
            Promise.made_by_id,
            Promise.due_at,
            Promise.kept_at,
            Promise.explained_at,
            Store.zone,
        )
        .join(Store, Store.id == Promise.store_id)
        .where(*scope.where(Promise), Promise.made_at <= scope.as_of, *_about(scope))
    )
    return [row for row in session.execute(query) if _within(_day(row), scope)]


def _about(scope: Scope) -> list[ColumnElement[bool]]:
    due, day, wanted = Promise.due_at, timedelta(days=1), []
    if scope.start is not None:
        wanted.append(due >= scope.local_midnight(scope.start) - day)
    if scope.end is not None:
        wanted.append(due < scope.local_midnight(scope.end) + 2 * day)
    if asked := scope.asked("agent"):
        wanted.append(any_of(Promise.made_by_id, whole_numbers(asked), NONE in asked))
    return wanted


def _within(day: Any, scope: Scope) -> bool:
    after = scope.start is None or day >= scope.start
    return after and (scope.end is None or day <= scope.end)


def _day(row: Any) -> Any:
    return row.due_at.astimezone(ZoneInfo(row.zone)).date()


def _key(row: Any, by: str) -> Any:
    return {"period": _day(row), "store": row.store_id, "agent": row.made_by_id}[by]


def _judged(row: Any, scope: Scope) -> tuple[bool, bool, bool, bool]:
    """Kept in time, matured, not due, explained in time."""
    kept = row.kept_at is not None and row.kept_at <= scope.as_of
    due = row.due_at <= scope.as_of or kept
    in_time = kept and row.kept_at <= row.due_at
    told = row.explained_at is not None and row.explained_at <= min(row.due_at, scope.as_of)
    return in_time, due, not due, due and told and not in_time
