"""A heat map: rows by columns, the higher the deeper, the number written in each field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, figure, text
from dashboard.frames import column
from dashboard.i18n import _
from dashboard.words import word

PALE, DEEP = 0.12, 0.92
DARK_ENOUGH = 0.55  # from this depth on, words are written in the colour of the paper
NO_WORDS: Mapping[str, str] = {}


def heat(
    frame: DataFrame,
    *,
    row: str,
    across: str,
    words: Mapping[str, str] = NO_WORDS,
    unit: str = "share",
) -> Drawing:
    """`value` in `unit` by the columns `row` (downwards) and `across`, which are drill keys too.

    Columns: `row`, `across`, value; numerator and denominator where there are any: a field of
    fewer than 30 is grey. `words` names the word list of the codes of `row` or `across`.
    """
    frame = frame[frame["value"].notna()]
    downs, overs = _order(column(frame, row)), _order(column(frame, across))
    cells = _cells(frame, row, across)
    depths = _depths(cells)
    # bars, not plotly's heat map: one colour with a depth is exchanged in the dark, and clicked
    bars = {
        "type": "bar",
        "x": [overs.index(cell["across"]) for cell in cells],
        "base": [downs.index(cell["row"]) - 0.5 for cell in cells],
        "y": [1] * len(cells),
        "width": 1,
        "marker": {
            "color": [theme.colour("quiet" if _few(cell) else "data") for cell in cells],
            "opacity": depths,
            "line": {"width": 2, "color": theme.colour("surface")},
        },
        "text": [_short(cell["value"], unit) for cell in cells],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {
            "color": [_ink(cell, depth) for cell, depth in zip(cells, depths, strict=True)]
        },
        "customdata": [{row: str(cell["row"]), across: str(cell["across"])} for cell in cells],
        "hovertext": [_hover(cell, words.get(row), words.get(across), unit) for cell in cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return figure(
        [bars],
        xaxis=_axis([_name(code, words.get(across)) for code in overs]) | {"side": "top"},
        yaxis=_axis([_name(code, words.get(row)) for code in downs], downwards=True),
        showlegend=False,
        barmode="overlay",
        bargap=0,
    )


def _cells(frame: DataFrame, row: str, across: str) -> list[dict[str, Any]]:
    names = ("row", "across", "value", "numerator", "denominator")
    columns = (column(frame, name) for name in (row, across, "value", "numerator", "denominator"))
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _order(codes: Sequence[Any]) -> list[Any]:
    """Numbers and days by size, words as they come."""
    found = list(dict.fromkeys(codes))
    return sorted(found) if all(isinstance(code, int | date) for code in found) else found


def _depths(cells: Sequence[Mapping[str, Any]]) -> list[float]:
    sure = [cell["value"] for cell in cells if not _few(cell)] or [0]
    low, span = min(sure), (max(sure) - min(sure)) or 1
    parts = [min(1.0, max(0.0, (cell["value"] - low) / span)) for cell in cells]
    return [
        PALE if _few(cell) else round(PALE + part * (DEEP - PALE), 3)
        for cell, part in zip(cells, parts, strict=True)
    ]


def _few(cell: Mapping[str, Any]) -> bool:
    return cell["denominator"] is not None and cell["denominator"] < FEW


def _ink(cell: Mapping[str, Any], depth: float) -> str:
    if _few(cell):
        return theme.colour("ink-3")
    return theme.colour("surface" if depth > DARK_ENOUGH else "ink")


def _short(value: float, unit: str) -> str:
    return formats.percent(value, 0) if unit == "share" else formats.measure(value, unit)


def _name(code: Any, kind: str | None) -> str:
    if isinstance(code, date):
        return formats.day(code, "short")
    return text(word(kind, code) if kind else code)


def _hover(
    cell: Mapping[str, Any], row_words: str | None, across_words: str | None, unit: str
) -> str:
    head = f"{_name(cell['row'], row_words)} · {_name(cell['across'], across_words)}"
    lines = [head, f"<b>{formats.measure(cell['value'], unit)}</b>"]
    if cell["numerator"] is not None and cell["denominator"] is not None:
        above, below = (formats.number(cell[name]) for name in ("numerator", "denominator"))
        lines.append(_("{above} of {below}", above=above, below=below))
    if _few(cell):
        lines.append(_("Fewer than {n}: little can be said", n=FEW))
    return "<br>".join(lines)


def _axis(names: Sequence[str], *, downwards: bool = False) -> dict[str, Any]:
    ends = [-0.5, max(len(names), 1) - 0.5]
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "tickangle": 0,
        "range": ends[::-1] if downwards else ends,
        "showgrid": False,
        "ticks": "",
        "tickfont": {"color": theme.colour("ink-2"), "size": 12},
    }
