"""How long ago each vehicle last came, in classes; and how they move from quarter to quarter."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from pandas import DataFrame
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.cells import last_days
from data.metrics.retention.standing import seen
from data.metrics.trend import next_period, period_of
from data.models import Visit
from data.months import months_after
from data.norms import norm
from data.scope import Scope

CLASSES = ("active", "at_risk", "dormant", "lost")
ACTIVE, NEW = CLASSES[0], "new"
FLOWS = ["period", "finished", "from", "to", "count"]
FINISHED = 4  # quarters, before the running one
DIGIT = len(CLASSES) + 1  # 0 stands for not seen yet
DAY = timedelta(days=1)

Moves = Counter[tuple[int, str, str]]  # by the place of the earlier end, from a class to a class


@metric("visit_gap_classes", "Time since the last visit", unit="vehicles", reads=VISITS)
def visit_gap_classes(session: Session, scope: Scope) -> Answer:
    """Vehicles by calendar months since their last visit: active at most 3, at risk more than 3,
    dormant more than 6, lost more than 12. The bounds are a setting.
    """
    bounds = class_bounds(session, scope.today)
    counts: Counter[str] = Counter()
    for day, count in last_days(session, scope, bounds):
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
    count = _by_visit if _whoever_came_is_active(session, ends) else _by_path
    counts = count(session, scope, ends)
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


def _whoever_came_is_active(session: Session, ends: Sequence[date]) -> bool:
    """Whether each visit between two ends makes active at the later one: it does by default."""
    return all(class_bounds(session, end)[-1] <= before + DAY for before, end in pairwise(ends))


def _by_visit(session: Session, scope: Scope, ends: Sequence[date]) -> Moves:
    """The moves where whoever came is active: each visit tells from where and whether it stayed."""
    moves: Moves = Counter()
    for classes, vehicles in _paths(session, _at_each(session, scope, ends), ends):
        for place, (of, to) in enumerate(pairwise(classes)):
            if of != NEW:
                moves[place, of, ACTIVE if to == NEW else to] += vehicles
    first = [*seen(scope, ends[-1], ends[0] + DAY), Visit.previous_month.is_(None)]
    query = select(Visit.day, func.count()).where(*first).group_by(Visit.day)
    for day, vehicles in session.execute(query):
        moves[bisect_left(ends, day) - 1, NEW, ACTIVE] += vehicles
    return moves


def _by_path(session: Session, scope: Scope, ends: Sequence[date]) -> Moves:
    """The moves of each vehicle: its path is put together from the visits at which it stood."""
    each = _at_each(session, scope, ends).add_columns(Visit.store_id, Visit.vehicle_id).subquery()
    vehicle = (each.c.store_id, each.c.vehicle_id)
    whole = select(func.sum(each.c.path).label("path")).group_by(*vehicle)
    moves: Moves = Counter()
    for classes, vehicles in _paths(session, whole, ends):
        for place, (of, to) in enumerate(pairwise(classes)):
            if to != NEW:
                moves[place, of, to] += vehicles
    return moves


def _at_each(session: Session, scope: Scope, ends: Sequence[date]) -> Select[Any]:
    """For each visit a number: its digits are the classes at the ends at which a vehicle stood."""
    digits = [_digit(session, end) * DIGIT**place for place, end in enumerate(ends)]
    lately = or_(Visit.next_on.is_(None), Visit.next_on > ends[0])
    return select(reduce(add, digits).label("path")).where(*seen(scope, ends[-1]), lately)


def _paths(
    session: Session, each: Select[Any], ends: Sequence[date]
) -> Iterator[tuple[list[str], int]]:
    """The classes at each of these ends, and how many went that way."""
    numbers = each.subquery()
    query = select(numbers.c.path, func.count()).group_by(numbers.c.path)
    for number, count in session.execute(query):
        yield [_named(int(number) // DIGIT**place % DIGIT) for place in range(len(ends))], count


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
