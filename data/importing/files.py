"""Opening what a dealer sends: what it truly is, by its content and never by its name."""

from pathlib import Path

from data.importing import text, workbook
from data.importing.book import MB, Book, Limits
from data.importing.reasons import FileRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Save the table as XLSX or CSV and read that."

BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This is a PDF document, not a spreadsheet. {_SAVE}"),
    (b"{\\rtf", f"This is an RTF text document, not a spreadsheet. {_SAVE}"),
    (b"\x89PNG", f"This is a PNG picture, not a spreadsheet. {_SAVE}"),
    (b"\xff\xd8\xff", f"This is a JPEG picture, not a spreadsheet. {_SAVE}"),
    (b"GIF8", f"This is a GIF picture, not a spreadsheet. {_SAVE}"),
    (b"Rar!", "This is a RAR archive. Unpack it and read the spreadsheet inside."),
    (b"7z\xbc\xaf", "This is a 7z archive. Unpack it and read the spreadsheet inside."),
    (b"\x1f\x8b", "This is a gzip archive. Unpack it and read the spreadsheet inside."),
    (b"SQLite format 3", f"This is an SQLite database, not a spreadsheet. {_SAVE}"),
    (b"\x09\x00\x04\x00", f"This is a workbook of Excel 2, which is too old. {_SAVE}"),
    (b"\x09\x02\x06\x00", f"This is a workbook of Excel 3, which is too old. {_SAVE}"),
    (b"\x09\x04\x06\x00", f"This is a workbook of Excel 4, which is too old. {_SAVE}"),
)
MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", f"This is an Excel 2003 XML file. {_SAVE}"),
    (b"<html", f"This is a web page (HTML) that only calls itself a spreadsheet. {_SAVE}"),
    (b"<table", f"This is a web page (HTML) that only calls itself a spreadsheet. {_SAVE}"),
    (b"<!doctype html", f"This is a web page (HTML) that only calls itself a spreadsheet. {_SAVE}"),
    (b"mime-version:", f"This is a saved web page (MHTML), not a spreadsheet. {_SAVE}"),
    (b"<?xml", f"This is an XML file, not a spreadsheet. {_SAVE}"),
)


def open_book(path: Path, limits: Limits) -> Book:
    """Look at the content of `path` and open it; FileRefused names what it is otherwise."""
    head = _head(path, limits)
    if head.startswith(b"PK\x03\x04"):
        return workbook.open_xlsx(path, limits)
    if head.startswith(OLE):
        return workbook.open_xls(path, limits)
    _refuse_strangers(head)
    return text.open_text(path, limits)


def _head(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as problem:
        raise FileRefused(
            "The file cannot be opened: {problem}.", problem=_words(problem)
        ) from None
    if not size:
        raise FileRefused("The file is empty: there are no data in it.")
    if size > limits.file_bytes:
        raise FileRefused(
            "The file has {size} MB; at most {most} MB are read at once. Split it.",
            size=size // MB,
            most=limits.file_bytes // MB,
        )
    return head


def _words(problem: OSError) -> str:
    return problem.strerror or type(problem).__name__


def _refuse_strangers(head: bytes) -> None:
    for beginning, sentence in BEGINNINGS:
        if head.startswith(beginning):
            raise FileRefused(sentence)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start.startswith(b"<") and b"mime-version:" not in start[:500]:
        return
    for mark, sentence in MARKUP:
        if mark in start:
            raise FileRefused(sentence)
