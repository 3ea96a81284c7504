"""Every sample file as its manifest says."""

import json
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from data.importing.book import Limits
from data.importing.dates import HAPPENED, moment
from data.importing.files import open_book
from data.importing.identity import phone
from data.importing.reasons import BadValue, Doubtful, FileRefused
from data.importing.values import Manner, score

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def outcome(sample, reading):
    """The rows of a sample: good ones, refused lines with their reasons, lines that repeat."""

    def read(kind: str, name: str):
        found = reading(kind, sample(name))
        rows = list(found.rows())
        refused = {row.line: " ".join(str(one.reason) for one in row.refused) for row in rows}
        good = [row for row in rows if not row.refused and not row.repeats]
        repeats = [row.line for row in rows if row.repeats]
        return found, good, {line: why for line, why in refused.items() if why}, repeats

    return read


@pytest.mark.parametrize(
    "name",
    [
        "repair_orders_clean_utf8.csv",
        "repair_orders_gbk.csv",
        "repair_orders_utf8bom.csv",
        "repair_orders_semicolon.csv",
        "wrong_extension_csv_named.xlsx",
    ],
)
def test_the_same_360_orders_in_every_dress(outcome, sample, name: str) -> None:
    totals = json.loads(sample("manifest.json").read_text())["repair_orders_clean_utf8.csv"][
        "totals"
    ]
    _, good, refused, repeats = outcome("repair-orders", name)
    values = [row.values for row in good]
    arrivals = sorted(one["opened_at"].astimezone(SHANGHAI) for one in values)
    assert (refused, repeats) == ({}, [])
    assert len(values) == totals["rows"]
    assert len({one["plate"] for one in values}) == totals["distinct_plates"]
    assert len({one["phone"] for one in values}) == totals["distinct_phones"]
    assert sum(one["total_fen"] for one in values) == totals["sum_应结金额"] * 100
    assert sum(one["rework"] for one in values) == totals["返修_是"]
    assert f"{arrivals[0]:%Y-%m-%d %H:%M}" == totals["first"]
    assert f"{arrivals[-1]:%Y-%m-%d %H:%M}" == totals["last"]
    assert not any("�" in str(one) for one in values)


def test_title_rows_merged_cells_and_hidden_sheets(outcome) -> None:
    found, good, refused, _ = outcome("repair-orders", "repair_orders_titlerows_merged.xlsx")
    by_line = {row.line: row.values for row in good}
    assert found.header.line == 5
    assert len(good) == 60
    assert refused == {}
    assert found.skipped == {"total": 1, "blank": 1, "footnote": 1}
    assert {by_line[line]["customer"] for line in (10, 11, 12)} == {"张桂勇"}
    assert by_line[13]["customer"] == "朱平洋"
    assert by_line[6]["total_fen"] == 240600, "computed: the formula has no kept value"
    assert 15 in by_line, "a hidden row is a row"
    assert all(row.values["phone"] for row in good), "a hidden column is a column"
    assert any("隐藏页" in str(notice) for notice in found.notices)
    assert "RO-HIDDEN" not in {row.values["number"] for row in good}


def test_doubled_and_dirty_headings(outcome) -> None:
    found, good, refused, _ = outcome("repair-orders", "header_nbsp_dupcol.csv")
    assert (len(good), refused) == (30, {})
    assert {"opened_at", "delivered_at", "plate", "vin", "phone"} <= set(found.header.read)
    assert any("出厂时间, 出厂时间" in str(notice) for notice in found.notices)
    assert good[0].values["number"] == "LZZAB12C3RT000050@20240105T102500"


def test_quoted_line_breaks(outcome) -> None:
    _, good, refused, _ = outcome("repair-orders", "quoted_newlines.csv")
    assert (len(good), refused) == (5, {})
    assert good[0].values["note"] == '客户说"再不修好就投诉",\n第二行\n第三行'
    assert "\t" in good[1].values["note"]
    assert good[1].line == 5


def test_ragged_rows(outcome) -> None:
    found, good, refused, _ = outcome("repair-orders", "ragged_rows.csv")
    assert [row.line for row in good] == [2, 7]
    assert list(refused) == [3, 4]
    assert found.skipped == {"blank": 2}


def test_repeated_rows(outcome) -> None:
    _, good, refused, repeats = outcome("repair-orders", "duplicated_rows.csv")
    assert (len(good), len(repeats), refused) == (50, 13, {})


@pytest.mark.parametrize("name", ["empty.csv", "header_only.csv"])
def test_no_data(sample, reading, name: str) -> None:
    with pytest.raises(FileRefused, match="no data"):
        reading("repair-orders", sample(name))


def test_the_zip_bomb_is_refused_without_being_unpacked(sample) -> None:
    with pytest.raises(FileRefused, match="Unpacked, the workbook has 234 MB"):
        open_book(sample("zipbomb_small.xlsx"), Limits())


def test_a_bomb_within_the_expanded_size_is_refused_by_its_rows(sample) -> None:
    with pytest.raises(FileRefused, match="spans"):
        open_book(sample("zipbomb_small.xlsx"), Limits(expanded_bytes=10**9, rows=1000))


