"""The numbers a weekly review looks at: each a metric, asked for one store and one week."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from data.metrics import (
    METRICS,
    Answer,
    Metric,
    complaints,
    followups,
    improvements,
    retention,
    satisfaction,
)
from data.reviews.weeks import Week
from data.scope import Scope

TREND_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the review: `value` is its key in the metric's summary.

    It stands for the week; `lasting` ones speak for the moment they are asked for instead. Of
    `detailed` ones the rows are frozen too.
    """

    metric: Metric
    value: str = "value"
    options: Mapping[str, str] = field(default_factory=dict)
    lasting: bool = False
    called: str = ""
    detailed: bool = False

    @property
    def code(self) -> str:
        """What it is called among frozen numbers: the metric's code, its options, its value."""
        options = "".join(f"?{key}={value}" for key, value in self.options.items())
        return f"{self.metric.code}{options}" + ("" if self.value == "value" else f"#{self.value}")

    @property
    def title(self) -> str:
        """What people call it: as its metric, unless it is another key of the summary."""
        return self.called or self.metric.title

    @property
    def unit(self) -> str:
        """The unit of its value."""
        return self.metric.unit


AT_STAKE = Number(retention.value_at_risk, lasting=True)
REASONS = Number(
    retention.churn_reasons, "cases", called="Customers asked why they stay away", detailed=True
)
NUMBERS = (
    Number(followups.completion_rate),
    Number(followups.on_time_rate),
    Number(satisfaction.csat_t2b),
    Number(satisfaction.nps),
    Number(complaints.complaints_per_1000_orders),
    Number(complaints.first_reply_compliance),
    Number(complaints.closure_compliance),
    Number(complaints.complaint_ageing, "open", lasting=True, called="Open complaints"),
    Number(
        complaints.complaint_ageing,
        "breached",
        lasting=True,
        called="Complaints past their deadline",
    ),
    Number(complaints.resolution_satisfaction),
    Number(satisfaction.fixed_right_first_time),
    Number(retention.keep_rate, lasting=True),
    AT_STAKE,
    REASONS,
    Number(improvements.action_status, "overdue", lasting=True, called="Overdue actions"),
    Number(improvements.action_effectiveness, lasting=True),
)


def scope_of(store: str, zone: str, week: Week, *, as_of: datetime) -> Scope:
    """The slice a review's numbers are asked for."""
    return Scope(as_of=as_of, stores=(store,), start=week.monday, end=week.sunday, zone=zone)


def ask(session: Session, number: Number, scope: Scope) -> dict[str, Any]:
    """What the number's metric says of the scope, in sum."""
    return answer(session, number, scope).summary


def answer(session: Session, number: Number, scope: Scope) -> Answer:
    """The same with its rows."""
    return number.metric(session, scope, **number.options)


def trend(session: Session, number: Number, scope: Scope) -> Answer | None:
    """The same metric over the half year up to the week, by week; None if it has no such trend."""
    if number.lasting or "grain" not in METRICS[number.metric.code].options:
        return None
    start = _back(scope.start)
    wide = Scope(
        as_of=scope.as_of, stores=scope.stores, start=start, end=scope.end, zone=scope.zone
    )
    return number.metric(session, wide, **number.options)


def _back(monday: date | None) -> date | None:
    return monday and monday - timedelta(weeks=TREND_WEEKS - 1)
