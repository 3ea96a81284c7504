"""Dates: what is read, what is nothing, what is refused and in which words."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing.dates import BIRTH, HAPPENED, PLANNED, day, moment
from data.importing.reasons import BadValue, Doubtful
from data.importing.values import Manner

SHANGHAI = Manner(today=date(2026, 1, 15), zone=ZoneInfo("Asia/Shanghai"))
on = day(HAPPENED)
at = moment(HAPPENED)


@pytest.mark.parametrize(
    "raw",
    [
        "2025-03-05",
        "2025-3-5",
        "2025/3/5",
        "2025.3.5",
        "2025年3月5日",
        "2025年03月05号",
        "２０２５－０３－０５",
        "20250305",
        20250305.0,
        45721,
        45721.0,
        "45721",
        45721.604167,
        " 2025-03-05 ",
        "2025-03-05\u200b",
        "\ufeff2025-03-05",
        "'2025-03-05",
        "2025-03-05 00:00:00",
        "2025-03-05T14:30:00+08:00",
        "2025-3-5 下午2:30",
        "2025年3月5日 星期三",
        "20250305143000",
        datetime(2025, 3, 5, 14, 30),
        date(2025, 3, 5),
    ],
)
def test_the_fifth_of_march_in_every_spelling(raw: object) -> None:
    assert on(raw, SHANGHAI) == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("raw", "hour", "minute"),
    [
        ("2025-03-05", 0, 0),
        ("2025-03-05 14:30", 14, 30),
        ("2025/3/5 14:30:00", 14, 30),
        ("2025-03-05T14:30:00.000", 14, 30),
        ("2025-3-5 下午2:30", 14, 30),
        ("2025-3-5 2:30 PM", 14, 30),
        ("2025-3-5 上午12:05", 0, 5),
        ("2025-3-5 中午12:05", 12, 5),
        ("2025年3月5日 14时30分", 14, 30),
        ("2025年3月5日14点30分05秒", 14, 30),
        ("2025-03-05T14:30:00+08:00", 14, 30),
        ("2025-03-05T06:30:00Z", 14, 30),
        ("202503051430", 14, 30),
        (45721.604167, 14, 30),
        (datetime(2025, 3, 5, 14, 30), 14, 30),
    ],
)
def test_times_are_local_unless_they_say_a_zone(raw: object, hour: int, minute: int) -> None:
    local = at(raw, SHANGHAI).astimezone(SHANGHAI.zone)
    assert (local.date(), local.hour, local.minute) == (date(2025, 3, 5), hour, minute)
    assert at(raw, SHANGHAI).tzinfo is UTC


def test_a_day_without_a_time_ends_with_its_last_second_where_something_ended() -> None:
    ended = moment(HAPPENED, ends_day=True)("2025-03-05", SHANGHAI)
    assert ended == datetime(2025, 3, 5, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    ["", " ", "-", "无", "N/A", "1900-01-00", "1900/1/0", "1899-12-30", 0, 0.0, "0", "0000-00-00",
     time(), timedelta()],
)  # fmt: skip
def test_serial_zero_and_its_relatives_are_no_date(raw: object) -> None:
    assert on(raw, SHANGHAI) is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("05/03/2025", "Nobody can tell the day from the month"),
        ("3月5日", "no year"),
        ("昨天", "says no day"),
        ("乙巳年二月初六", "lunar calendar"),
        ("2O25-03-05", "letter"),
        ("2025-02-29", "no such day"),
        ("2025-13-01", "no such day"),
        ("20251301", "no such day"),
        ("2025-03-05 25:00", "no such time"),
        ("2025-03-05 later", "time of day"),
        ("1900/1/1", "too long ago"),
        (1, "too long ago"),
        ("1989-12-31", "too long ago"),
        ("2026-01-17", "future"),
        ("2035-03-05", "future"),
        ("9999-12-31", "future"),
        ("#N/A", "Excel error"),
        ("NULL", "not a date"),
        ("nan", "not a date"),
        (time(14, 30), "no day"),
        ("-5", "not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(raw: object, words: str) -> None:
    with pytest.raises(BadValue) as refusal:
        on(raw, SHANGHAI)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [("25/3/5", "year/month/day"), ("25/03/2025", "day/month/year"), ("3/25/2025", "month/day")],
)
def test_what_is_likely_is_read_with_a_warning(raw: str, words: str) -> None:
    found = on(raw, SHANGHAI)
    assert isinstance(found, Doubtful)
    assert found.value in (date(2025, 3, 5), date(2025, 3, 25))
    assert words in str(found.reason)


@pytest.mark.parametrize(
    ("order", "raw", "expected"),
    [
        ("dmy", "05/03/2025", date(2025, 3, 5)),
        ("mdy", "05/03/2025", date(2025, 5, 3)),
        ("dmy", "5.3.25", date(2025, 3, 5)),
        ("ymd", "25/3/5", date(2025, 3, 5)),
        ("dmy", "2025-03-05", date(2025, 3, 5)),
    ],
)
def test_a_mapping_says_the_order(order: str, raw: str, expected: date) -> None:
    manner = Manner(today=date(2026, 1, 15), zone=ZoneInfo("UTC"), order=order)
    assert on(raw, manner) == expected


def test_a_mac_workbook_counts_from_1904() -> None:
    mac = Manner(today=date(2026, 1, 15), zone=ZoneInfo("UTC"), epoch_1904=True)
    assert on(44259.0, mac) == date(2025, 3, 5)


def test_what_is_planned_may_lie_ahead_and_a_birthday_far_back() -> None:
    assert day(PLANNED)("2035-03-05", SHANGHAI) == date(2035, 3, 5)
    assert day(BIRTH)("1950-03-05", SHANGHAI) == date(1950, 3, 5)
    assert on("2026-01-16", SHANGHAI) == date(2026, 1, 16), "tomorrow: another zone's today"


DATE_LIKE = st.text(alphabet="0123456789-/.年月日 :T下午OZ+", max_size=24)


@given(st.one_of(DATE_LIKE, st.text(max_size=30), st.floats(), st.integers(), st.dates()))
def test_any_cell_gives_a_day_nothing_or_a_reason(raw: object) -> None:
    with suppress(BadValue):
        found = on(raw, SHANGHAI)
        found = found.value if isinstance(found, Doubtful) else found
        assert found is None or date(1990, 1, 1) <= found <= date(2026, 1, 16)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2026, 1, 1)))
def test_a_written_moment_is_read_back(local: datetime) -> None:
    local = local.replace(microsecond=0, tzinfo=SHANGHAI.zone)
    if local.astimezone(UTC).astimezone(SHANGHAI.zone).replace(fold=0) != local:
        return  # the hour that summer time skipped
    assert at(f"{local:%Y/%m/%d %H:%M:%S}", SHANGHAI) == local.astimezone(UTC)
