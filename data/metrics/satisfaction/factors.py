"""Sums of the answers to single questions, by dimension, from the daily sums or the rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.defaults import DIMENSIONS
from data.metrics.satisfaction.answers import Answers, kept
from data.models import Question as Asked
from data.scope import Scope
from data.sums.answers import ANSWERED, SCORES
from data.sums.reading import Question, added_up

FIVE = "1-5"
HIGHEST = 5
PROCEDURAL = 7  # of the fourteen the first seven are of procedures, the others of persons
ALL = tuple(code for code, *_ in DIMENSIONS)
GROUPS = {
    code: "procedural" if place < PROCEDURAL else "personal" for place, code in enumerate(ALL)
}

NAMES = ("n", "total", "squares", "content", "pairs", "x", "xx", "y", "yy", "xy")

Sums = dict[str, int]


def sums(
    session: Session, scope: Scope, key: str | None = None, names: Sequence[str] = NAMES
) -> list[tuple[Any, str, Sums]]:
    """By `key` (store_id or answered_on; None: all together) and dimension, those of `names`: n,
    total, squares and content of the scores; and of those with an overall answer too, pairs, x, xx,
    y, yy, xy.
    """
    keys, where = [*([key] if key else []), "question_id"], Answers(scope).where
    asked = Question(ANSWERED, SCORES, keys, names, where, kept(scope, SCORES))
    dimensions, width = _dimensions(session), len(keys)
    return [
        (
            row[0] if key else None,
            dimensions[row[width - 1]],
            dict(zip(names, row[width:], strict=True)),
        )
        for row in added_up(session, scope, asked)
        if row[width - 1] in dimensions
    ]


def _dimensions(session: Session) -> dict[int, str]:
    """The dimension of each question on five points that has one."""
    asked = select(Asked.id, Asked.dimension).where(Asked.scale == FIVE)
    return {row.id: row.dimension for row in session.execute(asked) if row.dimension}
