"""Text files: encodings, separators, line ends, quotation marks."""

from pathlib import Path

import pytest

from data.importing.book import Limits
from data.importing.files import open_book
from data.importing.reasons import FileRefused

TABLE = "工单号,接待日期,备注\r\nRO1,2025-03-05,好\r\nRO2,2025-03-06,不好\r\n"


def cells(path: Path, **limits: int) -> list[tuple[int, list[str]]]:
    table = open_book(path, Limits(**limits)).tables[0]
    return [(line.number, list(line.cells)) for line in table.lines()]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_encoding_is_found_by_the_content(write, encoding: str, found: str) -> None:
    path = write(TABLE, "any.xlsx", encoding)
    assert open_book(path, Limits()).encoding == found
    assert [row for _, row in cells(path)][2] == ["RO2", "2025-03-06", "不好"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_separators_and_line_ends(write, separator: str, end: str) -> None:
    path = write(TABLE.replace(",", separator).replace("\r\n", end))
    assert open_book(path, Limits()).tables[0].separator == separator
    assert [(number, row[0]) for number, row in cells(path)] == [
        (1, "工单号"),
        (2, "RO1"),
        (3, "RO2"),
    ]


def test_commas_in_the_words_of_a_semicolon_file_do_not_mislead(write, reading) -> None:
    rows = "".join(f"RO{n};粤BE0001;2025-03-05;慢,贵,远,差,脏\n" for n in range(5))
    found = reading("repair-orders", write("工单号;车牌;接待日期;备注\n" + rows))
    assert found.table.separator == ";"


def test_quoted_line_breaks_count_from_the_first_line(write) -> None:
    path = write('a,b\n1,"x\r\ny\n""z"""\n2,w\n')
    assert cells(path) == [(1, ["a", "b"]), (2, ["1", 'x\r\ny\n"z"']), (5, ["2", "w"])]


def test_an_open_quotation_mark_costs_one_row_only(write) -> None:
    path = write('a,b\n1,"open\n2,two\n3,"three"\n4,four\n')
    table = open_book(path, Limits()).tables[0]
    lines = list(table.lines())
    assert [line.number for line in lines if line.problem] == [2]
    assert [line.cells[0] for line in lines if not line.problem] == ["a", "2", "3", "4"]


def test_an_open_quotation_mark_before_a_long_file_costs_one_row_only(write) -> None:
    path = write('a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 3000)))
    table = open_book(path, Limits(record_lines=50)).tables[0]
    lines = list(table.lines())
    assert [line.number for line in lines if line.problem] == [2]
    assert len(lines) == 3000


def test_a_few_spoiled_bytes_cost_their_row_only(write, reading) -> None:
    rows = "".join(f"RO{n},粤BE0001,2025-03-05 10:00,一切正常没有问题\n" for n in range(100))
    content = ("工单号,车牌号,接待日期,备注\n" + rows).encode().replace(b"RO50", b"RO\xff\xfe", 1)
    found = list(reading("repair-orders", write(content)).rows())
    assert [row.line for row in found if row.refused] == [52]
    assert len(found) == 100


def test_zero_bytes_stay_in_their_cell(write) -> None:
    assert cells(write("a,b\n1,x\0y\n"))[1] == (2, ["1", "x\0y"])


@pytest.mark.parametrize(
    "content",
    [b"\x00" * 500, b"MZ\x90\x00\x03" + bytes(range(256)) * 20, bytes(range(128, 256)) * 9],
)
def test_binary_data_are_not_text(write, content: bytes) -> None:
    with pytest.raises(FileRefused, match="neither a spreadsheet nor text"):
        open_book(write(content), Limits())


def test_too_many_lines_are_refused_before_anything_is_read(write) -> None:
    with pytest.raises(FileRefused, match="has 3 lines"):
        open_book(write(TABLE), Limits(rows=2))


def test_an_empty_file_and_one_that_is_not_there(write, tmp_path) -> None:
    with pytest.raises(FileRefused, match="empty"):
        open_book(write(""), Limits())
    with pytest.raises(FileRefused, match="cannot be opened"):
        open_book(tmp_path / "nothing.csv", Limits())
    with pytest.raises(FileRefused, match="at most 0 MB"):
        open_book(write(TABLE), Limits(file_bytes=10))
