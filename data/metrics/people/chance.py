"""How far chance alone takes a person from what is usual in their store.

Limits lie three standard deviations around the usual. Where fewer than five are to be expected
that is no good guide, and the limits are counted out exactly for the same odds: about one in 740
on each side.
"""

from collections.abc import Iterator
from math import comb, exp, factorial, sqrt

from data.spc import LEAST_EXPECTED

TAIL = 0.00135  # what lies beyond three standard deviations, on one side
Reach = tuple[float, float]


def of_share(usual: float, of: int) -> Reach:
    """Where the share of `of` things may lie if each is met with the chance `usual`."""
    if min(usual, 1 - usual) * of >= LEAST_EXPECTED:
        reach = 3 * sqrt(usual * (1 - usual) / of)
        return max(0.0, usual - reach), min(1.0, usual + reach)
    # of rare things and rare misses alike the rarer kind is counted out
    rare = min(usual, 1 - usual)
    fewest, most = _between(comb(of, k) * rare**k * (1 - rare) ** (of - k) for k in range(of + 1))
    low, high = fewest / of, min(most, of) / of
    return (low, high) if usual <= 0.5 else (1 - high, 1 - low)


def of_count(usual: float, of: int) -> Reach:
    """Where the count per thing may lie if each of `of` things brings `usual`."""
    expected = usual * of
    if expected >= LEAST_EXPECTED:
        reach = 3 * sqrt(usual / of)
        return max(0.0, usual - reach), usual + reach
    # with fewer than five expected, none of forty has odds worth counting
    fewest, most = _between(exp(-expected) * expected**k / factorial(k) for k in range(40))
    return fewest / of, most / of


def of_mean(usual: float, spread: float, of: int) -> Reach:
    """Where the mean of `of` values may lie that scatter by `spread` around `usual`."""
    reach = 3 * spread / sqrt(of)
    return usual - reach, usual + reach


def _between(odds: Iterator[float]) -> tuple[int, int]:
    """The fewest and the most that are not too unlikely, from the odds of 0, 1, 2, …"""
    below, fewest = 0.0, None
    for count, chance in enumerate(odds):
        if fewest is None and below + chance > TAIL:
            fewest = count
        below += chance
        if 1 - below < TAIL:
            return fewest or 0, count
    return fewest or 0, count
