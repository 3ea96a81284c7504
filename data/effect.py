"""Did it help? What happened in the orders before an action, against those after it.

Complaints are counted per order, so that a quiet month proves nothing. Given how many there were in
all, those after would be binomial if nothing had changed: the one-sided conditional test of two
Poisson rates (Przyborowski and Wilenski 1940).
"""

from dataclasses import dataclass

from data.models import EffectVerdict

SIGNIFICANT = 0.05
POWER = 0.8
TAIL = 0.025  # left out at either end of an interval
PER = 1000
MOST_FURTHER = 10_000_000  # beyond it, no number of orders is worth naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What was counted before and after an action, and what follows from it.

    Rates are per 1,000 orders, `ratio` is after ÷ before; None where nothing can be divided. `p` is
    the chance of so few after if nothing had changed. `further` is by how many orders the time
    after must grow, at the rate seen there, for a proof in four cases of five; None if it is not
    wanted, or if the time before holds too little for any proof.
    """

    before: int
    orders_before: int
    after: int
    orders_after: int
    rate_before: float | None
    rate_after: float | None
    ratio: float | None
    p: float | None
    verdict: EffectVerdict
    further: int | None


def compare(before: int, orders_before: int, after: int, orders_after: int) -> Effect:
    """The effect that these counts show."""
    rate_before = PER * before / orders_before if orders_before else None
    rate_after = PER * after / orders_after if orders_after else None
    p = chance(before, orders_before, after, orders_after)
    verdict = _verdict(rate_before, rate_after, p)
    unproven = verdict is EffectVerdict.NOT_YET_PROVEN
    return Effect(
        before=before,
        orders_before=orders_before,
        after=after,
        orders_after=orders_after,
        rate_before=rate_before,
        rate_after=rate_after,
        ratio=rate_after / rate_before if rate_before and rate_after is not None else None,
        p=p,
        verdict=verdict,
        further=further(before, orders_before, after, orders_after) if unproven else None,
    )


def chance(before: int, orders_before: int, after: int, orders_after: int) -> float | None:
    """The chance of at most so many after if the rate had not changed; None if nothing happened."""
    from scipy.special import bdtr  # a second to import, and few requests need it

    if not before + after or not orders_before or not orders_after:
        return None
    return float(bdtr(after, before + after, orders_after / (orders_before + orders_after)))


def interval(count: int, orders: int) -> tuple[float | None, float | None]:
    """Between what the rate per 1,000 orders lies with 95 % (Garwood 1936); None of no orders."""
    from scipy.special import gammaincinv

    if not orders:
        return None, None
    low = float(gammaincinv(count, TAIL)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - TAIL))
    return PER * low / orders, PER * high / orders


def further(before: int, orders_before: int, after: int, orders_after: int) -> int | None:
    """By how many orders the time after must grow for a proof in four cases of five.

    The time before stays as it is, and the rate after is taken to be the one seen. None where no
    number of orders would do, or where nothing is known of either time.
    """
    if not orders_before or not orders_after:
        return None
    rate = after / orders_after

    def enough(orders: int) -> bool:
        return _power(before, orders_before, rate, orders) >= POWER

    if not _possible(before, orders_before, rate):
        return None
    low = high = orders_after
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST_FURTHER:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high - orders_after


def _verdict(rate_before: float | None, rate_after: float | None, p: float | None) -> EffectVerdict:
    if p is None or rate_before is None or rate_after is None:
        return EffectVerdict.NOT_YET_PROVEN
    if p < SIGNIFICANT:
        return EffectVerdict.EFFECTIVE
    if rate_after >= rate_before:
        return EffectVerdict.NOT_EFFECTIVE
    return EffectVerdict.NOT_YET_PROVEN


def _possible(before: int, orders_before: int, rate: float) -> bool:
    """Whether the time before could prove it against a rate after that were known for certain."""
    from scipy.special import pdtrc

    return before > 0 and pdtrc(before - 1, rate * orders_before) < SIGNIFICANT


def _power(before: int, orders_before: int, rate: float, orders: int) -> float:
    """The chance of a proof from so many orders after at this rate."""
    from scipy.special import pdtr

    most = _most(before, orders_before, orders)
    return 0.0 if most < 0 else float(pdtr(most, rate * orders))


def _most(before: int, orders_before: int, orders: int) -> int:
    """The most that may happen after for a proof; -1 if even nothing would be none."""
    low, high = -1, 1
    while _proves(before, orders_before, high, orders):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _proves(before, orders_before, middle, orders):
            low = middle
        else:
            high = middle
    return low


def _proves(before: int, orders_before: int, after: int, orders: int) -> bool:
    p = chance(before, orders_before, after, orders)
    return p is not None and p < SIGNIFICANT
