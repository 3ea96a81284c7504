"""How long ago each vehicle last came, in classes; and how they move from quarter to quarter."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from pandas import DataFrame
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.standing import seen, standing
from data.metrics.trend import next_period, period_of
from data.models import Visit
from data.months import months_after
from data.norms import norm
from data.scope import Scope

CLASSES = ("active", "at_risk", "dormant", "lost")
NEW = "new"
FLOWS = ["period", "finished", "from", "to", "count"]
FINISHED = 4  # quarters, before the running one
DIGIT = len(CLASSES) + 1  # 0 stands for not seen yet
DAY = timedelta(days=1)


@metric("visit_gap_classes", "Time since the last visit", unit="vehicles", reads=VISITS)
def visit_gap_classes(session: Session, scope: Scope) -> Answer:
    """Vehicles by calendar months since their last visit: active at most 3, at risk more than 3,
    dormant more than 6, lost more than 12. The bounds are a setting.
    """
    bounds = class_bounds(session, scope.today)
    query = select(Visit.day, func.count()).where(*standing(scope)).group_by(Visit.day)
    counts: Counter[str] = Counter()
    for day, count in session.execute(query):
        counts[class_of(day, bounds)] += count
    whole = counts.total()
    rows = [(one, counts[one], counts[one] / whole if whole else None) for one in CLASSES]
    frame = DataFrame(rows, columns=["class", "count", "share"])
    return Answer(frame, {"vehicles": whole, **{one: counts[one] for one in CLASSES}})


@metric("gap_flows", "Moves between the classes, by quarter", unit="vehicles", reads=VISITS)
def gap_flows(session: Session, scope: Scope) -> Answer:
    """Vehicles by their class (by time since the last visit) at the end of a quarter and at the end
    of the next one; new are those that came for the first time in between. The running quarter goes
    up to the data time.
    """
    ends = _ends(scope.today)
    counts: Counter[tuple[int, str, str]] = Counter()
    for classes, vehicles in _paths(session, scope, ends):
        for place, (of, to) in enumerate(pairwise(classes)):
            if to != NEW:
                counts[place, of, to] += vehicles
    quarters = [period_of(end, "quarter") for end in ends[1:]]
    rows = [
        (quarters[place], next_period(quarters[place], "quarter") <= scope.today, of, to, vehicles)
        for (place, of, to), vehicles in sorted(counts.items())
    ]
    standing_now = sum(row[-1] for row in rows if row[0] == quarters[-1])
    return Answer(DataFrame(rows, columns=FLOWS), {"vehicles": standing_now})


def class_bounds(session: Session, today: date) -> list[date]:
    """The first days that are dormant, at risk and active, in this order."""
    months = norm(session, "gap_classes")
    return [months_after(today, -months[one]) for one in ("lost", "dormant", "at_risk")]


def class_of(day: date, bounds: Sequence[date]) -> str:
    """The class of a vehicle last seen on `day`."""
    return CLASSES[::-1][bisect_right(bounds, day)]


def _ends(today: date) -> list[date]:
    """The last days of the quarters before the running one, and today."""
    first = period_of(today, "quarter")
    starts = [months_after(first, -3 * quarters) for quarters in range(FINISHED + 1)]
    return [*(start - DAY for start in reversed(starts)), today]


def _paths(session: Session, scope: Scope, ends: Sequence[date]) -> Iterator[tuple[list[str], int]]:
    """The classes at each of these ends, and how many vehicles went that way.

    In one pass: each class at each end is a digit of a number, which is put together from the
    visits at which the vehicle stood then.
    """
    digits = [_digit(session, end) * DIGIT**place for place, end in enumerate(ends)]
    path = func.sum(reduce(add, digits)).label("path")
    lately = or_(Visit.next_on.is_(None), Visit.next_on > ends[0])
    vehicle = (Visit.store_id, Visit.vehicle_id)
    each = select(path).where(*seen(scope, ends[-1]), lately).group_by(*vehicle).subquery()
    query = select(each.c.path, func.count()).group_by(each.c.path)
    for number, vehicles in session.execute(query):
        yield [_named(int(number) // DIGIT**place % DIGIT) for place in range(len(ends))], vehicles


def _digit(session: Session, end: date) -> Any:
    """1 to 4 for the class of a visit at which the vehicle stood at the end of that day, else 0."""
    lost, dormant, at_risk = class_bounds(session, end)
    return case(
        (or_(Visit.day > end, Visit.next_on <= end), 0),
        (Visit.day >= at_risk, 1),
        (Visit.day >= dormant, 2),
        (Visit.day >= lost, 3),
        else_=4,
    )


def _named(digit: int) -> str:
    return CLASSES[digit - 1] if digit else NEW
