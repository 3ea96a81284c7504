"""What an address may narrow the vehicles of retention to.

A vehicle is seen as it stands: `Visit` is its last visit by the data time, with nothing in it for
a car that was sold and never came.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics.retention.cohorts import LENGTH, sold_since_known
from data.metrics.retention.gaps import CLASSES, class_bounds
from data.metrics.retention.keeping import NONE, OLDEST, YEAR
from data.metrics.retention.lab import MONTHS, OWN, Look, away_for_long
from data.metrics.retention.often import LEAST
from data.metrics.retention.standing import back
from data.models import Vehicle, Visit
from data.months import month_number, month_start, months_after
from data.norms import norm
from data.scope import Scope

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
LONGEST = 4  # digits of a period after the cohort
FIRST_YEAR, LAST_YEAR = 1900, 2999
DAY = timedelta(days=1)

Condition = ColumnElement[bool]


def narrowed(session: Session, scope: Scope) -> list[Condition]:
    """The conditions for what the scope's drill asks for; what nobody knows finds nothing."""
    wanted = [
        or_(*(meaning(session, scope, value) for value in asked))
        for key, meaning in MEANINGS.items()
        if (asked := scope.asked(key))
    ]
    grouped = bool(scope.asked("age") or scope.asked("warranty"))
    return [*wanted, *([_before_the_year(scope)] if grouped else []), *_came_lately(scope)]


def of_cars(scope: Scope) -> bool:
    """Whether the scope asks for something that only the cars tell, and not their visits."""
    return by_sale(scope) or bool(scope.asked("age") or scope.asked("warranty"))


def by_sale(scope: Scope) -> bool:
    """Whether the scope asks for a cohort of cars sold, some of which never came."""
    return bool(scope.asked("cohort")) and "sale" in scope.asked("began")


def _cohort(session: Session, scope: Scope, value: str) -> Condition:
    """Those first seen (or sold) in a month or quarter; with a cell, those that came so much
    later, or with came=no those that did not.
    """
    found = month_or_quarter(value)
    if found is None:
        return false()
    number, months = found
    if by_sale(scope):
        first, end = month_start(number * months), month_start((number + 1) * months)
        days = (Vehicle.sold_on >= first, Vehicle.sold_on < end)
        members = and_(*sold_since_known(session, scope), *days)
    else:
        members = _between(Visit.first_month, number, months)
    return and_(members, *_cell(scope, number, months))


def _cell(scope: Scope, cohort: int, months: int) -> list[Condition]:
    asked = scope.asked("cell")
    if not asked:
        return []
    if not (asked[0].isdecimal() and len(asked[0]) <= LONGEST):
        return [false()]
    period = cohort + int(asked[0])
    if "rolling" in scope.asked("mode"):
        # there is no last visit of a car that never came
        came = and_(Visit.month.is_not(None), Visit.month >= period * months)
    else:
        came = _seen_in(scope, lambda visit: _between(visit.month, period, months))
    wanted = _yes_or_no(scope) or "yes"
    return [{"yes": came, "no": not_(came)}.get(wanted, false())]


def _came_lately(scope: Scope) -> list[Condition]:
    """Whether they came in the last twelve months, where it is not said of a cohort's period."""
    wanted = _yes_or_no(scope)
    if wanted is None or (scope.asked("cohort") and scope.asked("cell")):
        return []
    lately = back(scope, YEAR)
    came = {"yes": Visit.day >= lately, "no": or_(Visit.day.is_(None), Visit.day < lately)}
    return [came.get(wanted, false())]


def _yes_or_no(scope: Scope) -> str | None:
    asked = scope.asked("came")
    return asked[0] if asked else None


def _class(session: Session, scope: Scope, value: str) -> Condition:
    """By the time since the last visit, as `visit_gap_classes` counts them."""
    if value not in CLASSES:
        return false()
    lost, dormant, at_risk = class_bounds(session, scope.today)
    return {
        "active": Visit.day >= at_risk,
        "at_risk": and_(Visit.day >= dormant, Visit.day < at_risk),
        "dormant": and_(Visit.day >= lost, Visit.day < dormant),
        "lost": Visit.day < lost,
    }[value]


