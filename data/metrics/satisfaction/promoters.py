"""Would customers recommend us: promoters less detractors."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS
from data.metrics.satisfaction.answers import Answers
from data.metrics.trend import GRAINS, gather, with_limits
from data.scope import Scope
from data.spc import xmr_chart
from data.stats import Z

POINTS = 100
COLUMNS = (
    "period", "finished", "value", "denominator", "promoters", "passives", "detractors",
    "ci_low", "ci_high",
)  # fmt: skip


@metric("nps", "Net promoter score", unit="points", reads=CALLS, grain=GRAINS)
def nps(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """100 × (answers of 9 and 10 − answers of 0 to 6) ÷ all answers to the question whether one
    would recommend us, from 0 to 10; 7 and 8 are passive and stay in the denominator. The interval
    comes from the multinomial variance, the limits are those of an XmR chart. From the person
    served or the owner, by the local day of the answer.
    """
    days = Answers(scope).added_up(session, "period", "promoters", "detractors", "asked_nps")
    periods = gather([(day, tuple(counts)) for day, *counts in days], scope, grain)
    rows = [{"period": start, "finished": over, **net(*counts)} for start, over, counts in periods]
    limits = xmr_chart([row["value"] if row["finished"] else None for row in rows])
    total = [sum(row[place] for row in days) for place in (1, 2, 3)]
    return Answer(with_limits(DataFrame(rows, columns=list(COLUMNS)), limits), net(*total))


def net(promoters: int, detractors: int, n: int) -> dict[str, Any]:
    """The score of these counts in −100 … 100 with its 95 % interval; of nothing, None."""
    counts = {
        "denominator": n,
        "promoters": promoters,
        "passives": n - promoters - detractors,
        "detractors": detractors,
    }
    if not n:
        return {"value": None, **counts, "ci_low": None, "ci_high": None}
    low, high = _interval(promoters / n, detractors / n, n)
    return {
        "value": POINTS * (promoters - detractors) / n,
        **counts,
        "ci_low": low,
        "ci_high": high,
    }


def _interval(up: float, down: float, n: int) -> Sequence[float | None]:
    """Of a single answer, nothing can be said."""
    if n < 2:
        return None, None
    middle, reach = up - down, Z * sqrt((up + down - (up - down) ** 2) / n)
    return POINTS * max(-1.0, middle - reach), POINTS * min(1.0, middle + reach)
