"""What the cards of a customer's page share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import several
from dashboard.widgets import card

FIRST = 5
Facts = Sequence[tuple[str, Any]]


def facts(told: Facts) -> Component:
    """Names and values; what has no value is left out."""
    said = [(label, value) for label, value in told if value not in (None, "")]
    parts = [part for label, value in said for part in (html.Dt(label), html.Dd(value))]
    return html.Dl(parts, className="facts")


def list_card(title: str, items: Sequence[Component]) -> Component | None:
    """A card with a list: the first of it, and the rest when it is asked for; None of nothing."""
    if not items:
        return None
    shown: list[Component] = [html.Ul(list(items[:FIRST]), className="opens")]
    if rest := list(items[FIRST:]):
        words = several("{n} more", "{n} more", n=len(rest))
        shown.append(html.Details([html.Summary(words), html.Ul(rest, className="opens")],
                                  className="rest"))  # fmt: skip
    return card(title, *shown, width="full")


def day(value: date) -> Component:
    """A day that a machine can read, too."""
    return html.Time(formats.day(value), dateTime=value.isoformat())
