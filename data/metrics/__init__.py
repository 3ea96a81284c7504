"""The reads. A metric is a function of (session, scope, **options) that gives an Answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.scope import Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """What a metric says: its rows, and the summary of the whole scope and period.

    A rate, as a row or as the summary, has value, numerator, denominator, not_due, ci_low, ci_high.
    """

    frame: DataFrame
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with one definition: its name, its unit, the function that counts it.

    reads: the subjects of the log whose events may change it; None if any may.
    """

    code: str
    title: str
    unit: str
    count: Callable[..., Answer]
    options: dict[str, tuple[str, ...]]
    reads: frozenset[str] | None = None

    def __call__(self, session: Session, scope: Scope, **options: str) -> Answer:
        """The answer for `scope`; an unknown option or value is refused with the known ones."""
        for key, value in options.items():
            known = self.options.get(key)
            if known is None or value not in known:
                raise UnknownOption(self, key, value)
        return self.count(session, scope, **options)

    @property
    def definition(self) -> str:
        """The first paragraph of the function's docstring: what is counted, over what."""
        paragraph = (self.count.__doc__ or "").strip().split("\n\n")[0]
        return " ".join(paragraph.split())


METRICS: dict[str, Metric] = {}


class UnknownOption(ValueError):
    """An option a metric does not have."""

    def __init__(self, metric: Metric, key: str, value: str) -> None:
        known = "; ".join(f"{name}={'|'.join(values)}" for name, values in metric.options.items())
        super().__init__(
            f"{metric.code} has no option {key}={value}. It knows: {known or 'no options'}."
        )


def metric(
    code: str,
    title: str,
    *,
    unit: str,
    reads: frozenset[str] | None = None,
    **options: tuple[str, ...],
) -> Callable[[Callable[..., Answer]], Metric]:
    """Enter a function into the registry of metrics.

    `reads` is of `data.metrics.matters`; `options` lists each option's values.
    """

    def enter(count: Callable[..., Answer]) -> Metric:
        METRICS[code] = Metric(code, title, unit, count, options, reads)
        return METRICS[code]

    return enter


def frame(session: Session, query: Any) -> DataFrame:
    """The rows of `query`, with its labels as columns even when there are none; null is None."""
    result = session.execute(query)
    columns, plain = list(result.keys()), [tuple(row) for row in result]  # ten times as quick
    rows = DataFrame(plain, columns=columns, dtype=object)
    numbers = {
        name: "int64"
        for name in rows.columns
        if len(rows) and all(type(value) is int for value in rows[name])
    }
    return rows.astype(numbers)
