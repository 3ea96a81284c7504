"""Control charts: limits by hand, each rule alone, and silence where nothing happened."""

import random

import pytest

from data import spc


def shares(*values, of=100):
    return spc.p_chart([round(value * of) for value in values], [of] * len(values))


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


def test_the_baseline_stays_so_that_a_change_cannot_move_the_yardstick():
    before, after = [0.5] * spc.BASELINE, [0.9] * 30
    chart = shares(*before, *after)
    assert set(chart["centre"]) == {0.5}
    assert chart["signal"].tolist()[spc.BASELINE] == "beyond_limits"


def test_a_period_without_anything_has_no_value_and_breaks_no_run():
    chart = spc.p_chart([50, 0, 50], [100, 0, 100])
    assert chart["value"].isna().tolist() == [False, True, False]
    assert chart["signal"].isna().all()


def test_nothing_at_all():
    assert spc.p_chart([], []).empty
    assert list(spc.u_chart([], []).columns) == spc.COLUMNS


def signals(values):
    return [value if isinstance(value, str) else None for value in shares(*values)["signal"]]


def test_nine_on_one_side_and_not_eight():
    base = [0.5, 0.48, 0.52, 0.5, 0.5, 0.46, 0.54, 0.5] * 2 + [0.5] * 4
    wave = [0.55, 0.53, 0.56, 0.54, 0.55, 0.53, 0.56, 0.54]
    assert signals(base + wave)[-1] is None
    assert signals(base + wave + [0.55])[-1] == "one_side"


def test_six_only_rising_and_not_five():
    base = [0.5] * 20
    climb = [0.42, 0.45, 0.48, 0.51, 0.54, 0.57]
    assert signals(base + climb)[-1] == "trend"
    assert signals(base + climb[1:])[-1] is None
    assert signals(base + climb[::-1])[-1] == "trend"


def test_noise_is_seldom_called_a_change():
    dice = random.Random(4)
    counts = [sum(dice.random() < 0.8 for _ in range(60)) for _ in range(400)]
    alarms = spc.p_chart(counts, [60] * 400)["signal"].notna().sum()
    assert alarms < 400 * 0.06
