"""Improvement actions drawn: where they stand, and the rates before and after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.bars import MOST, lying, row_labels
from dashboard.figures.base import Drawing, at_right, figure, text
from dashboard.frames import records
from dashboard.i18n import _, several
from dashboard.words import ACTION_TONES, EFFECT_TONES, word

TONES = {"good": "good", "bad": "bad", "warn": "warn", "info": "data", "quiet": "quiet"}
ROOM_FOR_RATES = 128


def actions(frame: DataFrame, *, drill: str = "state", words: str = "") -> Drawing:
    """How many actions there are by `key`, in the given order, with those that are overdue.

    Columns: key, count, overdue; name where a key has names.
    """
    rows = records(frame)[:MOST]
    said = [f"<b>{formats.number(row['count'])}</b>{_late(row)}" for row in rows]
    names = [str(row.get("name") or word(words, row["key"])) for row in rows]
    colours = [TONES[ACTION_TONES.get(str(row["key"]), "info")] for row in rows]
    keys = [str(row["key"]) for row in rows]
    counts = [row["count"] for row in rows]
    return lying(names, counts, said, colours, keys, drill, [""] * len(rows))


def delays(frame: DataFrame) -> Drawing:
    """By how many days each deadline was put off, and how often.

    Columns: number, store, title, owner, times, days, reasons.
    """
    rows = records(frame)[:MOST]
    said = [
        f"<b>{formats.number(row['days'])}</b>  "
        + several("{n} time", "{n} times", n=int(row["times"]))
        for row in rows
    ]
    hints = [f"{text(row['owner'])}<br>{text(row['reasons'])}" for row in rows]
    days = [row["days"] for row in rows]
    blank = [""] * len(rows)
    drawn = lying(_names(rows), days, said, ["data"] * len(rows), blank, "number", hints)
    return _to_the_actions(drawn, rows)


def effects(frame: DataFrame) -> Drawing:
    """Each action's rate per 1,000 before it (grey) and after it, each with its interval.

    Columns: number, store, title, unit, before, orders_before, after, orders_after, rate_before,
    rate_after, before_low, before_high, after_low, after_high, verdict.
    """
    rows = [row for row in records(frame) if not formats.missing(row["rate_before"])][:MOST]
    return figure(
        [
            _reach(rows, "before", -0.17, "quiet"),
            _reach(rows, "after", 0.17, "data"),
            _dots(rows, "before", -0.17),
            _dots(rows, "after", 0.17),
        ],
        xaxis={"rangemode": "tozero", "nticks": 5},
        yaxis=row_labels([text(name) for name in _names(rows)]),
        margin={"r": ROOM_FOR_RATES},
        showlegend=True,
        annotations=[
            at_right(place, word("verdict", row["verdict"]), font=_font(row["verdict"]))
            for place, row in enumerate(rows)
        ],
    )


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What to call the actions: of several stores, each has numbers of its own."""
    if len({row["store"] for row in rows}) <= 1:
        return [f"{row['number']} {row['title']}" for row in rows]
    return [f"{row['number']} · {row['store']} {row['title']}" for row in rows]


def _late(row: Mapping[str, Any]) -> str:
    return f"  {_('{n} overdue', n=formats.number(row['overdue']))}" if row["overdue"] else ""


def _font(verdict: str) -> dict[str, Any]:
    tone = EFFECT_TONES.get(verdict, "quiet")
    return {"size": 12, "color": theme.colour("ink-3" if tone == "quiet" else tone)}


def _reach(rows: Sequence[Mapping[str, Any]], side: str, shift: float, tone: str) -> dict[str, Any]:
    """The intervals of one side, each a line with a gap after it."""
    ends = [(row[f"{side}_low"], row[f"{side}_high"]) for row in rows]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for low, high in ends for x in (low, high, None)],
        "y": [y for place in range(len(rows)) for y in (place + shift, place + shift, None)],
        "line": {"color": theme.colour(tone), "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _dots(rows: Sequence[Mapping[str, Any]], side: str, shift: float) -> dict[str, Any]:
    before = side == "before"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("Before it") if before else _("After it"),
        "x": [row[f"rate_{side}"] for row in rows],
        "y": [place + shift for place in range(len(rows))],
        "marker": {
            "size": 10,
            "symbol": "circle-open" if before else "circle",
            "color": theme.colour("ink-3" if before else "data"),
            "line": {"width": 2},
        },
        "customdata": [_keys(row) for row in rows],
        "hovertext": [_hover(row, side) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(row: Mapping[str, Any], side: str) -> str:
    count, among = row[side], row[f"orders_{side}"]
    gaps = {"n": formats.number(count), "among": formats.number(among)}
    counted = _("{n} in {among} {unit}", unit=word("per_unit", row["unit"]), **gaps)
    rate = _("{rate} per 1,000", rate=formats.number(row[f"rate_{side}"], 1))
    when = _("Before it") if side == "before" else _("After it")
    return f"{text(row['title'])}<br>{when}: <b>{rate}</b><br>{counted}"


def _keys(row: Mapping[str, Any]) -> dict[str, str]:
    return {"number": str(row["number"]), "store": str(row["store"])}


def _to_the_actions(drawn: Drawing, rows: Sequence[Mapping[str, Any]]) -> Drawing:
    drawn["data"][0]["customdata"] = [_keys(row) for row in rows]
    return drawn


def waits(frame: DataFrame) -> Drawing:
    """Days from the first complaint to each action, the longest on top; beside it, until done.

    Columns: number, store, title, days_to_action, days_to_done.
    """
    known = frame[frame["days_to_action"].notna()].sort_values("days_to_action", ascending=False)
    rows = records(known)[:MOST]
    days = [row["days_to_action"] for row in rows]
    said = [f"<b>{formats.number(row['days_to_action'])}</b>{_until_done(row)}" for row in rows]
    blank = [""] * len(rows)
    return _to_the_actions(
        lying(_names(rows), days, said, ["data"] * len(rows), blank, "number", blank), rows
    )


def _until_done(row: Mapping[str, Any]) -> str:
    done = row["days_to_done"]
    return "" if formats.missing(done) else f"  {_('+ {n} until done', n=formats.number(done))}"
