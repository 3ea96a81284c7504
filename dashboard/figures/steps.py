"""From step to step, and from day to day: a funnel, and the work that lies ahead."""

from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.bars import row_labels
from dashboard.figures.base import Drawing, at_right, day_axis, figure, level
from dashboard.frames import column
from dashboard.i18n import _
from dashboard.words import word

ROOM = 96


def funnel(frame: DataFrame, *, drill: str = "kind", words: str = "step") -> Drawing:
    """How many are left from step to step. Columns: step, count, share (of the first)."""
    steps, counts = column(frame, "step"), column(frame, "count")
    shares = column(frame, "share")
    names = [word(words, step) for step in steps]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": counts,
        "y": list(range(len(steps))),
        "marker": {"color": theme.colour("data"), "opacity": _fading(len(steps))},
        "customdata": [{drill: step} for step in steps],
        "hovertext": [
            "<br>".join((name, f"<b>{formats.number(count)}</b>", _lost(counts, place)))
            for place, (name, count) in enumerate(zip(names, counts, strict=True))
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    said = [
        f"<b>{formats.number(count)}</b>  {formats.percent(share, 0)}"
        for count, share in zip(counts, shares, strict=True)
    ]
    return figure(
        [bars],
        xaxis={"visible": False, "range": [0, max(counts, default=1) or 1]},
        yaxis=row_labels(names),
        margin={"r": ROOM},
        showlegend=False,
        annotations=[
            at_right(place, words, font={"size": 13, "color": theme.colour("ink-2")})
            for place, words in enumerate(said)
        ],
    )


def _fading(steps: int) -> list[float]:
    """The last step, which is what counts, in full colour."""
    return [0.4 if place < steps - 1 else 1.0 for place in range(steps)]


def _lost(counts: list[Any], place: int) -> str:
    if not place:
        return ""
    lost = counts[place - 1] - counts[place]
    return _("{n} lost at this step", n=formats.number(lost))


def load(frame: DataFrame) -> Drawing:
    """What falls due day by day, against what can be done. Columns: day, count, capacity."""
    days, due, most = column(frame, "day"), column(frame, "count"), column(frame, "capacity")
    over = [count > can for count, can in zip(due, most, strict=True)]
    bars = {
        "type": "bar",
        "x": [day.isoformat() for day in days],
        "y": due,
        "marker": {"color": [theme.colour("bad" if many else "data") for many in over]},
        "text": [formats.number(count) if count else "" for count in due],
        "textposition": "outside",
        "textfont": {"size": 12, "color": theme.colour("ink-2")},
        "cliponaxis": False,
        "customdata": [{"start": day.isoformat(), "end": day.isoformat()} for day in days],
        "hovertext": [
            f"{formats.day(day)}<br><b>{formats.number(count)}</b><br>"
            + _("Can be called in a day: {n}", n=formats.number(can))
            for day, count, can in zip(days, due, most, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    can = max(most, default=0)
    highest = max([*due, 1])
    near = 0 < can <= highest * 3  # far above the bars the line would only flatten them
    return figure(
        [bars],
        xaxis=day_axis(days),
        yaxis={"range": [0, max(highest, can if near else 0) * 1.18], "nticks": 4},
        margin={"r": ROOM} if near else {},
        showlegend=False,
        shapes=[level(can, "ink-3", "4px,3px")] if near else [],
        annotations=[at_right(can, _("Can: {n}", n=formats.number(can)))] if near else [],
    )
