"""Telephones, plates, VINs."""

from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.reasons import BadValue, Doubtful
from data.importing.values import Manner

MANNER = Manner(today=date(2026, 1, 15), zone=ZoneInfo("UTC"))


def refusal(reader, raw) -> str:
    with pytest.raises(BadValue) as refused:
        reader(raw, MANNER)
    return str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [
        "19900000001",
        "１９９００００００01",
        "199 0000 0001",
        "199-0000-0001",
        "+8619900000001",
        "8619900000001",
        "008619900000001",
        "+86 199 0000 0001",
        19900000001,
        19900000001.0,
        "19900000001.0",
        "'19900000001",
        "tel:19900000001",
        "电话：19900000001",
        "19900000001（微信同号）",
        "19900000001 张先生",
        "19900000001\u200b",
        "19900000001/无",
    ],
)
def test_one_mobile_number_in_many_spellings(raw) -> None:
    assert phone(raw, MANNER) == "19900000001"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0755-26000013", "0755-26000013"),
        ("075526000013", "0755-26000013"),
        ("(010)12345678", None),
        ("（010）62345678", "010-62345678"),
        ("0755-26000013-801", "0755-26000013-801"),
        ("26000013", "26000013"),
        ("400-800-1234", "4008001234"),
        ("+85291234567", "+85291234567"),
    ],
)
def test_a_landline_keeps_its_area_code(raw, expected) -> None:
    if expected is None:
        assert refusal(phone, raw)
    else:
        assert phone(raw, MANNER) == expected


@pytest.mark.parametrize("raw", ["", "无", "-", "N/A"])
def test_no_telephone(raw) -> None:
    assert phone(raw, MANNER) is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1.99E+10", "rounded"),
        ("1990000011", "10 digits"),
        ("199000000123", "12 digits"),
        ("12000000000", "11 digits"),
        ("1990000OO19", "letter"),
        ("00000000000", "placeholder"),
        ("NULL", "not a telephone"),
        ("保密", "not a telephone"),
    ],
)
def test_a_bad_telephone_is_refused(raw, words) -> None:
    assert words in refusal(phone, raw)


def test_two_numbers_and_invented_ones_are_taken_with_a_warning() -> None:
    for raw, number in (
        ("19900000014/19900000015", "19900000014"),
        ("19900000014、19900000015", "19900000014"),
        ("13888888888", "13888888888"),
        ("13800000000", "13800000000"),
    ):
        found = phone(raw, MANNER)
        assert isinstance(found, Doubtful)
        assert found.value == number


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("粤BE0001", "粤BE0001"),
        ("粤ＢＡ０００４", "粤BA0004"),
        (" 粤B·G0005 ", "粤BG0005"),
        ("京-A12345", "京A12345"),
        ("粤be0001", "粤BE0001"),
        ("粤BD12345", "粤BD12345"),
        ("粤B12345D", "粤B12345D"),
        ("粤Z1234港", "粤Z1234港"),
        ("粤Z1234澳", "粤Z1234澳"),
        ("粤B1234学", "粤B1234学"),
        ("使014001", "使014001"),
        ("WJ粤12345", "WJ粤12345"),
        ("临牌", None),
        ("无牌", None),
        ("新车", None),
        ("未上牌", None),
        ("-", None),
    ],
)
def test_a_plate(raw, expected) -> None:
    assert plate(raw, MANNER) == expected


@pytest.mark.parametrize(
    "raw",
    ["粤B1234", "粤B123456", "BA12345", "粤BI2345", "粤BO2345", "粤112345", "AB1234", "NULL", "X"],
)
def test_what_is_no_plate_is_refused(raw) -> None:
    assert "number plate" in refusal(plate, raw)


def test_a_numbered_temporary_plate_is_no_plate_and_says_so() -> None:
    found = plate("粤B临12345", MANNER)
    assert isinstance(found, Doubtful)
    assert found.value is None


@pytest.mark.parametrize(
    "raw",
    [
        "LZZAB12C1RT000001",
        "lzzab12c1rt000001",
        "ＬＺＺＡＢ１２Ｃ１ＲＴ０００００１",
        "LZZAB12C1 RT000001",
    ],
)
def test_a_vin(raw) -> None:
    assert vin(raw, MANNER) == "LZZAB12C1RT000001"
    assert vin("1M8GDM9AXKP042788", MANNER) == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("LZZAB12CORT000006", "never I, O or Q"),
        ("LZZAB12C2RT00000", "this one has 16"),
        ("LZZAB12C4RT0000081", "this one has 18"),
        ("LZZAB12C1RT000009", "check digit"),
    ],
)
def test_a_bad_vin_is_refused(raw, words) -> None:
    assert words in refusal(vin, raw)


def test_a_vehicle_key_is_any_text() -> None:
    assert vehicle_key("v17850", MANNER) == "V17850"
    assert vehicle_key("-", MANNER) is None


PHONE_LIKE = st.text(alphabet="0123456789-+/()（） .转E电话Oo", max_size=26)


@pytest.mark.parametrize("reader", [phone, plate, vin, vehicle_key])
@given(raw=st.one_of(PHONE_LIKE, st.text(max_size=30), st.floats(), st.integers()))
def test_any_cell_gives_a_value_or_a_reason(reader, raw) -> None:
    with suppress(BadValue):
        found = reader(raw, MANNER)
        found = found.value if isinstance(found, Doubtful) else found
        assert found is None or 1 <= len(found) <= 40
