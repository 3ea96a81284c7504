"""The charts: shares, counts and values over time with their limits and signals.

Each takes `change_points`, the places of the periods at which a new phase begins, and answers
with a row for each period: value, centre, lower, upper, enough (whether it may be part of a run:
five of either kind are to be expected), signal (a `Signal` or None), run (how many periods in a
row make the signal) and phase (0, 1, …). A period in which nothing was looked at has no value and
no limits. A phase of fewer than `ENOUGH` measured periods signals nothing.
"""

from collections.abc import Sequence
from math import sqrt

from pandas import DataFrame

from data.spc import limits
from data.spc.limits import Counted
from data.spc.phases import ENOUGH, chart

LARGE_SAMPLE = 200
LARGE_COUNT = 25
DOUBT = 1.645  # one in twenty by chance
NOISE_OF_SIGMA_Z = 0.827  # its variance × (points - 1), for normal values


def p_chart(
    numerators: Sequence[int], denominators: Sequence[int], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """Shares of 0 to 1 with binomial limits."""
    return chart(_pairs(numerators, denominators), limits.shares, change_points)


def u_chart(
    counts: Sequence[int], exposure: Sequence[float], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """Counts per unit of exposure with Poisson limits."""
    return chart(_pairs(counts, exposure), limits.counts, change_points)


def xmr_chart(values: Sequence[float | None], *, change_points: Sequence[int] = ()) -> DataFrame:
    """Values that stand for themselves, such as means: centre ± 2.66 × mean moving range."""
    return chart(values, limits.individuals, change_points)


def laney_p(
    numerators: Sequence[int], denominators: Sequence[int], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """Shares whose true level wavers by itself: p-limits times σz (p′, Laney 2002)."""
    return chart(_pairs(numerators, denominators), _laney_shares, change_points)


def laney_u(
    counts: Sequence[int], exposure: Sequence[float], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """Counts per exposure whose true level wavers by itself: u-limits times σz (u′)."""
    return chart(_pairs(counts, exposure), _laney_counts, change_points)


def share_chart(
    numerators: Sequence[int], denominators: Sequence[int], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """p, or p′ in a phase of large samples (200 on average) that scatter beyond chance."""
    return chart(_pairs(numerators, denominators), _fitting_shares, change_points)


def count_chart(
    counts: Sequence[int], exposure: Sequence[float], *, change_points: Sequence[int] = ()
) -> DataFrame:
    """u, or u′ in a phase of large counts (25 on average) that scatter beyond chance."""
    return chart(_pairs(counts, exposure), _fitting_counts, change_points)


def _pairs(above: Sequence[float], below: Sequence[float]) -> list[Counted]:
    return list(zip(above, below, strict=True))


def _laney_shares(counted: Sequence[Counted]) -> list[limits.Limits]:
    return limits.shares(counted, limits.share_spread(counted))


def _laney_counts(counted: Sequence[Counted]) -> list[limits.Limits]:
    return limits.counts(counted, limits.count_spread(counted))


def _fitting_shares(counted: Sequence[Counted]) -> list[limits.Limits]:
    sizes = [of for _, of in limits.measured(counted)]
    wavers = _beyond_chance(limits.share_spread(counted), len(sizes))
    return (_laney_shares if wavers and _mean(sizes) >= LARGE_SAMPLE else limits.shares)(counted)


def _fitting_counts(counted: Sequence[Counted]) -> list[limits.Limits]:
    found = [count for count, _ in limits.measured(counted)]
    wavers = _beyond_chance(limits.count_spread(counted), len(found))
    return (_laney_counts if wavers and _mean(found) >= LARGE_COUNT else limits.counts)(counted)


def _beyond_chance(sigma_z: float, points: int) -> bool:
    """Whether so few points would seldom scatter like this if only chance were at work."""
    if points < ENOUGH:
        return False
    return sigma_z > 1 + DOUBT * sqrt(NOISE_OF_SIGMA_Z / (points - 1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
