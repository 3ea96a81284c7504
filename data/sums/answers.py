"""Sums of what customers answered, by the local day of the answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import aliased

from data.models import (
    AnswerAdviserDay,
    AnswerDay,
    Followup,
    RepairOrder,
    Respondent,
    ScoreDay,
    SurveyAnswer,
    SurveyResponse,
)
from data.sums.kinds import Kind

CONTENT, TOP, DISCONTENT = 4, 5, 2
PROMOTER, DETRACTOR = 9, 6
CALL = aliased(Followup)  # made once: it costs more than the question


def of_call(condition: Callable[[Any], Any]) -> ColumnElement[bool]:
    """Answers given on a call for which `condition`, a function of the call, holds."""
    own = select(CALL.id).where(
        CALL.store_id == SurveyResponse.store_id,
        CALL.id == SurveyResponse.callback_id,
        condition(CALL),
    )
    return exists(own)


def of_others() -> ColumnElement[bool]:
    """Answers of somebody who was neither served nor owns the car."""
    return of_call(lambda call: call.respondent == Respondent.OTHER)


def given_by(as_of: datetime) -> ColumnElement[bool]:
    """Answers that were given by then."""
    # said so, else SQLite takes the index by moments and not that by days
    return (SurveyResponse.answered_at > as_of).is_(False)


def worded() -> ColumnElement[bool]:
    """Answers with words of the customer's own."""
    comment = SurveyResponse.comment
    return and_(comment.is_not(None), comment != "")


def _where(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    return [given_by(as_of), ~of_others()]


def _sums(_as_of: datetime) -> dict[str, Any]:
    overall, nps = SurveyResponse.overall, SurveyResponse.nps
    met = {
        "given": true(),
        "worded": worded(),
        "n": overall.is_not(None),
        "content": overall >= CONTENT,
        "top": overall >= TOP,
        "discontent": overall <= DISCONTENT,
        "asked_nps": nps.is_not(None),
        "promoters": nps >= PROMOTER,
        "detractors": nps <= DETRACTOR,
    }
    return {name: func.count().filter(condition) for name, condition in met.items()}


def _with_call(query: Select[Any]) -> Select[Any]:
    said, call = SurveyResponse, Followup
    same = and_(call.store_id == said.store_id, call.id == said.callback_id)
    return query.select_from(said).outerjoin(call, same)


def _with_order(query: Select[Any]) -> Select[Any]:
    said, order = SurveyResponse, RepairOrder
    same = and_(order.store_id == said.store_id, order.id == said.order_id)
    return query.select_from(said).outerjoin(order, same)


class _ByQuestion(Kind):
    """The answers are found first: each has fourteen scores to be looked at."""

    def from_rows(
        self, as_of: datetime, keys: Sequence[str], names: Sequence[str], *conditions: Any
    ) -> Select[Any]:
        """These sums by these keys."""
        said, score = SurveyResponse, SurveyAnswer
        wanted = select(said.store_id, said.answered_on, said.id, said.overall)
        given = wanted.where(*conditions).cte("given").prefix_with("MATERIALIZED")
        columns = [self.keys[key] if key == "question_id" else given.c[key] for key in keys]
        counted = _score_sums(given.c.overall)
        mine = and_(score.store_id == given.c.store_id, score.response_id == given.c.id)
        return (
            select(*columns, *(counted[name].label(name) for name in names))
            .select_from(given)
            .join(score, mine)
            .where(score.score.is_not(None))
            .group_by(*columns)
        )


def _score_sums(overall: Any) -> dict[str, Any]:
    """Of the scores; and of those with an overall answer too, pairs, x, xx, y, yy, xy."""
    score, both = SurveyAnswer.score, overall.is_not(None)
    sums = {
        "total": func.sum(score),
        "squares": func.sum(score * score),
        "x": func.sum(score).filter(both),
        "xx": func.sum(score * score).filter(both),
        "y": func.sum(overall),
        "yy": func.sum(overall * overall),
        "xy": func.sum(score * overall),
    }
    return {
        "n": func.count(),
        "content": func.count().filter(score >= CONTENT),
        "pairs": func.count().filter(both),
        **{name: func.coalesce(value, 0) for name, value in sums.items()},
    }


KEYS: dict[str, Any] = {
    "store_id": SurveyResponse.store_id,
    "answered_on": SurveyResponse.answered_on,
}
CALLED = {"rule_id": Followup.rule_id, "agent_id": Followup.agent_id}
BY_CALL = Kind(AnswerDay, KEYS | CALLED, _with_call, _where, _sums)
BY_ORDER = Kind(
    AnswerAdviserDay, KEYS | {"adviser_id": RepairOrder.adviser_id}, _with_order, _where, _sums
)
SCORES = _ByQuestion(
    ScoreDay,
    KEYS | {"question_id": SurveyAnswer.question_id},
    _with_call,
    _where,
    lambda _as_of: _score_sums(SurveyResponse.overall),
)
