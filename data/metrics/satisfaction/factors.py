"""Sums of the answers to single questions, by dimension, straight from the database."""

from typing import Any

from sqlalchemy import CTE, and_, func, null, select
from sqlalchemy.orm import Session

from data.defaults import DIMENSIONS
from data.metrics.satisfaction.answers import CONTENT, Answers
from data.models import Question, SurveyAnswer, SurveyResponse
from data.scope import Scope

FIVE = "1-5"
HIGHEST = 5
PROCEDURAL = 7  # of the fourteen the first seven are of procedures, the others of persons
ALL = tuple(code for code, *_ in DIMENSIONS)
GROUPS = {
    code: "procedural" if place < PROCEDURAL else "personal" for place, code in enumerate(ALL)
}

Sums = dict[str, int]


def sums(session: Session, scope: Scope, key: Any = None) -> list[tuple[Any, str, Sums]]:
    """By `key` (a column of the answers; None: all together) and dimension: n, total, squares and
    content of the scores; and of those with an overall answer too, pairs, x, xx, y, yy, xy.
    """
    given, score = _given(scope, key), SurveyAnswer.score
    overall = given.c.overall
    both = overall.is_not(None)
    counted = {
        "n": func.count(),
        "total": func.sum(score),
        "squares": func.sum(score * score),
        "content": func.count().filter(score >= CONTENT),
        "pairs": func.count().filter(both),
        "x": func.sum(score).filter(both),
        "xx": func.sum(score * score).filter(both),
        "y": func.sum(overall),
        "yy": func.sum(overall * overall),
        "xy": func.sum(score * overall),
    }
    mine = and_(SurveyAnswer.store_id == given.c.store_id, SurveyAnswer.response_id == given.c.id)
    query = (
        select(given.c.key, SurveyAnswer.question_id, *counted.values())
        .select_from(given)
        .join(SurveyAnswer, mine)
        .where(score.is_not(None))
        .group_by(given.c.key, SurveyAnswer.question_id)
    )
    dimensions = _dimensions(session)
    return [
        (by, dimensions[question], {n: int(v or 0) for n, v in zip(counted, row, strict=True)})
        for by, question, *row in session.execute(query)
        if question in dimensions
    ]


def _given(scope: Scope, key: Any) -> CTE:
    """The answers of the scope, found first: each has fourteen scores to be looked at."""
    response = SurveyResponse
    wanted = select(
        response.store_id.label("store_id"),
        response.id.label("id"),
        response.overall.label("overall"),
        (null() if key is None else key).label("key"),
    )
    return wanted.where(*Answers(scope).where).cte("given").prefix_with("MATERIALIZED")


def _dimensions(session: Session) -> dict[int, str]:
    """The dimension of each question on five points that has one."""
    asked = select(Question.id, Question.dimension).where(Question.scale == FIVE)
    return {row.id: row.dimension for row in session.execute(asked) if row.dimension}
