"""How long a call took, in every spelling."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing.durations import seconds
from data.importing.reasons import BadValue, Doubtful
from data.importing.values import Manner

MANNER = Manner(today=date(2026, 1, 15), zone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (200, 200), ("200", 200), ("２００", 200), ("200秒", 200), ("3分20秒", 200), ("03:20", 200),
        ("00:03:20", 200), ("3'20\"", 200), ("3分钟", 180), ("3.5分", 210), ("1小时2分3秒", 3723),
        ("200.0", 200), (200.0, 200), ("200s", 200), ("3min", 180), (timedelta(seconds=200), 200),
        (time(0, 3, 20), 200), ("0", 0), ("-", None), ("", None), ("无", None),
    ],
)  # fmt: skip
def test_what_is_read(raw, expected) -> None:
    assert seconds(raw, MANNER) == expected


def test_excel_takes_minutes_for_hours() -> None:
    found = seconds(time(3, 20), MANNER)
    assert isinstance(found, Doubtful)
    assert found.value == 200


@pytest.mark.parametrize("raw", ["很久", "-5", "3分20分", "5小时", "20000", "03:20:", "秒", "NULL"])
def test_what_is_refused(raw) -> None:
    with pytest.raises(BadValue):
        seconds(raw, MANNER)


@given(st.integers(0, 4 * 3600))
def test_every_length_in_every_spelling(length: int) -> None:
    minutes, rest = divmod(length, 60)
    hours, of_the_hour = divmod(minutes, 60)
    spellings = (
        length,
        f"{length}秒",
        f"{minutes}分{rest}秒",
        f"{hours}:{of_the_hour:02}:{rest:02}",
        timedelta(seconds=length),
    )
    assert {seconds(one, MANNER) for one in spellings} == {length}
