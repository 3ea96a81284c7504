"""Periods: local days gathered into weeks, months or quarters, the running one marked."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pandas import DataFrame, Series

from data.scope import Scope
from data.spc import share_chart
from data.stats import rate

GRAINS = ("week", "month", "quarter")
LIMITS = ["centre", "lower", "upper", "enough", "signal", "run", "phase"]
RATE = ["value", "numerator", "denominator", "not_due", "ci_low", "ci_high"]
PERIOD = ["period", "finished", "settled"]
UNSETTLED = 0.05

Counts = tuple[int, ...]


def period_of(day: date, grain: str) -> date:
    """The first day of the week (Monday), month or quarter that `day` lies in."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    month = day.month if grain == "month" else (day.month - 1) // 3 * 3 + 1
    return date(day.year, month, 1)


def next_period(start: date, grain: str) -> date:
    """The first day of the period after the one that begins at `start`."""
    longest = {"week": 7, "month": 31, "quarter": 92}[grain]
    return period_of(start + timedelta(days=longest), grain)


def gather(
    days: Iterable[tuple[date, Counts]], scope: Scope, grain: str
) -> list[tuple[date, bool, Counts]]:
    """Sums by period, in order and without gaps: (first day, whether it is over, sums)."""
    sums: dict[date, list[int]] = {}
    for day, counts in days:
        period = period_of(day, grain)
        held = sums.setdefault(period, [0] * len(counts))
        for place, count in enumerate(counts):
            held[place] += count
    width = len(next(iter(sums.values()), []))
    return [
        (start, next_period(start, grain) <= scope.today, tuple(sums.get(start, [0] * width)))
        for start in _periods(sums, grain)
    ]


def rates(
    days: Iterable[tuple[date, Counts]],
    scope: Scope,
    grain: str,
    *,
    changes: Sequence[date] = (),
) -> DataFrame:
    """A share by period with its interval and limits, from (met, matured, not due) by day.

    Columns: period, finished, settled (over, and at most 5 % not yet due), value, numerator,
    denominator, not_due, ci_low, ci_high, centre, lower, upper (all 0 to 1), enough, signal, run,
    phase.
    Only settled periods have limits and signals: of the others, mostly what went well is known.
    From each day in `changes` on, a new phase begins.
    """
    periods = gather(days, scope, grain)
    rows = [
        {"period": start, "finished": over, "settled": _settled(over, counts), **rate(*counts)}
        for start, over, counts in periods
    ]
    judged = [
        counts if row["settled"] else (0, 0)
        for row, (*_, counts) in zip(rows, periods, strict=True)
    ]
    limits = share_chart(
        [counts[0] for counts in judged],
        [counts[1] for counts in judged],
        change_points=change_points([start for start, *_ in periods], changes),
    )
    return with_limits(DataFrame(rows, columns=[*PERIOD, *RATE]), limits)


def _settled(over: bool, counts: Counts) -> bool:
    _, matured, not_due = counts
    return over and not_due <= UNSETTLED * (matured + not_due)


def change_points(periods: Sequence[date], changes: Sequence[date]) -> list[int]:
    """The places of the first periods that lie wholly after each of these changes."""
    return [bisect_left(periods, day) for day in changes]


def with_limits(rows: DataFrame, limits: DataFrame) -> DataFrame:
    """The rows with centre, lower, upper, signal, run and phase; a running period is no signal."""
    joined = rows.join(limits[LIMITS])
    over = joined["finished"].astype(bool)
    for name in ("signal", "run"):
        joined[name] = joined[name].astype(object).where(over, None)
    return joined


def by_key(counted: Sequence[tuple[str | None, int, int, int]]) -> DataFrame:
    """A share by some key: key, value, numerator, denominator, not_due, ci_low, ci_high."""
    sums: dict[str | None, Counts] = defaultdict(lambda: (0, 0, 0))
    for key, *counts in counted:
        sums[key] = tuple(a + b for a, b in zip(sums[key], counts, strict=True))
    rows = DataFrame([rate(*counts) for counts in sums.values()], columns=RATE)
    rows.insert(0, "key", Series(list(sums), dtype=object))
    return rows


def in_order(counted: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows by their key, those without one last: databases give groups as they come."""
    return sorted(counted, key=lambda row: (row[0] is None, str(row[0])))


def _periods(sums: dict[date, list[int]], grain: str) -> list[date]:
    if not sums:
        return []
    periods, last = [min(sums)], max(sums)
    while periods[-1] < last:
        periods.append(next_period(periods[-1], grain))
    return periods
