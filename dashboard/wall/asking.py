"""What the wall needs to know of a scope: every metric once, in no language, and nobody's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from dashboard import formats, log
from data import answers, db, lookups
from data.lookups import Session, Target
from data.metrics import (
    Answer,
    Metric,
    complaints,
    followups,
    improvements,
    retention,
    satisfaction,
)
from data.metrics.complaints.listing import listing as cases
from data.metrics.improvements.listing import listing as actions
from data.person import Person
from data.scope import Scope

T = TypeVar("T")
METRICS: tuple[Metric, ...] = (
    followups.completion_rate,
    followups.on_time_rate,
    followups.callback_load,
    satisfaction.csat_t2b,
    satisfaction.nps,
    satisfaction.fixed_right_first_time,
    satisfaction.hot_alerts,
    satisfaction.dimension_scores,
    complaints.complaint_ageing,
    complaints.closure_compliance,
    complaints.complaints_per_1000_orders,
    improvements.action_status,
    improvements.action_on_time,
    improvements.action_effectiveness,
    retention.keep_rate,
)
BY_DEADLINE = (("close_due_at", False),)
TOPIC = ("category_name", "category_name_zh")
OF_CASE = ("number", "close_due_at", *TOPIC)
OF_ACTION = ("number", "due_on", "kind", "state", "dimension", "reason", *TOPIC)


class NothingAnswers(Exception):
    """Not one of the metrics could be asked."""


@dataclass(frozen=True, slots=True)
class Some:
    """The first row of a list, its owner's name masked, and how many rows there are."""

    first: Mapping[str, Any] | None
    count: int


NONE = Some(None, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the data say about a scope; an answer that failed is missing."""

    scope: Scope
    written: datetime | None
    answers: Mapping[str, Answer]
    targets: Mapping[str, Target]
    unowned: Some
    late: Some
    near: Some
    overdue: Some
    soon: Some

    def answer(self, metric: Metric) -> Answer | None:
        """What `metric` says; None if it could not be asked."""
        return self.answers.get(metric.code)

    def told(self, metric: Metric, key: str) -> Any:
        """A number of the summary of `metric`; None if there is none."""
        answer = self.answer(metric)
        return answer.summary.get(key) if answer else None


def ask(person: Person, scope: Scope) -> Asked:
    """Everything the wall shows of `scope`, with the eyes of `person`.

    Each question stands alone: one that fails is logged and leaves the others standing.
    """
    found = {m.code: _alone(person, partial(answers.ask, m, scope=scope)) for m in METRICS}
    if not any(found.values()):
        raise NothingAnswers("Not one of the metrics could be asked.")
    return Asked(
        scope=scope,
        written=_alone(person, lookups.written),
        answers={code: answer for code, answer in found.items() if answer},
        targets=_alone(person, lambda s: lookups.targets(s, scope)) or {},
        unowned=_alone(person, lambda s: _cases(s, scope, "owner", "none")) or NONE,
        late=_alone(person, lambda s: _cases(s, scope, "target", "breached")) or NONE,
        near=_alone(person, lambda s: _cases(s, scope, "target", "75-100")) or NONE,
        overdue=_alone(person, lambda s: _actions(s, scope, "overdue")) or NONE,
        soon=_alone(person, lambda s: _actions(s, scope, "week")) or NONE,
    )


def _alone(person: Person, question: Callable[[Session], T]) -> T | None:
    try:
        with db.reading(as_=person) as session:
            return question(session)
    except Exception as error:
        log.failed(error)
        return None


def _cases(session: Session, scope: Scope, key: str, value: str) -> Some:
    narrow = replace(scope, drill=((key, value),))
    rows, total = cases(session, narrow, count=1, sort=BY_DEADLINE)
    return Some(_nameless(rows, OF_CASE), total)


def _actions(session: Session, scope: Scope, due: str) -> Some:
    rows, total = actions(session, replace(scope, drill=(("due", due),)), count=1)
    return Some(_nameless(rows, OF_ACTION), total)


def _nameless(rows: list[dict[str, Any]], fields: tuple[str, ...]) -> dict[str, Any] | None:
    """These fields of the first row, none of them written by people, and its owner's sign."""
    if not rows:
        return None
    owner = rows[0]["owner"]
    return {name: rows[0][name] for name in fields} | {
        "owner": formats.masked_name(owner) if owner else None
    }
