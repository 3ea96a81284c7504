"""Files that leave the house: whole, typed, and never a formula."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from data.exporting import WRITERS, Column, Kind, comma, kind_of, workbook
from data.exporting.cells import neutral, plain

ZONE = "Asia/Shanghai"
WORDS = [Column("words", "Words")]
HOSTILE = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM",
    '=HYPERLINK("http://evil.example")',
)


def read_csv(pieces):
    text = b"".join(pieces).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def read_xlsx(pieces):
    return load_workbook(BytesIO(b"".join(pieces))).active


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text):
    assert read_csv(comma(WORDS, [{"words": text}], ZONE))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", [*HOSTILE, "http://evil.example", "mailto:a@b.c"])
def test_text_in_a_workbook_is_text_and_no_link(text):
    found = read_xlsx(workbook(WORDS, [{"words": text}], ZONE))["A2"]
    assert (found.data_type, found.hyperlink) == ("s", None)
    assert found.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", ["制动异响", "a=b", "-5", "-5.25", "'quoted", "", "5-3"])
def test_harmless_text_stays_as_it_is(text):
    assert neutral(text) == text


def test_minus_five_is_a_number_if_it_is_one_and_readable_if_it_is_text():
    columns = [Column("words", "Words"), Column("count", "Count", Kind.NUMBER)]
    rows = [{"words": words, "count": -5} for words in ("-5", "-5 °C")]
    assert read_csv(comma(columns, rows, ZONE))[1:] == [["-5", "-5"], ["'-5 °C", "-5"]]
    sheet = read_xlsx(workbook(columns, rows, ZONE))
    assert [[cell.value for cell in row] for row in sheet["A2:B3"]] == [["-5", -5], ["-5 °C", -5]]
    assert {(row[0].data_type, row[1].data_type) for row in sheet["A2:B3"]} == {("s", "n")}


def test_titles_are_made_harmless_too():
    assert read_csv(comma([Column("x", "=cmd")], [], ZONE)) == [["'=cmd"]]


def test_csv_says_that_it_is_utf8_and_ends_lines_as_spreadsheets_do():
    whole = b"".join(comma(WORDS, [{"words": "投诉"}], ZONE))
    assert whole == b'\xef\xbb\xbf"Words"\r\n' + '"投诉"\r\n'.encode()


def test_texts_stand_in_quotes_and_numbers_do_not():
    columns = [*WORDS, Column("count", "Count", Kind.NUMBER), Column("day", "Day", Kind.DAY)]
    row = {"words": "nice;=1+1\t=2+2", "count": -5, "day": date(2026, 3, 1)}
    whole = b"".join(comma(columns, [row, {}], ZONE, mark=""))
    assert whole.decode().split("\r\n") == [
        '"Words","Count","Day"',
        '"nice;=1+1\t=2+2",-5,"2026-03-01"',
        '"","",""',
        "",
    ]


TYPED = [
    Column("count", "Count", Kind.NUMBER),
    Column("share", "Share", Kind.SHARE),
    Column("paid", "Paid", Kind.MONEY),
    Column("day", "Day", Kind.DAY),
    Column("at", "At", Kind.MOMENT),
    Column("gone", "Gone", Kind.NUMBER),
]
ROW = {
    "count": -5,
    "share": 0.912,
    "paid": -12345,
    "day": date(2026, 3, 16),
    "at": datetime(2026, 3, 16, 2, 30, tzinfo=UTC),
    "gone": float("nan"),
}


def test_csv_holds_numbers_days_and_local_moments():
    found = read_csv(comma(TYPED, [ROW], ZONE))[1]
    assert found == ["-5", "0.912", "-123.45", "2026-03-16", "2026-03-16 10:30", ""]


def test_a_workbook_holds_typed_cells():
    sheet = read_xlsx(workbook(TYPED, [ROW], ZONE))
    values = [found.value for found in sheet[2]]
    assert values == [
        -5,
        0.912,
        -123.45,
        datetime(2026, 3, 16),
        datetime(2026, 3, 16, 10, 30),
        None,
    ]
    assert sheet["B2"].number_format == "0.0%"
    assert sheet["D2"].is_date
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["E"].width >= 18


def test_what_pandas_and_numpy_give_becomes_plain():
    assert plain(np.int64(3)) == 3
    assert plain(np.float64("nan")) is None
    assert plain(pd.NaT) is None
    assert plain(float("inf")) is None
    assert plain(pd.Timestamp("2026-03-16")) == date(2026, 3, 16)
    moment = plain(pd.Timestamp("2026-03-16 10:00", tz=ZONE))
    assert (type(moment), moment.hour) == (datetime, 10)


@pytest.mark.parametrize(
    ("value", "share", "kind"),
    [
        (3, False, Kind.NUMBER),
        (0.5, True, Kind.SHARE),
        (True, False, Kind.TEXT),
        ("x", True, Kind.TEXT),
        (date(2026, 1, 1), False, Kind.DAY),
        (datetime(2026, 1, 1, tzinfo=UTC), False, Kind.MOMENT),
        (None, False, Kind.TEXT),
    ],
)
def test_the_kind_of_a_column_is_seen_from_a_value(value, share, kind):
    assert kind_of(value, share=share) is kind


@pytest.mark.parametrize("shape", WRITERS)
def test_rows_are_taken_one_after_the_other_and_all_of_them(shape):
    read = {"csv": read_csv, "xlsx": lambda pieces: list(read_xlsx(pieces).values)}[shape]
    rows = ({"words": str(number)} for number in range(2500))
    found = read(WRITERS[shape](WORDS, rows, ZONE))
    assert [row[0] for row in found] == ["Words", *(str(number) for number in range(2500))]


@pytest.mark.parametrize("shape", WRITERS)
def test_a_file_without_rows_has_its_header(shape):
    whole = b"".join(WRITERS[shape](TYPED, [], ZONE))
    titles = read_csv([whole])[0] if shape == "csv" else next(read_xlsx([whole]).values)
    assert list(titles) == [column.title for column in TYPED]


def test_csv_gives_pieces_before_the_last_row_is_known():
    def endless():
        while True:
            yield {"words": "x"}

    pieces = comma(WORDS, endless(), ZONE)
    assert next(pieces).decode("utf-8-sig") == '"Words"\r\n'
    assert next(pieces).count(b"x") == 1000


def test_text_too_long_for_a_cell_is_cut_not_lost():
    sheet = read_xlsx(workbook(WORDS, [{"words": "长" * 40_000}], ZONE))
    assert sheet["A2"].value == "长" * 32_767
