"""The work ahead: what falls due in the coming days, against what can be called."""

from datetime import timedelta
from typing import Any

from pandas import DataFrame
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import Owed
from data.metrics.matters import CALLS, STAFF
from data.models import Employee, EmployeeRole, Followup
from data.norms import norm
from data.scope import Scope

AHEAD = 14
LONGEST = timedelta(days=400)  # nothing is open for longer: it is given up before


@metric("callback_load", "Callbacks ahead", unit="callbacks", reads=CALLS | STAFF)
def callback_load(session: Session, scope: Scope) -> Answer:
    """Callbacks that are planned and not over by the local day they are due, today and the two
    weeks after it, beside what the active callback agents can call in a day (calls a day each: a
    setting). `overdue` are those past their deadline and not over. Whatever the period.
    """
    overdue, ahead = _open(session, scope)
    agents = _agents(session, scope)
    capacity = agents * int(norm(session, "calls_a_day")["each_agent"])
    days = [scope.today + timedelta(days=step) for step in range(AHEAD + 1)]
    rows = [(day, ahead.get(day, 0), capacity) for day in days]
    summary = {
        "overdue": overdue,
        "due": sum(due for _, due, _ in rows),
        "today": ahead.get(scope.today, 0),
        "agents": agents,
        "capacity": capacity,
    }
    return Answer(DataFrame(rows, columns=["day", "count", "capacity"]), summary)


def _open(session: Session, scope: Scope) -> tuple[int, dict[Any, int]]:
    """How many are overdue, and how many are due on each day ahead."""
    owed, overdue = Owed(scope, period=False), 0
    ahead: dict[Any, int] = {}
    late = Followup.due_at <= scope.as_of
    for part in _still_open(scope):
        query = (
            select(Followup.due_on, func.count().filter(late), func.count().filter(~late))
            .where(*owed.where, *part)
            .group_by(Followup.due_on)
        )
        for day, past, coming in session.execute(query):
            overdue += past
            ahead[day] = ahead.get(day, 0) + coming
    return overdue, ahead


def _still_open(scope: Scope) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Not over at that moment; in two questions, since each finds its rows by an index."""
    later = [Followup.ended_at > scope.as_of, Followup.due_at > scope.as_of - LONGEST]
    return [Followup.ended_at.is_(None)], later


def _agents(session: Session, scope: Scope) -> int:
    query = select(func.count(Employee.id)).where(
        *scope.where(Employee), Employee.role == EmployeeRole.AGENT, Employee.active
    )
    return session.scalar(query) or 0
