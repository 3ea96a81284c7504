"""The first step: which store, what the file holds, and the file."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import formats, uploads
from dashboard.i18n import _
from dashboard.ids import Import
from dashboard.widgets import card, icon
from dashboard.widgets.parts import attributes
from data.importing.kinds import KINDS
from pages.importing.words import KINDS as KIND_WORDS
from pages.importing.words import field_name

MB = 1_000_000
Stores = Sequence[tuple[str, str]]


def sending(stores: Stores, store: str | None) -> Component:
    """The form for sending a file."""
    return card(
        _("Which file?"),
        html.Div(
            [html.Div([_store(stores, store), _kind()]), _drop()],
            className="import-sending",
        ),
        width="full",
    )


def _store(stores: Stores, store: str | None) -> Component:
    options = [{"label": f"{code} · {name}", "value": code} for code, name in stores]
    select = dbc.Select(id=Import.STORE, options=options, value=store, placeholder=_("Choose …"))
    return html.Div([html.Label(_("Store"), htmlFor=Import.STORE), select], className="field")


def _kind() -> Component:
    radios = dbc.RadioItems(
        id=Import.KIND,
        options=[{"label": _kind_label(kind), "value": kind} for kind in KINDS],
        className="kinds",
    )
    first = html.P(_("Choose first what the file holds."), className="note")
    known = html.Details(
        [html.Summary(_("Which columns are understood")), html.Div(first, id=Import.HEADINGS)],
        className="known",
    )
    return html.Fieldset([html.Legend(_("What does it hold?")), radios, known], className="field")


def _kind_label(kind: str) -> Component:
    name, words = KIND_WORDS.get(kind, (kind, ""))
    return html.Span([html.Strong(_(name)), html.Span(_(words))])


def _drop() -> Component:
    """Where the file is dropped or chosen; `importing.js` sends it."""
    choose = html.Button(
        [icon("folder2-open"), _("Choose a file")],
        type="button",
        className="btn btn-primary choose",
    )
    again = html.Button(
        _("Send it again"), type="button", className="btn btn-outline-primary again", hidden=True
    )
    return html.Div(
        [
            icon("file-earmark-spreadsheet"),
            html.P(_("Drag the file here, or"), className="drop-words"),
            html.Div([choose, again], className="drop-buttons"),
            html.P(_reads(), className="note"),
            html.Button(
                _("Add a mapping file (TOML)"), type="button", className="btn-plain with-words"
            ),
            html.Progress(max="1", value="0", hidden=True, **attributes(aria_label=_("Sent"))),
            html.P(className="drop-said", role="status"),
            html.P(className="drop-trouble", role="alert"),
        ],
        id=Import.DROP,
        className="drop",
        **attributes(
            data_largest=str(uploads.LARGEST),
            data_large=_(
                "The file is larger than {most} MB. Split it, or use the command line.",
                most=formats.number(uploads.LARGEST // MB),
            ),
            data_store=_("Choose the store first."),
            data_kind=_("Choose first what the file holds."),
            data_words=_("With the mapping {file}"),
            data_sending=_("Sending the file …"),
            data_looking=_("Looking into the file …"),
            data_out=_("You are signed out. Sign in in another tab, then send it again."),
            data_failed=_("The file did not arrive. Check the connection and try again."),
        ),
    )


def _reads() -> str:
    return _(
        "CSV, XLSX or XLS, at most {most} MB. Type, encoding and header are found by themselves; "
        "title rows, totals and footnotes are passed over.",
        most=formats.number(uploads.LARGEST // MB),
    )


def headings(kind: str) -> list[Component]:
    """Which words over a column are understood, by field; what is needed comes first."""
    found = KINDS[kind]
    needed = {name for group in found.required for name in group}
    fields = sorted(found.fields, key=lambda field: field.name not in needed)
    rows = [
        html.Tr([html.Th(field_name(kind, one.name), scope="row"), html.Td("、".join(one.words))])
        for one in fields
    ]
    return [
        html.P(_needed(kind), className="note"),
        html.Table(html.Tbody(rows), className="words"),
    ]


def _needed(kind: str) -> str:
    """What a table of `kind` cannot do without."""
    either = _(" or ")
    groups = [
        either.join(field_name(kind, name) for name in group) for group in KINDS[kind].required
    ]
    return _("Needed: {columns}.", columns=_("; ").join(groups))
