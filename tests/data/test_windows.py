"""When a customer may be rung: which words are a window, and when it opens next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.windows import chosen, is_open, next_open
from tests.factories import at

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]:02}:{t[1]:02}")
WINDOWS = st.tuples(TIMES, TIMES).map(lambda pair: "-".join(pair)).filter(chosen)


@pytest.mark.parametrize("window", ["09:00-20:00", "00:00-24:00", "23:58-23:59"])
def test_a_window_opens_and_shuts_on_one_day(window):
    assert chosen(window) == window


@pytest.mark.parametrize(
    "words",
    [None, "", "after lunch", "9:00-20:00", "09:00-09:00", "20:00-09:00", "09:00-24:01",
     "24:00-24:00", "09:60-20:00", "09:00–20:00", " 09:00-20:00", "09:00-20:00\n", "0９:00-20:00",
     "09:00-20:0٠"],
)  # fmt: skip
def test_anything_else_is_none(words):
    assert chosen(words) is None
    assert chosen(words, "10:00-11:00") == "10:00-11:00"


@pytest.mark.parametrize(
    ("moment", "opened"),
    [("08:59", False), ("09:00", True), ("19:59", True), ("20:00", False)],
)
def test_it_is_open_from_its_beginning_until_before_its_end(moment, opened):
    assert is_open("09:00-20:00", at(f"2026-03-16T{moment}"), "Asia/Shanghai") is opened


@given(window=st.none() | WINDOWS, moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_it_opens_next_within_a_day_and_is_open_then(window, moment, zone):
    found = next_open(window, moment, zone)
    assert moment <= found <= moment + timedelta(hours=25)  # one day a year has so many
    # a window within the hour that the spring leaves out is shut on that day
    assert is_open(window, found, zone) or found.astimezone(UTC).hour in (1, 7)
    assert found == moment or not is_open(window, moment, zone)
