"""What matters against how good it is: the fourteen dimensions as numbered points."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import Drawing, figure, level, text
from dashboard.figures.heat import heat
from dashboard.frames import column
from dashboard.i18n import _
from dashboard.words import word

WIDE, HIGH = 440, 300  # roughly, in pixels: numbers are put where they do not touch
CLEAR = 13
NEAR = ((0, 14), (14, 0), (-14, 0), (0, -14), (12, 12), (-12, 12), (12, -12), (-12, -12))
BESIDE = (*NEAR, *((2 * dx, 2 * dy) for dx, dy in NEAR))
TONES = {"strength": "good", "improve": "bad", "keep": "data", "watch": "warn", "average": "quiet"}
SHAPES = {
    "strength": "circle",
    "improve": "diamond",
    "keep": "circle-open",
    "watch": "square-open",
    "average": "circle-open",
}
CORNERS = {"strength": (1, 1), "improve": (1, 0), "keep": (0, 1), "watch": (0, 0)}
ROOM = 0.12


def dimensions(frame: DataFrame) -> Drawing:
    """The share of satisfied by dimension, across stores or months. Columns: dimension, store or
    period, value, numerator, denominator."""
    across = "store" if "store" in frame else "period"
    drawn = heat(frame, row="dimension", across=across, words={"dimension": "dimension"})
    if across == "period":
        months = sorted(set(column(frame[frame["value"].notna()], across)))
        named = [formats.day(month, "short-month") for month in months]
        drawn["layout"]["xaxis"] |= {"ticktext": named}
    return drawn


def quadrants(frame: DataFrame) -> Drawing:
    """Importance to the right, satisfied upwards, numbered in the order of the rows.

    Columns: dimension, value, n, importance, quadrant. Lines at the averages make the quadrants.
    """
    points = _points(frame)
    x, y = ([point[name] for point in points] for name in ("importance", "value"))
    traces = [_marks(points)] if points else []
    return figure(
        traces,
        xaxis=_axis(x) | {"title": {"text": _("Importance: goes with the overall answer")}},
        yaxis=_axis(y) | {"title": {"text": _("Satisfied")}, "tickformat": ".0%"},
        showlegend=False,
        shapes=[level(_mean(y), "quiet", "4px,3px"), _upright(_mean(x))] if points else [],
        annotations=[*_numbers(points, x, y), *_corners()],
    )


def _points(frame: DataFrame) -> list[dict[str, Any]]:
    names = ("dimension", "value", "n", "importance", "quadrant")
    rows = zip(*(column(frame, name) for name in names), strict=True)
    numbered = [dict(zip(names, row, strict=True)) | {"no": no} for no, row in enumerate(rows, 1)]
    return [row for row in numbered if row["importance"] is not None and row["value"] is not None]


def _marks(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    codes = [point["quadrant"] for point in points]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [point["importance"] for point in points],
        "y": [point["value"] for point in points],
        "marker": {
            "size": 10,
            "color": [theme.colour(TONES.get(code, "data")) for code in codes],
            "symbol": [SHAPES.get(code, "circle") for code in codes],
            "line": {"width": 2, "color": [theme.colour(TONES.get(c, "data")) for c in codes]},
        },
        "customdata": [{"dimension": point["dimension"]} for point in points],
        "hovertext": [_hover(point) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(point: Mapping[str, Any]) -> str:
    name = text(word("dimension", point["dimension"]))
    return "<br>".join(
        (
            f"<b>{point['no']}  {name}</b>",
            word("quadrant", point["quadrant"]),
            _("Satisfied: {value}", value=formats.percent(point["value"])),
            _("Importance: {value}", value=formats.number(point["importance"], 2)),
            _("n = {n}", n=formats.number(point["n"])),
        )
    )


def _axis(values: Sequence[float]) -> dict[str, Any]:
    low, high = _ends(values)
    return {"range": [low, high], "nticks": 5, "showgrid": False}


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = max((high - low) * ROOM, 0.01)
    return low - room, high + room


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _upright(x: float) -> dict[str, Any]:
    line = {"color": theme.colour("quiet"), "width": 1, "dash": "4px,3px"}
    ends = {"yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x}
    return {"type": "line", "layer": "below", "line": line, **ends}


def _numbers(
    points: Sequence[Mapping[str, Any]], x: Sequence[float], y: Sequence[float]
) -> list[dict[str, Any]]:
    """The number of each point, on the first side where it touches nothing."""
    taken = [(_pixel(px, x, WIDE), _pixel(py, y, HIGH)) for px, py in zip(x, y, strict=True)]
    placed = []
    for point, (left, up) in zip(points, list(taken), strict=True):
        free = (
            (dx, dy)
            for dx, dy in BESIDE
            if all(abs(left + dx - a) > CLEAR or abs(up + dy - b) > CLEAR - 2 for a, b in taken)
        )
        dx, dy = next(free, BESIDE[0])
        taken.append((left + dx, up + dy))
        placed.append(_number(point, dx, dy))
    return placed


def _pixel(value: float, values: Sequence[float], size: int) -> float:
    low, high = _ends(values)
    return (value - low) / (high - low) * size


def _number(point: Mapping[str, Any], dx: int, dy: int) -> dict[str, Any]:
    return {
        "x": point["importance"],
        "y": point["value"],
        "text": str(point["no"]),
        "xshift": dx,
        "yshift": dy,
        "showarrow": False,
        "font": {"size": 12, "color": theme.colour("ink")},
    }


def _corners() -> list[dict[str, Any]]:
    """What each quadrant means, in its corner."""
    return [
        {
            "xref": "paper",
            "yref": "paper",
            "x": right,
            "y": up,
            "xanchor": "right" if right else "left",
            "yanchor": "top" if up else "bottom",
            "text": word("quadrant", code),
            "showarrow": False,
            "font": {"size": 12, "color": theme.colour("ink-3")},
        }
        for code, (right, up) in CORNERS.items()
    ]
