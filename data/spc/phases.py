"""A series in its phases: each has its own centre and limits, and no run crosses a border."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from pandas import DataFrame

from data.spc.limits import Limits
from data.spc.rules import NOTHING, Point, Verdict, alone, verdicts

ENOUGH = 8  # with fewer points a phase says nothing yet
COLUMNS = ["value", "centre", "lower", "upper", "enough", "signal", "run", "phase"]

T = TypeVar("T")


def chart(
    periods: Sequence[T], limits: Callable[[Sequence[T]], list[Limits]], changes: Sequence[int]
) -> DataFrame:
    """The COLUMNS of each period; `changes` are the places at which a new phase begins."""
    rows: list[list[Any]] = []
    for phase, (start, end) in enumerate(_phases(len(periods), changes)):
        found = limits(periods[start:end])
        rows += [
            [*each, *verdict, phase] for each, verdict in zip(found, _verdicts(found), strict=True)
        ]
    kinds = dict.fromkeys(("value", "centre", "lower", "upper"), float)
    return DataFrame(rows, columns=COLUMNS, dtype=object).astype(
        {**kinds, "enough": bool, "phase": int}
    )


def _phases(length: int, changes: Sequence[int]) -> list[tuple[int, int]]:
    inner = {place for place in changes if 0 < place < length}
    return list(pairwise(sorted({0, *inner, length})))


def _verdicts(found: Sequence[Limits]) -> list[Verdict]:
    """A verdict for each period; one without a value or limits has none, and breaks no run."""
    points = {place: point for place, each in enumerate(found) if (point := _point(each))}
    if len(points) < ENOUGH:
        return [NOTHING] * len(found)
    runs = {place: point for place, point in points.items() if found[place].enough}
    said = {place: alone(point) for place, point in points.items()}
    said |= dict(zip(runs, verdicts(list(runs.values())), strict=True))
    return [said.get(place, NOTHING) for place in range(len(found))]


def _point(each: Limits) -> Point | None:
    value, centre, lower, upper, _ = each
    if value is None or centre is None or lower is None or upper is None:
        return None
    return Point(value, centre, lower, upper)
