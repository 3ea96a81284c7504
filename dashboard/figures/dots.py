"""Shares side by side as dots with their intervals, so that few does not look like sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame, concat

from dashboard import formats, theme
from dashboard.figures.bars import MOST, row_labels
from dashboard.figures.base import FEW, Drawing, at_right, figure, level, text
from dashboard.frames import column
from dashboard.i18n import _, language
from dashboard.words import WORDS, word

ROOM_FOR_NUMBERS = 124


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One row: its key and name, its share, what it was counted from, and its limits if any."""

    key: str
    name: str
    value: float
    above: float
    below: float
    low: float
    high: float
    lower: float | None
    upper: float | None
    signal: str | None
    hint: str = ""

    @property
    def few(self) -> bool:
        """Whether too little was counted to mean much."""
        return self.below < FEW

    @property
    def colour(self) -> str:
        """Grey where little is known, loud where it is no chance."""
        if self.few:
            return theme.colour("quiet")
        return theme.colour("ink" if self.signal else "data")


def dots(
    frame: DataFrame,
    *,
    drill: str,
    words: str | None = None,
    target: float | None = None,
) -> Drawing:
    """A share for each `key` with its interval, the lowest on top, few and grey ones last.

    Columns: key, value, numerator, denominator, ci_low, ci_high; name and name_zh where a key has
    names; lower and upper where there are limits: a band, and a diamond for what lies outside.
    """
    rows = frame[frame["value"].notna()].sort_values("value")
    sure = rows["denominator"] >= FEW
    return _drawn(_rows(concat([rows[sure], rows[~sure]]).head(MOST), words), drill, target)


def callers(frame: DataFrame, *, drill: str = "agent") -> Drawing:
    """The marks each caller brings home, against what is usual in the store; in the given order.

    Columns as for `dots`, and short_full_marks, mean, store.
    """
    top = frame.head(MOST)
    hints = [
        _(
            "{store}: {mean} on average; {short} calls under a minute with full marks",
            store=text(store),
            mean=formats.number(mean, 2),
            short=formats.number(short),
        )
        for store, mean, short in zip(
            column(top, "store"), column(top, "mean"), column(top, "short_full_marks"), strict=True
        )
    ]
    return _drawn(_rows(top, None, hints), drill, None)


def bounds(frame: DataFrame, *, drill: str = "store") -> Drawing:
    """A share among those who answered, and between what it lies whatever the others think.

    Columns: key, low, value, high, satisfied, answered, unreached.
    """
    known = frame[frame["value"].notna()].sort_values("value").head(MOST)
    ends = {"low": "ci_low", "high": "ci_high"}
    counts = {"satisfied": "numerator", "answered": "denominator"}
    spans = [column(known, name) for name in (*ends, "unreached")]
    hints = [
        _(
            "Between {low} and {high}, whatever the {n} who were not reached think",
            low=formats.percent(low, 0),
            high=formats.percent(high, 0),
            n=formats.number(n),
        )
        for low, high, n in zip(*spans, strict=True)
    ]
    return _drawn(_rows(known.rename(columns=ends | counts), None, hints), drill, None)


def recovery(frame: DataFrame) -> Drawing:
    """The share that came again by how their complaint was handled, those without one on top.

    Columns: group, value, numerator, denominator, ci_low, ci_high; difference (from those without
    a complaint), low, high.
    """
    shown = frame[frame["group"].isin(WORDS["recovery"]) & frame["value"].notna()]
    rows = shown.sort_values("group", key=lambda codes: codes.map(list(WORDS["recovery"]).index))
    spans = zip(*(column(rows, name) for name in ("difference", "low", "high")), strict=True)
    hints = [
        ""
        if value is None
        else _(
            "{gap} beside those without a complaint ({low} to {high})",
            gap=formats.points(value),
            low=formats.in_points(low),
            high=formats.in_points(high),
        )
        for value, low, high in spans
    ]
    named = rows.rename(columns={"group": "key"})
    return _drawn(_rows(named, "recovery", hints), "recovery", None)


