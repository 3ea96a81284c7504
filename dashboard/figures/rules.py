"""The churn rules side by side: how many each flags, how often in vain, what is at stake."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.bars import row_labels
from dashboard.figures.base import FEW, Drawing, figure
from dashboard.frames import records
from dashboard.i18n import _
from dashboard.words import FALSE_ALARMS, word

ORDER = ("3", "6", "12", "own")
PANELS = ((0.0, 0.28), (0.36, 0.62), (0.74, 1.0))  # what matters first: a phone shows no more


def rules(frame: DataFrame) -> Drawing:
    """Three panels of the same rows: false alarms with interval, vehicles flagged, yuan at stake.

    Columns: rule, vehicles, flagged, share, flagged_then, back, false_alarms, ci_low, ci_high,
    at_stake_yuan. A dotted line marks one false alarm in three.
    """
    ranked = frame[frame["rule"].isin(ORDER)]
    rows = records(ranked.sort_values("rule", key=lambda codes: codes.map(ORDER.index)))
    names = [word("away", row["rule"]) for row in rows]
    flagged = [row["flagged"] or 0 for row in rows]
    stake = [row["at_stake_yuan"] or 0 for row in rows]
    return figure(
        [
            _reach(rows),
            _marks(rows),
            _bars(rows, flagged, [_flagged(row) for row in rows], "x2"),
            _bars(rows, stake, [f"<b>{formats.yuan(value)}</b>" for value in stake], "x3"),
        ],
        xaxis={
            "domain": PANELS[0],
            "range": [0, 1.02],
            "tickformat": ".0%",
            "nticks": 4,
            "tickangle": 0,
            "showgrid": False,
        },
        xaxis2=_hidden(PANELS[1], flagged),
        xaxis3=_hidden(PANELS[2], stake),
        yaxis=row_labels(names) | {"range": [len(rows) - 0.5, -0.5]},
        showlegend=False,
        margin={"t": 40},
        shapes=[_allowed()],
        annotations=[*_heads(), *(_alarm(place, row) for place, row in enumerate(rows))],
    )


def _hidden(panel: tuple[float, float], values: Sequence[float]) -> dict[str, Any]:
    return {"domain": panel, "visible": False, "range": [0, max(values, default=1) * 1.6 or 1]}


def _bars(
    rows: Sequence[Mapping[str, Any]], values: Sequence[float], said: Sequence[str], axis: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(range(len(rows))),
        "xaxis": axis,
        "marker": {"color": theme.colour("data-2")},
        "text": list(said),
        "textposition": "outside",
        "textfont": {"size": 12, "color": theme.colour("ink-2")},
        "cliponaxis": False,
        **_told(rows),
    }


def _told(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "customdata": [{"away": row["rule"]} for row in rows],
        "hovertext": [_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _flagged(row: Mapping[str, Any]) -> str:
    return f"<b>{formats.number(row['flagged'])}</b>  {formats.percent(row['share'], 0)}"


def _reach(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for row in rows for x in (row["ci_low"], row["ci_high"], None)],
        "y": [y for place in range(len(rows)) for y in (place, place, None)],
        "line": {"color": theme.colour("quiet"), "width": 2},
        "hoverinfo": "skip",
    }


def _marks(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["false_alarms"] for row in rows],
        "y": list(range(len(rows))),
        "marker": {"size": 11, "color": [theme.colour(_tone(row)) for row in rows]},
        "cliponaxis": False,
        **_told(rows),
    }


def _tone(row: Mapping[str, Any]) -> str:
    """Grey where too few were flagged; loud where surely more than one in three is in vain."""
    if (row["flagged_then"] or 0) < FEW:
        return "quiet"
    return "bad" if row["ci_low"] > FALSE_ALARMS else "data"


def _alarm(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """The share of false alarms, above its mark."""
    return {
        "xref": "x",
        "x": 0 if formats.missing(row["false_alarms"]) else row["false_alarms"],
        "y": place,
        "text": f"<b>{formats.percent(row['false_alarms'], 0)}</b>",
        "showarrow": False,
        "yshift": 16,
        "font": {"size": 12, "color": theme.colour("ink-2")},
    }


def _hover(row: Mapping[str, Any]) -> str:
    back, then = formats.number(row["back"]), formats.number(row["flagged_then"])
    flagged, vehicles = formats.number(row["flagged"]), formats.number(row["vehicles"])
    lines = [
        word("away", row["rule"]),
        _("Flagged now: <b>{flagged}</b> of {vehicles}", flagged=flagged, vehicles=vehicles),
        _("Came back by themselves: {back} of {then} flagged a year ago", back=back, then=then),
        _("At stake: {yuan} a year", yuan=formats.yuan(row["at_stake_yuan"])),
    ]
    if (row["flagged_then"] or 0) < FEW:
        lines.append(_("Fewer than {n}: little can be said", n=FEW))
    return "<br>".join(lines)


def _heads() -> list[dict[str, Any]]:
    words = (_("False alarms"), _("Flagged now"), _("At stake, a year"))
    return [
        {
            "xref": "paper",
            "x": panel[0],
            "xanchor": "left",
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": 10,
            "text": f"<b>{said}</b>",
            "showarrow": False,
            "font": {"size": 12, "color": theme.colour("ink-3")},
        }
        for panel, said in zip(PANELS, words, strict=True)
    ]


def _allowed() -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "x0": FALSE_ALARMS,
        "x1": FALSE_ALARMS,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": theme.colour("ink-3"), "width": 1, "dash": "4px,3px"},
    }
