"""What a trend is held against: its limits, and the borders between its phases."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from pandas import DataFrame

from dashboard import theme
from dashboard.frames import column
from dashboard.i18n import _


def limits(frame: DataFrame, days: Sequence[date]) -> list[dict[str, Any]]:
    """The limits and the centre as quiet lines, in steps, as far as the frame has them."""
    return [
        {
            "type": "scatter",
            "x": [day.isoformat() for day in days],
            "y": column(frame, name),
            "mode": "lines",
            "line": {"color": theme.colour("quiet"), "width": 1, "dash": dash, "shape": "hvh"},
            "hoverinfo": "skip",
        }
        for name, dash in (("lower", "1px,3px"), ("upper", "1px,3px"), ("centre", "solid"))
        if name in frame
    ]


def borders(days: Sequence[date], phases: Sequence[Any]) -> list[datetime]:
    """The moments between the last period of one phase and the first of the next."""
    return [
        datetime.combine(earlier, time()) + (later - earlier) / 2
        for (earlier, later), (before, after) in zip(pairwise(days), pairwise(phases), strict=True)
        if before != after
    ]


def border(moment: datetime) -> dict[str, Any]:
    """A line across the whole height at `moment`."""
    return {
        "type": "line",
        "x0": moment.isoformat(),
        "x1": moment.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": theme.colour("ink-3"), "width": 1, "dash": "2px,2px"},
    }


def border_label(moment: datetime) -> dict[str, Any]:
    """The words beside that line."""
    return {
        "x": moment.isoformat(),
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "xanchor": "left",
        "xshift": 2,
        "text": _("Action done"),
        "showarrow": False,
        "font": {"size": 12, "color": theme.colour("ink-3")},
    }
