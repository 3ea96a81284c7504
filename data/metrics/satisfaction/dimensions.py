"""The fourteen dimensions: how good each is, and how much it goes with the overall answer."""

from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS
from data.metrics.satisfaction.factors import ALL, GROUPS, NAMES, Sums, sums
from data.metrics.trend import GRAINS, RATE
from data.models import Store
from data.scope import Scope
from data.stats import correlation, mean, rate

ENOUGH = 30  # answers, before anything is said about what goes with what
NOTHING: Sums = dict.fromkeys(NAMES, 0)
MEAN = ("mean", "mean_low", "mean_high", "n")
COLUMNS = ("dimension", "group", *RATE, *MEAN, "importance", "quadrant")


@metric(
    "dimension_scores",
    "Fourteen dimensions",
    unit="share",
    reads=CALLS,
    grain=GRAINS,
    by=("total", "store", "period", "spread"),
)
def dimension_scores(
    session: Session, scope: Scope, *, grain: str = "month", by: str = "total"
) -> Answer:
    """Of each of the fourteen dimensions, seven of procedures and seven of persons: answers of 4
    or 5 ÷ answers, the mean with its interval, and its importance: the correlation with the
    overall answer (none under 30 answers). Important is above the average of the dimensions; good
    or weak is what lies beyond chance from it. A blank is no answer, not a zero. By the local day
    of the answer; also by store or by period, and spread over stores or, where there is only one,
    over periods.
    """
    if by == "spread":
        by = "store" if _stores(session, scope) > 1 else "period"
    held = _held(session, scope, grain, by)
    if by == "total":
        rows = _in_quadrants([_row(code, held.get((None, code), NOTHING)) for code in ALL])
        return Answer(DataFrame(rows, columns=list(COLUMNS)), _summary(held))
    places = sorted({place for place, _ in held})
    rows = [
        {by: place, **_row(code, held.get((place, code), NOTHING))}
        for code in ALL
        for place in places
    ]
    return Answer(DataFrame(rows, columns=[by, *COLUMNS[:-1]]), _summary(held))


def _stores(session: Session, scope: Scope) -> int:
    wanted = [Store.code.in_(scope.stores)] if scope.stores else []
    return session.scalar(select(func.count(Store.id)).where(*wanted)) or 0


def _held(session: Session, scope: Scope, grain: str, by: str) -> dict[tuple[Any, str], Sums]:
    """The sums by store code or first day of the period (None: all together), and dimension."""
    if by != "store":
        found = sums(session, scope, *(["answered_on"] if by == "period" else []), grain=grain)
        return {(place, code): held for place, code, held in found if code in GROUPS}
    codes = {row.id: row.code for row in session.execute(select(Store.id, Store.code))}
    of_stores = sums(session, scope, "store_id")
    return {(codes[store], code): held for store, code, held in of_stores if code in GROUPS}


def _row(code: str, held: Sums) -> dict[str, Any]:
    pairs = [held[name] for name in ("x", "y", "xx", "yy", "xy")]
    return {
        "dimension": code,
        "group": GROUPS[code],
        **rate(held["content"], held["n"]),
        **mean(held["n"], held["total"], held["squares"]),
        "importance": correlation(held["pairs"], *pairs) if held["pairs"] >= ENOUGH else None,
    }


def _in_quadrants(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each dimension is a strength, to improve, to keep or to watch; or about average, where its
    interval holds the average one."""
    sure = [row for row in rows if row["importance"] is not None]
    if not sure:
        return [row | {"quadrant": None} for row in rows]
    good, important = (sum(row[k] for row in sure) / len(sure) for k in ("value", "importance"))
    return [row | {"quadrant": _quadrant(row, good, important)} for row in rows]


def _quadrant(row: dict[str, Any], good: float, important: float) -> str | None:
    if row["importance"] is None:
        return None
    if row["ci_low"] <= good <= row["ci_high"]:
        return "average"
    if row["importance"] >= important:
        return "strength" if row["value"] >= good else "improve"
    return "keep" if row["value"] >= good else "watch"


def _summary(held: dict[tuple[Any, str], Sums]) -> dict[str, Any]:
    whole = {name: sum(found[name] for found in held.values()) for name in NAMES}
    told = mean(whole["n"], whole["total"], whole["squares"])
    return {**rate(whole["content"], whole["n"]), "mean": told["mean"], "n": told["n"]}
