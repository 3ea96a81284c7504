"""What can be wrong with the data, which numbers it moves, and from which share on it matters."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from data.metrics.health import subjects
from data.metrics.health.subjects import Subject
from data.models import (
    Complaint,
    Followup,
    RepairOrder,
    Store,
    SurveyResponse,
    WorkCalendar,
)
from data.scope import Scope
from data.sums import covered, faulty

CALLS = ("followups_due", "attempt_rate", "contact_rate", "completion_rate", "on_time_rate")
ANSWERS = ("csat_t2b", "csat_t1b", "dissatisfied_rate", "nps", "csi_index")
CLOCKS = ("first_reply_compliance", "closure_compliance", "complaint_ageing", "overrun")
A_HUNDREDTH, A_TWENTIETH = 0.01, 0.05
LONG_AGO = date(1990, 1, 1)
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with records of one kind.

    moves: codes of the metrics it can move. matters: the share of the records from which on it
    does; 0 means that a single one does.
    """

    code: str
    subject: Subject
    moves: tuple[str, ...]
    matters: float = A_HUNDREDTH

    def moved(self, count: int, of: int) -> bool:
        """Whether `count` of `of` is so much that the metrics may be wrong."""
        return count > 0 and count >= self.matters * of


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A fault as a question: which records it could have, which have it, and two moments that
    stand in the wrong order (that which should be first, that which should be later)."""

    fault: Fault
    wrong: ColumnElement[bool]
    of: ColumnElement[bool] = field(default_factory=true)
    times: tuple[Any, Any] | None = None


FAULTS = (
    Fault(code="no_callback", subject=subjects.ORDERS, moves=(*CALLS, "followup_coverage")),
    Fault(code="no_phone", subject=subjects.ORDERS, moves=CALLS[2:]),
    Fault(
        code="no_adviser",
        subject=subjects.ORDERS,
        moves=("caller_independence", "adviser_scorecard"),
        matters=A_TWENTIETH,
    ),
    Fault(
        code="delivered_before_arrival",
        subject=subjects.ORDERS,
        moves=("complaints_per_1000_orders", *CALLS),
    ),
    Fault(code="completed_before_planned", subject=subjects.FOLLOWUPS, moves=CALLS[3:]),
    Fault(code="answered_before_delivery", subject=subjects.ANSWERS, moves=ANSWERS),
    Fault(code="ended_before_opened", subject=subjects.COMPLAINTS, moves=CLOCKS),
    Fault(code="replied_after_closing", subject=subjects.COMPLAINTS, moves=CLOCKS[:1]),
    Fault(
        code="calendar_ends",
        subject=subjects.STORES,
        moves=("closure_compliance", "complaints_at_risk"),
        matters=0,
    ),
    Fault(
        code="refused_rows",
        subject=subjects.REJECTS,
        moves=("complaints_per_1000_orders", *CALLS, *ANSWERS),
    ),
)


def checks(session: Session, scope: Scope) -> list[Check]:
    """Every fault as a question about `scope`, in the order of `FAULTS`."""
    order, case, call, answer = RepairOrder, Complaint, Followup, SurveyResponse
    should, lacks = _callback(scope)
    ended = func.coalesce(case.resolved_at, case.closed_at)
    asked: list[dict[str, Any]] = [
        {"wrong": lacks, "of": should},
        {"wrong": faulty.no_phone()},
        {"wrong": order.adviser_id.is_(None)},
        _order_of(order.opened_at, order.delivered_at),
        _order_of(call.planned_at, call.completed_at),
        _order_of(order.delivered_at, answer.answered_at),
        _order_of(case.opened_at, ended) | {"of": ended <= scope.as_of},
        _order_of(case.replied_at, case.closed_at) | {"of": case.closed_at <= scope.as_of},
        {"wrong": func.coalesce(WorkCalendar.loaded_until, LONG_AGO) < scope.today + AHEAD},
        {"wrong": true()},
    ]
    return [Check(fault=fault, **each) for fault, each in zip(FAULTS, asked, strict=True)]


def _callback(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The orders that should have a callback by now, and those of them that have none."""
    order, now = RepairOrder, scope.as_of
    of_days = [order.store_id.in_(select(Store.id)), *scope.where(order, order.delivered_on)]
    known = and_(*of_days, *covered.wanted(now))
    planned = covered.task(now)
    lacks = and_(planned.is_(None), covered.due(now))
    return and_(known, or_(planned == covered.CALLED, lacks)), and_(known, lacks)


def _order_of(first: Any, later: Any) -> dict[str, Any]:
    return {"wrong": later < first, "times": (first, later)}
