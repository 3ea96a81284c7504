"""Control charts: limits by hand, from textbooks and from a library; rules one by one; silence."""

import math
import random

import pytest
from qikit import qic

from data import spc
from data.spc import limits

# Montgomery, Introduction to Statistical Quality Control: cans of orange juice that leak, in 50
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
CANS += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# the same: errors in shipments, by week, in 50
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
# the same: cost of processing a mortgage loan, by week
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306]
LOANS += [294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
# the same: viscosity of primer paint, by batch
PAINT = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27]
PAINT += [33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]


def shares(*values, of=100):
    return spc.p_chart([round(value * of) for value in values], [of] * len(values))


def ends(chart):
    return chart["centre"].iloc[0], chart["lower"].iloc[0], chart["upper"].iloc[0]


# --- by hand -------------------------------------------------------------------------------------


def test_limits_of_a_share_by_hand():
    chart = spc.p_chart([10, 30], [100, 100])
    # centre 40 / 200; 3 √(0.2 · 0.8 / 100) = 0.12
    assert chart["centre"].tolist() == [0.2, 0.2]
    assert chart["lower"].tolist() == pytest.approx([0.08, 0.08])
    assert chart["upper"].tolist() == pytest.approx([0.32, 0.32])


def test_limits_are_wider_where_less_is_counted_and_never_leave_the_scale():
    chart = spc.p_chart([900, 90, 1], [1000, 100, 1])
    widths = (chart["upper"] - chart["lower"]).tolist()
    assert widths[0] < widths[1] < widths[2]
    assert chart["upper"].max() == 1
    assert chart["lower"].min() >= 0


def test_one_customer_alone_is_never_a_change():
    contents, asked = [19] * 20 + [0], [20] * 20 + [1]
    assert spc.p_chart(contents, asked)["signal"].isna().all()
    assert spc.p_chart([190] * 20 + [150], [200] * 21)["signal"].tolist()[-1] == "beyond_limits"


def test_limits_of_a_count_per_exposure_by_hand():
    chart = spc.u_chart([4, 12], [1, 3])
    # centre 16 / 4; 3 √(4 / 1) = 6 and 3 √(4 / 3) = 3.46
    assert chart["centre"].tolist() == [4, 4]
    assert chart["upper"].tolist() == pytest.approx([10, 7.4641], abs=1e-4)
    assert chart["lower"].tolist() == pytest.approx([0, 0.5359], abs=1e-4)


def test_limits_of_values_by_hand():
    chart = spc.xmr_chart([4.0, 6.0, None, 5.0])
    # centre 15 / 3; moving ranges 2 and 1: 2.66 · 1.5 = 3.99; the gap has no limits
    assert chart["centre"].tolist() == [5, 5, 5, 5]
    assert chart["lower"].tolist()[0] == pytest.approx(1.01)
    assert chart["upper"].isna().tolist() == [False, False, True, False]


def test_laney_by_hand():
    # centre 0.5, each z is ±1: moving ranges of 2, σz = 2 / 1.128; 3 · 0.05 · σz
    chart = spc.laney_p([55, 45, 55, 45], [100] * 4)
    assert chart["upper"].iloc[0] - 0.5 == pytest.approx(3 * 0.05 * 2 / 1.128)
    # centre 25 in each, z of ±1: σz = 2 / 1.128; 3 · 5 · σz
    chart = spc.laney_u([30, 20, 30, 20], [1] * 4)
    assert chart["upper"].iloc[0] - 25 == pytest.approx(3 * 5 * 2 / 1.128)


# --- as published --------------------------------------------------------------------------------


def test_orange_juice_cans_as_published(monkeypatch):
    monkeypatch.setattr(limits, "BASELINE", 30)
    chart = spc.p_chart(CANS, [50] * 30)
    assert ends(chart) == pytest.approx((0.2313, 0.0524, 0.4102), abs=5e-5)
    beyond = [place + 1 for place, said in enumerate(chart["signal"]) if said == "beyond_limits"]
    assert beyond == [15, 23]


def test_shipments_as_published():
    centre, lower, upper = ends(spc.u_chart(SHIPMENTS, [50] * 20))
    assert (centre, lower) == (pytest.approx(0.0740), 0)
    assert upper == pytest.approx(0.1894, abs=5e-5)


