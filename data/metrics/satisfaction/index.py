"""The index: all questions in one number of a thousand, each with its weight."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS
from data.metrics.satisfaction.factors import HIGHEST, Sums, sums
from data.metrics.trend import GRAINS, gather, with_limits
from data.norms import norm
from data.scope import Scope
from data.spc import xmr_chart
from data.stats import Z, standard_error

BEST = 1000
SUMS = ("n", "total", "squares")
COLUMNS = ("period", "finished", "value", "denominator", "answers", "ci_low", "ci_high")


@metric("csi_index", "Satisfaction index", unit="points", reads=CALLS, grain=GRAINS)
def csi_index(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """1,000 × Σ weight × mean ÷ 5, ÷ Σ weight over the questions of the questionnaire that were
    answered (weights are a setting). A blank is no answer, not a zero. The interval supposes that
    all questions waver together, so it is rather too wide; limits are those of an XmR chart. By
    the local day of the answer.
    """
    weights = norm(session, "csi_weights")
    found = [
        (day, code, held)
        for day, code, held in sums(session, scope, "answered_on", SUMS, grain=grain)
        if weights.get(code)
    ]
    periods = _by_period(found, scope, grain)
    rows = [
        {"period": start, "finished": over, **_index(factors, weights)}
        for start, over, factors in periods
    ]
    limits = xmr_chart([row["value"] if row["finished"] else None for row in rows])
    summary = _index(_together(found), weights)
    return Answer(with_limits(DataFrame(rows, columns=list(COLUMNS)), limits), summary)


def _by_period(
    found: list[tuple[date, str, Sums]], scope: Scope, grain: str
) -> list[tuple[date, bool, dict[str, Sums]]]:
    """The sums of each factor by period: (first day, whether it is over, sums by factor)."""
    codes = sorted({code for _, code, _ in found})
    places = {code: place * len(SUMS) for place, code in enumerate(codes)}
    days: dict[date, list[int]] = defaultdict(lambda: [0] * len(codes) * len(SUMS))
    for day, code, held in found:  # once each
        place = places[code]
        days[day][place : place + len(SUMS)] = [held[name] for name in SUMS]
    whole = [(day, tuple(counts)) for day, counts in days.items()]
    return [
        (start, over, {code: _part(counts, place) for place, code in enumerate(codes)})
        for start, over, counts in gather(whole, scope, grain)
    ]


def _part(counts: tuple[int, ...], place: int) -> Sums:
    start = place * len(SUMS)
    return dict(zip(SUMS, counts[start : start + len(SUMS)], strict=True))


def _together(found: Iterable[tuple[Any, str, Sums]]) -> dict[str, Sums]:
    whole: dict[str, Sums] = {}
    for _, code, held in found:
        before = whole.setdefault(code, dict.fromkeys(SUMS, 0))
        whole[code] = {name: before[name] + held[name] for name in SUMS}
    return whole


def _index(factors: Mapping[str, Sums], weights: Mapping[str, float]) -> dict[str, Any]:
    """The index of these factors with its interval; `denominator` are the questionnaires."""
    # in one order: the same figures are the same to the last digit, however they were read
    asked = {code: held for code, held in sorted(factors.items()) if held["n"]}
    counted = {
        "denominator": max((held["n"] for held in asked.values()), default=0),
        "answers": sum(held["n"] for held in asked.values()),
    }
    whole = sum(weights[code] for code in asked)
    if not whole:
        return {"value": None, **counted, "ci_low": None, "ci_high": None}
    scale = BEST / HIGHEST / whole
    value = scale * sum(weights[c] * held["total"] / held["n"] for c, held in asked.items())
    errors = [(weights[c], standard_error(**held)) for c, held in asked.items()]
    if any(error is None for _, error in errors):
        return {"value": value, **counted, "ci_low": None, "ci_high": None}
    reach = Z * scale * sum(weight * (error or 0.0) for weight, error in errors)
    low, high = max(0.0, value - reach), min(float(BEST), value + reach)
    return {"value": value, **counted, "ci_low": low, "ci_high": high}
