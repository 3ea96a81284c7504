"""Small statistics of counts: intervals that stay honest when there is little to count."""

from math import sqrt
from statistics import NormalDist
from typing import TypedDict

SURE = 0.95
_Z = NormalDist().inv_cdf(0.5 + SURE / 2)


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
    p, zz = k / n, _Z * _Z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    reach = _Z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return (0.0 if k == 0 else low), (1.0 if k == n else high)