@pytest.mark.parametrize(
    ("values", "published"),
    [(LOANS, (300.5, 279.78, 321.22)), (PAINT, (33.52, 32.24, 34.80))],
)
def test_single_values_as_published(values, published):
    assert ends(spc.xmr_chart(values)) == pytest.approx(published, abs=5e-3)


# --- an independent opinion: clinical-qikit ------------------------------------------------------


def theirs(chart, y, n=None, **more):
    found = qic(y=list(y), n=n, chart=chart, print_summary=False, **more).data
    return [found[name].tolist() for name in ("cl", "lcl", "ucl")]


def same(chart, opinion, lowest=-math.inf, highest=math.inf):
    """Centre, lower and upper agree to 1e-9, once the library's limits are kept on the scale."""
    for name, values in zip(("centre", "lower", "upper"), opinion, strict=True):
        kept = [min(max(value, lowest), highest) for value in values]
        assert chart[name].tolist() == pytest.approx(kept, rel=1e-9, abs=1e-9)


def wavering(seed, length=26):
    """Shares whose true level moves by itself, in large samples of different size."""
    dice = random.Random(seed)
    sizes = [dice.randint(300, 900) for _ in range(length)]
    return [round(size * dice.uniform(0.72, 0.92)) for size in sizes], sizes


@pytest.mark.parametrize("seed", range(5))
def test_limits_agree_with_a_library(seed):
    found, sizes = wavering(seed)
    frozen = {"freeze": spc.BASELINE}
    same(spc.p_chart(found, sizes), theirs("p", found, sizes, **frozen), 0, 1)
    same(spc.u_chart(found, sizes), theirs("u", found, sizes, **frozen), 0)
    same(spc.laney_p(found, sizes), theirs("pp", found, sizes, **frozen), 0, 1)
    same(spc.laney_u(found, sizes), theirs("up", found, sizes, **frozen), 0)


@pytest.mark.parametrize("values", [LOANS, PAINT])
def test_limits_of_single_values_agree_with_a_library(values):
    # the library multiplies by 3 / 1.128, Wheeler by its rounded value 2.66
    centre, lower, upper = (column[0] for column in theirs("i", values))
    rounded = 2.66 * 1.128 / 3
    opinion = (centre, centre + (lower - centre) * rounded, centre + (upper - centre) * rounded)
    assert ends(spc.xmr_chart(values)) == pytest.approx(opinion, rel=1e-9)


def test_phases_agree_with_a_library():
    found, sizes = wavering(7)
    parts = theirs("p", found, sizes, part=[13])  # counted from 1
    same(spc.p_chart(found, sizes, change_points=[12]), parts, 0, 1)


# --- baseline and phases -------------------------------------------------------------------------


def test_the_baseline_stays_so_that_a_change_cannot_move_the_yardstick():
    before, after = [0.5] * spc.BASELINE, [0.9] * 30
    chart = shares(*before, *after)
    assert set(chart["centre"]) == {0.5}
    assert chart["signal"].tolist()[spc.BASELINE] == "beyond_limits"


def test_a_change_point_starts_a_new_phase_with_its_own_centre():
    chart = spc.p_chart([50] * 10 + [90] * 10, [100] * 20, change_points=[10])
    assert chart["phase"].tolist() == [0] * 10 + [1] * 10
    assert chart["centre"].tolist() == [0.5] * 10 + [0.9] * 10
    assert chart["signal"].isna().all()


def test_no_run_crosses_a_change_point():
    climb = [0.40, 0.43, 0.46, 0.49, 0.52, 0.55, 0.58, 0.61]
    rising = [round(each * 100) for each in climb]
    counts = [48, 52, 48, 52, 48, 52, 48, 52, 48, *rising]
    assert spc.p_chart(counts, [100] * 17)["signal"].notna().any()
    parted = spc.p_chart([*counts, 61, 61, 61, 61, 61], [100] * 22, change_points=[13])
    assert parted["signal"].isna().all()


@pytest.mark.parametrize("places", [[0], [20], [-3], [99], []])
def test_a_change_point_outside_the_series_changes_nothing(places):
    plain = spc.p_chart(CANS[:20], [50] * 20)
    assert spc.p_chart(CANS[:20], [50] * 20, change_points=places).equals(plain)


