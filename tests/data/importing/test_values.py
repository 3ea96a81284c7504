"""Money, numbers, yes and no, words."""

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing.reasons import BadValue, Doubtful
from data.importing.values import (
    Manner,
    choice,
    code,
    fen,
    name,
    odometer,
    score,
    text,
    times,
    yes_no,
)

MANNER = Manner(today=date(2026, 1, 15), zone=ZoneInfo("UTC"))
WORDS = {"非常满意": 5, "很满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}


def read(reader, raw):
    found = reader(raw, MANNER)
    return (found.value, str(found.reason)) if isinstance(found, Doubtful) else found


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("191.00", 19100),
        ("191", 19100),
        (191.0, 19100),
        (22.2, 2220),
        ("1,234.50", 123450),
        ("￥1,234.5", 123450),
        ("１２３．４５元", 12345),
        ("1234567.89", 123456789),
        (1e6, 100000000),
        ("-", None),
        ("无", None),
    ],
)
def test_money_is_whole_fen(raw, expected) -> None:
    assert read(fen, raw) == expected


@pytest.mark.parametrize(
    "raw", ["12,34", "1.234,50", "abc", "NULL", "nan", "inf", "1.2万", "#REF!"]
)
def test_what_is_no_money_is_refused(raw) -> None:
    with pytest.raises(BadValue):
        fen(raw, MANNER)


def test_doubtful_money_is_taken_with_a_warning() -> None:
    assert read(fen, "-5") == (-500, "The amount is below zero.")
    assert read(fen, "(5.00)") == (-500, "The amount is below zero.")
    assert read(fen, "139.125") == (13913, "The amount was rounded to the fen.")
    with pytest.raises(BadValue):
        fen("99999999999999", MANNER)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("88178", 88178), (88178.0, 88178), ("12,345 km", 12345), ("300公里", 300)],
)
def test_a_mileage(raw, expected) -> None:
    assert read(odometer, raw) == expected


@pytest.mark.parametrize("raw", ["2000001", "-1", "many", 2e6 + 1])
def test_an_absurd_mileage_is_refused(raw) -> None:
    with pytest.raises(BadValue):
        odometer(raw, MANNER)


@pytest.mark.parametrize("raw", ["是", "Y", "yes", "1", 1.0, True, "√", "有", "ＴＲＵＥ"])
def test_yes(raw) -> None:
    assert yes_no(raw, MANNER) is True


@pytest.mark.parametrize("raw", ["否", "N", "no", "0", 0.0, False, "×", "无", "-"])
def test_no(raw) -> None:
    assert yes_no(raw, MANNER) is False


def test_neither_yes_nor_no_is_refused() -> None:
    assert yes_no(" ", MANNER) is None
    with pytest.raises(BadValue):
        yes_no("也许", MANNER)


def test_how_often() -> None:
    assert [times(raw, MANNER) for raw in ("2", 2.0, "是", "否", "")] == [2, 2, 1, 0, None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(5, 5), ("5", 5), ("５", 5), ("5分", 5), (5.0, 5), ("5.0", 5), ("很满意", 5), ("一般", 3),
     ("N/A", None), ("-", None), ("", None), ("未评价", None)],
)  # fmt: skip
def test_a_score(raw, expected) -> None:
    assert score(1, 5, WORDS)(raw, MANNER) == expected


@pytest.mark.parametrize("raw", [0, 6, -1, "4.5", "#DIV/0!", "十分", "NULL", "½"])
def test_what_is_off_the_scale_is_refused(raw) -> None:
    with pytest.raises(BadValue):
        score(1, 5, WORDS)(raw, MANNER)


def test_words_stay_as_they_were_written() -> None:
    read_text = text(50)
    for words in ("NULL", "nan", "None", "等太久了😡", "=1+1", "-", "逗号，分号；", "👨‍👩‍👧"):
        assert read_text(words, MANNER) == words
    assert read_text("一\r\n二\r三", MANNER) == "一\n二\n三"


def test_text_that_a_database_would_not_take_is_mended_or_refused() -> None:
    taken = "Control characters were taken out of the text."
    assert read(text(50), "a\0b\ud800\x1b") == ("ab", taken)
    for raw in ("x" * 51, "破�", "#NAME?"):
        with pytest.raises(BadValue):
            text(50)(raw, MANNER)


def test_a_name_is_on_one_line_and_a_dash_is_nobody() -> None:
    assert name()(" 黄艳\u3000明 \n", MANNER) == "黄艳 明"
    assert name()("None", MANNER) == "None"
    assert name()("-", MANNER) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("RO1", "RO1"), (536365.0, "536365"), ("ＲＯ１", "RO1"), ("'0012", "0012"), ("无", None)],
)
def test_a_key_is_text(raw, expected) -> None:
    assert code()(raw, MANNER) == expected


@pytest.mark.parametrize("raw", ["2.02401E+13", 1e16, 5.5, "x" * 41, "a\nb", "a\0"])
def test_a_key_that_excel_spoiled_is_refused(raw) -> None:
    with pytest.raises(BadValue):
        code()(raw, MANNER)


def test_a_choice_knows_words_takes_the_dealers_own_and_keeps_the_rest() -> None:
    own = Manner(today=MANNER.today, zone=MANNER.zone, words={"severity": {"特急": "critical"}})
    severity = choice("severity", {"一般": "general"})
    assert severity("特急", own) == "critical"
    assert severity("一般", own) == "general"
    assert severity("闹得很大", own) == "闹得很大"


ANY_CELL = st.one_of(
    st.text(max_size=60), st.floats(), st.booleans(), st.integers(), st.datetimes(), st.dates()
)


@pytest.mark.parametrize(
    "reader", [fen, odometer, yes_no, times, text(40), name(), code(), score(0, 10, {})]
)
@given(raw=ANY_CELL)
def test_any_cell_gives_a_value_or_a_reason(reader, raw) -> None:
    with suppress(BadValue):
        found = reader(raw, MANNER)
        found = found.value if isinstance(found, Doubtful) else found
        assert not isinstance(found, (float, datetime))
