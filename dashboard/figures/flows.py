"""Classes from quarter to quarter: how many stand in each, and how many moved between them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import Drawing, figure
from dashboard.frames import column
from dashboard.i18n import _
from dashboard.words import word

CLASSES = ("active", "at_risk", "dormant", "lost")
NEW = "new"
COLOURS = {"active": "data", "at_risk": "data-2", "dormant": "data-3", "lost": "quiet"}
WIDE = 0.34  # of a column; the rest of the step is for the ribbons
STEPS = 16
ROOM_FOR_WORDS = 0.045  # of the whole height

Flow = tuple[str, str]
Flows = Mapping[Flow, int]


def class_flows(frame: DataFrame) -> Drawing:
    """The classes at the end of each quarter as columns, and the vehicles that moved as ribbons.

    Columns: period (first day of the quarter), finished, from, to, count. Those that come for the
    first time flow in from below.
    """
    periods = sorted(set(column(frame, "period")))
    flows = [_flows(frame[frame["period"] == period]) for period in periods]
    stands = [*(_before(each) for each in flows), *(_after(each) for each in flows[-1:])]
    coming = [sum(n for (of, _to), n in each.items() if of == NEW) for each in flows]
    ends = [formats.day(day - timedelta(days=1), "month") for day in periods]
    ends += [_("Now")] * bool(flows)
    ribbons = [
        ribbon
        for place, each in enumerate(flows)
        for ribbon in _ribbons(each, stands[place], stands[place + 1], place, ends)
    ]
    highest = max((sum(stand.values()) for stand in stands), default=1)
    bars = [_bars(code, stands, ends, highest) for code in CLASSES]
    return figure(
        [*ribbons, *bars, _new(coming)],
        xaxis={
            "tickvals": list(range(len(stands))),
            "ticktext": ends,
            "range": [-0.7, len(stands) - 0.6],
            "tickangle": 0,
        },
        yaxis=_names(stands[-1] if stands else {}, highest)
        | {"range": [-1.1 * max(coming, default=0), 1.02 * highest]},
        annotations=_beside(stands, coming, highest),
        showlegend=False,
        barmode="overlay",
    )


def _flows(rows: DataFrame) -> dict[Flow, int]:
    names = zip(column(rows, "from"), column(rows, "to"), column(rows, "count"), strict=True)
    return {(of, to): int(count) for of, to, count in names if count}


def _before(flows: Flows) -> dict[str, int]:
    return {code: sum(n for (of, _to), n in flows.items() if of == code) for code in CLASSES}


def _after(flows: Flows) -> dict[str, int]:
    return {code: sum(n for (_of, to), n in flows.items() if to == code) for code in CLASSES}


def _bases(stand: Mapping[str, int]) -> dict[str, int]:
    return dict(zip(CLASSES, accumulate(stand.values(), initial=0), strict=False))


def _bars(
    code: str, stands: Sequence[Mapping[str, int]], ends: Sequence[str], highest: int
) -> dict[str, Any]:
    counts = [stand[code] for stand in stands]
    last = len(stands) - 1
    said = [formats.number(n) if n > highest * ROOM_FOR_WORDS else "" for n in counts]
    return {
        "type": "bar",
        "name": word("class", code),
        "x": list(range(len(stands))),
        "base": [_bases(stand)[code] for stand in stands],
        "y": counts,
        "width": WIDE,
        "marker": {
            "color": theme.colour(COLOURS[code]),
            "line": {"width": 1, "color": theme.colour("surface")},
        },
        "text": said,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"size": 12, "color": theme.colour(_ink(code))},
        "customdata": [{"class": code} if place == last else None for place in range(last + 1)],
        "hovertext": [
            f"{word('class', code)} · {end}<br><b>{formats.number(n)}</b> "
            + formats.percent(n / sum(stand.values()) if sum(stand.values()) else None)
            for n, end, stand in zip(counts, ends, stands, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _ink(code: str) -> str:
    return "surface" if code in ("active", "at_risk") else "ink"


def _new(coming: Sequence[int]) -> dict[str, Any]:
    """Those who come for the first time before the next column: below the ground."""
    return {
        "type": "bar",
        "x": list(range(len(coming))),
        "base": [-n for n in coming],
        "y": list(coming),
        "width": WIDE,
        "marker": {
            "color": theme.colour("surface"),
            "line": {"width": 1, "color": theme.colour("data")},
        },
        "hovertext": [
            _("Come for the first time after this: {n}", n=formats.number(n)) for n in coming
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _ribbons(
    flows: Flows,
    left: Mapping[str, int],
    right: Mapping[str, int],
    place: int,
    ends: Sequence[str],
) -> list[dict[str, Any]]:
    """One ribbon a flow, from the right edge of a column to the left edge of the next."""
    leaving = _bases(left) | {NEW: -sum(n for (of, _to), n in flows.items() if of == NEW)}
    arriving = _bases(right)
    drawn = []
    for of in (NEW, *CLASSES):
        for to in CLASSES:
            count = flows.get((of, to), 0)
            if count:
                low = (leaving[of], arriving[to])
                drawn.append(_ribbon(of, to, count, low, place, ends))
                leaving[of] += count
                arriving[to] += count
    return drawn


def _ribbon(
    of: str, to: str, count: int, low: tuple[int, int], place: int, ends: Sequence[str]
) -> dict[str, Any]:
    first, last = place + WIDE / 2, place + 1 - WIDE / 2
    parts = [step / STEPS for step in range(STEPS + 1)]
    across = [first + part * (last - first) for part in parts]
    bottom = [low[0] + _bend(part) * (low[1] - low[0]) for part in parts]
    return {
        "type": "scatter",
        "x": [*across, *across[::-1]],
        "y": [*bottom, *(height + count for height in bottom[::-1])],
        "mode": "lines",
        "line": {"width": 0, "color": theme.colour(_meaning(of, to))},
        "fill": "toself",
        "fillcolor": theme.colour(_meaning(of, to)),
        "opacity": 0.22 if of == to else 0.5,
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": _told(of, to, count, ends[place : place + 2]),
    }


def _bend(part: float) -> float:
    """Flat at both ends."""
    return part * part * (3 - 2 * part)


def _meaning(of: str, to: str) -> str:
    """Coming back is good, drifting away is not; who stays where they were is quiet."""
    if of == NEW:
        return "data"
    if of == to:
        return "quiet"
    return "good" if CLASSES.index(to) < CLASSES.index(of) else "warn"


def _told(of: str, to: str, count: int, ends: Sequence[str]) -> str:
    between = f"{ends[0]} → {ends[1]}"
    n = formats.number(count)
    if of == NEW:
        way = _("New: {n}", n=n)
    elif of == to:
        way = _("Still {name}: {n}", name=word("class", of), n=n)
    else:
        way = f"{word('class', of)} → {word('class', to)}: {n}"
    return f"{between}<br><b>{way}</b>"


def _names(stand: Mapping[str, int], highest: int) -> dict[str, Any]:
    """The classes, named beside the last column."""
    bases = _bases(stand) if stand else {}
    shown = [code for code in bases if stand[code] > highest * ROOM_FOR_WORDS]
    return {
        "side": "right",
        "tickvals": [bases[code] + stand[code] / 2 for code in shown],
        "ticktext": [word("class", code) for code in shown],
        "tickfont": {"color": theme.colour("ink-2"), "size": 13},
        "showgrid": False,
    }


def _beside(
    stands: Sequence[Mapping[str, int]], coming: Sequence[int], highest: int
) -> list[dict[str, Any]]:
    """The names once more, to the left of the first column that has any: a phone shows it first."""
    news = [*coming, *(0 for _stand in stands[-1:])]
    columns = list(zip(stands, news, strict=True))
    places = [at for at, (stand, new) in enumerate(columns) if new or any(stand.values())]
    if not places:
        return []
    stand, new = columns[places[0]]
    heights = {code: base + stand[code] / 2 for code, base in _bases(stand).items()}
    shown = [code for code in heights if stand[code] > highest * ROOM_FOR_WORDS]
    names = [*([(NEW, -new / 2)] if new else []), *((code, heights[code]) for code in shown)]
    return [_name(places[0], *name) for name in names]


def _name(place: int, code: str, height: float) -> dict[str, Any]:
    return {
        "x": place - WIDE / 2,
        "y": height,
        "xanchor": "right",
        "xshift": -6,
        "text": word("class", code),
        "showarrow": False,
        "font": {"size": 12, "color": theme.colour("ink-2")},
    }
