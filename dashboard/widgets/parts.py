"""The pieces that charts, tiles and tables share."""

import re
from collections.abc import Callable
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids, urls
from dashboard.i18n import _, language
from dashboard.icons import Icon
from dashboard.ids import Kind
from dashboard.widgets.still import still
from dashboard.words import SHAPES
from data.trouble import Trouble

LOADING = "widget is-loading"
READY = "widget is-ready"
EMPTY = "widget is-empty"
FAILED = "widget is-failed"
SHOWN = "data-shown"  # a mark of what a card shows, so that the same is not drawn again
OURS = re.compile(r"/(?![/\\])")
BLANK = {  # plotly would draw axes of its own until the answer is there
    "layout": {
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
}

Content = Any  # whatever Dash shows: words, a component, several


def page_head(title: str, *actions: Component, lead: Content = None) -> Component:
    """A page's heading, a line about it, and what can be done on it."""
    said: list[Any] = [html.H1(title), html.P(lead, className="lead") if lead else None]
    return html.Header(
        [html.Div(said), html.Div(list(actions), className="page-actions")], className="page-head"
    )


def board(*cards: Component) -> Component:
    """Cards side by side, each as wide as it asks to be; on a phone one below the other."""
    return html.Div(list(cards), className="board")


def card(title: str, *body: Any, width: str = "half", actions: Content = None) -> Component:
    """A titled box for whatever is not a chart, tile or table."""
    head = html.Header([html.H2(title), actions], className="widget-head")
    inside = [head, html.Div(list(body), className="widget-text")]
    return html.Section(html.Div(inside, className=READY), className=f"span-{width}")


def once(cards: dict[str, Component], build: Callable[[], Component]) -> Component:
    """A card that is the same for everybody: built once in each language, and kept in `cards`."""
    spoken = language()
    if spoken not in cards:
        cards[spoken] = build()
    return cards[spoken]


def frame(name: str, title: str, *body: Any, code: str | None, width: str, kind: Kind) -> Component:
    """The box of a chart or table: title, definition, export, words, and body."""
    head = html.Header([html.H2(titled(title, code)), exports(name)], className="widget-head")
    inside = [
        still(head),
        html.Div(
            id=ids.said(kind, name), className="widget-said", **attributes(aria_live="polite")
        ),
        *body,
        again(kind, name),
    ]
    box = html.Div(inside, id=ids.card(kind, name), className=LOADING, **attributes(data_shown=""))
    return html.Section(box, className=f"span-{width} of-{kind}", **attributes(aria_label=title))


def titled(title: str, code: str | None) -> list[Any]:
    """A title and, on the same line as its last word, the way to the definition."""
    return [title, "\N{NO-BREAK SPACE}", definition(code, title)] if code else [title]


def definition(code: str, title: str) -> Component:
    """The way to what a number counts exactly."""
    words = _("What “{title}” counts", title=title)
    return html.A(
        icon("info-circle"),
        href=urls.definitions(code),
        className="definition",
        title=words,
        **attributes(aria_label=words),
    )


def mark(name: str, metric: str) -> Component:
    """A sign beside a number that a fault in the data could move; hidden until one is found."""
    said = html.Span(id=ids.mark_words(name, metric), className="visually-hidden")
    return dcc.Link(
        [icon("heart-pulse"), said],
        href=urls.data_health(),
        id=ids.mark(name, metric),
        className="doubt",
    )


def exports(name: str) -> Component:
    """The menu that saves the rows as a file; its links follow the address, see `house.js`."""
    links = [
        html.Li(html.A(words, href=urls.export(name, ending)))
        for ending, words in (("csv", "CSV"), ("xlsx", "Excel (XLSX)"))
    ]
    words = _("Save the rows as a file")
    return menu(icon("download"), html.Ul(links), label=words, className="export")


def menu(button: Content, *body: Any, label: str, className: str = "") -> Component:
    """A button that opens a small box; `label` is what it is called when it shows an icon alone."""
    return html.Details(
        [
            html.Summary(button, title=label, **attributes(aria_label=label)),
            html.Div(list(body), className="menu-box"),
        ],
        className=f"menu {className}",
    )


def again(kind: Kind, name: str) -> Component:
    """The button a failed card shows."""
    return html.Button(
        [icon("arrow-clockwise"), _("Try again")],
        id=ids.retry(kind, name),
        className="btn btn-sm btn-outline-primary retry",
        type="button",
    )


def graph(name: str, height: int) -> Component:
    """A graph of ours: no toolbar, no logo, and nothing of it ever leaves for plotly's cloud."""
    return dcc.Graph(
        id=ids.chart(name),
        figure=BLANK,
        config=graph_config(),
        style={"height": f"{height}px"},
        responsive=True,
        className="graph",
    )


def graph_config() -> Any:
    """The settings of every graph. Words and dates come from us, so plotly needs no language."""
    return {
        "displaylogo": False,
        "displayModeBar": False,
        "showSendToCloud": False,
        "showTips": False,
        "doubleClick": False,
        "scrollZoom": False,
    }


def attributes(**said: object) -> dict[str, Any]:
    """aria_label=… and data_key=… as Dash wants them, with hyphens."""
    return {name.replace("_", "-"): value for name, value in said.items()}


def icon(name: Icon, **more: Any) -> Component:
    """An icon of the Bootstrap set; words beside it or a label say the same."""
    return html.I(className=f"bi bi-{name}", **attributes(aria_hidden="true"), **more)


def badge(word: str, tone: str = "quiet") -> Component:
    """A word with the shape and colour of a judgement: good, warn, bad, info or quiet."""
    return html.Span([icon(SHAPES[tone]), word], className=f"tone tone-{tone}")


def link(words: Content, href: str, className: str = "") -> Component:
    """A link within Aftercare. `href` comes from `urls`, never from data."""
    assert OURS.match(href), "links lead to pages of ours"
    return dcc.Link(words, href=href, className=className)


def nothing(words: str, shape: Icon = "inbox") -> Component:
    """The words of a card that has nothing to show."""
    return html.Div([icon(shape), html.P(words)], className="nothing")


def failure(reference: str, trouble: Trouble | None) -> Component:
    """The words of a card whose question failed, for `trouble` if that is known."""
    said = _("This could not be worked out. The reference is {reference}.", reference=reference)
    why = [html.P(_(trouble.says))] if trouble else []
    return html.Div([icon("exclamation-octagon"), *why, html.P(said)], className="nothing failure")
