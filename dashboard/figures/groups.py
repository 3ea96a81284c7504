"""Counts in groups that are to be told apart: each group under its own heading."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.bars import lying
from dashboard.figures.base import Drawing
from dashboard.frames import column, records
from dashboard.i18n import _
from dashboard.words import REASONS_BY_NATURE, word

STEPS = ("selected", "analysed", "asked", "counted", "acted_on")
ENDS = {"won_back": "good", "returned": "data-2", "lost": "quiet"}

Group = tuple[str, Sequence[str], str]  # heading, codes, colour


def churn_reasons(frame: DataFrame) -> Drawing:
    """Reasons to stay away, ours apart from the others, the most frequent of each group on top.

    Columns: key (reason), kind, count, share, year_yuan.
    """
    by_code = {row["key"]: row for row in records(frame)}
    groups = [
        (word("nature", kind), _most_first(codes, by_code), colour)
        for (kind, codes), colour in zip(REASONS_BY_NATURE.items(), ("data", "quiet"), strict=True)
    ]
    said = {
        code: f"<b>{formats.number(row['count'])}</b>  {formats.percent(row['share'], 0)}"
        for code, row in by_code.items()
    }
    hints = {
        code: _("Brought {yuan} a year", yuan=formats.yuan(row["year_yuan"]))
        for code, row in by_code.items()
    }
    counts = {code: row["count"] for code, row in by_code.items()}
    return _grouped(groups, counts, said, hints, drill="reason", words="reason")


def churn_steps(frame: DataFrame) -> Drawing:
    """Where the cases stand: the steps of those under way, then how the others ended.

    Columns: step, count.
    """
    counts = dict(zip(column(frame, "step"), column(frame, "count"), strict=True))
    under_way = sum(counts.get(step, 0) for step in STEPS)
    ended = sum(counts.get(step, 0) for step in ENDS)
    groups: list[Group] = [
        (_("Under way: {n}", n=formats.number(under_way)), STEPS, "data"),
        (_("Ended: {n}", n=formats.number(ended)), tuple(ENDS), "quiet"),
    ]
    said = {step: f"<b>{formats.number(count)}</b>" for step, count in counts.items()}
    return _grouped(groups, counts, said, {}, drill="step", words="step", tones=ENDS)


def _most_first(codes: Sequence[str], rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return sorted(codes, key=lambda code: -rows[code]["count"] if code in rows else 0)


def _grouped(
    groups: Sequence[Group],
    counts: Mapping[str, int],
    said: Mapping[str, str],
    hints: Mapping[str, str],
    *,
    drill: str,
    words: str,
    tones: Mapping[str, str] | None = None,
) -> Drawing:
    """Bars by code under the headings of their groups; a heading has a row of its own."""
    rows = [(code, colour) for _name, codes, colour in groups for code in ("", *codes)]
    codes = [code for code, _colour in rows]
    drawn = lying(
        [word(words, code) if code else "" for code in codes],
        [counts.get(code, 0) for code in codes],
        [said.get(code, formats.number(0)) if code else "" for code in codes],
        [(tones or {}).get(code, colour) for code, colour in rows],
        codes,
        drill,
        [hints.get(code, "") for code in codes],
    )
    places = [place for place, code in enumerate(codes) if not code]
    heads = [_head(place, name) for place, (name, *_rest) in zip(places, groups, strict=True)]
    return drawn | {"layout": drawn["layout"] | {"annotations": heads}}


def _head(place: int, name: str) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place,
        "text": f"<b>{name}</b>",
        "showarrow": False,
        "font": {"size": 12, "color": theme.colour("ink-3")},
    }
