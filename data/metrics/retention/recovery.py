"""Who comes again after a complaint, by how it was handled."""

from collections import defaultdict
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CASES
from data.metrics.retention.keeping import last_in
from data.metrics.retention.standing import back
from data.metrics.trend import RATE
from data.models import Complaint, Visit
from data.scope import Scope
from data.stats import difference, rate

YEAR = 12
NONE = "none"
HANDLED = ("in_time_satisfied", "in_time_not_satisfied", "late", "never_recontacted")
COLUMNS = ["group", *RATE, "difference", "low", "high"]


@metric("service_recovery", "Coming again after a complaint", unit="share", reads=CASES)
def service_recovery(session: Session, scope: Scope) -> Answer:
    """Of the vehicles with a visit 13–24 months back, those with a visit in the last 12 months: of
    those without a complaint in the earlier months, and by how the complaints of then were
    handled. One complaint that was never called back about puts a vehicle into that group, else
    one that was late, else one whose customer was not satisfied. Each group beside those without a
    complaint, with the interval of the difference.
    """
    first, until = back(scope, 2 * YEAR), back(scope, YEAR)
    again = func.count().filter(Visit.next_on <= scope.today)
    query = select(again, func.count()).select_from(Visit).where(*last_in(scope, first, until))
    came, whole = session.execute(query).one()
    told = _complained(session, scope, first, until, again)
    counts = {NONE: (came - sum(k for k, _ in told.values()), whole - _all(told)), **told}
    rows = [_row(group, *counts.get(group, (0, 0)), *counts[NONE]) for group in (NONE, *HANDLED)]
    frame = DataFrame(rows if whole else [], columns=COLUMNS)
    return Answer(frame, {**rate(came, whole), "complained": _all(told)})


def _all(told: dict[str, tuple[int, int]]) -> int:
    return sum(n for _, n in told.values())


def _row(group: str, k: int, n: int, plain_k: int, plain_n: int) -> tuple[Any, ...]:
    beside = group != NONE and n and plain_n
    gap = difference(k, n, plain_k, plain_n) if beside else (None, None, None)
    share = dict(rate(k, n))
    return group, *(share[name] for name in RATE), *gap


def _complained(
    session: Session, scope: Scope, first: date, until: date, again: Any
) -> dict[str, tuple[int, int]]:
    """Who came again, and how many there were, by how the complaints of then were handled."""
    worst = _worst(scope, first, until)
    same = and_(Visit.store_id == worst.c.store_id, Visit.vehicle_id == worst.c.vehicle_id)
    query = select(worst.c.worst, again, func.count()).select_from(Visit).join(worst, same)
    found = session.execute(query.where(*last_in(scope, first, until)).group_by(worst.c.worst))
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for place, came, whole in found:
        counts[HANDLED[place]] = (came, whole)
    return dict(counts)


def _worst(scope: Scope, first: date, until: date) -> Any:
    """The worst way a complaint of each vehicle was handled, as its place in HANDLED."""
    own: Any = Complaint
    called = and_(own.recontacted_at.is_not(None), own.recontacted_at <= scope.as_of)
    solved = and_(own.resolved_at.is_not(None), own.resolved_at <= scope.as_of)
    late = or_(~solved, own.resolved_at > own.close_due_at)
    grade = case(
        (~called, HANDLED.index("never_recontacted")),
        (late, HANDLED.index("late")),
        (own.satisfied.is_not(True), HANDLED.index("in_time_not_satisfied")),
        else_=0,
    )
    query = select(own.store_id, own.vehicle_id, func.max(grade).label("worst")).where(
        *scope.where(own),
        own.opened_on >= first,
        own.opened_on < until,
        own.vehicle_id.is_not(None),
    )
    return query.group_by(own.store_id, own.vehicle_id).subquery()
