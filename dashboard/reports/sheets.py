"""A report as XLSX: a sheet for each section, its tables with native charts beside them."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.reports.shape import Chart, Report, Section, Table
from data.exporting import Column, Kind
from data.exporting.cells import cell
from data.exporting.workbook import LOOKS, write

FONT = "Microsoft YaHei"  # where it is missing, the program takes another that has Chinese
INK, LINE, HEAD = "#1f2937", "#c9ced6", "#e8eef7"
COLOURS = ("#2563a8", "#c2622d", "#4b7f52", "#8a5aa8")
WIDEST, NARROWEST = 46, 11
NAME_LIMIT = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
TITLE_HEIGHT, ROW_PX = 26, 20
LEAST_PX, BAR_PX = 300, 26  # of a chart's height; each bar with its name
GRID = {"visible": True, "line": {"color": LINE}}
CHART_WIDTH = 560
STEPS = 5  # of an axis of counts, about

Looks = Mapping[str, Format]


def workbook(report: Report) -> bytes:
    """The file."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options)
    looks = _looks(book)
    for section in report.sections:
        _section(book, looks, report, section)
    book.close()
    return file.getvalue()


def _looks(book: Workbook) -> Looks:
    plain = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
    boxed = {**plain, "border": 1, "border_color": LINE}
    kinds = {
        str(kind): book.add_format({**boxed, "num_format": look, **_text(kind)})
        for kind, (look, _) in LOOKS.items()
    }
    return kinds | {
        "title": book.add_format({**plain, "font_size": 16, "bold": True}),
        "section": book.add_format({**plain, "font_size": 13, "bold": True}),
        "table": book.add_format({**plain, "font_size": 11, "bold": True}),
        "head": book.add_format({**boxed, "bold": True, "bg_color": HEAD, "text_wrap": True}),
        "words": book.add_format(plain),
    }


def _text(kind: Kind) -> dict[str, Any]:
    """Words run over several lines, and keep off the number before them."""
    return {"text_wrap": True, "indent": 1} if kind is Kind.TEXT else {}


def _section(book: Workbook, looks: Looks, report: Report, section: Section) -> None:
    sheet = book.add_worksheet(section.title.translate(FORBIDDEN)[:NAME_LIMIT])
    _for_print(sheet, report)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, report.title, looks["title"])
    line = 1
    for words in (*report.about, "", section.title, *section.words):
        look = looks["section"] if words == section.title else looks["words"]
        sheet.write_string(line, 0, words, look)
        line += 1
    _widths(sheet, section.tables)
    for table in section.tables:
        line = _table(book, sheet, looks, report.zone, table, line + 1)


def _for_print(sheet: Worksheet, report: Report) -> None:
    sheet.hide_gridlines(2)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{report.title.replace('&', '&&')}&R&P / &N")


def _widths(sheet: Worksheet, tables: Sequence[Table]) -> None:
    """Each column as wide as the widest of its cells in any table, within bounds."""
    count = max((len(table.columns) for table in tables), default=0)
    for place in range(count):
        needed = [_wide(table, place) for table in tables if place < len(table.columns)]
        sheet.set_column(place, place, min(max(NARROWEST, *needed), WIDEST))


def _wide(table: Table, place: int) -> int:
    column = table.columns[place]
    words = [column.title, *(str(row.get(column.key) or "") for row in table.rows)]
    words = words if column.kind is Kind.TEXT else [column.title]
    least = 0 if column.kind is Kind.TEXT else LOOKS[column.kind][1]
    return max(least, *(width(said) + 2 for said in words))


def width(said: str) -> int:
    """How wide words are, in letters; a Chinese sign is as wide as two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in said)


def _table(
    book: Workbook, sheet: Worksheet, looks: Looks, zone: str, table: Table, top: int
) -> int:
    """Write the table from the line `top` on; the line after it and its chart."""
    sheet.write_string(top, 0, table.title, looks["table"])
    if not table.rows:
        sheet.write_string(top + 1, 0, table.empty, looks["words"])
        return top + 2
    head = top + 1
    for place, column in enumerate(table.columns):
        sheet.write_string(head, place, column.title, looks["head"])
    for line, row in enumerate(table.rows, start=head + 1):
        _row(sheet, looks, zone, table.columns, row, line)
    last = head + len(table.rows)
    if table.chart is None:
        return last + 1
    drawn = _chart(book, sheet, table, table.chart, head, last)
    sheet.insert_chart(top, len(table.columns) + 1, drawn)
    return max(last, top + _height(table) // ROW_PX + 1) + 1


def _row(
    sheet: Worksheet,
    looks: Looks,
    zone: str,
    columns: Sequence[Column],
    row: Mapping[str, Any],
    line: int,
) -> None:
    for place, column in enumerate(columns):
        value = cell(row.get(column.key), column.kind, zone)
        look = looks[Kind.TEXT if isinstance(value, str) else column.kind]
        if value is None:
            sheet.write_blank(line, place, None, look)
        else:
            write(sheet, line, place, value, look)


def _chart(
    book: Workbook, sheet: Worksheet, table: Table, chart: Chart, head: int, last: int
) -> Any:
    places = {column.key: place for place, column in enumerate(table.columns)}
    made = book.add_chart({"type": "line" if chart.shape == "line" else "bar"})
    first, along = head + 1, places[chart.along]
    for key, colour in zip(chart.above, COLOURS, strict=False):
        place = places[key]
        fill = {"color": colour}
        made.add_series(
            {
                "name": [sheet.name, head, place],
                "categories": [sheet.name, first, along, last, along],
                "values": [sheet.name, first, place, last, place],
                "line": {**fill, "width": 2} if chart.shape == "line" else fill,
                "fill": fill,
                "marker": {"type": "circle", "size": 5, "fill": fill, "border": fill},
            }
        )
    _dress(made, table, chart)
    return made


def _dress(made: Any, table: Table, chart: Chart) -> None:
    small = {"name": FONT, "size": 9, "color": INK}
    value: dict[str, Any] = {"num_font": small, "major_gridlines": GRID}
    share = {"num_format": "0%", "min": 0, "max": 1}
    value |= share if chart.share else _whole_steps(table, chart)
    along: dict[str, Any] = {"num_font": small, "interval_unit": 1}
    if chart.shape == "bar":  # the first row on top, and its scale at the foot
        made.set_x_axis(value)
        made.set_y_axis(along | {"reverse": True, "crossing": "max"})
    else:
        made.set_x_axis(along)
        made.set_y_axis(value)
    made.set_title({"name": table.title, "name_font": {**small, "size": 11, "bold": True}})
    made.set_legend(
        {"position": "bottom", "font": small} if len(chart.above) > 1 else {"none": True}
    )
    made.set_size({"width": CHART_WIDTH, "height": _height(table)})


def _height(table: Table) -> int:
    """How high a chart is: bars have one name each, and each name must be read."""
    bars = table.chart is not None and table.chart.shape == "bar"
    return max(LEAST_PX, BAR_PX * len(table.rows) + 4 * BAR_PX) if bars else LEAST_PX


def _whole_steps(table: Table, chart: Chart) -> dict[str, Any]:
    """An axis of counts goes from nothing in whole steps."""
    most = max((row.get(key) or 0 for row in table.rows for key in chart.above), default=0)
    return {"num_format": "0", "min": 0, "major_unit": max(1, round(most / STEPS))}
