"""How often vehicles come: more than once at all, and how many times in a year."""

from collections import Counter

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.shares import BY, of_stores
from data.metrics.retention.standing import back, seen, standing
from data.models import Visit
from data.scope import Scope

YEAR = 12
LEAST = {"A": 4, "B": 2, "C": 1, "D": 0}  # visits a year, the most first
YARDSTICK = 5


@metric("repeat_visit_rate", "Came more than once", unit="share", reads=VISITS, by=BY)
def repeat_visit_rate(session: Session, scope: Scope, *, by: str = "all") -> Answer:
    """Vehicles with two or more visits up to the data time ÷ vehicles with one or more."""
    again = func.count().filter(Visit.number > 1)
    query = select(Visit.store_id, again, func.count()).where(*standing(session, scope))
    found = session.execute(query.group_by(Visit.store_id))
    return of_stores(session, [(store, met, n) for store, met, n in found], by)


@metric("visit_classes", "Visits in twelve months", unit="vehicles", reads=VISITS)
def visit_classes(session: Session, scope: Scope) -> Answer:
    """All vehicles ever seen by their visits in the twelve months up to the data time: A four and
    more, B two or three, C one, D none; and the share of those with five or more.
    """
    counts: Counter[str] = Counter()
    often = 0
    for visits, vehicles in _vehicles_by_visits(session, scope):
        counts[_class_of(visits)] += vehicles
        often += vehicles if visits >= YARDSTICK else 0
    whole = counts.total()
    rows = [(one, counts[one], counts[one] / whole if whole else None) for one in LEAST]
    share = often / whole if whole else None
    summary = {"vehicles": whole, "five_or_more": often, "share_five_or_more": share}
    return Answer(DataFrame(rows, columns=["class", "count", "share"]), summary)


def _vehicles_by_visits(session: Session, scope: Scope) -> list[tuple[int, int]]:
    """How many vehicles came how often in the year."""
    visits = func.count().filter(Visit.day >= back(scope, YEAR)).label("visits")
    keys = (Visit.store_id, Visit.vehicle_id)
    each = select(visits).where(*seen(scope, scope.today)).group_by(*keys).subquery()
    query = select(each.c.visits, func.count()).group_by(each.c.visits)
    return [(visits, vehicles) for visits, vehicles in session.execute(query)]


def _class_of(visits: int) -> str:
    return next(code for code, least in LEAST.items() if visits >= least)
