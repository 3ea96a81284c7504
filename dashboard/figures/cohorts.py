"""Cohorts: a field for each cohort and each period after it, the higher the deeper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame

from dashboard import formats, theme
from dashboard.figures.base import FEW, Drawing, figure
from dashboard.frames import column
from dashboard.i18n import _

MOST = {"month": 24, "quarter": 16}  # the newest cohorts, and the periods after them, that fit
LEAST_ROWS = 12
PALE, DEEP = 0.1, 0.92
DARK_ENOUGH = 0.65  # from this depth on, words are written in the colour of the paper
HATCHED = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cohort in one period after it: how many came of how many; None while it still runs."""

    cohort: date
    size: int
    period: int
    active: int | None
    value: float | None

    @property
    def few(self) -> bool:
        """Whether the cohort is too small to say much."""
        return self.size < FEW

    @property
    def sure(self) -> bool:
        """Whether there is a share, of enough vehicles."""
        return self.value is not None and not self.few


def cells(frame: DataFrame) -> list[Cell]:
    """The rows of a cohort triangle. Columns: cohort, size, period, active, value."""
    names = ("cohort", "size", "period", "active", "value")
    columns = (column(frame, name) for name in names)
    return [Cell(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def code(cohort: date, grain: str) -> str:
    """A cohort as addresses name it: 2026-01, or 2026-Q1."""
    if grain == "quarter":
        return f"{cohort.year}-Q{(cohort.month + 2) // 3}"
    return f"{cohort:%Y-%m}"


def after(grain: str, start: str) -> str:
    """What the periods are counted in, and from."""
    return {
        ("month", "visit"): _("Months after the first visit"),
        ("month", "sale"): _("Months after the sale"),
        ("quarter", "visit"): _("Quarters after the first visit"),
        ("quarter", "sale"): _("Quarters after the sale"),
    }[grain, start]


def cohort_map(
    frame: DataFrame, *, grain: str = "month", mode: str = "exact", start: str = "visit"
) -> Drawing:
    """The share of each cohort that came, by period after it; the first column says its size.

    A running period is hatched; a cohort of fewer than 30 is grey. Columns as for `cells`.
    """
    every = cells(frame)
    cohorts = sorted({cell.cohort for cell in every})[-MOST[grain] :]
    shown = [cell for cell in every if cell.cohort in cohorts and 0 < cell.period <= MOST[grain]]
    last = max((cell.period for cell in shown), default=1)
    sizes = {cell.cohort: cell.size for cell in every}
    keys = {"mode": mode, "began": start}
    return figure(
        [_fields(shown, cohorts, grain, keys), _sizes(cohorts, sizes, grain, start)],
        xaxis=_across(last, after(grain, start)),
        yaxis=_down([formats.period(cohort, grain) for cohort in cohorts]),
        showlegend=False,
        barmode="overlay",
        bargap=0,
    )


def _fields(
    shown: Sequence[Cell], cohorts: Sequence[date], grain: str, keys: Mapping[str, str]
) -> dict[str, Any]:
    depths = _depths(shown)
    running = [cell.value is None for cell in shown]
    return {  # bars, not plotly's heat map: one colour with a depth is exchanged in the dark
        "type": "bar",
        "x": [cell.period for cell in shown],
        "base": [cohorts.index(cell.cohort) - 0.5 for cell in shown],
        "y": [1] * len(shown),
        "width": 1,
        "marker": {
            "color": [theme.colour("data" if cell.sure else "quiet") for cell in shown],
            "opacity": depths,
            "line": {"width": 1, "color": theme.colour("surface")},
            "pattern": {
                "shape": [HATCHED if still else "" for still in running],
                "fgcolor": theme.colour("quiet"),
                "bgcolor": theme.colour("surface"),
                "size": 6,
                "solidity": 0.15,
            },
        },
        "text": ["" if cell.value is None else formats.percent(cell.value, 0) for cell in shown],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {
            "size": 11,
            "color": [_ink(cell, depth) for cell, depth in zip(shown, depths, strict=True)],
        },
        "customdata": [
            {"cohort": code(cell.cohort, grain), "cell": str(cell.period), **keys} for cell in shown
        ],
        "hovertext": [_hover(cell, grain, keys["mode"]) for cell in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _sizes(
    cohorts: Sequence[date], sizes: Mapping[date, int], grain: str, start: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [0] * len(cohorts),
        "base": [place - 0.5 for place in range(len(cohorts))],
        "y": [1] * len(cohorts),
        "width": 1,
        "marker": {"color": theme.colour("surface"), "opacity": 0},
        "text": [f"<b>{formats.number(sizes[cohort])}</b>" for cohort in cohorts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"size": 11, "color": theme.colour("ink-2")},
        "customdata": [{"cohort": code(cohort, grain), "began": start} for cohort in cohorts],
        "hovertext": [
            "<br>".join((formats.period(cohort, grain), _many(sizes[cohort]))) for cohort in cohorts
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _depths(shown: Sequence[Cell]) -> list[float]:
    sure = [cell.value for cell in shown if cell.sure and cell.value is not None] or [0.0]
    low, span = min(sure), (max(sure) - min(sure)) or 1
    return [_depth(cell, low, span) for cell in shown]


def _depth(cell: Cell, low: float, span: float) -> float:
    if cell.value is None:
        return 1.0
    if cell.few:
        return PALE
    return round(PALE + (cell.value - low) / span * (DEEP - PALE), 3)


def _ink(cell: Cell, depth: float) -> str:
    if cell.few:
        return theme.colour("ink-3")
    return theme.colour("surface" if depth > DARK_ENOUGH else "ink")


def _hover(cell: Cell, grain: str, mode: str) -> str:
    head = f"{formats.period(cell.cohort, grain)} · {when(cell.period, grain, mode)}"
    if cell.value is None:
        return "<br>".join((head, _("Still running"), _many(cell.size)))
    above, below = formats.number(cell.active), formats.number(cell.size)
    lines = [head, f"<b>{formats.percent(cell.value)}</b>"]
    lines.append(_("{above} of {below} vehicles", above=above, below=below))
    if cell.few:
        lines.append(_("Fewer than {n}: little can be said", n=FEW))
    return "<br>".join(lines)


def _many(size: int) -> str:
    return _("{n} vehicles", n=formats.number(size))


def when(period: int, grain: str, mode: str) -> str:
    """The period a share speaks of, in words."""
    return {
        ("month", "exact"): _("in month {n} after", n=period),
        ("month", "rolling"): _("in month {n} after, or later", n=period),
        ("quarter", "exact"): _("in quarter {n} after", n=period),
        ("quarter", "rolling"): _("in quarter {n} after, or later", n=period),
    }[grain, mode]


def _across(last: int, title: str) -> dict[str, Any]:
    return {
        "title": {"text": title},
        "side": "top",
        "tickvals": list(range(last + 1)),
        "ticktext": [_("Size"), *(str(period) for period in range(1, last + 1))],
        "tickangle": 0,
        "range": [-0.5, last + 0.5],
        "showgrid": False,
        "ticks": "",
    }


def _down(names: Sequence[str]) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [max(len(names), LEAST_ROWS) - 0.5, -0.5],
        "showgrid": False,
        "ticks": "",
        "tickfont": {"color": theme.colour("ink-2"), "size": 12},
    }