def test_the_same_change_point_twice_is_one():
    chart = spc.xmr_chart(LOANS, change_points=[10, 4, 10])
    assert chart["phase"].tolist() == [0] * 4 + [1] * 6 + [2] * 10


def test_a_phase_of_few_periods_says_nothing_yet():
    assert spc.p_chart([500] * 6 + [900], [1000] * 7)["signal"].isna().all()
    assert spc.p_chart([500] * 7 + [900], [1000] * 8)["signal"].tolist()[-1] == "beyond_limits"


def test_a_period_without_anything_has_no_value_and_breaks_no_run():
    chart = spc.p_chart([50, 0, 50], [100, 0, 100])
    assert chart["value"].isna().tolist() == [False, True, False]
    assert chart["signal"].isna().all()
    side = [0.5, 0.48, 0.52] * 6 + [0.49] * 4
    gap = spc.p_chart([*(round(v * 100) for v in side), 0, *[49] * 5], [100] * 22 + [0] + [100] * 5)
    assert gap["signal"].tolist()[22] is None
    assert (gap["signal"].tolist()[-1], gap["run"].tolist()[-1]) == ("one_side", 9)


def test_nothing_at_all():
    for empty in (spc.p_chart([], []), spc.u_chart([], []), spc.xmr_chart([])):
        assert empty.empty
        assert list(empty.columns) == spc.COLUMNS
    for nothing in (spc.share_chart([0] * 9, [0] * 9), spc.xmr_chart([None] * 9)):
        assert nothing[["value", "centre", "lower", "upper"]].isna().all(axis=None)
    assert spc.xmr_chart([5.0])["lower"].isna().all()


# --- which chart ---------------------------------------------------------------------------------


def kind(numerators, sizes):
    chosen = spc.share_chart(numerators, sizes)
    return "laney" if not chosen.equals(spc.p_chart(numerators, sizes)) else "plain"


def test_large_samples_that_scatter_beyond_chance_get_wider_limits():
    found, sizes = wavering(1)
    assert spc.share_chart(found, sizes).equals(spc.laney_p(found, sizes))
    assert spc.p_chart(found, sizes)["signal"].notna().sum() > 5
    assert spc.share_chart(found, sizes)["signal"].isna().all()