def test_complaints_whose_times_cannot_be_true(outcome) -> None:
    _, good, refused, _ = outcome("complaints", "complaints_lifecycle.csv")
    assert [row.values["number"] for row in good] == ["TS1", "TS3", "TS4", "TS5", "TS9"]
    assert {line: why.split(".")[0] for line, why in refused.items()} == {
        3: "The first response is before the complaint",
        7: "The deadline is before the complaint",
        8: "2030-01-01 lies in the future",
        9: "The case was closed before it was opened",
        10: "Line 2 has the same number but says something else",
    }
    assert good[-1].values["opened_at"] == datetime(2025, 2, 28, 15, 59, 59, tzinfo=UTC)
    assert good[3].values.get("due_at") is None


def test_customers_that_contradict_each_other(outcome) -> None:
    found, good, refused, repeats = outcome("customers", "customers_duplicates.xlsx")
    assert found.skipped == {"blank": 1}
    assert repeats == [65]
    assert {line: why[:40] for line, why in refused.items()} == {
        47: "A VIN has only digits and capital letter",
        48: "A VIN has 17 characters; this one has 16",
        49: "A VIN has 17 characters; this one has 18",
        50: "The check digit of this VIN (its 9th cha",
        **dict.fromkeys((60, 61, 62, 63), "This is not a number plate: a province, "),
        67: "There is nothing in 客户编号.",
    }
    plates = {row.values["number"]: row.values.get("plate") for row in good}
    assert len([number for number in plates if number < "KH9"]) == 40
    assert plates["KH91000"] == "粤BD12345"
    assert plates["KH91001"] == "粤B12345D"
    assert plates["KH91002"] == "粤Z1234港"
    assert [plates[f"KH9100{number}"] for number in (3, 4, 5, 6)] == [None] * 4
    assert (plates["KH91007"], plates["KH91008"]) == ("使014001", "WJ粤12345")
    assert plates["KH91013"] == "京A12345"


def test_twenty_thousand_orders(outcome) -> None:
    _, good, refused, _ = outcome("repair-orders", "repair_orders_20000.csv")
    assert (len(good), refused) == (20_000, {})
    assert sum(row.values["total_fen"] for row in good) == 600_000_000


def test_the_real_orders(reading) -> None:
    from tests.conftest import shared

    found = reading("repair-orders", shared("real/online_retail_orders.csv"))
    rows = list(found.rows())
    assert len(rows) == 18_536
    assert Counter(bool(row.refused or row.repeats) for row in rows) == {False: 18_536}
    assert len({row.values["vehicle_number"] for row in rows}) == 4_339


WORDS = {"非常满意": 5, "很满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
READERS = {"实际回访日期": moment(HAPPENED), "联系电话": phone, "总体满意度": score(1, 5, WORDS)}
MANNER = Manner(today=datetime(2026, 1, 15).date(), zone=SHANGHAI)


def reads(column: str, raw: object) -> tuple[object, bool]:
    """What a cell gives ("refused", or the value as the list writes it), and if with a warning."""
    try:
        found = READERS[column](raw, MANNER) if raw != "" else None
    except BadValue:
        return "refused", False
    doubtful = isinstance(found, Doubtful)
    found = found.value if doubtful else found
    if isinstance(found, datetime):
        local = found.astimezone(SHANGHAI)
        found = f"{local:%Y-%m-%d}" if not local.hour else f"{local:%Y-%m-%dT%H:%M}"
    return found, doubtful


DECIDED = {
    "2025-03-05 (Y/M/D is the Chinese habit; ambiguous: warn)": ("2025-03-05", True),
    "ambiguous D/M or M/D: warn, never guess silently": ("refused", False),
    "2025-03-05T14:30 (local)": ("2025-03-05T14:30", False),
    "treat as empty": (None, False),
    "treat as empty (serial 0)": (None, False),
    "flag: future": ("refused", False),
    "0755-26000013 (landline)": ("0755-26000013", False),
    "two numbers: keep first, report": ("19900000014", True),
    "accept but flag: common placeholder": ("13888888888", True),
    "5 or reject: not in the scale list": (5, False),
}


def expected(words: object) -> tuple[object, bool]:
    if isinstance(words, str) and words.startswith("reject"):
        return "refused", False
    return DECIDED.get(words, (words, False)) if isinstance(words, str) else (words, False)


# the list expects 19900000002 of it, but a digit is missing: like 1990000011 it has only ten
TEN_DIGITS = "１９９００００００２"


def test_thirty_callbacks_cell_by_cell(sample) -> None:
    rows = json.loads(sample("callback_records_dirty.expected.json").read_text())
    table = open_book(sample("callback_records_dirty.xlsx"), Limits()).tables[0]
    heading, *lines = [line.cells for line in table.lines()]
    for row, cells in zip(rows, lines, strict=True):
        for column in READERS:
            raw = cells[list(heading).index(column)]
            if raw == TEN_DIGITS:
                assert reads(column, raw) == ("refused", False)
                continue
            assert reads(column, raw) == expected(row[column]["expect"]), (row["row"], column, raw)
