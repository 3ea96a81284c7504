"""The zip a workbook is, looked through before anything is built from it in memory."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from data.importing.book import MB, Limits
from data.importing.reasons import FileRefused

CHUNK = 1 << 20
DAMAGED = "The workbook is damaged and cannot be read. Open it in Excel and save it again."
LOCKED = "The file is protected by a password. Save it without one."
KINDS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "This is a binary workbook (XLSB). Save it as XLSX or CSV."),
    ("word/document.xml", "This is a Word document. Save the table as XLSX or CSV."),
    ("ppt/presentation.xml", "This is a PowerPoint presentation. Save the table as XLSX or CSV."),
    ("content.xml", "This is an OpenDocument file. Save it as XLSX or CSV."),
)
OTHER_ZIP = "This is a ZIP archive. Unpack it and read the spreadsheet inside."
LETTERS = re.compile(r"[A-Z]{1,3}\Z")


@dataclass(slots=True)
class Extent:
    """How far the filled cells of a sheet reach, and its cells that show an Excel error.

    `errors` maps a row (from 0) to pairs of column (from 0) and text, for example "#DIV/0!".
    """

    rows: int = 0
    columns: int = 0
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """What is known of a workbook before it is opened: its sheets by name, its calendar."""

    extents: dict[str, Extent]
    epoch_1904: bool


def inspect(path: Path, limits: Limits) -> Package:
    """Check sizes, entries and sheets of the workbook at `path`; FileRefused says what is wrong."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, limits)
            return _package(archive, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, KeyError, ValueError):
        raise FileRefused(DAMAGED) from None
    except (expat.ExpatError, ElementTree.ParseError, RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise FileRefused(DAMAGED) from None


def _check_entries(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise FileRefused(next((say for name, say in KINDS if name in names), OTHER_ZIP))
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(LOCKED)
    if len(names) < len(entries):
        raise FileRefused(DAMAGED)
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or expanded > limits.expanded_bytes:
        raise FileRefused(
            "Unpacked, the workbook has {size} MB in {entries} parts; at most {most} MB in "
            "{parts} parts are read. Split it, or save it as CSV.",
            size=expanded // MB,
            entries=len(entries),
            most=limits.expanded_bytes // MB,
            parts=limits.entries,
        )


def _package(archive: zipfile.ZipFile, limits: Limits) -> Package:
    workbook = ElementTree.fromstring(_plain_xml(archive, "xl/workbook.xml"))
    paths = _paths(archive)
    extents = {}
    for sheet in _each(workbook, "sheet"):
        path = paths.get(_attribute(sheet, "id"), "")
        if path.startswith("xl/worksheets/"):
            name = sheet.get("name", "")
            extents[name] = _Scan(archive, path, name, limits).extent
    _read_the_rest(archive, set(paths.values()))
    properties = next(_each(workbook, "workbookPr"), None)
    mac = properties is not None and properties.get("date1904") in ("1", "true")
    return Package(extents, mac)


def _read_the_rest(archive: zipfile.ZipFile, seen: set[str]) -> None:
    """A size told falsely shows as a wrong checksum when an entry is read to its end."""
    for name in archive.namelist():
        if name.startswith("xl/") and not (name in seen and name.startswith("xl/worksheets/")):
            with archive.open(name) as entry:
                while entry.read(CHUNK):
                    pass


def _paths(archive: zipfile.ZipFile) -> dict[str, str]:
    tree = ElementTree.fromstring(_plain_xml(archive, "xl/_rels/workbook.xml.rels"))
    return {one.get("Id", ""): _absolute(one.get("Target", "")) for one in tree}


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _plain_xml(archive: zipfile.ZipFile, name: str) -> bytes:
    content = archive.read(name)
    if b"<!DOCTYPE" in content or len(content) > 10 * MB:
        raise FileRefused(DAMAGED)
    return content


def _each(tree: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (one for one in tree.iter() if one.tag.rpartition("}")[2] == tag)


def _attribute(element: ElementTree.Element, name: str) -> str:
    found = (v for k, v in element.items() if k.startswith("{") and k.rpartition("}")[2] == name)
    return next(found, "")


class _Scan:
    """One pass over a sheet's XML: how far its filled cells reach, which of them are errors."""

    def __init__(self, archive: zipfile.ZipFile, path: str, name: str, limits: Limits) -> None:
        self.extent, self.name, self.limits = Extent(), name, limits
        self.row = self.column = -1
        self.is_error = False
        self.known: dict[str, int] = {}
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser = parser
        with archive.open(path) as entry:
            while piece := entry.read(CHUNK):
                parser.Parse(piece, False)
            parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        # called for every cell of the sheet: the plain names first
        if tag not in ("c", "v", "is", "row"):
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is"):
            self._filled()
        elif tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1

    def _cell(self, attributes: dict[str, str]) -> None:
        self.is_error = attributes.get("t") == "e"
        if place := attributes.get("r"):
            letters = place.rstrip("0123456789")
            self.row = int(place[len(letters) :]) - 1
            self.column = self.known.get(letters, -1)
            if self.column < 0:
                self.column = self.known[letters] = _column(letters)
        else:
            self.column += 1

    def _filled(self) -> None:
        extent = self.extent
        if self.row >= extent.rows or self.column >= extent.columns:
            extent.rows = max(extent.rows, self.row + 1)
            extent.columns = max(extent.columns, self.column + 1)
            self._refuse_too_large()
        if self.is_error:
            self.parser.CharacterDataHandler = self._error
            self.parser.EndElementHandler = self._end

    def _error(self, words: str) -> None:
        self.extent.errors.setdefault(self.row, []).append((self.column, words))

    def _end(self, _tag: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def _refuse_too_large(self) -> None:
        extent, limits = self.extent, self.limits
        spanned = extent.rows * extent.columns
        if extent.rows <= limits.rows and spanned <= limits.cells:
            return
        raise FileRefused(
            "The sheet {sheet} spans {rows} rows and {columns} columns. Delete what stands far "
            "below or beside the table, or save the table as CSV.",
            sheet=self.name,
            rows=extent.rows,
            columns=extent.columns,
        )

    def _refuse_doctype(self, *_: Any) -> None:
        raise FileRefused(DAMAGED)


def _column(letters: str) -> int:
    if not LETTERS.match(letters):
        raise FileRefused(DAMAGED)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
