"""What is open: how old, how near its deadline, who owns it."""

from datetime import datetime, timedelta
from typing import Any

from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from data.calendars import calendars_of
from data.clock import Span, Unit, elapsed
from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import UNJUDGED, Standing
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
)
def complaint_ageing(session: Session, scope: Scope, *, by: str = "age") -> Answer:
    """Open complaints (the customer has no solution yet) at the data time, by severity and age in
    days: [0,1) [1,3) [3,7) [7,14) [14,30) [30,∞), or by the share of the closing time used: below
    50 %, 50–75 %, 75–100 %, breached. Solved but not yet re-contacted and closed stands apart.
    Ages in calendar time, and in working hours net of pauses. Whenever they were opened.
    """
    cases = open_cases(session, scope)
    bucket = "bucket" if by == "age" else "target"
    counts = cases.groupby([bucket, "severity"]).size().to_dict()
    rows = [
        {"bucket": name, "severity": severity, "count": counts[name, severity]}
        for name in (dict(AGES) if by == "age" else TARGETS)
        for severity in SEVERITIES
        if (name, severity) in counts
    ]
    return Answer(
        DataFrame(rows, columns=["bucket", "severity", "count"]), _summary(session, scope, cases)
    )


def open_cases(session: Session, scope: Scope) -> DataFrame:
    """The open complaints of a scope, one row each: complaint_id, store_id, severity, opened_at,
    days (calendar age), bucket and target (share of the closing time used).
    """
    stood = Standing(scope, "severity", *FACTS, within_period=False, unsolved=True)
    severity = func.coalesce(stood.c.severity, UNJUDGED).label("severity")
    columns = [stood.c[name] for name in ("complaint_id", "store_id", "opened_at")]
    query = select(*columns, severity, target_of(stood).label("target")).where(stood.open)
    cases = frame(session, query).astype({"opened_at": object})
    cases["days"] = [_days(opened, scope.as_of) for opened in cases["opened_at"]]
    cases["bucket"] = [_age(days) for days in cases["days"]]
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


def _days(opened: datetime, as_of: datetime) -> float:
    return (as_of - opened).total_seconds() / 86_400


def _age(days: float) -> str:
    return next(name for name, below in AGES if below is None or days < below)


def _summary(session: Session, scope: Scope, cases: DataFrame) -> dict[str, Any]:
    return {
        "open": len(cases),
        "awaiting_recontact": _awaiting(session, scope),
        "breached": int((cases["target"] == "breached").sum()),
        "at_risk": int((cases["target"] == "75-100").sum()),
        **_spread(cases["days"].astype(float), "days"),
        **_spread(Series(working_hours(session, scope, cases), dtype=float), "working_hours"),
    }


def _spread(ages: "Series[float]", unit: str) -> dict[str, float | None]:
    if ages.empty:
        return {f"{name}_{unit}": None for name in ("p50", "p90", "oldest")}
    return {
        f"p50_{unit}": float(ages.quantile(0.5)),
        f"p90_{unit}": float(ages.quantile(0.9)),
        f"oldest_{unit}": float(ages.max()),
    }


def _awaiting(session: Session, scope: Scope) -> int:
    stood = Standing(scope, within_period=False)
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
    stood = Standing(scope, within_period=False, unsolved=True)
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
