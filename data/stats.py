"""Small statistics of counts: intervals that stay honest when there is little to count."""

from math import sqrt
from statistics import NormalDist
from typing import TypedDict

SURE = 0.95
Z = NormalDist().inv_cdf(0.5 + SURE / 2)


class Rate(TypedDict):
    """A share with its denominator; `value` and its interval are None when nothing is counted."""

    value: float | None
    numerator: int
    denominator: int
    not_due: int
    ci_low: float | None
    ci_high: float | None


def rate(numerator: int, denominator: int, not_due: int = 0) -> Rate:
    """`numerator` of `denominator`, with its 95 % Wilson interval; `not_due` stands beside it."""
    low, high = wilson(numerator, denominator)
    return Rate(
        value=numerator / denominator if denominator else None,
        numerator=numerator,
        denominator=denominator,
        not_due=not_due,
        ci_low=low,
        ci_high=high,
    )


def wilson(k: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % score interval of a share of `k` in `n` (Wilson 1927); of nothing, (None, None)."""
    if not n:
        return None, None
    p, zz = k / n, Z * Z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    reach = Z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return (0.0 if k == 0 else low), (1.0 if k == n else high)


class Mean(TypedDict):
    """A mean of `n` values with its interval; None where too little is counted to say it."""

    mean: float | None
    mean_low: float | None
    mean_high: float | None
    n: int


def mean(n: int, total: float, squares: float) -> Mean:
    """The mean of `n` values from their sum and the sum of their squares, with the 95 % interval
    of the normal distribution; a single value has none."""
    middle, error = (total / n if n else None), standard_error(n, total, squares)
    if middle is None or error is None:
        return Mean(mean=middle, mean_low=None, mean_high=None, n=n)
    return Mean(mean=middle, mean_low=middle - Z * error, mean_high=middle + Z * error, n=n)


def standard_error(n: int, total: float, squares: float) -> float | None:
    """How far the mean of so many values wavers by chance; of fewer than two, None."""
    if n < 2:
        return None
    return sqrt(max(squares - total * total / n, 0.0) / (n - 1) / n)


def correlation(n: int, x: float, y: float, xx: float, yy: float, xy: float) -> float | None:
    """Pearson's r of `n` pairs from sums, squares and products; None if either is constant."""
    spread_x, spread_y = n * xx - x * x, n * yy - y * y
    if spread_x <= 0 or spread_y <= 0:
        return None
    return (n * xy - x * y) / sqrt(spread_x * spread_y)


def difference(k: int, n: int, other_k: int, other_n: int) -> tuple[float, float, float]:
    """By how much the share `k` in `n` is above that of `other_k` in `other_n`, with the 95 %
    interval made of both score intervals (Newcombe 1998, method 10). Neither may be of nothing.
    """
    p, q = k / n, other_k / other_n
    (low, high), (other_low, other_high) = wilson(k, n), wilson(other_k, other_n)
    assert low is not None
    assert high is not None
    assert other_low is not None
    assert other_high is not None
    down = sqrt((p - low) ** 2 + (other_high - q) ** 2)
    up = sqrt((high - p) ** 2 + (q - other_low) ** 2)
    return p - q, p - q - down, p - q + up
