"""Numbers as they were when a review was closed, and what has become of them since.

A number of a finished week still moves: what was entered late speaks about that week, and what
happened since does too (a case solved, a call made). Asked for today as it stood at the closing,
the first is seen alone; the rest of the difference is the second.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.metrics import METRICS, Answer, Metric
from data.reviews.numbers import NUMBERS, Number, answer, ask, scope_of
from data.reviews.weeks import Week
from data.scope import Scope

Frozen = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A number at one time: its value, and of a rate how many of how many."""

    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A frozen number and what it is now.

    `then` was frozen; `late` is the same moment as it is known today; `now` is today. `by_late` and
    `by_new` are the differences that late entries and new ones made; None where a value is missing.
    """

    number: Number
    then: Part
    late: Part
    now: Part

    @property
    def by_late(self) -> float | None:
        """What late entries and corrections changed."""
        return _difference(self.late.value, self.then.value)

    @property
    def by_new(self) -> float | None:
        """What happened since changed."""
        return _difference(self.now.value, self.late.value)

    @property
    def moved(self) -> bool:
        """Whether it is not what it was."""
        return self.then != self.now


def freeze(
    session: Session, store: str, zone: str, week: Week, *, as_of: datetime
) -> dict[str, Any]:
    """Every number of the review with its definition and the slice it was asked for, as JSON."""
    scope = scope_of(store, zone, week, as_of=as_of)
    return {number.code: _kept(number, answer(session, number, scope), scope) for number in NUMBERS}


def _kept(number: Number, said: Answer, scope: Scope) -> dict[str, Any]:
    rows = [_plain(row) for row in said.frame.to_dict("records")] if number.detailed else None
    return {
        "metric": number.metric.code,
        "value": number.value,
        "options": dict(number.options),
        "title": number.title,
        "unit": number.unit,
        "summary": _plain(said.summary),
        "definition": number.metric.definition,
        "scope": _said(scope),
        **({} if rows is None else {"rows": rows}),
    }


def frozen_answer(kept: Mapping[str, Any]) -> Answer:
    """What was frozen, as its metric said it; without rows where none were kept."""
    return Answer(DataFrame(kept.get("rows", [])), dict(kept["summary"]))


def then_and_now(session: Session, frozen: Frozen, *, now: datetime) -> Iterator[Compared]:
    """Each frozen number with what it is now, and what made the difference."""
    for code, kept in frozen.items():
        number, scope = _number(code, kept), _scope(kept["scope"])
        if number is None or scope is None:
            continue  # a metric of an earlier version
        late = ask(session, number, scope)
        today = ask(session, number, replace(scope, as_of=now))
        parts = (_part(number, said) for said in (kept["summary"], late, today))
        yield Compared(number, *parts)


def part(number: Number, summary: Mapping[str, Any]) -> Part:
    """The number in the summary of its metric."""
    return _part(number, summary)


def _part(number: Number, summary: Mapping[str, Any]) -> Part:
    rate = number.value == "value"
    numerator, denominator = (summary.get(name) if rate else None for name in PARTS)
    return Part(summary.get(number.value), numerator, denominator)


PARTS = ("numerator", "denominator")


def _number(code: str, kept: Mapping[str, Any]) -> Number | None:
    """The number as it was asked; reviews of earlier versions named the metric alone."""
    metric: Metric | None = METRICS.get(kept.get("metric", code))
    if metric is None:
        return None
    value, options = kept.get("value", "value"), dict(kept.get("options", {}))
    return Number(metric, value, options, called=kept.get("title", ""))


def _said(scope: Scope) -> dict[str, str]:
    days = {"from": str(scope.start), "to": str(scope.end)}
    return {"store": scope.stores[0], **days, "as_of": scope.as_of.isoformat(), "zone": scope.zone}


def _scope(said: Mapping[str, str]) -> Scope | None:
    try:
        start, end = (date.fromisoformat(said[name]) for name in ("from", "to"))
        as_of = datetime.fromisoformat(said["as_of"])
    except (KeyError, ValueError):
        return None
    zone = said.get("zone", "Asia/Shanghai")
    return Scope(as_of=as_of, stores=(said["store"],), start=start, end=end, zone=zone)


def _plain(summary: Mapping[Any, Any]) -> dict[str, Any]:
    """The summary as JSON holds it."""
    return {name: _jsonable(value) for name, value in summary.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    item = getattr(value, "item", None)  # numpy's numbers
    return item() if callable(item) else value


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
