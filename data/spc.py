"""Control charts: telling a real change from the noise that every process has.

A point is a signal when it lies beyond three standard deviations, when it is at least the ninth
in a row on one side of the centre, or when it ends six in a row that only rise or only fall
(Nelson's rules 1, 2 and 3). The centre and its spread come from the first `BASELINE` points and
then stay, so that a change cannot hide by moving the yardstick.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from pandas import DataFrame

BASELINE = 20
SIDE = 9
RUN = 6
LEAST_EXPECTED = 5

COLUMNS = ["value", "centre", "lower", "upper", "signal"]


class Signal(StrEnum):
    """Why a point counts as a change."""

    BEYOND = "beyond_limits"
    SIDE = "one_side"
    TREND = "trend"


def p_chart(numerators: Sequence[int], denominators: Sequence[int]) -> DataFrame:
    """Limits of a share per period: value, centre, lower, upper (0 to 1), signal.

    A period without a denominator has no value and no limits, and breaks no run. Where fewer than
    five of either kind are to be expected, one point says nothing: its limits are 0 and 1.
    """
    centre = _ratio(numerators, denominators)
    rows = []
    for k, n in zip(numerators, denominators, strict=True):
        rows.append(_row(k / n if n else None, centre, _reach(centre, n), highest=1.0))
    return _with_signals(rows)


def _reach(centre: float | None, n: int) -> float | None:
    """Three standard deviations of a share in `n`; too few to say anything: the whole scale."""
    if not n or centre is None:
        return None
    if min(centre, 1 - centre) * n < LEAST_EXPECTED:
        return 1.0
    return 3 * sqrt(centre * (1 - centre) / n)


def u_chart(counts: Sequence[int], exposure: Sequence[float]) -> DataFrame:
    """Limits of a count per unit of exposure: value, centre, lower, upper, signal."""
    centre = _ratio(counts, exposure)
    rows = []
    for c, n in zip(counts, exposure, strict=True):
        reach = 3 * sqrt(centre / n) if n and centre is not None else None
        rows.append(_row(c / n if n else None, centre, reach))
    return _with_signals(rows)


def _ratio(above: Sequence[float], below: Sequence[float]) -> float | None:
    measured = [(a, b) for a, b in zip(above, below, strict=True) if b][:BASELINE]
    total = sum(b for _, b in measured)
    return sum(a for a, _ in measured) / total if total else None


def _row(
    value: float | None, centre: float | None, reach: float | None, highest: float | None = None
) -> list[float | None]:
    if centre is None or reach is None:
        return [value, centre, None, None]
    upper = centre + reach if highest is None else min(highest, centre + reach)
    return [value, centre, max(0.0, centre - reach), upper]


def _with_signals(rows: list[list[float | None]]) -> DataFrame:
    measured = [i for i, row in enumerate(rows) if row[0] is not None and row[2] is not None]
    signals: list[Signal | None] = [None] * len(rows)
    for place, i in enumerate(measured):
        signals[i] = _signal([rows[j] for j in measured[: place + 1]])
    return DataFrame(
        [[*row, signal] for row, signal in zip(rows, signals, strict=True)], columns=COLUMNS
    )


def _signal(points: list[list[float | None]]) -> Signal | None:
    """What the last of these points says."""
    value, _, lower, upper = points[-1]
    assert value is not None
    assert lower is not None
    assert upper is not None
    if not lower <= value <= upper:
        return Signal.BEYOND
    if _on_one_side(points[-SIDE:]):
        return Signal.SIDE
    return Signal.TREND if _only_one_way([row[0] or 0.0 for row in points[-RUN:]]) else None


def _on_one_side(points: list[list[float | None]]) -> bool:
    gaps = [(value or 0.0) - (centre or 0.0) for value, centre, *_ in points]
    return len(gaps) == SIDE and (min(gaps) > 0 or max(gaps) < 0)


def _only_one_way(values: list[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(values)]
    return len(values) == RUN and (min(steps) > 0 or max(steps) < 0)
