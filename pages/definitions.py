"""What every number counts, exactly: one entry a metric, to be linked to."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import page_head
from dashboard.words import word
from data.metrics import METRICS, Metric

PATH = "/definitions"
NAME = "Definitions"
GROUP = "system"
ICON = "book"
RIGHT = None


def layout(**_asked: Any) -> Component:
    """The page."""
    found = sorted(METRICS.values(), key=lambda metric: metric.code)
    return html.Div(
        [
            page_head(_(NAME), lead=_("One number, one definition: here is what each one counts.")),
            html.Div([_entry(metric) for metric in found], className="entries"),
        ]
    )


def _entry(metric: Metric) -> Component:
    return html.Article(
        [
            html.H2(_(metric.title)),
            html.P(_with_codes(_(metric.definition))),
            html.Dl(
                [
                    *_line(_("Code"), html.Code(metric.code)),
                    *_line(_("Unit"), word("unit", metric.unit)),
                    *(part for option in metric.options.items() for part in _option(*option)),
                ]
            ),
        ],
        id=metric.code,
    )


def _with_codes(words: str) -> list[Any]:
    """What stands between backticks is a name in files and commands."""
    parts = words.split("`")
    return [html.Code(part) if place % 2 else part for place, part in enumerate(parts)]


def _option(name: str, values: tuple[str, ...]) -> list[Component]:
    return _line(word("option", name), ", ".join(word(_list(name), value) for value in values))


def _list(option: str) -> str:
    """Grains and levels have words of their own; a number of periods stands for itself."""
    if option in ("grain", "level"):
        return option
    return "number" if option in ("after", "months") else "option"


def _line(words: str, said: Any) -> list[Component]:
    return [html.Dt(words), html.Dd(said)]
