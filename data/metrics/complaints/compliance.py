"""Were complaints answered and solved in time, and if not, how late and why."""

from typing import Any, NamedTuple

from pandas import DataFrame
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import Standing
from data.metrics.matters import CASES, CASES_OVER_TIME, STAFF
from data.metrics.phases import changes
from data.metrics.trend import GRAINS, by_key, in_order, rates
from data.models import ComplaintCategory, Employee, Store
from data.scope import Scope
from data.sla import GRAVITY
from data.stats import rate

BY = ("period", "store", "severity", "category", "owner")
KEYS = {"store": "store_id", "severity": "severity", "category": "category_id", "owner": "owner_id"}
FACTS = ("opened_on", "severity", "category_id", "owner_id")


@metric(
    "first_reply_compliance",
    "First reply in time",
    unit="share",
    reads=CASES_OVER_TIME | STAFF,
    grain=GRAINS,
    by=BY,
)
def first_reply_compliance(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Complaints answered by their reply deadline ÷ matured: those answered, or whose deadline
    has passed. Open and late is a miss; exactly at the deadline is in time. Complaints without a
    reply deadline do not count. By the day they were opened.
    """
    stood = Standing(scope, *FACTS)
    clock = _Clock(stood.c.replied_at, stood.c.reply_due_at, stood.replied, stood.reply_late)
    return _compliance(session, stood, clock, grain, by)


@metric(
    "closure_compliance",
    "Solved in time",
    unit="share",
    reads=CASES_OVER_TIME | STAFF,
    grain=GRAINS,
    by=BY,
)
def closure_compliance(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Complaints solved by their closing deadline ÷ matured: those solved, or whose deadline has
    passed. Open and late is a miss, and a first breach stays one when the case is reopened;
    exactly at the deadline is in time. `naive_value` is the usual in-time ÷ solved, which open
    cases cannot spoil. By the day they were opened.
    """
    stood = Standing(scope, *FACTS)
    clock = _Clock(stood.ended_at, stood.c.close_due_at, stood.resolved, stood.late)
    return _compliance(session, stood, clock, grain, by)


class _Clock(NamedTuple):
    """One of the two clocks of a case, as columns and conditions."""

    done_at: Any
    due_at: Any
    done: ColumnElement[bool]
    late: ColumnElement[bool]


def _compliance(session: Session, stood: Standing, clock: _Clock, grain: str, by: str) -> Answer:
    done, late = clock.done, clock.late
    key = stood.c.opened_on if by == "period" else stood.c[KEYS[by]]
    query = select(
        key.label("key"),
        func.count().label("all"),
        func.count().filter(and_(done, ~late)).label("met"),
        func.count().filter(~(done | late)).label("not_due"),
        func.count().filter(and_(done, clock.done_at <= clock.due_at)).label("naive_met"),
        func.count().filter(done).label("done"),
    ).where(clock.due_at.is_not(None))
    counted = frame(session, query.group_by(key))
    counted["matured"] = counted["all"] - counted["not_due"]
    return Answer(_rows(session, counted, stood.scope, grain, by), _summary(counted))


def _summary(counted: DataFrame) -> dict[str, Any]:
    met, matured, not_due, naive_met, done = (
        int(counted[name].sum()) for name in ("met", "matured", "not_due", "naive_met", "done")
    )
    return {**rate(met, matured, not_due), "naive_value": naive_met / done if done else None}


def _rows(session: Session, counted: DataFrame, scope: Scope, grain: str, by: str) -> DataFrame:
    parts = [counted[name].tolist() for name in ("key", "met", "matured", "not_due")]
    if by == "period":
        days = [(day, tuple(counts)) for day, *counts in zip(*parts, strict=True)]
        return rates(days, scope, grain, changes=changes(session, scope))
    names = _names(session, by)
    named = ((names.get(key, key), *counts) for key, *counts in zip(*parts, strict=True))
    return by_key(in_order(named))


def _names(session: Session, by: str) -> dict[Any, Any]:
    """What to call the keys: stores and categories by code, owners by name."""
    if by == "severity":
        return {}
    queries = {
        "store": select(Store.id, Store.code),
        "category": select(ComplaintCategory.id, ComplaintCategory.code),
        "owner": select(Employee.id, Employee.name),
    }
    names: dict[Any, Any] = dict(session.execute(queries[by]).all())
    return names


@metric("overrun", "Time over the deadline", unit="hours", reads=CASES, clock=("closing", "reply"))
def overrun(session: Session, scope: Scope, *, clock: str = "closing") -> Answer:
    """Of complaints that missed their deadline, the time from the deadline to the solution (or to
    the reply), or to now if there is none: median, 90th percentile and longest, in hours, by
    severity.
    """
    stood = Standing(scope, "severity")
    late, due, done = (
        (stood.late, func.coalesce(stood.c.close_breached_at, stood.c.close_due_at), stood.ended_at)
        if clock == "closing"
        else (
            stood.reply_late,
            func.coalesce(stood.c.reply_breached_at, stood.c.reply_due_at),
            stood.c.replied_at,
        )
    )
    stopped = case((stood.by_now(done), done), else_=scope.as_of)
    query = select(stood.c.severity, due.label("due"), stopped.label("stopped")).where(late)
    cases = frame(session, query)
    cases["hours"] = [
        (stopped - due).total_seconds() / 3600
        for due, stopped in zip(cases["due"], cases["stopped"], strict=True)
    ]
    rows = [
        {"severity": severity, **_spread(group["hours"])}
        for severity, group in cases.groupby("severity", dropna=False, sort=False)
    ]
    rows.sort(key=lambda row: GRAVITY.get(row["severity"], len(GRAVITY)))
    columns = ["severity", "count", "median_hours", "p90_hours", "max_hours"]
    return Answer(DataFrame(rows, columns=columns), _spread(cases["hours"]))


def _spread(hours: Any) -> dict[str, Any]:
    if hours.empty:
        return {"count": 0, "median_hours": None, "p90_hours": None, "max_hours": None}
    return {
        "count": len(hours),
        "median_hours": float(hours.quantile(0.5)),
        "p90_hours": float(hours.quantile(0.9)),
        "max_hours": float(hours.max()),
    }


@metric("breach_causes", "Causes of missed deadlines", unit="complaints", reads=CASES)
def breach_causes(session: Session, scope: Scope) -> Answer:
    """Closed complaints that missed their closing deadline, by the cause named at closing, most
    frequent first; those closed without a cause stand apart as not stated.
    """
    stood = Standing(scope, "breach_cause")
    cause = func.coalesce(stood.c.breach_cause, "not_stated")
    query = select(cause.label("cause"), func.count().label("count")).where(
        stood.closed, stood.late
    )
    rows = frame(session, query.group_by(cause).order_by(func.count().desc(), cause))
    total = int(rows["count"].sum())
    return Answer(rows.assign(share=rows["count"] / (total or 1)), {"count": total})
