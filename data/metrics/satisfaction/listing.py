"""The answers behind a number, page by page, sorted and searched by the database."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics.satisfaction.alerts import HOURS, after_answer, complained, matured
from data.metrics.satisfaction.answers import Answers, alarming
from data.models import (
    Complaint,
    Customer,
    Employee,
    Followup,
    FollowupRule,
    Question,
    RepairOrder,
    Store,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.paging import Days, page
from data.scope import Scope
from data.sums.answers import CONTENT, DETRACTOR, DISCONTENT, PROMOTER, worded

LATEST_FIRST = (("answered_at", True),)
OVERALL, NPS = SurveyResponse.overall, SurveyResponse.nps
ALERT = "alert"
OWN = {"id", "answered_at", "overall", "nps", "lowest", "reason", "comment"}  # of the answer itself
KINDS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "satisfied": lambda: OVERALL >= CONTENT,
    "dissatisfied": lambda: OVERALL <= DISCONTENT,
    "promoter": lambda: NPS >= PROMOTER,
    "passive": lambda: and_(NPS > DETRACTOR, NPS < PROMOTER),
    "detractor": lambda: NPS <= DETRACTOR,
    "words": worded,
    ALERT: alarming,
}
ALL = ""
SUMS = {  # how many there are of a kind
    ALL: "given",
    "satisfied": "content",
    "dissatisfied": "discontent",
    "promoter": "promoters",
    "detractor": "detractors",
    "words": "worded",
}


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Sequence[tuple[str, bool]] = (),
    find: Sequence[tuple[str, str]] = (),
    only: Sequence[str] = (),
) -> tuple[list[dict[str, Any]], int]:
    """The answers of a scope by the day they were given, and how many there are in all.

    The scope's drill may ask for adviser, agent, rule, score (overall, or of a dimension), reason,
    dimension and kind; kind=alert are the hot alerts, also those of somebody else. sort: (field,
    descending) pairs; find: (field, text), of a mark the mark itself; only: kinds that all hold
    besides. Each row says as `alert` whether a complaint was opened in_time, late, is still
    missing (open) or not_due.
    """
    wanted = [*_wanted(scope, only), *(KINDS[kind]() for kind in only)]
    query, fields = _told()
    texts = [_found(fields[field], field, text) for field, text in find]
    days = None if texts else _by_day(session, scope, only)
    if days and not sort:
        wanted += days.holding(SurveyResponse.answered_on, start + count)
    rows, total = page(
        session,
        query,
        SurveyResponse.id,
        wanted=wanted,
        texts=texts,
        order=(*_order(fields, sort), SurveyResponse.id),
        alone=not texts and {field for field, _down in sort} <= OWN,
        start=start,
        count=count,
        total=days and days.total,
    )
    cases = _cases(session, scope, [row["id"] for row in rows])
    return [row | cases[row["id"]] for row in rows], total


def _by_day(session: Session, scope: Scope, only: Sequence[str]) -> Days | None:
    """How many answers there are of each day, as far as daily sums can tell."""
    kinds = {*scope.asked("kind"), *only} or {ALL}
    of_marks = any(scope.asked(key) for key in ("reason", "score", "dimension"))
    if of_marks or len(kinds) > 1 or not kinds <= SUMS.keys():
        return None
    return Days.of(Answers(scope).added_up(session, "period", *(SUMS[kind] for kind in kinds)))


def _wanted(scope: Scope, only: Sequence[str]) -> list[ColumnElement[bool]]:
    kinds, reasons = scope.asked("kind"), scope.asked("reason")
    wanted = [*Answers(scope, of_others=ALERT in (*kinds, *only)).where]
    if kinds:
        wanted.append(or_(*(KINDS[kind]() if kind in KINDS else false() for kind in kinds)))
    if reasons:
        wanted.append(SurveyResponse.reason.in_(reasons))
    scores = [int(score) for score in scope.asked("score") if score.isdecimal() and len(score) < 3]
    if dimensions := scope.asked("dimension"):
        wanted.append(_on(dimensions, scores if scope.asked("score") else None))
    elif scope.asked("score"):
        wanted.append(OVERALL.in_(scores))
    return wanted


def _on(dimensions: Sequence[str], scores: Sequence[int] | None) -> ColumnElement[bool]:
    """A mark was given on one of these dimensions, one of these marks."""
    mark = aliased(SurveyAnswer)
    asked = select(Question.id).where(Question.dimension.in_(dimensions))
    given = select(mark.id).where(
        mark.store_id == SurveyResponse.store_id,
        mark.response_id == SurveyResponse.id,
        mark.question_id.in_(asked),
        mark.score.is_not(None) if scores is None else mark.score.in_(scores),
    )
    return exists(given)


def _told() -> tuple[Select[Any], dict[str, Any]]:
    """The answers with their words, and each field's column for sorting and searching."""
    answer, call = SurveyResponse, Followup
    fields: dict[str, Any] = {
        "id": answer.id,
        "number": func.coalesce(call.number, answer.number),
        "callback": call.number,
        "store": Store.code,
        "answered_at": answer.answered_at,
        "customer": Customer.name,
        "rule_name": FollowupRule.name,
        "rule_name_zh": FollowupRule.name_zh,
        "adviser": Employee.name,
        "overall": answer.overall,
        "nps": answer.nps,
        "lowest": answer.lowest,
        "reason": answer.reason,
        "comment": answer.comment,
    }
    owner = func.coalesce(call.customer_id, Vehicle.customer_id)
    query = (
        select(*(column.label(name) for name, column in fields.items()))
        .select_from(answer)
        .join(Store, Store.id == answer.store_id)
        .outerjoin(call, _same(call, call.id, answer.callback_id))
        .outerjoin(FollowupRule, FollowupRule.id == call.rule_id)
        .outerjoin(Vehicle, _same(Vehicle, Vehicle.id, answer.vehicle_id))
        .outerjoin(Customer, _same(Customer, Customer.id, owner))
        .outerjoin(RepairOrder, _same(RepairOrder, RepairOrder.id, answer.order_id))
        .outerjoin(Employee, _same(Employee, Employee.id, RepairOrder.adviser_id))
    )
    return query, fields


def _same(model: Any, number: Any, ours: Any) -> Any:
    return and_(model.store_id == SurveyResponse.store_id, number == ours)


def _found(column: Any, field: str, text: str) -> Any:
    if field in ("overall", "nps", "lowest"):
        return column == int(text) if text.isdecimal() and len(text) < 3 else false()
    return column.icontains(text, autoescape=True)


def _order(fields: dict[str, Any], sort: Sequence[tuple[str, bool]]) -> list[Any]:
    wanted = [(fields[name], down) for name, down in (*sort, *LATEST_FIRST) if name in fields]
    return [(column.desc() if down else column.asc()).nulls_last() for column, down in wanted]


def _cases(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What became of these answers: the number of the first complaint after it, and in time?"""
    first = aliased(Complaint)
    number = select(first.number).where(*after_answer(first, scope))
    said = case(
        (complained(scope, HOURS), "in_time"),
        (complained(scope), "late"),
        (matured(scope), "open"),
        else_="not_due",
    )
    query = select(
        SurveyResponse.id,
        number.order_by(first.opened_at, first.id).limit(1).scalar_subquery(),
        said,
        alarming(),
    ).where(SurveyResponse.id.in_(ids))
    return {
        id_: {"complaint": found, "alert": state if hot else None}
        for id_, found, state, hot in session.execute(query)
    }
