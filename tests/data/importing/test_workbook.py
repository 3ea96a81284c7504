"""Workbooks, the awkward and the hostile."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data.importing.book import Book, Limits
from data.importing.files import open_book
from data.importing.reasons import FileRefused
from tests.data.importing.xls import xls


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Save a workbook that a function filled."""

    def make(fill: Callable[[openpyxl.Workbook], object]) -> Path:
        book = openpyxl.Workbook()
        fill(book)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return make


def rows(path: Path, **limits: int) -> list[tuple[int, list[object]]]:
    table = open_book(path, Limits(**limits)).tables[0]
    return [(line.number, list(line.cells)) for line in table.lines()]


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one of its parts rewritten."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return target


SHEET = "xl/worksheets/sheet1.xml"


def test_rows_and_columns_keep_their_numbers_when_the_table_begins_elsewhere(workbook) -> None:
    def fill(book):
        book.active["C3"] = "x"

    assert rows(workbook(fill))[2] == (3, [None, None, "x"])


def test_excels_errors_are_seen(workbook) -> None:
    def fill(book):
        sheet = book.active
        sheet.append(["a", "b"])
        sheet.append([1, "#DIV/0!"])
        sheet["B2"].data_type = "e"

    assert rows(workbook(fill))[1] == (2, [1.0, "#DIV/0!"])


def test_merged_cells_count_downwards_and_only_there(workbook) -> None:
    def fill(book):
        for row in (["a", "b"], ["x", 1], [None, 2], [None, 3], ["y", 4]):
            book.active.append(row)
        book.active.merge_cells("A2:A3")

    assert [row[0] for _, row in rows(workbook(fill))] == ["a", "x", "x", "", "y"]


def test_dates_of_a_mac_workbook(workbook) -> None:
    def fill(book):
        book.epoch = CALENDAR_MAC_1904
        book.active.append([datetime(2025, 3, 5, 14, 30)])

    path = workbook(fill)
    assert open_book(path, Limits()).epoch_1904
    assert rows(path)[0][1] == [datetime(2025, 3, 5, 14, 30)]


def test_hidden_sheets_are_named_and_not_offered(workbook) -> None:
    def fill(book):
        book.create_sheet("密").sheet_state = "hidden"
        book.create_sheet("极密").sheet_state = "veryHidden"

    book: Book = open_book(workbook(fill), Limits())
    assert [table.name for table in book.tables] == ["Sheet"]
    assert list(book.hidden) == ["密", "极密"]


def test_a_far_cell_is_refused_before_it_is_built(workbook) -> None:
    def fill(book):
        book.active["A1"] = "a"
        book.active["XFD1048576"] = "z"

    with pytest.raises(FileRefused, match="spans 1048576 rows and 16384 columns"):
        open_book(workbook(fill), Limits())


def test_a_far_cell_that_only_has_a_colour_does_no_harm(workbook) -> None:
    def fill(book):
        book.active["A1"] = "a"
        book.active["XFD1048576"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    assert rows(workbook(fill)) == [(1, ["a"])]


def test_too_wide_a_sheet_is_refused(workbook) -> None:
    def fill(book):
        book.active.cell(1, 30, "x")

    with pytest.raises(FileRefused, match="has 30 columns; at most 20"):
        rows(workbook(fill), columns=20)


def test_too_large_when_unpacked_is_refused(workbook) -> None:
    path = workbook(lambda book: book.active.append(["x" * 5000]))
    with pytest.raises(FileRefused, match="Unpacked"):
        open_book(path, Limits(expanded_bytes=5000))
    with pytest.raises(FileRefused, match="parts are read"):
        open_book(path, Limits(entries=3))


def test_a_size_told_falsely_is_found_out(workbook) -> None:
    path = workbook(lambda book: book.active.append(["x" * 5000]))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        true_size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    path.write_bytes(content.replace(true_size, (10).to_bytes(4, "little")))
    with pytest.raises(FileRefused, match="damaged"):
        open_book(path, Limits())


def test_an_entity_bomb_is_refused(workbook) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    path = workbook(lambda book: book.active.append(["x"]))
    for part in (SHEET, "xl/workbook.xml"):
        with pytest.raises(FileRefused, match="damaged"):
            open_book(changed(path, part, lambda xml: bomb + xml), Limits())


def zip_of(**entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 ...", "RTF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><p>", "HTML"),
        (b"<table><tr><td>1</td></tr></table>", "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
         "Excel 2003 XML"),
        (b'<?xml version="1.0"?><data/>', "XML file"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "MHTML"),
        (zip_of(**{"word/document__xml": "x"}), "Word document"),
        (zip_of(**{"xl/workbook__bin": "x"}), "XLSB"),
        (zip_of(**{"content__xml": "x", "mimetype": "x"}), "OpenDocument"),
        (zip_of(**{"photo__jpg": "x"}), "ZIP archive"),
        (zip_of(**{"xl/workbook__xml": "x"}), "damaged"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE, "another kind"),
        (OLE + "Workbook".encode("utf-16-le"), "damaged"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_named(write, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        open_book(write(content, "table.xls"), Limits())


def test_a_workbook_that_breaks_off_is_damaged(workbook, write) -> None:
    path = workbook(lambda book: book.active.append(["x"] * 50))
    whole = path.read_bytes()
    for length in range(200, len(whole), 400):
        with pytest.raises(FileRefused):
            open_book(write(whole[:length]), Limits())


def test_a_sheet_whose_xml_is_broken_is_damaged(workbook) -> None:
    path = workbook(lambda book: book.active.append(["x"]))
    with pytest.raises(FileRefused, match="damaged"):
        open_book(changed(path, SHEET, lambda xml: xml[:-40]), Limits())


def test_a_workbook_of_before_2007(write) -> None:
    table = [["工单号", "进厂里程"], ["RO1", 1000.5], [None, None], ["RO2", 3.0]]
    path = write(xls(("明细", False, table), ("密", True, [["工单号"]])), "table.csv")
    book = open_book(path, Limits())
    assert (book.format, book.tables[0].name, book.hidden) == ("xls", "明细", ["密"])
    assert [line.cells for line in book.tables[0].lines()] == [
        ["工单号", "进厂里程"],
        ["RO1", 1000.5],
        ["", ""],
        ["RO2", 3.0],
    ]


def test_whatever_part_is_spoiled_there_are_rows_or_one_clear_refusal(workbook) -> None:
    path = workbook(lambda book: book.active.append(["工单号", "RO1", 3, datetime(2025, 3, 5)]))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    refusals = []
    for name in names:
        for tenth in range(10):
            broken = changed(path, name, lambda xml, at=tenth: _without_a_piece(xml, at))
            try:
                assert all(len(cells) <= 4 for _, cells in rows(broken))
            except FileRefused as refusal:
                refusals.append(str(refusal))
    assert len(refusals) > len(names)
    assert all(words.endswith(".") for words in refusals)


def _without_a_piece(xml: bytes, tenth: int) -> bytes:
    start = len(xml) * tenth // 10
    return xml[:start] + xml[start + 20 :]
