"""Counts side by side: ages by severity, categories by weight, shares, and spreads."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, figure, text
from dashboard.frames import column
from dashboard.i18n import _, language, several
from dashboard.words import WORDS, word

MOST = 12
STEPS = [lead * 10**zeros for zeros in range(6) for lead in (1, 2, 5)]


def ageing(frame: DataFrame, *, by: str = "bucket") -> Drawing:
    """Open cases by `bucket` (oldest right), stacked by severity. Columns: bucket, severity, count.

    `by` names the words and the drill key of the buckets: "bucket" for ages, "target" for shares.
    """
    found = set(column(frame, "bucket"))
    buckets = [code for code in WORDS[by] if code in found or code != "no_target"]
    severities = dict.fromkeys([*WORDS["severity"], *column(frame, "severity")])
    traces = [_layer(frame, severity, buckets, by) for severity in severities]
    return figure(
        [trace for trace in traces if any(trace["y"])],
        barmode="stack",
        xaxis=_bucket_axis(by),
        yaxis=_whole_numbers(_highest(frame)),
        showlegend=True,
        annotations=_totals(frame, buckets, by),
    )


def _bucket_axis(by: str) -> dict[str, Any]:
    """Ages go without their unit, which the axis says once: a phone has no room for six of it."""
    title = {"title": {"text": _("Age in days")}} if by == "bucket" else {}
    return {"type": "category", "tickangle": 0, **title}


def _tick(by: str, bucket: str) -> str:
    return bucket.replace("-", "–") if by == "bucket" else word(by, bucket)


def _layer(
    frame: DataFrame, severity: str | None, buckets: Sequence[str], by: str
) -> dict[str, Any]:
    counts = _count(frame, (severity,))
    name = text(word("severity", severity)) if severity else _("Not classified")
    return {
        "type": "bar",
        "name": name,
        "x": [_tick(by, bucket) for bucket in buckets],
        "y": [counts.get(bucket, 0) for bucket in buckets],
        "marker": {"color": theme.severity(severity or "")},
        "customdata": [{by: bucket, "severity": severity or ""} for bucket in buckets],
        "hovertext": [
            f"{word(by, bucket)}<br>{name}: <b>{formats.number(counts.get(bucket, 0))}</b>"
            for bucket in buckets
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _count(frame: DataFrame, only: Sequence[str | None] = ()) -> dict[str, int]:
    rows = zip(
        column(frame, "bucket"), column(frame, "severity"), column(frame, "count"), strict=True
    )
    counts: dict[str, int] = {}
    for bucket, found, count in rows:
        if not only or found in only:
            counts[bucket] = counts.get(bucket, 0) + count
    return counts


def _whole_numbers(highest: int) -> dict[str, Any]:
    """An axis of counts: half a case is no tick."""
    step = next((step for step in STEPS if highest / step <= 5), highest // 5)
    return {"tickformat": ",d", "dtick": step, "range": [0, highest * 1.14]}


def _highest(frame: DataFrame) -> int:
    return max(_count(frame).values(), default=1)


def _totals(frame: DataFrame, buckets: Sequence[str], by: str) -> list[dict[str, Any]]:
    counts = _count(frame)
    return [
        {
            "x": _tick(by, bucket),
            "y": counts[bucket],
            "text": f"<b>{formats.number(counts[bucket])}</b>",
            "showarrow": False,
            "yanchor": "bottom",
            "font": {"size": 13, "color": theme.colour("ink")},
        }
        for bucket in buckets
        if counts.get(bucket)
    ]


def pareto(frame: DataFrame, *, drill: str = "category") -> Drawing:
    """Categories by weight, the heaviest on top, with share and running total in words.

    Columns: category, name, name_zh, count, share, cumulative, verdict.
    """
    top = frame.head(MOST)
    said = [
        f"<b>{formats.number(count)}</b>  {formats.percent(share, 0)}  "
        f"{_('Σ {share}', share=formats.percent(total, 0))}"
        for count, share, total in zip(
            column(top, "count"), column(top, "share"), column(top, "cumulative"), strict=True
        )
    ]
    verdicts = column(top, "verdict")
    names = column(top, "name_zh" if language() == "zh" else "name")
    colours = ["data" if verdict == "common" else "data-2" for verdict in verdicts]
    hints = [word("verdict", verdict) if verdict else "" for verdict in verdicts]
    return lying(names, column(top, "count"), said, colours, column(top, "category"), drill, hints)


def shares(
    frame: DataFrame, *, label: str, words: str | None = None, drill: str | None = None
) -> Drawing:
    """Counts by `label` with their share. Columns: `label`, count, and share if there is one.

    `words` names the word list of the codes; without it they stand for themselves. `drill` is
    their key in addresses if that is not `label`.
    """
    top = frame.head(MOST)
    counts, parts = column(top, "count"), column(top, "share")
    codes = ["none" if code is None else code for code in column(top, label)]
    names = [word(words, code) if words else str(code) for code in codes]
    said = [
        f"<b>{formats.number(count)}</b>" + (f"  {formats.percent(part, 0)}" if part else "")
        for count, part in zip(counts, parts, strict=True)
    ]
    return lying(names, counts, said, ["data"] * len(top), codes, drill or label, [""] * len(top))


def amounts(
    frame: DataFrame, *, label: str, words: str, tones: Mapping[str, str] | None = None
) -> Drawing:
    """Yuan by `label`, in the given order. Columns: `label`, value (yuan), and count of vehicles.

    `tones` gives codes a colour of their own.
    """
    codes, values = column(frame, label), column(frame, "value")
    said = [f"<b>{formats.yuan(value)}</b>" for value in values]
    hints = [
        "" if count is None else several("{n} vehicle", "{n} vehicles", n=count)
        for count in column(frame, "count")
    ]
    colours = [(tones or {}).get(code, "data") for code in codes]
    names = [word(words, code) for code in codes]
    return lying(names, values, said, colours, codes, label, hints)


def lifetime(frame: DataFrame) -> Drawing:
    """What a customer is worth: service apart from the cars bought again.

    Columns (one row, yuan): service_part, cars_part.
    """
    parts = {part: sum(column(frame, f"{part}_part")) for part in ("service", "cars")}
    rows = DataFrame(parts.items(), columns=["part", "value"])
    return amounts(rows, label="part", words="part", tones={"cars": "data-3"})


def rates(frame: DataFrame, *, drill: str, words: str | None = None) -> Drawing:
    """A share for each `key`, the lowest on top, grey where little was counted.

    Columns: key, value, numerator, denominator.
    """
    low = frame[frame["value"].notna()].sort_values("value").head(MOST)
    keys, values, counts = (column(low, name) for name in ("key", "value", "denominator"))
    codes = ["none" if key is None else key for key in keys]
    names = [word(words, code) if words else str(code) for code in codes]
    said = [
        _("<b>{value}</b>  of {n}", value=formats.percent(value), n=formats.number(n))
        for value, n in zip(values, counts, strict=True)
    ]
    colours = ["quiet" if n < FEW else "data" for n in counts]
    return lying(names, values, said, colours, codes, drill, [""] * len(codes))


def lying(
    names: Sequence[str],
    counts: Sequence[float],
    said: Sequence[str],
    colours: Sequence[str],
    codes: Sequence[str],
    drill: str,
    hints: Sequence[str],
) -> Drawing:
    """Lying bars with what is said beside them; an empty name leaves the row to a heading."""
    shown = [text(name) for name in names]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": list(counts),
        "y": list(range(len(shown))),
        "marker": {"color": [theme.colour(colour) for colour in colours]},
        "text": list(said),
        "textposition": "outside",
        "textfont": {"size": 12, "color": theme.colour("ink-2")},
        "cliponaxis": False,
        "customdata": [{drill: str(code)} for code in codes],
        "hovertext": [
            "<br>".join(part for part in (name, words, hint) if part)
            for name, words, hint in zip(shown, said, hints, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return figure([bar], xaxis=_room(counts), yaxis=row_labels(shown), showlegend=False)


def _room(counts: Sequence[float]) -> dict[str, Any]:
    """The numbers stand beside the bars, so the axis has none, and room for them."""
    return {"visible": False, "range": [0, max(counts, default=1) * 1.45 or 1]}


def row_labels(names: Sequence[str]) -> dict[str, Any]:
    """An axis with a name for each row, from the top."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [_cut(name) for name in names],
        "tickfont": {"color": theme.colour("ink-2"), "size": 13},
        "range": [max(len(names), 5) - 0.5, -0.5],
        "showgrid": False,
        "ticklabelstandoff": 6,
    }


def _cut(name: str, longest: int = 26) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