def _visits(_session: Session, scope: Scope, value: str) -> Condition:
    """By their visits in twelve months, as `visit_classes` counts them."""
    if value not in LEAST:
        return false()
    since, visit = back(scope, YEAR), aliased(Visit)
    if LEAST[value] == 0:
        return Visit.day < since
    lately = (_same_car(visit), visit.day >= since, visit.day <= scope.today)
    number = select(func.count()).select_from(visit).where(*lately).scalar_subquery()
    above = [least for least in LEAST.values() if least > LEAST[value]]
    most = [number < min(above)] if above else []
    return and_(Visit.day >= since, number >= LEAST[value], *most)


def _month(_session: Session, _scope: Scope, value: str) -> Condition:
    """Those that came in that month, and not since."""
    found = month_or_quarter(value) if MONTH.fullmatch(value) else None
    return false() if found is None else Visit.month == found[0]


def _away(session: Session, scope: Scope, value: str) -> Any:
    """Those a rule of the laboratory names at the data time."""
    if value == OWN:
        times = norm(session, "churn_rules")["own_times"]
        return away_for_long(Look(scope.today, scope.today, times))
    return Visit.day < back(scope, MONTHS[value]) if value in MONTHS else false()


def _age(_session: Session, scope: Scope, value: str) -> Condition:
    """By full years since the sale when the last twelve months began."""
    day, years = back(scope, YEAR), value.removesuffix("+")
    if value == NONE:
        return Vehicle.sold_on.is_(None)
    if years not in map(str, range(OLDEST + 1)):
        return false()
    full = int(years)
    latest = Vehicle.sold_on <= months_after(day, -YEAR * full) if full else _known(Vehicle.sold_on)
    if full == OLDEST:
        return latest
    return and_(latest, Vehicle.sold_on > months_after(day, -YEAR * (full + 1)))


def _warranty(_session: Session, scope: Scope, value: str) -> Condition:
    until, year = Vehicle.warranty_until, back(scope, YEAR)
    states: dict[str, Condition] = {
        "in": until >= scope.today,
        "ended_lately": and_(until < scope.today, until >= year),
        "out": until < year,
        NONE: until.is_(None),
    }
    return states.get(value, false())


def _before_the_year(scope: Scope) -> Condition:
    """Those with a visit 13–24 months back, of whom `recapture_rate` speaks."""
    first, end = back(scope, 2 * YEAR), back(scope, YEAR)
    return _seen_in(scope, lambda visit: and_(visit.day >= first, visit.day < end))


def _seen_in(scope: Scope, when: Callable[[Any], Condition]) -> Condition:
    visit = aliased(Visit)
    return exists().where(_same_car(visit), visit.day <= scope.today, when(visit))


def _same_car(visit: Any) -> Condition:
    return and_(visit.store_id == Visit.store_id, visit.vehicle_id == Visit.vehicle_id)


def _between(month: Any, period: int, months: int) -> Condition:
    return and_(month >= period * months, month < (period + 1) * months)


def _known(column: Any) -> Condition:
    return and_(column.is_not(None))


def month_or_quarter(value: str) -> tuple[int, int] | None:
    """A month or quarter as its number through all years, and how many months it has."""
    for grain, shape in (("month", MONTH), ("quarter", QUARTER)):
        said = shape.fullmatch(value)
        if said and FIRST_YEAR <= int(said[1]) <= LAST_YEAR:
            months = LENGTH[grain]
            first = date(int(said[1]), (int(said[2]) - 1) * months + 1, 1)
            return month_number(first) // months, months
    return None


MEANINGS: dict[str, Callable[[Session, Scope, str], Any]] = {
    "cohort": _cohort,
    "class": _class,
    "visits": _visits,
    "month": _month,
    "away": _away,
    "age": _age,
    "warranty": _warranty,
}
