"""What a page is made of: a chart, tile or table is a title, a metric and a way to show it."""

from dashboard.widgets.cells import Column
from dashboard.widgets.charts import Chart, Drawn
from dashboard.widgets.choices import Choice
from dashboard.widgets.further import further
from dashboard.widgets.parts import badge, board, card, graph, icon, link, page_head
from dashboard.widgets.still import still
from dashboard.widgets.tables import Ask, Rows, Table
from dashboard.widgets.tiles import Tile

__all__ = [
    "Ask",
    "Chart",
    "Choice",
    "Column",
    "Drawn",
    "Rows",
    "Table",
    "Tile",
    "badge",
    "board",
    "card",
    "further",
    "graph",
    "icon",
    "link",
    "page_head",
    "still",
]
