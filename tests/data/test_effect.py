"""The test of an action's effect: by hand, against scipy, and against chance itself."""

from math import comb, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from data.effect import MOST_FURTHER, POWER, SIGNIFICANT, chance, compare, further, interval

DRAWS = 4000


def shares_apart(share: float) -> float:
    """How far chance takes a share of DRAWS in a thousand times of a thousand, to one side."""
    return 3.1 * sqrt(share * (1 - share) / DRAWS)


def test_ten_before_and_two_after_in_as_many_orders_is_proof():
    found = compare(10, 1000, 2, 1000)
    assert found.p == pytest.approx((1 + 12 + comb(12, 2)) / 2**12)
    assert (found.rate_before, found.rate_after, found.ratio) == (10, 2, 0.2)
    assert (found.verdict, found.further) == ("effective", None)


def test_a_rate_that_did_not_fall_is_not_effective():
    assert compare(5, 1000, 10, 2000).verdict == "not_effective"
    assert compare(5, 1000, 30, 2000).verdict == "not_effective"
    assert compare(0, 1000, 1, 1000).verdict == "not_effective"


def test_half_as_often_in_few_orders_is_not_yet_proven():
    found = compare(10, 1000, 1, 200)
    assert found.p == pytest.approx(stats.binomtest(1, 11, 1 / 6, "less").pvalue)
    assert found.verdict == "not_yet_proven"
    assert found.further > 30_000  # ten before are hardly enough to prove a half
    assert 1_000 < compare(40, 4000, 1, 200).further < 3_000


def test_nothing_since_is_proof_as_soon_as_it_could_hardly_be_chance():
    found = compare(20, 2000, 0, 100)
    assert found.verdict == "not_yet_proven"
    needed = 100 + found.further
    assert (2000 / (2000 + needed)) ** 20 < SIGNIFICANT
    assert (2000 / (2000 + needed - 1)) ** 20 >= SIGNIFICANT
    assert compare(20, 2000, 0, needed).verdict == "effective"


@pytest.mark.parametrize(
    "counts", [(0, 1000, 0, 1000), (0, 0, 0, 0), (3, 1000, 0, 0), (0, 0, 3, 1000)]
)
def test_of_nothing_nothing_is_said(counts):
    found = compare(*counts)
    assert (found.p, found.verdict, found.further) == (None, "not_yet_proven", None)


def test_too_little_before_can_never_be_proven():
    assert compare(2, 1000, 1, 900).further is None


counts = st.tuples(
    st.integers(0, 60), st.integers(1, 5000), st.integers(0, 60), st.integers(1, 5000)
)


@given(counts)
def test_it_is_the_exact_one_sided_binomial_test(counts):
    before, orders_before, after, orders_after = counts
    found = compare(*counts)
    if not before + after:
        assert found.p is None
        return
    share = orders_after / (orders_before + orders_after)
    expected = stats.binomtest(after, before + after, share, alternative="less").pvalue
    assert found.p == pytest.approx(expected, abs=1e-12)
    assert (found.verdict == "effective") == (expected < SIGNIFICANT)


def power(before: int, orders_before: int, rate: float, orders: int) -> float:
    """How likely so many orders after are a proof: every outcome tried, one by one."""
    total = 0.0
    for after in range(before * 40 + 400):
        p = stats.binom.cdf(after, before + after, orders / (orders_before + orders))
        if p >= SIGNIFICANT:
            return total
        total += stats.poisson.pmf(after, rate * orders)
    raise AssertionError("the list of outcomes is too short")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(200, 5000), st.floats(0, 1.2), st.integers(50, 2000))
def test_the_further_orders_are_those_that_prove_it_in_four_cases_of_five(
    before, orders_before, ratio, orders_after
):
    after = round(before * ratio * orders_after / orders_before)
    more = further(before, orders_before, after, orders_after)
    rate = after / orders_after
    if more is None:
        certain = stats.poisson.sf(before - 1, rate * orders_before)
        orders = MOST_FURTHER // 2
        assert certain >= SIGNIFICANT or power(before, orders_before, rate, orders) < POWER
        return
    if more > 100_000:
        return  # counted out one by one it would take minutes
    enough = orders_after + more
    assert power(before, orders_before, rate, enough) >= POWER
    if more > 1:
        assert power(before, orders_before, rate, enough - 1) < POWER


@pytest.mark.parametrize(("rate", "orders"), [(0.01, (2000, 1500)), (0.002, (4000, 900))])
def test_where_nothing_changed_it_is_called_effective_in_at_most_one_case_of_twenty(rate, orders):
    dice = stats.poisson(rate * orders[0]), stats.poisson(rate * orders[1])
    before, after = (one.rvs(DRAWS, random_state=seed) for seed, one in enumerate(dice))
    called = [
        p is not None and p < SIGNIFICANT
        for one, two in zip(before.tolist(), after.tolist(), strict=True)
        for p in [chance(one, orders[0], two, orders[1])]
    ]
    assert sum(called) / DRAWS <= SIGNIFICANT + shares_apart(SIGNIFICANT)
    assert any(called)


@pytest.mark.parametrize("seen", [(40, 4000, 1, 200), (22, 1830, 0, 134), (60, 5000, 2, 400)])
def test_after_the_further_orders_it_is_proven_in_four_cases_of_five(seen):
    before, orders_before, after, orders_after = seen
    orders = orders_after + further(*seen)
    drawn = stats.poisson(after / orders_after * orders).rvs(DRAWS, random_state=1)
    proven = [compare(before, orders_before, n, orders).verdict for n in drawn.tolist()]
    assert proven.count("effective") / DRAWS >= POWER - shares_apart(POWER)


@pytest.mark.parametrize(("count", "orders"), [(0, 1000), (1, 700), (5, 1000), (40, 123)])
def test_the_interval_of_a_rate_is_the_exact_one_of_poisson(count, orders):
    low, high = interval(count, orders)
    assert stats.poisson.cdf(count, high * orders / 1000) == pytest.approx(0.025)
    if count:
        assert stats.poisson.sf(count - 1, low * orders / 1000) == pytest.approx(0.025)
    else:
        assert low == 0


def test_of_no_orders_there_is_no_interval():
    assert interval(0, 0) == (None, None)
