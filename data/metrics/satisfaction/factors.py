"""Sums of the answers to single questions, by dimension, from the daily sums or the rows."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import add
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.defaults import DIMENSIONS
from data.metrics.satisfaction.answers import Answers, kept
from data.metrics.trend import period_of
from data.models import Question as Asked
from data.scope import Scope
from data.sums.answered import ANSWERED
from data.sums.answers import SCORES
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
    session: Session,
    scope: Scope,
    key: str | None = None,
    names: Sequence[str] = NAMES,
    *,
    grain: str | None = None,
) -> list[tuple[Any, str, Sums]]:
    """By `key` (store_id or answered_on; None: all together) and dimension, those of `names`: n,
    total, squares and content of the scores; and of those with an overall answer too, pairs, x, xx,
    y, yy, xy. With a `grain`, days are gathered into periods.
    """
    keys, where = [*([key] if key else []), "question_id"], Answers(scope).where
    asked = Question(ANSWERED, SCORES, keys, names, where, kept(scope, SCORES))
    dimensions, width, place = _dimensions(session), len(keys), _placing(key, grain)
    whole: dict[tuple[Any, str], Sequence[int]] = {}
    for row in added_up(session, scope, asked):
        if code := dimensions.get(row[width - 1]):
            told = (place(row[0]), code)
            known = whole.get(told)
            whole[told] = row[width:] if known is None else [*map(add, known, row[width:])]
    return [(*told, dict(zip(names, held, strict=True))) for told, held in whole.items()]


def _placing(key: str | None, grain: str | None) -> Callable[[Any], Any]:
    """Where what has this key belongs."""
    if key is None:
        return lambda _question: None
    return cache(lambda day: period_of(day, grain)) if grain else lambda value: value


def _dimensions(session: Session) -> dict[int, str]:
    """The dimension of each question on five points that has one."""
    asked = select(Asked.id, Asked.dimension).where(Asked.scale == FIVE)
    return {row.id: row.dimension for row in session.execute(asked) if row.dimension}
