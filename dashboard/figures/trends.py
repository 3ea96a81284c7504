"""A number over time: finished periods as a line, the running one dotted, its limits quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import floor
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, at_right, day_axis, figure, level
from dashboard.figures.phases import border, border_label, borders, limits
from dashboard.frames import column
from dashboard.i18n import _

RARE = 0.4  # a share below it would lie flat on the ground of a whole scale
ROOM_FOR_TARGET = 84
NO_ROOM_ABOVE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period: its first and last day, its value, and what it was counted from."""

    start: date
    end: date | None
    value: float
    above: float | None
    below: float | None
    not_due: float | None
    finished: bool
    signal: str | None

    @property
    def few(self) -> bool:
        """Whether too little was counted to mean much."""
        return self.below is not None and self.below < FEW


def rate_over_time(frame: DataFrame, *, target: float | None = None) -> Drawing:
    """Shares (0 to 1) by `period`; columns as a rate's, optionally lower, upper and signal."""
    return over_time(frame, unit="share", target=target)


def over_time(frame: DataFrame, *, unit: str, target: float | None = None) -> Drawing:
    """Values in `unit` by `period`, held against their limits and the target.

    Columns: period, value, finished; numerator or complaints, denominator or orders, not_due,
    centre, lower, upper, signal and phase where there are any. A period without a value leaves a
    gap; where a new phase begins, something was done.
    """
    points = _points(frame)
    days = [_day(value) for value in column(frame, "period")]
    parts = borders(days, column(frame, "phase"))
    drawn = [*limits(frame, days), *_lines(points, unit), _marks(points, unit)]
    return figure(
        drawn,
        xaxis=day_axis(days),
        yaxis=_height(points, unit, target),
        margin={} if target is None else {"r": ROOM_FOR_TARGET},
        showlegend=False,
        shapes=[
            *([] if target is None else [level(target, "ink-3", "4px,3px")]),
            *(border(moment) for moment in parts),
        ],
        annotations=[
            *_target_label(target, unit),
            *_last_value(points, unit),
            *(border_label(moment) for moment in parts),
        ],
    )


def _points(frame: DataFrame) -> list[Point]:
    days = [_day(value) for value in column(frame, "period")]
    ends = [later - timedelta(days=1) for _, later in pairwise(days)] + [None] * bool(days)
    columns = zip(
        days,
        ends,
        column(frame, "value"),
        column(frame, "numerator", "complaints"),
        column(frame, "denominator", "orders"),
        column(frame, "not_due"),
        column(frame, "finished"),
        column(frame, "signal"),
        strict=True,
    )
    return [
        Point(
            start=start,
            end=end,
            value=value,
            above=above,
            below=below,
            not_due=not_due,
            finished=finished is not False,
            signal=signal,
        )
        for start, end, value, above, below, not_due, finished, signal in columns
        if value is not None
    ]


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def _lines(points: Sequence[Point], unit: str) -> list[dict[str, Any]]:
    finished = [point for point in points if point.finished]
    running = [*finished[-1:], *(point for point in points if not point.finished)]
    return [
        _line(finished, width=2, dash="solid"),
        _line(running if len(running) > 1 else [], width=1.5, dash="2px,3px"),
    ]


def _line(points: Sequence[Point], **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [point.start.isoformat() for point in points],
        "y": [point.value for point in points],
        "mode": "lines",
        "line": {"color": theme.colour("data"), **line},
        "hoverinfo": "skip",
    }


def _marks(points: Sequence[Point], unit: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [point.start.isoformat() for point in points],
        "y": [point.value for point in points],
        "mode": "markers",
        "marker": {
            "size": [10 if point.signal else 7 for point in points],
            "symbol": ["diamond" if point.signal else "circle" for point in points],
            "color": [_fill(point) for point in points],
            "line": {"width": 1.5, "color": [_edge(point) for point in points]},
        },
        "hovertext": [_hover(point, unit) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [_drill(point) for point in points],
        "cliponaxis": False,
    }


def _fill(point: Point) -> str:
    return _edge(point) if point.finished else theme.colour("surface")


def _edge(point: Point) -> str:
    if point.signal:
        return theme.colour("ink")
    return theme.colour("quiet" if point.few else "data")


def _drill(point: Point) -> dict[str, str]:
    end = {"end": point.end.isoformat()} if point.end else {}
    return {"start": point.start.isoformat(), **end}


def _hover(point: Point, unit: str) -> str:
    head = formats.day(point.start)
    if point.end and point.end != point.start:
        head = f"{formats.day(point.start, 'short')} – {formats.day(point.end)}"
    lines = [head, f"<b>{formats.measure(point.value, unit)}</b>", *_counted(point)]
    if point.signal:
        lines.append(_signal(point.signal))
    if not point.finished:
        lines.append(_("Still running"))
    return "<br>".join(lines)


def _signal(rule: str) -> str:
    return {
        "beyond_limits": _("A change, not chance: beyond the limits"),
        "one_side": _("A change, not chance: nine or more in a row on one side"),
        "trend": _("A change, not chance: six or more in a row in one direction"),
    }[rule]


def _counted(point: Point) -> list[str]:
    said = []
    if point.above is not None and point.below is not None:
        above, below = formats.number(point.above), formats.number(point.below)
        said.append(_("{above} of {below}", above=above, below=below))
    if point.few:
        said.append(_("Fewer than {n}: little can be said", n=FEW))
    if point.not_due:
        said.append(_("{n} not yet due", n=formats.number(point.not_due)))
    return said


def _height(points: Sequence[Point], unit: str, target: float | None) -> dict[str, Any]:
    if unit == "points":  # far from zero, and changing little: what counts are the limits
        return {"nticks": 5}
    if unit != "share":
        return {"rangemode": "tozero", "nticks": 5}
    values = [*(point.value for point in points), *([] if target is None else [target])]
    low = max(0.0, floor((min(values, default=0.0) - 0.05) * 10) / 10)
    highest = max(values, default=1.0)
    high = 1.02 if highest > RARE else max(0.05, highest * 1.5)
    return {"range": [low, high], "tickformat": ".0%", "nticks": 5}


def _target_label(target: float | None, unit: str) -> list[dict[str, Any]]:
    if target is None:
        return []
    said = _("Target {value}", value=formats.aim(target, unit))
    return [at_right(target, said)]


def _last_value(points: Sequence[Point], unit: str) -> list[dict[str, Any]]:
    finished = [point for point in points if point.finished]
    if not finished:
        return []
    last = finished[-1]
    under = unit == "share" and last.value > NO_ROOM_ABOVE
    return [
        {
            "x": last.start.isoformat(),
            "y": last.value,
            "text": f"<b>{formats.measure(last.value, unit)}</b>",
            "showarrow": False,
            "yanchor": "top" if under else "bottom",
            "yshift": -7 if under else 7,
            "bgcolor": theme.colour("surface"),
            "borderpad": 1,
            "font": {"size": 13, "color": theme.colour("ink")},
        }
    ]
