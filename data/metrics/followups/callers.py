"""Who gets which marks: each caller's scores against what is usual in the store."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, Owed
from data.metrics.matters import CALLS, STAFF
from data.models import Employee, Store
from data.scope import Scope
from data.spc import LEAST_EXPECTED
from data.stats import rate
from data.sums.answers import TOP
from data.sums.heard import HEARD

SUMS = ("n", "total", "squares", "content", "top", "short")
ENOUGH = 30  # calls, before a caller is said to differ
COLUMNS = (
    "key", "name", "name_zh", "store", "value", "numerator", "denominator", "not_due", "ci_low",
    "ci_high", "mean", "centre", "lower", "upper", "signal", "mean_centre", "mean_lower",
    "mean_upper", "short_full_marks", "full_marks",
)  # fmt: skip


@metric("scores_by_caller", "Scores by caller", unit="share", reads=CALLS | STAFF)
def scores_by_caller(session: Session, scope: Scope) -> Answer:
    """Of completed calls with an overall answer, by who made the call: the share of 4s and 5s and
    the mean, beside three standard deviations around what is usual in the store; and the calls of
    less than a minute with full marks, which do not count as usual. `signal` says above or below.
    By the day the callbacks are due.
    """
    callers = _callers(session, scope)
    stores = {row["store_id"] for row in callers}
    usual = {store: _usual([c for c in callers if c["store_id"] == store]) for store in stores}
    people = _people(session, scope)
    rows = [_judged(row, usual[row["store_id"]], people) for row in callers]
    rows.sort(key=lambda row: (row["signal"] is None, row["denominator"] < ENOUGH, -row["value"]))
    total = [sum(row[name] for row in callers) for name in ("content", "n", "short")]
    summary = {
        **rate(total[0], total[1]),
        "mean": sum(row["total"] for row in callers) / total[1] if total[1] else None,
        "short_full_marks": total[2],
        "above": sum(row["signal"] == "above" for row in rows),
        "below": sum(row["signal"] == "below" for row in rows),
    }
    return Answer(DataFrame(rows, columns=list(COLUMNS), dtype=object), summary)


def _callers(session: Session, scope: Scope) -> list[dict[str, Any]]:
    """Counts and sums of the overall answers by store and caller."""
    keys = ["store_id", "agent_id"]
    found = Owed(scope).sums(session, HEARD, keys, *SUMS)
    found.sort(key=lambda row: (row[0], row[1] is None, row[1]))
    return [dict(zip((*keys, *SUMS), row, strict=True)) for row in found if row[2]]


def _usual(callers: Sequence[dict[str, Any]]) -> tuple[float, float, float] | None:
    """A store's usual share, mean and spread, without the short calls with full marks."""
    n, sums, squares, content, short = (
        sum(row[name] for row in callers) for name in ("n", "total", "squares", "content", "short")
    )
    n, content = n - short, content - short
    sums, squares = sums - TOP * short, squares - TOP * TOP * short
    if not n:
        return None
    mean = sums / n
    return content / n, mean, sqrt(max(squares / n - mean * mean, 0.0))


def _judged(
    row: dict[str, Any], usual: tuple[float, float, float] | None, people: dict[Any, Any]
) -> dict[str, Any]:
    n, mean = row["n"], row["total"] / row["n"]
    name, store = people.get(row["agent_id"], (None, None))
    limits = _limits(usual, n)
    return {
        "key": NONE if row["agent_id"] is None else str(row["agent_id"]),
        "name": name,
        "name_zh": name,
        "store": store,
        **rate(row["content"], n),
        "mean": mean,
        **limits,
        "signal": _signal(n, row["content"] / n, mean, limits),
        "short_full_marks": row["short"],
        "full_marks": row["top"],
    }


def _limits(usual: tuple[float, float, float] | None, n: int) -> dict[str, float | None]:
    if usual is None:
        names = ("centre", "lower", "upper", "mean_centre", "mean_lower", "mean_upper")
        return dict.fromkeys(names)
    share, mean, spread = usual
    enough = min(share, 1 - share) * n >= LEAST_EXPECTED
    reach, mean_reach = 3 * sqrt(share * (1 - share) / n), 3 * spread / sqrt(n)
    return {
        "centre": share,
        "lower": max(0.0, share - reach) if enough else 0.0,
        "upper": min(1.0, share + reach) if enough else 1.0,
        "mean_centre": mean,
        "mean_lower": mean - mean_reach,
        "mean_upper": mean + mean_reach,
    }


def _signal(n: int, share: float, mean: float, limits: dict[str, float | None]) -> str | None:
    """Whether the share or the mean lies beyond what chance allows; of few calls neither."""
    if n < ENOUGH:
        return None
    pairs = (
        (share, limits["lower"], limits["upper"]),
        (mean, limits["mean_lower"], limits["mean_upper"]),
    )
    if any(upper is not None and value > upper for value, _, upper in pairs):
        return "above"
    return "below" if any(low is not None and value < low for value, low, _ in pairs) else None


def _people(session: Session, scope: Scope) -> dict[Any, tuple[str, str]]:
    query = (
        select(Employee.id, Employee.name, Store.code)
        .join(Store, Store.id == Employee.store_id)
        .where(*scope.where(Employee))
    )
    return {id_: (name, code) for id_, name, code in session.execute(query)}
