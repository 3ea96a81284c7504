"""What is open: how old, how near its deadline, who owns it."""

from datetime import datetime, timedelta
from typing import Any

from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from data.calendars import calendars_of
from data.clock import Span, Unit, elapsed
from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import UNJUDGED, Standing, Which
from data.metrics.matters import CASES
from data.models import Complaint, Event, Severity
from data.scope import Scope
from data.sla import pauses_in

AGES = (("0-1", 1), ("1-3", 3), ("3-7", 7), ("7-14", 14), ("14-30", 30), ("30+", None))
TARGETS = ("<50", "50-75", "75-100", "breached", "no_target")
SEVERITIES = (*(severity.value for severity in Severity), UNJUDGED)
PAUSING = ("paused", "resumed", "resolved", "reopened")
FACTS = ("opened_at", "close_half_at", "close_warn_at")


@metric(
    "complaint_ageing",
    "Age of open complaints",
    unit="complaints",
    reads=CASES,
    by=("age", "target"),
    ages=("oldest", "all"),
)
def complaint_ageing(
    session: Session, scope: Scope, *, by: str = "age", ages: str = "oldest"
) -> Answer:
    """Open complaints (the customer has no solution yet) at the data time, by severity and age in
    days: [0,1) [1,3) [3,7) [7,14) [14,30) [30,∞), or by the share of the closing time used: below
    50 %, 50–75 %, 75–100 %, breached. Solved but not yet re-contacted and closed stands apart.
    Whenever they were opened. With all `ages`: their median, that of nine in ten and the oldest,
    in calendar time and in working hours net of pauses.
    """
    counted = _counted(session, scope)
    summary = _summary(counted, scope) | {"awaiting_recontact": _awaiting(session, scope)}
    spread = _ages(session, scope) if ages == "all" else {}
    return Answer(_rows(counted, "bucket" if by == "age" else "target"), summary | spread)


def _counted(session: Session, scope: Scope) -> DataFrame:
    """How many open cases there are of each severity, target and bucket, and the oldest's start."""
    each = _open(scope)
    parts = [each.c[name] for name in ("severity", "target", "bucket")]
    counts = [func.count().label("count"), func.min(each.c.opened_at).label("since")]
    return frame(session, select(*parts, *counts).group_by(*parts))


def _rows(counted: DataFrame, bucket: str) -> DataFrame:
    counts = counted.groupby([bucket, "severity"])["count"].sum().to_dict()
    rows = [
        {"bucket": name, "severity": severity, "count": counts[name, severity]}
        for name in (dict(AGES) if bucket == "bucket" else TARGETS)
        for severity in SEVERITIES
        if (name, severity) in counts
    ]
    return DataFrame(rows, columns=["bucket", "severity", "count"])


def _summary(counted: DataFrame, scope: Scope) -> dict[str, Any]:
    at = counted.groupby("target")["count"].sum()
    oldest = None if counted.empty else _days(min(counted["since"]), scope.as_of)
    return {
        "open": int(counted["count"].sum()),
        "breached": int(at.get("breached", 0)),
        "at_risk": int(at.get("75-100", 0)),
        "oldest_days": oldest,
    }


def _open(scope: Scope) -> Subquery:
    """The open cases, one row each."""
    stood = Standing(scope, "severity", *FACTS, which=Which.UNSOLVED)
    columns = [stood.c[name] for name in ("complaint_id", "store_id", "opened_at")]
    severity = func.coalesce(stood.c.severity, UNJUDGED).label("severity")
    parts = [severity, target_of(stood).label("target"), _bucket_of(stood).label("bucket")]
    return select(*columns, *parts).where(stood.open).subquery("each")


def open_cases(session: Session, scope: Scope) -> DataFrame:
    """The open complaints of a scope, one row each: complaint_id, store_id, severity, opened_at,
    days (calendar age), bucket and target (share of the closing time used).
    """
    cases = frame(session, select(_open(scope))).astype({"opened_at": object})
    cases["days"] = [_days(opened, scope.as_of) for opened in cases["opened_at"]]
    return cases


def target_of(stood: Standing) -> ColumnElement[str]:
    """Which part of the time allowed a case has used; at the very share it enters the next."""
    as_of = stood.scope.as_of
    return case(
        (stood.late, "breached"),
        (stood.c.close_due_at.is_(None), "no_target"),
        (stood.c.close_warn_at <= as_of, "75-100"),
        (stood.c.close_half_at <= as_of, "50-75"),
        else_="<50",
    )


def _bucket_of(stood: Standing) -> ColumnElement[str]:
    younger = [
        (stood.c.opened_at > stood.scope.as_of - timedelta(days=below), name)
        for name, below in AGES
        if below is not None
    ]
    return case(*younger, else_=AGES[-1][0])


def _days(opened: datetime, as_of: datetime) -> float:
    return (as_of - opened).total_seconds() / 86_400


def _ages(session: Session, scope: Scope) -> dict[str, float | None]:
    cases = open_cases(session, scope)
    hours = Series(working_hours(session, scope, cases), dtype=float)
    return _spread(cases["days"].astype(float), "days") | _spread(hours, "working_hours")


def _spread(ages: "Series[float]", unit: str) -> dict[str, float | None]:
    if ages.empty:
        return {f"{name}_{unit}": None for name in ("p50", "p90", "oldest")}
    return {
        f"p50_{unit}": float(ages.quantile(0.5)),
        f"p90_{unit}": float(ages.quantile(0.9)),
        f"oldest_{unit}": float(ages.max()),
    }


def _awaiting(session: Session, scope: Scope) -> int:
    stood = Standing(scope, which=Which.UNCLOSED)
    query = select(func.count()).select_from(stood.rows).where(stood.awaiting)
    return session.scalar(query) or 0


def working_hours(session: Session, scope: Scope, cases: DataFrame) -> list[float]:
    """The age of each case in the store's working hours, without the time it waited."""
    pauses = pauses_of_open(session, scope)
    calendars = calendars_of(session, set(cases["store_id"].tolist()))
    wanted = (cases[name].tolist() for name in ("complaint_id", "store_id", "opened_at"))
    hour = timedelta(hours=1)
    return [
        elapsed(
            calendars[store],
            opened,
            scope.as_of,
            unit=Unit.WORKING_HOURS,
            pauses=pauses.get(number, ()),
        )
        / hour
        for number, store, opened in zip(*wanted, strict=True)
    ]


def pauses_of_open(session: Session, scope: Scope) -> dict[int, list[Span]]:
    """When the closing clocks of the open cases stood still, by complaint."""
    stood = Standing(scope, which=Which.UNSOLVED)
    same = and_(Event.store_id == stood.c.store_id, Event.subject_id == stood.c.complaint_id)
    query = (
        select(Event.subject_id, Event.kind, Event.at, Event.data)
        .join(stood.rows, same)
        .where(Event.subject == Complaint.__tablename__, Event.kind.in_(PAUSING), stood.open)
        .where(Event.at <= scope.as_of)
        .order_by(Event.at, Event.id)
    )
    history: dict[int, list[Any]] = {}
    for entry in session.execute(query):
        history.setdefault(entry.subject_id, []).append(entry)
    return {number: pauses_in(entries) for number, entries in history.items()}
