"""Cards further down a page: each comes, and asks, when its place is near the screen.

Whatever happens on a page Dash tells every part of it, and each card asks the server: those that
nobody has scrolled to would be paid for by those that are seen.
"""

from collections.abc import Iterable
from typing import Any

from dash.development.base_component import Component

from dashboard import ids
from dashboard.i18n import _
from dashboard.widgets.charts import Chart
from dashboard.widgets.tables import Table

HEAD, FEW_ROWS = 120, 120  # pixels of a card's title and words, and of a short list


class Further(Component):
    """The place of a card (`house.js`): its title, until `near` is set and the `card` comes."""

    _namespace, _type = "house", "Further"
    _prop_names = ["id", "children", "card", "near", "title", "width", "height"]  # noqa: RUF012  (as Dash has it)
    _valid_wildcard_attributes = []  # noqa: RUF012


def further(widgets: Iterable[Chart | Table]) -> list[Component]:
    """The places of these charts and tables."""
    return [_place(widget) for widget in widgets]


def _place(widget: Chart | Table) -> Component:
    card: Any = widget.card().to_plotly_json()  # type: ignore[no-untyped-call]
    return Further(  # type: ignore[no-untyped-call]
        id=ids.further(widget.name),
        card=card,
        title=_(widget.title),
        width=widget.width,
        height=HEAD + (FEW_ROWS if isinstance(widget, Table) and widget.short else widget.height),
    )
