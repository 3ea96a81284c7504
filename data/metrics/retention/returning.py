"""Coming again: whether ever, how often in a year, and after how many days."""

from collections import Counter
from collections.abc import Iterator
from math import exp, log, sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.retention.standing import back, seen, standing
from data.metrics.trend import by_key
from data.models import Store, Visit
from data.scope import Scope
from data.stats import Z, rate

YEAR = 12
CLASSES = ("A", "B", "C", "D")
OFTEN = 5
CURVE = ["days", "at_risk", "returned", "censored", "away", "low", "high"]
MOST = 250
MARKS = (90, 180, 365)


@metric("repeat_visit_rate", "Repeat visits", unit="share", by=("all", "store"))
def repeat_visit_rate(session: Session, scope: Scope, *, by: str = "all") -> Answer:
    """Vehicles with two or more visits ÷ vehicles with one or more, up to the data time."""
    again = func.count().filter(Visit.number > 1)
    query = select(Visit.store_id, again, func.count()).where(*standing(scope))
    found = session.execute(query.group_by(Visit.store_id)).all()
    return by_store(session, [(store, met, whole) for store, met, whole in found], by)


def by_store(session: Session, found: list[tuple[int, int, int]], by: str) -> Answer:
    """The answer of a rate from (store, met, of how many): as a whole, or store by store."""
    names = {"all": dict[int, str](), "store": _codes(session)}[by]
    rows = [(names.get(store, "all"), met, whole, 0) for store, met, whole in found]
    summary = rate(sum(row[1] for row in rows), sum(row[2] for row in rows))
    return Answer(by_key(rows), {**summary})


def _codes(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Store.id, Store.code)).tuples().all())


@metric("visit_classes", "Visits in twelve months", unit="vehicles")
def visit_classes(session: Session, scope: Scope) -> Answer:
    """Vehicles by the number of their visits in the last twelve months: A four or more, B two or
    three, C one, D none though seen before; and how many came five times or more.
    """
    known = session.scalar(select(func.count()).select_from(Visit).where(*standing(scope))) or 0
    counts, often = _visits_a_year(session, scope)
    counts["D"] = known - counts.total()
    rows = [(one, counts[one], counts[one] / known if known else None) for one in CLASSES]
    summary = {
        "vehicles": known,
        "five_or_more": often,
        "share_five_or_more": often / known if known else None,
    }
    return Answer(DataFrame(rows, columns=["class", "count", "share"]), summary)


def _visits_a_year(session: Session, scope: Scope) -> tuple[Counter[str], int]:
    """Vehicles seen in the last twelve months by class, and those that came often."""
    vehicle = (Visit.store_id, Visit.vehicle_id)
    times = func.count().label("times")
    recent = seen(scope, scope.today, back(scope, YEAR))
    each = select(times).where(*recent).group_by(*vehicle).subquery()
    counts: Counter[str] = Counter()
    often = 0
    for number, vehicles in session.execute(
        select(each.c.times, func.count()).group_by(each.c.times)
    ):
        counts["A" if number >= 4 else "B" if number >= 2 else "C"] += vehicles
        often += vehicles if number >= OFTEN else 0
    return counts, often


@metric("return_curve", "Until the next visit", unit="share", after=("any", "first"))
def return_curve(session: Session, scope: Scope, *, after: str = "any") -> Answer:
    """The share of vehicles not yet back so many days after a visit (Kaplan–Meier): each gap
    between two visits counts, one that is still open as not ended by the data time. Or only the gap
    after the first visit. With Greenwood's interval on the log-log scale.
    """
    ended, open_ = _gaps(session, scope, after == "first")
    steps = list(_steps(ended, open_))
    frame = DataFrame(_thinned(steps), columns=CURVE)
    marks = {f"back_{days}": _back(steps, days) for days in MARKS}
    median = next((step[0] for step in steps if step[4] <= 0.5), None)
    returned = ended.total()
    counts = {"gaps": returned + open_.total(), "returned": returned}
    return Answer(frame, {**counts, "median_days": median, **marks})


def _gaps(session: Session, scope: Scope, first: bool) -> tuple[Counter[int], Counter[int]]:
    """How many gaps ended, and how many are open, by their days."""
    second = [Visit.number == 2] if first else [Visit.number > 1]
    query = select(Visit.gap_days, func.count()).where(*seen(scope, scope.today), *second)
    ended = Counter({days or 0: n for days, n in session.execute(query.group_by(Visit.gap_days))})
    only = [Visit.number == 1] if first else []
    waiting = select(Visit.day, func.count()).where(*standing(scope), *only).group_by(Visit.day)
    open_ = Counter({(scope.today - day).days: count for day, count in session.execute(waiting)})
    return ended, open_


def _steps(ended: Counter[int], open_: Counter[int]) -> Iterator[tuple[Any, ...]]:
    """Day by day on which a gap ended or was last seen: at risk, ended, open, share away."""
    at_risk, away, spread = ended.total() + open_.total(), 1.0, 0.0
    for days in sorted({*ended, *open_}):
        back_now, last_seen = ended[days], open_[days]
        away *= 1 - back_now / at_risk
        if back_now < at_risk:
            spread += back_now / (at_risk * (at_risk - back_now))
        yield days, at_risk, back_now, last_seen, away, *_interval(away, spread)
        at_risk -= back_now + last_seen


def _interval(away: float, spread: float) -> tuple[float | None, float | None]:
    """95 % by Greenwood's variance of log(−log S); none where S is 0 or 1."""
    if not 0 < away < 1:
        return None, None
    reach = Z * sqrt(spread) / abs(log(away))
    return away ** exp(reach), away ** exp(-reach)


def _back(steps: list[tuple[Any, ...]], days: int) -> float | None:
    """The share that was back by then; none if no gap has been watched for so long."""
    if not steps or steps[-1][0] < days:
        return None
    return float(1 - next((step[4] for step in reversed(steps) if step[0] <= days), 1.0))


def _thinned(steps: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """At most so many of the steps, the last among them."""
    every = -(-len(steps) // MOST) or 1
    kept = steps[::every]
    return kept if not steps or kept[-1] is steps[-1] else [*kept[: MOST - 1], steps[-1]]
