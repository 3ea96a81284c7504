"""Curves of coming back: of cohorts beside their spread, and of all gaps between visits."""

from collections.abc import Sequence
from datetime import date
from statistics import quantiles
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, TICKS, Drawing, at_right, figure, level
from dashboard.figures.cohorts import MOST, Cell, after, cells, code, when
from dashboard.figures.trends import rate_over_time
from dashboard.frames import column
from dashboard.i18n import _

NEWEST = 3
LINE = {"month": 6, "quarter": 3}  # as many points as a line needs to be one
BAND = 4  # as many cohorts as quartiles need
COLOURS = ("data", "data-2", "data-3")
MARKS = (90, 180, 365)
LONGEST, SHORTEST = 1095, 365
ROOM = 96


def cohort_curves(
    frame: DataFrame, *, grain: str = "month", mode: str = "exact", start: str = "visit"
) -> Drawing:
    """The newest cohorts as lines, before the median and the middle half of all of them.

    Only finished periods of cohorts of 30 and more. Columns as for `cells`.
    """
    known = [cell for cell in cells(frame) if cell.sure and 0 < cell.period <= MOST[grain]]
    return figure(
        [*spread_of(known), *_newest(known, grain, mode, start)],
        xaxis={
            "title": {"text": after(grain, start)},
            "rangemode": "tozero",
            "dtick": 3 if grain == "month" else 1,
        },
        yaxis={"rangemode": "tozero", "tickformat": ".0%", "nticks": 5},
        showlegend=True,
    )