def _rows(frame: DataFrame, words: str | None, hints: Sequence[str] = ()) -> list[Dot]:
    names = column(frame, "name_zh" if language() == "zh" else "name")
    taken = ("key", "value", "numerator", "denominator", "ci_low", "ci_high", "lower", "upper")
    columns = [column(frame, name) for name in (*taken, "signal")]
    return [
        Dot(
            key="none" if key is None else str(key),
            name=text(name or word(words or "", "none" if key is None else key)),
            value=value,
            above=above,
            below=below,
            low=low,
            high=high,
            lower=lower,
            upper=upper,
            signal=signal,
            hint=hint,
        )
        for (key, value, above, below, low, high, lower, upper, signal), name, hint in zip(
            zip(*columns, strict=True), names, hints or [""] * len(frame), strict=True
        )
    ]


def _drawn(rows: Sequence[Dot], drill: str, target: float | None) -> Drawing:
    return figure(
        [*_bands(rows), _reach(rows), _marks(rows, drill)],
        xaxis={
            "range": [_least(rows, target), 1.02],
            "tickformat": ".0%",
            "nticks": 4,
            "tickangle": 0,
        },
        yaxis=row_labels([row.name for row in rows]),
        margin={"r": ROOM_FOR_NUMBERS},
        showlegend=False,
        annotations=[_number(place, row) for place, row in enumerate(rows)],
        shapes=[] if target is None else [_upright(target)],
    )


def _bands(rows: Sequence[Dot]) -> list[dict[str, Any]]:
    """What chance allows each row, as a pale bar behind it."""
    known = [(place, row) for place, row in enumerate(rows) if row.lower is not None]
    if not known:
        return []
    return [
        {
            "type": "bar",
            "orientation": "h",
            "y": [place for place, _row in known],
            "base": [row.lower for _place, row in known],
            "x": [(row.upper or 1) - (row.lower or 0) for _place, row in known],
            "width": 0.5,
            "marker": {"color": theme.colour("hairline")},
            "hoverinfo": "skip",
        }
    ]


def _reach(rows: Sequence[Dot]) -> dict[str, Any]:
    """The intervals, each a line with a gap after it."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for row in rows for x in (row.low, row.high, None)],
        "y": [y for place in range(len(rows)) for y in (place, place, None)],
        "line": {"color": theme.colour("quiet"), "width": 2},
        "hoverinfo": "skip",
    }


def _marks(rows: Sequence[Dot], drill: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value for row in rows],
        "y": list(range(len(rows))),
        "marker": {
            "size": [12 if row.signal else 10 for row in rows],
            "symbol": ["diamond" if row.signal else "circle" for row in rows],
            "color": [row.colour for row in rows],
        },
        "customdata": [{drill: row.key} for row in rows],
        "hovertext": [_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(row: Dot) -> str:
    lines = [row.name, f"<b>{formats.percent(row.value)}</b>"]
    above, below = formats.number(row.above), formats.number(row.below)
    lines.append(_("{above} of {below}", above=above, below=below))
    if row.hint:
        lines.append(row.hint)
    if row.signal:
        lines.append(_("More than chance apart from the others"))
    if row.few:
        lines.append(_("Fewer than {n}: little can be said", n=FEW))
    return "<br>".join(lines)


def _number(place: int, row: Dot) -> dict[str, Any]:
    value, n = formats.percent(row.value), formats.number(row.below)
    colour = theme.colour("ink-3" if row.few else "ink-2")
    said = _("<b>{value}</b>  of {n}", value=value, n=n)
    return at_right(place, said, font={"size": 12, "color": colour})


def _least(rows: Sequence[Dot], target: float | None) -> float:
    sure = [row for row in rows if not row.few] or rows
    ends = [end for row in sure for end in (row.low, row.lower) if end is not None]
    lowest = min([*ends, *([] if target is None else [target])], default=0.0)
    return max(0.0, int((lowest - 0.05) * 10) / 10)


def _upright(target: float) -> dict[str, Any]:
    lying = level(target, "ink-3", "4px,3px")
    return lying | {
        "xref": "x", "yref": "paper", "x0": target, "x1": target, "y0": 0, "y1": 1,
    }  # fmt: skip
