"""Intervals against an independent library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from data.stats import rate, wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_what_scipy_says(counts):
    k, n = counts
    theirs = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_share_of_nothing_is_no_number():
    assert rate(0, 0, 3) == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "not_due": 3,
        "ci_low": None,
        "ci_high": None,
    }


def test_a_share_says_its_denominator():
    said = rate(8, 10)
    assert (said["value"], said["numerator"], said["denominator"]) == (0.8, 8, 10)
    assert said["ci_low"] == pytest.approx(0.4902, abs=1e-4)
    assert said["ci_high"] == pytest.approx(0.9433, abs=1e-4)
