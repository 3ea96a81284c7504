"""What came of an import, in numbers and words, with the rows that were refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.i18n import _, later, several
from dashboard.widgets import card, icon, link
from dashboard.widgets.parts import attributes
from dashboard.words import SHAPES
from data.importing.result import Remark
from pages.importing.words import COUNTS, said, skipped

SHOWN = 100
RECORDS = {
    "complaints": (urls.complaints, later("Open the complaints")),
    "followups": (urls.followups, later("Open the callbacks")),
    "improvements": (urls.improvements, later("Open the improvement actions")),
    "surveys": (urls.satisfaction, later("Open the satisfaction page")),
}


def outcome(title: str, *body: Component) -> Component:
    """The card that says what came of it."""
    return card(title, html.Div(list(body), className="outcome"), width="full")


def message(words: str, tone: str) -> Component:
    """A sentence with the shape of its weight: good, info, warn or bad."""
    role = "alert" if tone == "bad" else None
    said = [icon(SHAPES[tone]), html.Span(words)]
    return html.P(said, className=f"message message-{tone}", role=role)


def counts(found: Mapping[str, int], passed_over: Mapping[str, int]) -> Component:
    """The numbers of an import, and which lines held no data."""
    pairs = [
        html.Div(
            [html.Dt(_(words)), html.Dd(formats.number(found[name]))],
            className="of-note" if name in ("refused", "warnings") and found[name] else None,
        )
        for name, words in COUNTS.items()
    ]
    told = skipped(passed_over)
    return html.Div(
        [html.Dl(pairs, className="counts"), html.P(told, className="note") if told else None]
    )


MEND = {  # by whether the file was only checked
    True: later("Mend them in your file and send it again, or import the others now."),
    False: later(
        "Mend them in this file and read it in again: what is stored already is recognised."
    ),
}


def refused_rows(
    refusals: Sequence[Remark], rows: int, href: str, *, checked: bool = False
) -> list[Component]:
    """The refused rows: where, why, what stood there; all of them as a file to mend."""
    if not rows:
        return []
    title = several("{n} row was refused", "{n} rows were refused", n=rows)
    file = html.A(
        [icon("download"), _("Refused rows as CSV")],
        href=href,
        className="btn btn-sm btn-outline-primary",
    )
    head = html.Div([html.H3(title), file], className="outcome-head")
    return [head, html.P(_(MEND[checked]), className="note"), *remarks(refusals)]


def warnings(doubts: Sequence[Remark], count: int) -> list[Component]:
    """What was read although somebody should look at it."""
    if not doubts:
        return []
    title = several("{n} warning", "{n} warnings", n=count)
    summary = html.Summary([html.H3(title), html.Span(_("These rows were read; look at them."))])
    return [html.Details([summary, *remarks(doubts)], className="known")]


def remarks(found: Sequence[Remark]) -> list[Component]:
    """Remarks about rows as a list, the first of them."""
    names = (_("Line"), _("Column"), _("Why"), _("As it stands in the file"))
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in names]))
    body = html.Tbody([_remark(one, names) for one in found[:SHOWN]])
    more = _("The first {n} are shown.", n=SHOWN) if len(found) > SHOWN else None
    table = html.Table([head, body], className="list remarks")
    inside = html.Div(table, className="remarks-box", tabIndex="0", role="group")
    return [inside, *([html.P(more, className="note")] if more else ())]


def _remark(one: Remark, names: Sequence[str]) -> Component:
    line = formats.number(one.line) if one.line else formats.NOTHING
    cells: Sequence[Any] = (line, one.column or formats.NOTHING, said(one), html.Code(one.raw))
    return html.Tr(
        [
            html.Td(cell, **attributes(data_label=name))
            for name, cell in zip(names, cells, strict=True)
        ]
    )


def link_to_records(kind: str) -> list[Component]:
    """The way to what was read in, where there is a page for it."""
    address, words = RECORDS.get(kind, (urls.overview, later("Open the overview")))
    return [link(_(words), address(), className="btn btn-outline-primary")]
