"""How far values spread: from the middle one to the worst."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.bars import row_labels
from dashboard.figures.base import Drawing, figure, text
from dashboard.frames import column
from dashboard.i18n import _
from dashboard.words import WORDS, word


def spread(frame: DataFrame) -> Drawing:
    """How far over: from the median over the 90th percentile to the worst, a line a severity.

    Columns: severity, count, median_hours, p90_hours, max_hours.
    """
    frame = _by_severity(frame)
    codes = [code or "unjudged" for code in column(frame, "severity")]
    names = [text(word("severity", code)) for code in codes]
    colours = [theme.severity(code) for code in codes]
    spans = list(
        zip(
            column(frame, "median_hours"),
            column(frame, "p90_hours"),
            column(frame, "max_hours"),
            strict=True,
        )
    )
    return figure(
        [*_ropes(spans, colours), *_knots(spans, colours, names)],
        xaxis={"rangemode": "tozero", "showgrid": True, "nticks": 6, **_hour_ticks(spans)},
        yaxis=row_labels(names),
        showlegend=False,
    )


def _by_severity(frame: DataFrame) -> DataFrame:
    """The gravest first."""
    known = [None, *WORDS["severity"]]
    order = [known.index(code) if code in known else 0 for code in column(frame, "severity")]
    return frame.assign(_order=order).sort_values("_order", ascending=False)


def _hour_ticks(spans: Sequence[tuple[float, ...]]) -> dict[str, Any]:
    worst = max((span[-1] or 0 for span in spans), default=0)
    step = next((s for s in (6, 24, 72, 168, 336, 720, 1440) if worst / s <= 6), 2880)
    ticks = list(range(0, int(worst) + step, step))
    return {"tickvals": ticks, "ticktext": [formats.hours(hour) if hour else "0" for hour in ticks]}


def _ropes(spans: Sequence[tuple[float, ...]], colours: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "x": [span[0], span[-1]],
            "y": [row, row],
            "mode": "lines",
            "line": {"color": colour, "width": 2},
            "hoverinfo": "skip",
        }
        for row, (span, colour) in enumerate(zip(spans, colours, strict=True))
    ]


def _knots(
    spans: Sequence[tuple[float, ...]], colours: Sequence[str], names: Sequence[str]
) -> list[dict[str, Any]]:
    kinds = ((_("Median"), "circle"), (_("90th percentile"), "diamond"), (_("Worst"), "x"))
    return [
        {
            "type": "scatter",
            "x": [span[place] for span in spans],
            "y": list(range(len(spans))),
            "mode": "markers",
            "marker": {"size": 10, "symbol": symbol, "color": list(colours)},
            "hovertext": [
                f"{name}<br>{kind}: <b>{formats.hours(span[place])}</b>"
                for name, span in zip(names, spans, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for place, (kind, symbol) in enumerate(kinds)
    ]
