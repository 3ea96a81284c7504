"""The trend of a metric as a drawing without words, to be stretched over the screen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup
from pandas import DataFrame

from dashboard import formats
from dashboard.i18n import _
from dashboard.wall.asking import Asked
from dashboard.wall.parts import Trend
from data.metrics import Metric

WIDE, HIGH, EDGE = 1000.0, 100.0, 6.0
LATEST = 14


def trend(metric: Metric, asked: Asked) -> Trend | None:
    """The finished periods of `metric` with the limits of chance and the target; None under two."""
    answer = asked.answer(metric)
    if answer is None or not {"period", "value", "finished"} <= {*answer.frame.columns}:
        return None
    rows = answer.frame[answer.frame["finished"].astype(bool) & answer.frame["value"].notna()]
    rows = rows.tail(LATEST)
    if len(rows) < 2:
        return None
    target = asked.targets.get(metric.code)
    return _drawn(metric, rows, target.value if target else None)


def _drawn(metric: Metric, rows: DataFrame, aim: float | None) -> Trend:
    values = [float(value) for value in rows["value"]]
    shown = [*values, *([] if aim is None else [aim])]
    low, high = min(shown), max(shown)
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    low, high = low - margin, high + margin
    said = "" if aim is None else _("Target {value}", value=formats.aim(aim, metric.unit))
    return Trend(
        title=_(metric.title),
        svg=_svg(rows, values, aim, low, high),
        top=formats.measure(max(shown), metric.unit),
        bottom=formats.measure(min(shown), metric.unit),
        first=_day(rows["period"].iloc[0]),
        last=_day(rows["period"].iloc[-1]),
        aim=said,
    )


def _svg(
    rows: DataFrame, values: Sequence[float], aim: float | None, low: float, high: float
) -> Markup:
    line = _path(values, low, high)
    x, y = line[-1]
    parts = [
        _band(rows, low, high),
        "" if aim is None else _level(_y(aim, low, high)),
        f'<polyline class="line" points="{_points(line)}"/>',
        f'<line class="dot" x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{y:.1f}"/>',
    ]
    box = f'viewBox="0 0 {WIDE:.0f} {HIGH:.0f}" preserveAspectRatio="none" aria-hidden="true"'
    return Markup(f"<svg {box}>{''.join(parts)}</svg>")


def _band(rows: DataFrame, low: float, high: float) -> str:
    """Where chance alone would put the values."""
    if not {"lower", "upper"} <= {*rows.columns} or rows[["lower", "upper"]].isna().any(axis=None):
        return ""
    upper = _path([min(float(v), high) for v in rows["upper"]], low, high)
    lower = _path([max(float(v), low) for v in rows["lower"]], low, high)
    return f'<polygon class="band" points="{_points([*upper, *reversed(lower)])}"/>'


def _level(y: float) -> str:
    return f'<line class="aim" x1="0" x2="{WIDE:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _path(values: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    step = (WIDE - 2 * EDGE) / (len(values) - 1)
    return [(EDGE + index * step, _y(value, low, high)) for index, value in enumerate(values)]


def _y(value: float, low: float, high: float) -> float:
    return HIGH * (high - value) / (high - low)


def _points(path: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in path)


def _day(value: Any) -> str:
    first = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return formats.day(first, "short")