def test_small_samples_few_periods_and_calm_ones_keep_the_plain_limits():
    found, sizes = wavering(1)
    assert kind([k // 10 for k in found], [n // 10 for n in sizes]) == "plain"
    assert kind(found[:7], sizes[:7]) == "plain"
    assert kind([400, 404, 396] * 8, [500] * 24) == "plain"


def test_large_counts_that_scatter_beyond_chance_get_wider_limits():
    wild, calm = [100, 160] * 10, [100, 104] * 10
    assert spc.count_chart(wild, [1] * 20).equals(spc.laney_u(wild, [1] * 20))
    assert spc.count_chart(calm, [1] * 20).equals(spc.u_chart(calm, [1] * 20))
    few = [1, 7] * 10
    assert spc.count_chart(few, [1] * 20).equals(spc.u_chart(few, [1] * 20))


def test_few_scatter_by_chance_alone():
    dice = random.Random(5)
    sizes, found = [300] * 20, []
    for _ in range(200):
        found.append([sum(dice.random() < 0.85 for _ in range(300)) for _ in sizes])
    laney = sum(kind(each, sizes) == "laney" for each in found)
    assert laney <= 200 * 0.1  # one in twenty is what the rule allows


# --- the rules -----------------------------------------------------------------------------------


def signals(values):
    return [value if isinstance(value, str) else None for value in shares(*values)["signal"]]


def test_nine_on_one_side_and_not_eight():
    base = [0.5, 0.48, 0.52, 0.5, 0.5, 0.46, 0.54, 0.5] * 2 + [0.5] * 4
    wave = [0.55, 0.53, 0.56, 0.54, 0.55, 0.53, 0.56, 0.54]
    assert signals(base + wave)[-1] is None
    assert signals(base + wave + [0.55])[-1] == "one_side"
    assert signals(base + wave + [0.50, 0.55])[-1] is None  # on the line is on no side


def test_six_only_rising_and_not_five():
    base = [0.5] * 20
    climb = [0.42, 0.45, 0.48, 0.51, 0.54, 0.57]
    assert signals(base + climb)[-1] == "trend"
    assert signals(base + climb[1:])[-1] is None
    assert signals(base + climb[::-1])[-1] == "trend"
    assert signals([*base, 0.42, 0.45, 0.48, 0.48, 0.51, 0.54, 0.57])[-1] is None


def test_weeks_in_which_little_is_counted_make_no_run():
    # of one complaint a week nearly every one is in time: always above the centre, and no news
    assert spc.p_chart([0] + [1] * 12, [1] * 13)["signal"].isna().all()
    # complaints are rare: mostly none, which is always below the centre
    rare = [1, 0, 0, 2] + [0] * 12
    assert spc.u_chart(rare, [1] * 16)["signal"].isna().all()
    some = [3, 2, 1, 4] * 3 + [1] * 9
    assert spc.u_chart(some, [1] * 21)["signal"].isna().all()
    assert spc.u_chart([*some, 12], [1] * 22)["signal"].tolist()[-1] == "beyond_limits"
    many = [count * 10 for count in some]
    assert spc.u_chart(many, [1] * 21)["signal"].notna().any()


def test_a_signal_says_how_many_periods_make_it():
    base = [0.5] * 20
    long = shares(*base, 0.42, 0.45, 0.48, 0.51, 0.54, 0.57, 0.60)
    assert long["run"].tolist()[-2:] == [6, 7]
    assert shares(*base, 0.9)["run"].tolist()[-1] == 1
    assert shares(*base)["run"].isna().all()


def test_exactly_at_a_limit_is_no_signal():
    # centre 0.5 in 100: the limits are 0.35 and 0.65, which no binary fraction is
    for at_limit, beyond in ((0.65, 0.66), (0.35, 0.34)):
        assert signals([0.5] * 20 + [at_limit])[-1] is None
        assert signals([0.5] * 20 + [beyond])[-1] == "beyond_limits"


def test_rounding_is_no_signal():
    tenth = 0.1 + 0.2  # 0.30000000000000004
    flat = spc.xmr_chart([0.3] * 20 + [tenth] * 12)
    assert flat["signal"].isna().all()
    creeping = [0.3 + step * 1e-16 for step in range(12)]
    assert spc.xmr_chart([0.2, 0.4] * 10 + creeping)["signal"].isna().all()
    thirds = spc.p_chart([1000 * k for k in range(1, 41)], [3000 * k for k in range(1, 41)])
    assert thirds["signal"].isna().all()


# --- noise and change, as docs/charts.md states them ---------------------------------------------


def year_half(dice, level=0.85, weeks=26):
    return [sum(dice.random() < level for _ in range(100)) for _ in range(weeks)]


def test_chance_alone_is_called_a_change_as_seldom_as_stated():
    dice, series = random.Random(2026), 1000
    stated = {"beyond_limits": 0.27, "one_side": 0.13, "trend": 0.05}  # % of points
    found = [spc.share_chart(year_half(dice), [100] * 26)["signal"].tolist() for _ in range(series)]
    alarmed = sum(any(said) for said in found) / series
    reach = 3 * math.sqrt(0.099 * 0.901 / series)
    assert 0.099 - reach < alarmed < 0.099 + reach
    for rule, percent in stated.items():
        observed = 100 * sum(said.count(rule) for said in found) / (26 * series)
        assert observed == pytest.approx(percent, abs=0.08)


def test_a_step_of_eight_points_is_signalled():
    expected = [85, 84, 86, 85] * 5
    chart = spc.share_chart(expected + [77] * 9, [100] * 29)
    assert chart["signal"].tolist()[:20] == [None] * 20
    assert (chart["signal"].tolist()[-1], chart["run"].tolist()[-1]) == ("one_side", 9)


def test_a_step_of_eight_points_is_nearly_always_found_within_nine_weeks():
    dice, found = random.Random(8), 0
    for _ in range(200):
        weeks = year_half(dice, weeks=20) + year_half(dice, level=0.77, weeks=9)
        found += any(spc.share_chart(weeks, [100] * 29)["signal"].tolist()[20:])
    assert found > 200 * 0.9
