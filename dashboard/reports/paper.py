"""A report as DOCX: A4, one section after the other, tables that a program can read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from dashboard import formats
from dashboard.reports.shape import Report, Section, Table
from dashboard.reports.sheets import width
from data.exporting import Column, Kind
from data.exporting.cells import cell

LATIN, CHINESE = "Arial", "Microsoft YaHei"  # where it is missing, another that has Chinese
INK = RGBColor(0x1F, 0x29, 0x37)
HEAD, LINE = "E8EEF7", "C9CED6"
MARGIN = 18  # mm
INSIDE = 210 - 2 * MARGIN
LEAST, MOST = 9, 40  # letters of a column
NUMBERS = (Kind.NUMBER, Kind.SHARE, Kind.MONEY)
NOTHING = "–"
NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(report: Report) -> bytes:
    """The file."""
    made = Document()
    _page(made)
    _fonts(made)
    made.core_properties.title = _storable(report.title)
    made.core_properties.author = "Aftercare"
    made.add_heading(_storable(report.title), level=0)
    for words in report.about:
        made.add_paragraph(_storable(words))
    for section in report.sections:
        _section(made, report, section)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _page(made: Doc) -> None:
    """A4, upright."""
    page = made.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(MARGIN)
    page.top_margin = page.bottom_margin = Mm(MARGIN)


def _fonts(made: Doc) -> None:
    """One font for Latin letters and one for Chinese, in every style that is used."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = made.styles[name]
        style.font.name, style.font.color.rgb = LATIN, INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE)
    made.styles["Normal"].font.size = Pt(10)
    made.styles["Title"].font.size = Pt(20)


def _section(made: Doc, report: Report, section: Section) -> None:
    made.add_heading(_storable(section.title), level=1)
    for words in section.words:
        made.add_paragraph(_storable(words))
    for table in section.tables:
        made.add_heading(_storable(table.title), level=2)
        if table.rows:
            _table(made, report.zone, table)
        else:
            made.add_paragraph(_storable(table.empty))


def _table(made: Doc, zone: str, table: Table) -> None:
    drawn = made.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _borders(drawn)
    _head(drawn.rows[0], table.columns)
    for row in table.rows:
        cells = drawn.add_row().cells
        for place, column in enumerate(table.columns):
            _write(cells[place], column, _said(row, column, zone))
    for column, wide in zip(drawn.columns, _widths(table, zone), strict=True):
        column.width = wide  # for some programs; the others look at each cell
        for box in column.cells:
            box.width = wide
    for line in list(drawn.rows)[1:]:  # a line stands on one page
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _widths(table: Table, zone: str) -> list[Mm]:
    """The page shared out by how much each column has to say, within bounds."""
    needed = [
        min(max(LEAST, max(width(words) for words in _column(table, column, zone))), MOST)
        for column in table.columns
    ]
    return [Mm(INSIDE * wide / sum(needed)) for wide in needed]


def _column(table: Table, column: Column, zone: str) -> list[str]:
    return [column.title, *(_said(row, column, zone) for row in table.rows)]


def _borders(drawn: Any) -> None:
    """Fine grey lines."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, said in (("val", "single"), ("sz", "4"), ("color", LINE)):
            line.set(qn(f"w:{name}"), said)
        borders.append(line)
    drawn._tbl.tblPr.append(borders)


def _head(row: Any, columns: Sequence[Column]) -> None:
    """The titles, repeated on every page the table runs over."""
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeat)
    for box, column in zip(row.cells, columns, strict=True):
        _write(box, column, column.title, bold=True)
        box.paragraphs[0].paragraph_format.keep_with_next = True
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), HEAD)
        box._tc.get_or_add_tcPr().append(shade)


def _write(box: Any, column: Column, words: str, *, bold: bool = False) -> None:
    paragraph = box.paragraphs[0]
    run = paragraph.add_run(_storable(words))
    run.bold, run.font.size = bold, Pt(9)
    if column.kind in NUMBERS:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _said(row: Mapping[str, Any], column: Column, zone: str) -> str:
    """The value in words, as the screen would say it."""
    value = cell(row.get(column.key), column.kind, zone)
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | str):
        return str(value)
    return _number(value, column.kind)


def _number(value: float, kind: Kind) -> str:
    if kind is Kind.SHARE:
        return formats.percent(value)
    return formats.number(value, 0 if float(value).is_integer() else 1 + (kind is Kind.MONEY))


def _storable(words: str) -> str:
    """Words without the signs that no XML may hold."""
    return NO_XML.sub("", words)
