"""A share along something that has an order: where it falls off."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, figure
from dashboard.frames import column, records
from dashboard.i18n import _
from dashboard.words import WORDS, word

APART = 0.7  # the last place of the order stands off when it is "not known"


def cliff(frame: DataFrame, *, words: str, order: Sequence[str], joined: bool = False) -> Drawing:
    """A share for each `key` in the order given, with its interval; those not in the order go.

    Columns: key, value, numerator, denominator, ci_low, ci_high. `joined`: the keys are steps of
    one thing, so a line leads from one to the next, but not to "not known".
    """
    rows = _ordered(frame, order)
    keys = column(rows, "key")
    places = [place + APART * (key == "none") for place, key in enumerate(keys)]
    return figure(
        [
            *([_way(rows, places)] if joined else []),
            _reach(rows, places),
            _marks(rows, places, words),
        ],
        xaxis={
            "tickvals": places,
            "ticktext": [_tick(words, key) for key in keys],
            "range": [-0.6, max(places, default=0) + 0.6],
            "tickangle": 0,
            **({"title": {"text": word("filter", words)}} if joined else {}),
        },
        yaxis={"range": [0, _highest(rows)], "tickformat": ".0%", "nticks": 5},
        showlegend=False,
        annotations=_numbers(rows, places),
    )


def _ordered(frame: DataFrame, order: Sequence[str]) -> DataFrame:
    known = frame[frame["value"].notna()]
    named = known.assign(key=["none" if formats.missing(key) else str(key) for key in known["key"]])
    ranked = named[named["key"].isin(order)]
    return ranked.sort_values("key", key=lambda keys: keys.map(list(order).index))


def _tick(words: str, key: str) -> str:
    """Two short lines rather than one that does not fit."""
    said = word(words, key) if key in WORDS.get(words, {}) else key
    first, _space, rest = said.partition(" ")
    return f"{first}<br>{rest}" if rest else said


def _highest(rows: DataFrame) -> float:
    return min(1.02, max(column(rows, "ci_high"), default=1.0) * 1.12)


def _way(rows: DataFrame, places: Sequence[float]) -> dict[str, Any]:
    known = [
        (place, value)
        for place, value, key in zip(
            places, column(rows, "value"), column(rows, "key"), strict=True
        )
        if key != "none"
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [place for place, _value in known],
        "y": [value for _place, value in known],
        "line": {"color": theme.colour("data"), "width": 2},
        "hoverinfo": "skip",
    }


def _reach(rows: DataFrame, places: Sequence[float]) -> dict[str, Any]:
    ends = zip(places, column(rows, "ci_low"), column(rows, "ci_high"), strict=True)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for place in places for x in (place, place, None)],
        "y": [y for _place, low, high in ends for y in (low, high, None)],
        "line": {"color": theme.colour("quiet"), "width": 2},
        "hoverinfo": "skip",
    }


def _marks(rows: DataFrame, places: Sequence[float], words: str) -> dict[str, Any]:
    keys, counted = column(rows, "key"), column(rows, "denominator")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(places),
        "y": column(rows, "value"),
        "marker": {
            "size": 10,
            "color": [theme.colour("quiet" if n < FEW else "data") for n in counted],
        },
        "customdata": [{words: key} for key in keys],
        "hovertext": [_hover(row, words) for row in records(rows)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(row: dict[str, Any], words: str) -> str:
    name = word(words, row["key"])
    above, below = formats.number(row["numerator"]), formats.number(row["denominator"])
    lines = [
        f"{word('filter', words)}: {name}",
        f"<b>{formats.percent(row['value'])}</b>",
        _("{above} of {below}", above=above, below=below),
    ]
    if row["denominator"] < FEW:
        lines.append(_("Fewer than {n}: little can be said", n=FEW))
    return "<br>".join(lines)


def _numbers(rows: DataFrame, places: Sequence[float]) -> list[dict[str, Any]]:
    """The share above its interval; grey where little was counted."""
    return [
        {
            "x": place,
            "y": high,
            "text": f"<b>{formats.percent(value, 0)}</b>",
            "showarrow": False,
            "yanchor": "bottom",
            "font": {"size": 12, "color": theme.colour("ink-3" if n < FEW else "ink-2")},
        }
        for place, high, value, n in zip(
            places,
            column(rows, "ci_high"),
            column(rows, "value"),
            column(rows, "denominator"),
            strict=True,
        )
    ]
