"""People beside what chance allows each of them: by name, as an order of merit is noise."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame, concat

from dashboard import formats, theme
from dashboard.figures.bars import MOST, row_labels
from dashboard.figures.base import FEW, Drawing, at_right, figure, text
from dashboard.i18n import _
from dashboard.words import word

ROOM = 110  # px for the numbers at the right
Row = dict[str, Any]


def people(frame: DataFrame, *, drill: str) -> Drawing:
    """One measure of each person, with a band where chance alone may put it.

    Columns: key, name, store, unit, value, denominator, lower, upper, verdict (above, within,
    below, or None where there was too little to judge). Where there are too many people, those
    beyond chance and those with most counted are shown.
    """
    rows = _chosen(frame[frame["value"].notna()])
    return figure(
        [*_bands(rows), _marks(rows, drill)],
        xaxis=_axis(rows),
        yaxis=row_labels(_names(rows)),
        margin={"r": ROOM},
        showlegend=False,
        annotations=[_number(place, row) for place, row in enumerate(rows)],
    )


def _chosen(frame: DataFrame) -> list[Row]:
    beyond = frame[frame["verdict"].isin(["above", "below"])]
    others = frame.drop(beyond.index).sort_values("denominator", ascending=False, kind="stable")
    kept = concat([beyond, others]).head(MOST).sort_index()
    return [
        {str(name): None if formats.missing(value) else value for name, value in row.items()}
        for row in kept.to_dict("records")
    ]


def _names(rows: Sequence[Row]) -> list[str]:
    """Names, with the store where there are several."""
    several = len({row["store"] for row in rows}) > 1
    return [text(f"{row['name']} · {row['store']}" if several else row["name"]) for row in rows]


def _bands(rows: Sequence[Row]) -> list[Row]:
    known = [(place, row) for place, row in enumerate(rows) if _judged(row)]
    band = {
        "type": "bar",
        "orientation": "h",
        "y": [place for place, _row in known],
        "base": [row["lower"] for _place, row in known],
        "x": [row["upper"] - row["lower"] for _place, row in known],
        "width": 0.5,
        "marker": {"color": theme.colour("hairline")},
        "hoverinfo": "skip",
    }
    usual = {
        "type": "scatter",
        "mode": "markers",
        "x": [row["centre"] for _place, row in known],
        "y": [place for place, _row in known],
        "marker": {"symbol": "line-ns-open", "size": 12, "color": theme.colour("quiet")},
        "hoverinfo": "skip",
    }
    return [band, usual] if known else []


def _judged(row: Row) -> bool:
    return row["verdict"] is not None


def _marks(rows: Sequence[Row], drill: str) -> Row:
    beyond = [row["verdict"] in ("above", "below") for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["value"] for row in rows],
        "y": list(range(len(rows))),
        "marker": {
            "size": [13 if far else 10 for far in beyond],
            "symbol": ["diamond" if far else "circle" for far in beyond],
            "color": [_colour(row) for row in rows],
        },
        "customdata": [{drill: row["key"]} for row in rows],
        "hovertext": [_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _colour(row: Row) -> str:
    if not _judged(row):
        return theme.colour("quiet")
    return theme.colour("data" if row["verdict"] == "within" else "ink")


def _hover(row: Row) -> str:
    lines = [text(row["name"]), f"<b>{written(row['value'], row['unit'])}</b>"]
    lines.append(_("counted: {n}", n=formats.number(row["denominator"])))
    if not _judged(row):
        return "<br>".join([*lines, _("Fewer than {n}: little can be said", n=FEW)])
    low, high = (written(row[end], row["unit"]) for end in ("lower", "upper"))
    lines.append(_("by chance alone {low} to {high}", low=low, high=high))
    return "<br>".join([*lines, word("standing", row["verdict"])])


def _number(place: int, row: Row) -> Row:
    value, n = written(row["value"], row["unit"]), formats.number(row["denominator"])
    colour = theme.colour("ink-2" if _judged(row) else "ink-3")
    said = _("<b>{value}</b>  of {n}", value=value, n=n)
    return at_right(place, said, font={"size": 12, "color": colour})


def written(value: float | None, unit: str) -> str:
    """A value in the unit of its measure."""
    return formats.percent(value, 0) if unit == "share" else formats.number(value, 1)


def _axis(rows: Sequence[Row]) -> Row:
    """From the lowest to the highest end of what is drawn."""
    sure = [row for row in rows if _judged(row)]
    ends = [row[end] for row in sure for end in ("lower", "upper")]
    ends += [row["value"] for row in rows]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = (high - low or 1.0) * 0.06
    share = any(row["unit"] == "share" for row in rows)
    low, high = max(0.0, low - room), min(high + room, 1.02) if share else high + room
    return {"range": [low, high], "tickformat": ".0%" if share else ",.0f", "nticks": 5}
