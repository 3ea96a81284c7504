"""The filter bar: which stores, which days, compared with what, as of when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, ids, urls
from dashboard.i18n import _
from dashboard.ids import Filter, Shell
from dashboard.urls import View
from dashboard.widgets.parts import attributes, icon, menu
from dashboard.words import word

OWN, ALONE = "own", "none"
NONE: Mapping[tuple[str, str], str] = {}


def bar(stores: Sequence[tuple[str, str]]) -> Component:
    """The filters; whoever has one store does not choose among stores."""
    return html.Div(
        [
            _stores(stores),
            _period(),
            _own_period(),
            _compare(),
            html.Div(id=Filter.DRILL, className="chips"),
        ],
        id=Filter.BAR,
        className="filters",
        role="search",
        **attributes(aria_label=_("Filters")),
    )


def data_time() -> Component:
    """The moment the figures speak for, and the way to an earlier one."""
    form = html.Div(
        [
            dbc.Label(_("Show the figures as they stood at"), html_for=Filter.AS_OF),
            dbc.Input(id=Filter.AS_OF, type="datetime-local", debounce=True, size="sm"),
            html.Button(
                _("Now"),
                id=Filter.NOW,
                type="button",
                className="btn btn-sm btn-outline-primary",
            ),
        ],
        className="as-of",
    )
    shown = [icon("clock"), html.Span(id=Shell.DATA_TIME)]
    return menu(shown, form, label=_("Data time"), className="data-time")


def data_time_words(as_of: datetime, zone: str) -> list[Component]:
    """What stands in the top bar about the age of the figures; a phone has room for the time."""
    words = _("Data as of {moment}", moment=formats.moment(as_of, zone))
    return [
        html.Span(words, className="d-none d-md-inline"),
        html.Span(formats.moment(as_of, zone, "short-moment"), className="d-md-none"),
    ]


def chips(view: View, names: Mapping[tuple[str, str], str] = NONE) -> list[Component]:
    """What the page is narrowed to; a click takes it back. `names` says codes of the data."""
    return [_chip(*pair, names.get(pair) or word(*pair)) for pair in view.drill]


def _chip(key: str, value: str, words: str) -> Component:
    return html.Button(
        [f"{word('filter', key)}: {words}", icon("x-lg")],
        id=ids.drop(key, value),
        type="button",
        className="chip",
        title=_("Take this filter away"),
    )


def _stores(stores: Sequence[tuple[str, str]]) -> Component:
    chooser = dcc.Dropdown(
        id=Filter.STORES,
        options=[{"value": code, "label": name} for code, name in stores],
        multi=True,
        searchable=len(stores) > 8,
        placeholder=_("All stores"),
        labels=_dropdown_words(),
        maxHeight=320,
    )
    hidden = " d-none" if len(stores) < 2 else ""
    return html.Div(_labelled(_("Stores"), chooser), className=f"filter-stores{hidden}")


def _period() -> Component:
    options = [{"value": code, "label": word("period", code)} for code in urls.PERIODS]
    own = {"value": OWN, "label": _("Own days …")}
    return _labelled(_("Period"), dbc.Select(id=Filter.PERIOD, options=[*options, own], size="sm"))


def _own_period() -> Component:
    """First and last day, shown when the period is one's own."""
    days = [
        _labelled(words, dbc.Input(id=name, type="date", debounce=True, size="sm"))
        for name, words in ((Filter.START, _("From")), (Filter.END, _("To")))
    ]
    return html.Div(days, id=Filter.OWN_PERIOD, className="own-period d-none")


def _compare() -> Component:
    options = [{"value": ALONE, "label": _("No comparison")}]
    for code in urls.COMPARISONS:
        options.append({"value": code, "label": word("compare", code)})
    return _labelled(
        _("Compare with"), dbc.Select(id=Filter.COMPARE, options=options, value=ALONE, size="sm")
    )


def _labelled(words: str, control: Any) -> Component:
    """A control with a label for those who cannot see what it is."""
    return html.Div(
        [html.Label(words, htmlFor=control.id, className="visually-hidden"), control],
        className="filter",
    )


def _dropdown_words() -> Any:
    return {
        "select_all": _("All"),
        "deselect_all": _("None of them"),
        "selected_count": _("{num_selected} chosen", num_selected="{num_selected}"),
        "search": _("Search …"),
        "clear_search": _("Clear the search"),
        "clear_selection": _("All stores"),
        "no_options_found": _("No such store"),
    }
