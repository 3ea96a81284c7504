"""How long it takes until a vehicle comes again, the gaps that are still open counted fairly."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from math import ceil, exp, log, sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.standing import seen, standing
from data.models import Visit
from data.scope import Scope
from data.stats import Z

AFTER = ("any", "first")
MARKS = (90, 180, 365)
COLUMNS = ["days", "at_risk", "returned", "censored", "away", "low", "high"]
MOST = 250
EXACT = 1e-9  # a product of shares is not exactly one half

Ends = Counter[int]  # how many gaps ended so after so many days


@dataclass(frozen=True, slots=True)
class Step:
    """A day of the curve: gaps that last so long, those that end then, the share open after it."""

    days: int
    at_risk: int
    returned: int
    censored: int
    away: float
    low: float
    high: float


@metric("return_curve", "Time until the next visit", unit="days", reads=VISITS, after=AFTER)
def return_curve(session: Session, scope: Scope, *, after: str = "any") -> Answer:
    """The share of gaps after a visit that have not ended so many days later (Kaplan–Meier); a gap
    still open at the data time counts as long as it has lasted. After any visit, or after the first
    alone. The interval is Greenwood's on the log-log scale.
    """
    returned, still = _returned(session, scope, after), _still_away(session, scope, after)
    steps = list(survival(returned, still))
    frame = DataFrame([astuple(step) for step in thinned(steps)], columns=COLUMNS)
    gaps = returned.total() + still.total()
    return Answer(frame, {"gaps": gaps, "returned": returned.total(), **_told(steps)})


def _returned(session: Session, scope: Scope, after: str) -> Ends:
    """The gaps that ended with a visit by the data time."""
    which = Visit.number == 2 if after == "first" else Visit.number > 1
    query = select(Visit.gap_days, func.count()).where(*seen(scope, scope.today), which)
    return Ends({days: n for days, n in session.execute(query.group_by(Visit.gap_days)) if days})


def _still_away(session: Session, scope: Scope, after: str) -> Ends:
    """The gaps open at the data time, by the days they have lasted."""
    which = [Visit.number == 1] if after == "first" else []
    query = select(Visit.day, func.count()).where(*standing(session, scope), *which)
    found = session.execute(query.group_by(Visit.day))
    return Ends({(scope.today - day).days: count for day, count in found})


def survival(returned: Ends, still: Ends) -> Iterator[Step]:
    """The curve: a step for each number of days after which a gap ended or is still open."""
    at_risk, away, spread = returned.total() + still.total(), 1.0, 0.0
    low = high = 1.0
    for day in sorted(returned.keys() | still.keys()):
        ended = returned[day]
        away *= 1 - ended / at_risk
        if ended == at_risk:
            away, low = 0.0, 0.0  # how far it may lie above, the last interval says
        elif ended:
            spread += ended / (at_risk * (at_risk - ended))
            low, high = _interval(away, spread)
        yield Step(day, at_risk, ended, still[day], away, low, high)
        at_risk -= ended + still[day]


def _interval(away: float, spread: float) -> tuple[float, float]:
    """The 95 % interval of a share, from Greenwood's sum, on the log-log scale."""
    reach = Z * sqrt(spread) / -log(away)
    return away ** exp(reach), away ** exp(-reach)


def thinned(steps: Sequence[Step]) -> list[Step]:
    """At most so many steps as a chart can show, the last among them; those left out are counted
    in the next one kept.
    """
    stride = ceil((len(steps) - 1) / (MOST - 1)) or 1
    kept: list[Step] = []
    for place in reversed(range(len(steps) - 1, -1, -stride)):
        some = steps[max(0, place - stride + 1) : place + 1]
        kept.append(_joined(some))
    return kept


def _joined(steps: Sequence[Step]) -> Step:
    last = steps[-1]
    returned, censored = (sum(getattr(s, name) for s in steps) for name in ("returned", "censored"))
    return Step(last.days, last.at_risk, returned, censored, last.away, last.low, last.high)


def _told(steps: Sequence[Step]) -> dict[str, Any]:
    """The day by which half are back, and the shares that are back by some days."""
    half = next((step.days for step in steps if step.away <= 0.5 + EXACT), None)
    return {"median_days": half, **{f"back_{days}": _back(steps, days) for days in MARKS}}


def _back(steps: Sequence[Step], days: int) -> float | None:
    """The share back by then; None when no gap has been watched for so long."""
    if not steps or (steps[-1].days < days and steps[-1].away > 0):
        return None
    return 1 - min((step.away for step in steps if step.days <= days), default=1.0)
