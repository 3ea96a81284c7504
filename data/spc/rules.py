"""When a point is a signal: beyond the limits, a long run on one side, a long climb or fall."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import isclose
from typing import NamedTuple

SIDE = 9
RUN = 6


class Signal(StrEnum):
    """Why a point counts as a change."""

    BEYOND = "beyond_limits"
    SIDE = "one_side"
    TREND = "trend"


class Point(NamedTuple):
    """A measured value and the limits it is held against."""

    value: float
    centre: float
    lower: float
    upper: float


class Verdict(NamedTuple):
    """What a point says, and how many points in a row, itself the last, say it together."""

    signal: Signal | None
    run: int | None


NOTHING = Verdict(None, None)


def verdicts(points: Sequence[Point]) -> list[Verdict]:
    """One verdict for each point, from the point itself and those before it."""
    sides = _lengths([_above(point.value, point.centre) for point in points])
    steps = [_above(later.value, earlier.value) for earlier, later in pairwise(points)]
    climbs = [0, *_lengths(steps)][: len(points)]
    return [
        _verdict(point, side, climb + 1)
        for point, side, climb in zip(points, sides, climbs, strict=True)
    ]


def alone(point: Point) -> Verdict:
    """What a point says by itself, without those before it."""
    beyond = _above(point.value, point.upper) > 0 or _above(point.value, point.lower) < 0
    return Verdict(Signal.BEYOND, 1) if beyond else NOTHING


def _verdict(point: Point, side: int, climb: int) -> Verdict:
    if (said := alone(point)).signal:
        return said
    if side >= SIDE:
        return Verdict(Signal.SIDE, side)
    return Verdict(Signal.TREND, climb) if climb >= RUN else NOTHING


def _above(value: float, level: float) -> int:
    """1 above, -1 below, 0 at the level. A difference of mere rounding is none."""
    if isclose(value, level, rel_tol=1e-9, abs_tol=1e-12):
        return 0
    return 1 if value > level else -1


def _lengths(directions: Sequence[int]) -> list[int]:
    """How many in a row point the same way as the last; one that points nowhere breaks the row."""
    lengths: list[int] = []
    for place, direction in enumerate(directions):
        goes_on = place and direction == directions[place - 1]
        lengths.append((lengths[-1] + 1 if goes_on else 1) if direction else 0)
    return lengths
