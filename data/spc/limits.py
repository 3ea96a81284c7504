"""Where the limits of one phase lie: its centre and how far chance reaches from it."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

BASELINE = 20
LEAST_EXPECTED = 5
ONE = 1
D2 = 1.128  # mean moving range of two ÷ standard deviation
WHEELER = 2.66  # 3 ÷ D2, as Wheeler prints it


class Limits(NamedTuple):
    """One period: its value, the centre, and the limits; None where there are none.

    `enough`: whether so much was looked at that above and below the centre are equally likely.
    """

    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    enough: bool = True


Counted = tuple[float, float]  # what was found, in how much


def shares(counted: Sequence[Counted], spread: float = 1.0) -> list[Limits]:
    """Binomial limits of found ÷ looked at, the reach times `spread`.

    Where fewer than five of either kind are to be expected, one point says nothing: its limits
    are 0 and 1.
    """
    centre = _ratio(counted)
    return [
        _share(found / of if of else None, centre, of, spread) if centre is not None else EMPTY
        for found, of in counted
    ]


def _share(value: float | None, centre: float, of: float, spread: float) -> Limits:
    if value is None:
        return Limits(None, centre, None, None, False)
    if min(centre, 1 - centre) * of < LEAST_EXPECTED:
        return Limits(value, centre, 0.0, 1.0, False)
    reach = 3 * spread * sqrt(centre * (1 - centre) / of)
    return Limits(value, centre, max(0.0, centre - reach), min(1.0, centre + reach))


def counts(counted: Sequence[Counted], spread: float = 1.0) -> list[Limits]:
    """Poisson limits of found ÷ exposure, the reach times `spread`.

    Where less than one is to be expected there are no limits: two would be called a change.
    """
    centre = _ratio(counted)
    return [
        _count(found / of if of else None, centre, of, spread) if centre is not None else EMPTY
        for found, of in counted
    ]


def _count(value: float | None, centre: float, of: float, spread: float) -> Limits:
    if value is None or centre * of < ONE:
        return Limits(value, centre, None, None, False)
    reach, enough = 3 * spread * sqrt(centre / of), centre * of >= LEAST_EXPECTED
    return Limits(value, centre, max(0.0, centre - reach), centre + reach, enough)


def individuals(values: Sequence[float | None]) -> list[Limits]:
    """Limits of values that stand for themselves: centre ± 2.66 × their mean moving range.

    With a single value there is no moving range, and so no limits.
    """
    base = [value for value in values if value is not None][:BASELINE]
    if len(base) < 2:
        centre = base[0] if base else None
        return [Limits(value, centre, None, None, False) for value in values]
    middle, reach = sum(base) / len(base), WHEELER * _moving_range(base)
    ends = (middle - reach, middle + reach)
    return [
        Limits(None, middle, None, None, False) if value is None else Limits(value, middle, *ends)
        for value in values
    ]


def share_spread(counted: Sequence[Counted]) -> float:
    """Laney's σz of shares: how many times wider they scatter than chance alone would."""
    centre = _ratio(counted) or 0.0
    return _sigma_z(counted, centre, centre * (1 - centre))


def count_spread(counted: Sequence[Counted]) -> float:
    """Laney's σz of counts per exposure."""
    centre = _ratio(counted) or 0.0
    return _sigma_z(counted, centre, centre)


def _sigma_z(counted: Sequence[Counted], centre: float, variance: float) -> float:
    base = measured(counted)
    if len(base) < 2 or variance <= 0:
        return 1.0
    return _moving_range([(a / n - centre) / sqrt(variance / n) for a, n in base]) / D2


def measured(counted: Sequence[Counted]) -> list[Counted]:
    """The points the limits rest on: the first twenty in which anything was looked at."""
    return [(found, of) for found, of in counted if of][:BASELINE]


def _ratio(counted: Sequence[Counted]) -> float | None:
    base = measured(counted)
    total = sum(of for _, of in base)
    return sum(found for found, _ in base) / total if total else None


def _moving_range(values: Sequence[float]) -> float:
    steps = [abs(later - earlier) for earlier, later in pairwise(values)]
    return sum(steps) / len(steps)


EMPTY = Limits(None, None, None, None, False)
