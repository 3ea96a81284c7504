"""What calling brings: those called beside those not called, and the difference below."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, day_axis, figure, level
from dashboard.frames import column
from dashboard.i18n import _

TOP, BELOW = (0.44, 1.0), (0.0, 0.3)


def lift(frame: DataFrame) -> Drawing:
    """By month, the share that came of those called and of those not; below, the difference.

    Columns: period, called, called_came, called_rate, not_called, not_called_came,
    not_called_rate, lift, low, high.
    """
    days = [date.fromisoformat(str(day)[:10]) for day in column(frame, "period")]
    highest = max([rate for rate in _rates(frame) if rate is not None], default=1.0)
    return figure(
        [
            _line(frame, days, "not_called", _("Not called"), "quiet", "missed"),
            _line(frame, days, "called", _("Called"), "data", "attempted"),
            _reach(frame, days),
            _differences(frame, days),
        ],
        xaxis=day_axis(days) | {"anchor": "y2"},
        yaxis={
            "domain": TOP,
            "range": [0, min(1.02, highest * 1.25)],
            "tickformat": ".0%",
            "nticks": 4,
        },
        yaxis2={"domain": BELOW, "tickformat": "+.0%", "nticks": 4},
        shapes=[level(0, "ink-3") | {"yref": "y2"}],
        annotations=[_title()],
        showlegend=True,
    )


def _rates(frame: DataFrame) -> list[Any]:
    return [*column(frame, "called_rate"), *column(frame, "not_called_rate")]


def _line(
    frame: DataFrame, days: Sequence[date], group: str, name: str, colour: str, kind: str
) -> dict[str, Any]:
    counted = column(frame, group)
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines+markers",
        "x": [day.isoformat() for day in days],
        "y": column(frame, f"{group}_rate"),
        "line": {"color": theme.colour(colour), "width": 2},
        "marker": {
            "size": 7,
            "symbol": ["circle-open" if (n or 0) < FEW else "circle" for n in counted],
        },
        "customdata": [{"start": day.isoformat(), "kind": kind} for day in days],
        "hovertext": [
            "<br>".join(
                (
                    f"{formats.day(day, 'month')} · {name}",
                    f"<b>{formats.percent(rate)}</b>",
                    _("{came} of {n} came", came=formats.number(came), n=formats.number(n)),
                )
            )
            for day, rate, came, n in zip(
                days,
                column(frame, f"{group}_rate"),
                column(frame, f"{group}_came"),
                counted,
                strict=True,
            )
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _reach(frame: DataFrame, days: Sequence[date]) -> dict[str, Any]:
    ends = zip(column(frame, "low"), column(frame, "high"), strict=True)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for day in days for x in (day.isoformat(), day.isoformat(), None)],
        "y": [y for low, high in ends for y in (low, high, None)],
        "yaxis": "y2",
        "line": {"color": theme.colour("quiet"), "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _differences(frame: DataFrame, days: Sequence[date]) -> dict[str, Any]:
    spans = zip(*(column(frame, name) for name in ("lift", "low", "high")), strict=True)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day.isoformat() for day in days],
        "y": column(frame, "lift"),
        "yaxis": "y2",
        "marker": {"size": 7, "color": theme.colour("data")},
        "customdata": [{"start": day.isoformat(), "kind": "attempted"} for day in days],
        "hovertext": [
            "<br>".join(
                (
                    formats.day(day, "month"),
                    _("Difference: <b>{points}</b>", points=formats.points(value)),
                    _(
                        "between {low} and {high}",
                        low=formats.in_points(low),
                        high=formats.in_points(high),
                    ),
                )
            )
            for day, (value, low, high) in zip(days, spans, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _title() -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "y": BELOW[1],
        "yanchor": "bottom",
        "yshift": 4,
        "text": _("Difference, with its interval"),
        "showarrow": False,
        "font": {"size": 12, "color": theme.colour("ink-3")},
    }
