"""A report as DOCX: A4, one section after the other, tables that a program can read."""

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
from data.exporting import Column, Kind
from data.exporting.cells import cell

LATIN, CHINESE = "Arial", "Microsoft YaHei"  # where it is missing, another that has Chinese
INK = RGBColor(0x1F, 0x29, 0x37)
HEAD = "E8EEF7"
NUMBERS = (Kind.NUMBER, Kind.SHARE, Kind.MONEY)
NOTHING = "–"


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
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(18)


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
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    _head(drawn.rows[0], table.columns)
    for row in table.rows:
        cells = drawn.add_row().cells
        for place, column in enumerate(table.columns):
            _write(cells[place], column, _said(row, column, zone))


def _head(row: Any, columns: Sequence[Column]) -> None:
    """The titles, repeated on every page the table runs over."""
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeat)
    for box, column in zip(row.cells, columns, strict=True):
        _write(box, column, column.title, bold=True)
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
    return "".join(sign for sign in words if sign in "\n\t" or ord(sign) >= 0x20)