def spread_of(known: Sequence[Cell]) -> list[dict[str, Any]]:
    """The median by period, and the band in which the middle half of the cohorts lies."""
    by_period: dict[int, list[float]] = {}
    for cell in known:
        by_period.setdefault(cell.period, []).append(cell.value or 0.0)
    periods = sorted(period for period, values in by_period.items() if len(values) >= BAND)
    parts = [quantiles(by_period[period], n=4, method="inclusive") for period in periods]
    low, middle, high = ([part[place] for part in parts] for place in range(3))
    return [
        {
            **_band(periods, low, high, "quiet"),
            "name": _("Middle half of the cohorts"),
            "showlegend": bool(periods),
        },
        {
            "type": "scatter",
            "name": _("Median of the cohorts"),
            "x": periods,
            "y": middle,
            "mode": "lines",
            "line": {"color": theme.colour("ink-3"), "width": 1.5, "dash": "4px,3px"},
            "hovertext": [
                "<br>".join(
                    (
                        _("Median of {n} cohorts", n=len(by_period[period])),
                        f"<b>{formats.percent(value)}</b>",
                        _(
                            "half of them between {low} and {high}",
                            low=formats.percent(part[0]),
                            high=formats.percent(part[2]),
                        ),
                    )
                )
                for period, value, part in zip(periods, middle, parts, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "showlegend": bool(periods),
        },
    ]


def _band(
    across: Sequence[int], low: Sequence[float], high: Sequence[float], colour: str
) -> dict[str, Any]:
    """What lies between two lines."""
    return {
        "type": "scatter",
        "x": [*across, *across[::-1]],
        "y": [*low, *high[::-1]],
        "mode": "lines",
        "line": {"width": 0, "color": theme.colour(colour)},
        "fill": "toself",
        "fillcolor": theme.colour(colour),
        "opacity": 0.25,
        "hoverinfo": "skip",
    }


def _newest(known: Sequence[Cell], grain: str, mode: str, start: str) -> list[dict[str, Any]]:
    """The newest on top, in full colour."""
    rows: dict[date, list[Cell]] = {}
    for cell in known:
        rows.setdefault(cell.cohort, []).append(cell)
    lines = [cohort for cohort in sorted(rows) if len(rows[cohort]) >= LINE[grain]] or sorted(rows)
    chosen = list(zip(lines[: -NEWEST - 1 : -1], COLOURS, strict=False))
    return [_line(rows[cohort], colour, grain, mode, start) for cohort, colour in chosen[::-1]]


def _line(row: Sequence[Cell], colour: str, grain: str, mode: str, start: str) -> dict[str, Any]:
    row = sorted(row, key=lambda cell: cell.period)
    cohort = row[0].cohort
    return {
        "type": "scatter",
        "name": formats.period(cohort, grain),
        "x": [cell.period for cell in row],
        "y": [cell.value for cell in row],
        "mode": "lines+markers",
        "line": {"color": theme.colour(colour), "width": 2},
        "marker": {"size": 6},
        "customdata": [
            {"cohort": code(cohort, grain), "cell": str(cell.period), "mode": mode, "began": start}
            for cell in row
        ],
        "hovertext": [
            "<br>".join(
                (
                    f"{formats.period(cohort, grain)} · {when(cell.period, grain, mode)}",
                    f"<b>{formats.percent(cell.value)}</b>",
                    _(
                        "{above} of {below} vehicles",
                        above=formats.number(cell.active),
                        below=formats.number(cell.size),
                    ),
                )
            )
            for cell in row
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def cohort_trend(frame: DataFrame, *, grain: str = "month", after: str = "1") -> Drawing:
    """The share that came at one interval, cohort by cohort, within its limits.

    Columns as for `rate_over_time`.
    """
    drawn = rate_over_time(frame)
    cohorts = column(frame, "period")
    step = max(1, -(-len(cohorts) // (TICKS - 1)))  # a month takes more room than a day
    shown = cohorts[::-1][::step][::-1]
    drawn["layout"]["xaxis"] |= {
        "title": {"text": f"{_('Cohort')} · {when(int(after), grain, 'exact')}"},
        "tickvals": [day.isoformat() for day in shown],
        "ticktext": [formats.period(day, grain) for day in shown],
    }
    return drawn


def return_curve(frame: DataFrame) -> Drawing:
    """The share of gaps that ended by each day, in steps, with its interval and the median.

    Columns: days, at_risk, away (share not yet back), low, high (of `away`).
    """
    rows = frame[frame["days"] <= _end(frame)]
    days, away = [0, *column(rows, "days")], [1.0, *column(rows, "away")]
    back = [1 - share for share in away]
    low, high = (_known([1.0, *column(rows, name)], away) for name in ("low", "high"))
    return figure(
        [
            _band(*_steps(days, high, low), "data"),
            _back(days, back, [None, *column(rows, "at_risk")]),
        ],
        xaxis={
            "title": {"text": _("Days since the visit before")},
            "range": [0, max(days, default=SHORTEST)],
            "tickvals": [0, *MARKS, *range(730, LONGEST + 1, 365)],
        },
        yaxis={"range": [0, 1.02], "tickformat": ".0%", "nticks": 5},
        showlegend=False,
        margin={"r": ROOM},
        shapes=_half(days, back),
        annotations=_half_words(days, back),
    )


def _end(frame: DataFrame) -> int:
    """The last day worth drawing: of fewer than 30 that are left little can be said."""
    many = frame[frame["at_risk"] >= FEW]["days"]
    return min(LONGEST, max(SHORTEST, int(many.max()) if len(many) else 0))


def _known(limits: Sequence[float | None], away: Sequence[float]) -> list[float]:
    """Where nobody or everybody is back there is no interval."""
    return [share if limit is None else limit for limit, share in zip(limits, away, strict=True)]


def _steps(
    days: Sequence[int], high: Sequence[float], low: Sequence[float]
) -> tuple[list[int], list[float], list[float]]:
    """The limits of being back, with the corners that plotly would not draw around a band."""
    across = [day for day in days for _side in range(2)][1:]
    lower, upper = (
        [1 - share for share in side for _side in range(2)][:-1] for side in (high, low)
    )
    return across, lower, upper


def _back(
    days: Sequence[int], back: Sequence[float], at_risk: Sequence[int | None]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": list(days),
        "y": list(back),
        "mode": "lines",
        "line": {"color": theme.colour("data"), "width": 2, "shape": "hv"},
        "hovertext": [
            "<br>".join(
                (
                    _("After {n} days", n=formats.number(day)),
                    _("<b>{share}</b> are back", share=formats.percent(share)),
                    _("{n} gaps watched for so long", n=formats.number(left)),
                )
            )
            for day, share, left in zip(days, back, at_risk, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _median(days: Sequence[int], back: Sequence[float]) -> int | None:
    return next((day for day, share in zip(days, back, strict=True) if share >= 0.5), None)


def _half(days: Sequence[int], back: Sequence[float]) -> list[dict[str, Any]]:
    day = _median(days, back)
    if day is None:
        return []
    down = {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 0.5, "layer": "below"}
    return [
        level(0.5, "ink-3", "4px,3px"),
        {**down, "line": {"color": theme.colour("ink-3"), "width": 1, "dash": "4px,3px"}},
    ]


def _half_words(days: Sequence[int], back: Sequence[float]) -> list[dict[str, Any]]:
    return [] if _median(days, back) is None else [at_right(0.5, _("Half are back"))]
