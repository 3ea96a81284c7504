"""The second step: what was recognised, each column's meaning to be put right, the first rows."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import formats, ids
from dashboard.i18n import _, several
from dashboard.uploads import Upload
from dashboard.widgets import card, icon
from dashboard.widgets.parts import attributes
from data.importing.headers import words_of
from data.importing.kinds import KINDS
from data.importing.result import Preview, Remark
from pages.importing.outcome import message
from pages.importing.words import ORDERS, SEPARATORS, field_name, kind_name, said

FORM = "import"
COLUMN = "column-"
NOTHING = "-"  # chosen where none of the others is meant
SHARED = "shared"
KB = 1000
Options = Sequence[tuple[str, str]]
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gbk": "GBK", "gb18030": "GB18030"}


def columns(upload: Upload, stores: Options) -> list[Component]:
    """The cards about how the file is understood."""
    cards = [_file(upload, stores), _columns(upload)]
    return [*cards, _rows(upload.preview)] if upload.preview else cards


def meanings(upload: Upload) -> list[tuple[str, str]]:
    """Each heading of the file with the field it is read as, "" for none."""
    if upload.preview:
        return [(heading, field or "") for heading, field in upload.preview.columns]
    known = words_of(KINDS[upload.kind].words, upload.own.get("columns", {}))
    found = ((heading, known.meaning(heading)) for heading in upload.headings)
    return [(heading, known.fields[word] if word else "") for heading, word in found]


def _file(upload: Upload, stores: Options) -> Component:
    seen = upload.preview
    return card(
        upload.name,
        html.P(_recognised(upload), className="headline"),
        *(_trouble(upload.trouble) if upload.trouble else ()),
        *(message(said(notice), "warn") for notice in (seen.notices if seen else ())),
        html.Div(_manner(upload, stores), className="import-manner"),
        _own_words(upload),
        width="full",
    )


def _trouble(trouble: Remark) -> list[Component]:
    """What is missing, and the two ways on."""
    words = _(
        "If the file holds something else, choose that here. Otherwise choose below which column "
        "it is. Then look again."
    )
    return [message(said(trouble), "bad"), message(words, "info")]


def _manner(upload: Upload, stores: Options) -> list[Component]:
    """How the file is to be read as a whole."""
    seen, order = upload.preview, upload.own.get("dates", {}).get("order")
    kinds = [(kind, kind_name(kind)) for kind in KINDS]
    sheets = [(name, name) for name in seen.sheets] if seen else []
    orders = [(NOTHING, _("Not clear: refuse them")), *((c, _(n)) for c, n in ORDERS.items())]
    shared = upload.own.get("rules", {}).get("shared_phones")
    phones = [(NOTHING, _("Refuse the second")), (SHARED, _("Take both: a family"))]
    choices = [
        ("store", _("Store"), [(code, f"{code} · {name}") for code, name in stores], upload.store),
        ("kind", _("Holds"), kinds, upload.kind),
        *([("sheet", _("Sheet"), sheets, seen.sheet)] if seen and len(sheets) > 1 else ()),
        ("order", _("Dates such as 05/03/2025 are"), orders, order or NOTHING),
        *(
            [("phones", _("Two with one telephone"), phones, SHARED if shared else NOTHING)]
            if upload.kind == "customers"
            else ()
        ),
    ]
    return [_choice(*choice) for choice in choices]


def _choice(name: str, label: str, options: Options, value: str) -> Component:
    inside = [html.Label(label, htmlFor=_html_id(name)), _select(name, options, value)]
    return html.Div(inside, className="field")


def _select(name: str, options: Options, value: str) -> Component:
    listed = [{"label": label, "value": key} for key, label in options]
    made: Component = dbc.Select(id=ids.field(FORM, name), options=listed, value=value)
    return made


def _html_id(name: str) -> str:
    return ids.as_html(ids.field(FORM, name))


def _recognised(upload: Upload) -> str:
    """What the file is, in a line."""
    size = _("{size} KB", size=formats.number(max(1, upload.size // KB)))
    if upload.preview is None:
        return size
    seen = upload.preview
    kind = [seen.format.upper(), *([_encoding(seen.encoding)] if seen.encoding else ())]
    cut = [_(SEPARATORS[seen.separator])] if seen.separator in SEPARATORS else []
    sheet = [_("sheet {sheet}", sheet=seen.sheet)] if seen.sheets else []
    header = _("header in line {line}", line=formats.number(seen.header_line))
    return _(", ").join([*kind, *cut, *sheet, header, size])


def _encoding(name: str) -> str:
    return ENCODINGS.get(name.lower(), name.upper())


def _own_words(upload: Upload) -> Component:
    """Sending a mapping that was written before; `importing.js` does it."""
    choose = html.Button(
        _("Choose a mapping"),
        type="button",
        className="btn btn-sm btn-outline-primary choose-words",
    )
    note = _(
        "A TOML file with your own words for columns and values, as the command line takes it."
    )
    return html.Details(
        [
            html.Summary(_("I have a mapping file")),
            html.P(note, className="note"),
            choose,
            html.P(className="drop-trouble", role="alert"),
        ],
        className="known own-words",
        **attributes(
            data_token=upload.token,
            data_out=_("You are signed out. Sign in in another tab, then send it again."),
            data_failed=_("The file did not arrive. Check the connection and try again."),
        ),
    )


def _columns(upload: Upload) -> Component:
    found = meanings(upload)
    lines = [_column(upload.kind, place, *one) for place, one in enumerate(found)]
    return card(
        _("Columns"),
        html.P(_how_many(found), className="headline"),
        html.Div(lines, className="import-columns"),
        width="full",
    )


def _how_many(found: Options) -> str:
    read = sum(1 for _heading, field in found if field)
    if read == len(found):
        return several("The column is understood.", "All {n} columns are understood.", n=read)
    return _(
        "{read} of {all} columns are understood. Choose what the others mean, if they are to be "
        "read.",
        read=formats.number(read),
        all=formats.number(len(found)),
    )


def _column(kind: str, place: int, heading: str, field: str) -> Component:
    name = f"{COLUMN}{place}"
    options = [
        (NOTHING, _("Not read")),
        *((one, field_name(kind, one)) for one in KINDS[kind].words),
    ]
    shape = icon("check-circle" if field else "dash-circle")
    return html.Div(
        [
            html.Label([shape, heading], htmlFor=_html_id(name)),
            _select(name, options, field or NOTHING),
        ],
        className="import-column" + ("" if field else " unread"),
    )


def _rows(seen: Preview) -> Component:
    heads = [
        html.Th([heading, html.Span(field_name(seen.kind, field) if field else _("Not read"))])
        for heading, field in seen.columns
    ]
    lines = [
        html.Tr([html.Th(formats.number(line), scope="row"), *map(html.Td, cells)])
        for line, cells in seen.rows
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(_("Line")), *heads])), html.Tbody(lines)],
        className="first-rows",
    )
    return card(
        _("The first rows, as they stand in the file"),
        html.Div(table, className="scroll", tabIndex="0", **attributes(aria_label=_("First rows"))),
        width="full",
    )
