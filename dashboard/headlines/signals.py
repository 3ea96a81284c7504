"""What a trend signals, in words: which rule fired, and since when."""

from datetime import date
from itertools import pairwise
from typing import Any

from pandas import DataFrame

from dashboard import formats
from dashboard.i18n import _, several
from data.metrics import Answer
from data.spc import ENOUGH, Signal


def judged(answer: Answer) -> DataFrame:
    """The periods that can be judged: over, settled, with a value, since the last change point."""
    rows = answer.frame
    for name in ("finished", "settled"):
        if name in rows:
            rows = rows[rows[name].astype(bool)]
    rows = rows[rows["value"].notna()]
    if "phase" in rows and len(rows):
        rows = rows[rows["phase"] == rows["phase"].iloc[-1]]
    return rows


def early(rows: DataFrame) -> bool:
    """Whether too few periods are over to tell a change from chance."""
    return len(rows) < ENOUGH


def few(rows: DataFrame) -> bool:
    """Whether too little is counted in most of these periods to tell a change from chance."""
    return "enough" in rows and int(rows["enough"].sum()) < ENOUGH


def signalled(rows: DataFrame) -> bool:
    """Whether the latest of these periods is called a change."""
    return len(rows) > 0 and not formats.missing(rows["signal"].iloc[-1])


def rises(rows: DataFrame) -> bool:
    """Whether the change is upwards."""
    last = rows.iloc[-1]
    if last["signal"] == Signal.TREND:
        return bool(last["value"] > rows["value"].iloc[-2])
    return bool(last["value"] > last["centre"])


def happened(rows: DataFrame) -> str:
    """The rule that fired for the latest of these periods, and since when it holds."""
    last, grain = rows.iloc[-1], _grain(rows)
    run = int(last["run"])
    period = _period(rows["period"].iloc[-run], grain)
    gaps = {"period": period, "run": _many(run, grain)}
    up, down = {
        Signal.BEYOND: (
            _("in {period}, which lies above what chance gives", **gaps),
            _("in {period}, which lies below what chance gives", **gaps),
        ),
        Signal.SIDE: (
            _("since {period}, {run} in a row above the usual", **gaps),
            _("since {period}, {run} in a row below the usual", **gaps),
        ),
        Signal.TREND: (
            _("since {period}, {run} in a row rising", **gaps),
            _("since {period}, {run} in a row falling", **gaps),
        ),
    }[Signal(last["signal"])]
    return up if rises(rows) else down


def so_few(rows: DataFrame) -> str:
    """How few periods there are, and after what: "only 3 weeks are over"."""
    if len(rows) < 2:
        return _("hardly anything is over yet")
    run = _many(len(rows), _grain(rows))
    if "phase" in rows and rows["phase"].iloc[-1] > 0:
        return _("only {run} are over since something was done about it", run=run)
    return _("only {run} are over", run=run)


def too_little(rows: DataFrame) -> str:
    """That a single period counts too little."""
    return {
        "week": _("too few a week"),
        "month": _("too few a month"),
        "quarter": _("too few a quarter"),
    }[_grain(rows)]


def _grain(rows: DataFrame) -> str:
    days = [_day(value) for value in rows["period"]]
    step = min((later - earlier).days for earlier, later in pairwise(days))
    return "week" if step < 28 else "month" if step < 90 else "quarter"


def _period(value: Any, grain: str) -> str:
    first = _day(value)
    if grain == "week":
        return _("the week of {day}", day=formats.day(first, "short"))
    if grain == "month":
        return formats.day(first, "month")
    return _("quarter {quarter} of {year}", quarter=(first.month + 2) // 3, year=first.year)


def _many(n: int, grain: str) -> str:
    return {
        "week": several("{n} week", "{n} weeks", n=n),
        "month": several("{n} month", "{n} months", n=n),
        "quarter": several("{n} quarter", "{n} quarters", n=n),
    }[grain]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
