"""Sums of the answers to single questions, by dimension, straight from the database."""

from typing import Any

from sqlalchemy import and_, func, select
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
    score, overall = SurveyAnswer.score, SurveyResponse.overall
    both = overall.is_not(None)
    counted = {
        "n": func.count(),
        "total": func.sum(score),
        "squares": func.sum(score * score),
        "content": func.count().filter(score >= CONTENT),
        "pairs": func.count().filter(both),
        "x": func.sum(score).filter(both),
        "xx": func.sum(score * score).filter(both),
        "y": func.sum(overall).filter(both),
        "yy": func.sum(overall * overall).filter(both),
        "xy": func.sum(score * overall).filter(both),
    }
    keys = [Question.dimension] if key is None else [Question.dimension, key]
    query = (
        select(*keys, *counted.values())
        .select_from(SurveyResponse)
        .join(SurveyAnswer, _same_answers())
        .join(Question, Question.id == SurveyAnswer.question_id)
        .where(*Answers(scope).where, score.is_not(None), Question.dimension.is_not(None))
        .where(Question.scale == FIVE)
        .group_by(*keys)
    )
    found = []
    for row in session.execute(query):
        numbers = [int(number or 0) for number in row[len(keys) :]]
        by = row[1] if key is not None else None
        found.append((by, row[0], dict(zip(counted, numbers, strict=True))))
    return found


def _same_answers() -> Any:
    return and_(
        SurveyAnswer.store_id == SurveyResponse.store_id,
        SurveyAnswer.response_id == SurveyResponse.id,
    )
