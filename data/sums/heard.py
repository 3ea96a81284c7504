"""Sums of what was heard on calls, by the local day they are due: how long they took, who made
them, what was answered and what was left blank."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, true

from data.models import Followup, HeardDay, RepairOrder, Respondent, SurveyResponse
from data.sums.answers import CONTENT, TOP
from data.sums.followups import AGENT, KEYS, Calls, standing
from data.sums.kinds import Kind
from data.sums.norms import figure

TOP_NPS = 10
LENGTH = "call_length"
NAMED = and_(Followup.agent_id.is_not(None), RepairOrder.adviser_id.is_not(None))


def full_marks(response: Any = SurveyResponse) -> ColumnElement[bool]:
    """Overall the best mark, no question below it, and the best recommendation if asked."""
    return and_(
        response.overall.is_not(None),
        response.overall == TOP,
        or_(response.lowest.is_(None), response.lowest >= TOP),
        or_(response.nps.is_(None), response.nps >= TOP_NPS),
    )


def _says_something() -> ColumnElement[bool]:
    """At least one question was answered with a mark; `lowest` is that of the five-point ones."""
    said = SurveyResponse
    marks = (said.lowest, said.overall, said.nps)
    return and_(said.id.is_not(None), or_(*(mark.is_not(None) for mark in marks)))


def _rows(query: Select[Any]) -> Select[Any]:
    call, said, order = Followup, SurveyResponse, RepairOrder
    of_call = and_(said.store_id == call.store_id, said.callback_id == call.id)
    its_order = and_(order.store_id == call.store_id, order.id == call.order_id)
    return query.select_from(call).outerjoin(said, of_call).outerjoin(order, its_order)


def _sums(as_of: datetime) -> dict[str, Any]:
    calls = Calls(as_of)
    counted = {**_believed(calls), **_asked(calls)}
    met = {name: func.count().filter(one) for name, one in counted.items()}
    return met | {name: func.coalesce(one, 0) for name, one in _added(calls).items()}


def _believed(calls: Calls) -> dict[str, ColumnElement[bool]]:
    """Of completed calls: their length, whether another than the order's adviser made it, and
    their overall answers."""
    call, overall = Followup, SurveyResponse.overall
    talked = call.talk_s
    of_completed = {
        "completed": true(),
        "timed": talked.is_not(None),
        "proper": talked.between(figure(LENGTH, "least_s"), figure(LENGTH, "most_s")),
        "short": and_(talked.is_not(None), talked < figure(LENGTH, "short_s"), full_marks()),
        "named": NAMED,
        "apart": and_(NAMED, call.agent_id != RepairOrder.adviser_id),
        "n": overall.is_not(None),
        "content": overall >= CONTENT,
        "top": overall >= TOP,
    }
    return {name: and_(calls.completed, met) for name, met in of_completed.items()}


def _asked(calls: Calls) -> dict[str, ColumnElement[bool]]:
    """Of matured calls, but for `waiting`: who was reached and what the answers are of."""
    call, overall = Followup, SurveyResponse.overall
    somebody_else = and_(
        calls.by_now(call.completed_at),
        call.respondent.is_not(None),
        call.respondent == Respondent.OTHER,
    )
    reached = and_(calls.connected, not_(somebody_else))
    answered = and_(calls.completed, overall.is_not(None))
    of_matured = {
        "matured": true(),
        "reached": reached,
        "replied": and_(reached, calls.completed, _says_something()),
        "scored": answered,
        "satisfied": and_(answered, overall >= CONTENT),
        "unreached": ~calls.completed,
    }
    waiting = {"waiting": and_(reached, ~calls.matured)}
    return {name: and_(calls.matured, met) for name, met in of_matured.items()} | waiting


def _added(calls: Calls) -> dict[str, Any]:
    """Seconds and marks of completed calls, and the questions of all that were answered."""
    said, seconds = SurveyResponse, Followup.talk_s
    known = calls.by_now(said.answered_at)
    of_completed = {
        "seconds": seconds,
        "seconds_squared": seconds * seconds,
        "total": said.overall,
        "squares": said.overall * said.overall,
    }
    return {
        **{name: func.sum(one).filter(calls.completed) for name, one in of_completed.items()},
        "blank": func.sum(said.blank).filter(known),
        "asked": func.sum(said.asked).filter(known),
    }


HEARD = Kind(HeardDay, KEYS | AGENT, _rows, standing, _sums)
