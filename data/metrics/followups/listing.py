"""The calls behind a number, page by page, sorted and searched by the database."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from data.metrics.followups.narrowing import by_day, by_hour, narrowed, state_of
from data.metrics.followups.owed import Owed
from data.models import Employee, Followup, FollowupRule, Store, SurveyResponse
from data.paging import page
from data.scope import Scope

LATEST_FIRST = (("due_at", True),)
OWN = {"number", "due_at", "due_on", "attempts", "completed_at", "talk_s"}  # of the call itself


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Sequence[tuple[str, bool]] = (),
    find: Sequence[tuple[str, str]] = (),
) -> tuple[list[dict[str, Any]], int]:
    """The calls of a scope by the day they are due, as they stood, and how many there are in all.

    The scope's drill may ask for state, kind (a step of the funnel, a doubt), rule, agent, channel
    and result; with weekday or hour they are the calls tried then, in the period. sort: (field,
    descending) pairs; find: (field, text it contains).
    """
    owed = Owed(scope, period=not by_hour(scope))
    wanted, (query, fields) = [*owed.where, *narrowed(session, owed)], _calls(owed)
    texts = [fields[field].icontains(text, autoescape=True) for field, text in find]
    days = None if texts else by_day(session, owed)
    if days and not sort:
        wanted += days.holding(Followup.due_on, start + count)
    rows, total = page(
        session,
        query,
        Followup.id,
        wanted=wanted,
        texts=texts,
        order=(*_order(fields, sort), Followup.id),
        alone=not texts and {field for field, _down in sort} <= OWN,
        start=start,
        count=count,
        total=days and days.total,
    )
    return [_told(row) for row in rows], total


def _calls(owed: Owed) -> tuple[Select[Any], dict[str, Any]]:
    """The calls with their words, and each field's column for sorting and searching."""
    call = Followup
    fields: dict[str, Any] = {
        "number": call.number,
        "store": Store.code,
        "rule": FollowupRule.code,
        "rule_name": FollowupRule.name,
        "rule_name_zh": FollowupRule.name_zh,
        "agent": Employee.name,
        "due_at": call.due_at,
        "due_on": call.due_on,
        "state": state_of(owed),
        "attempts": call.attempts,
        "completed_at": call.completed_at,
        "talk_s": call.talk_s,
        "overall": SurveyResponse.overall,
        "id": call.id,
    }
    query = (
        select(*(column.label(name) for name, column in fields.items()))
        .select_from(call)
        .join(Store, Store.id == call.store_id)
        .outerjoin(FollowupRule, FollowupRule.id == call.rule_id)
        .outerjoin(Employee, _same(Employee, Employee.id, call.agent_id))
        .outerjoin(SurveyResponse, _same(SurveyResponse, SurveyResponse.callback_id, call.id))
    )
    return query, fields


def _same(model: Any, number: Any, ours: Any) -> Any:
    return and_(model.store_id == Followup.store_id, number == ours)


def _order(fields: dict[str, Any], sort: Sequence[tuple[str, bool]]) -> list[Any]:
    wanted = [(fields[name], down) for name, down in (*sort, *LATEST_FIRST) if name in fields]
    return [(column.desc() if down else column.asc()).nulls_last() for column, down in wanted]


def _told(row: Any) -> dict[str, Any]:
    seconds = row["talk_s"]
    return {**row, "talk": None if seconds is None else timedelta(seconds=seconds)}
