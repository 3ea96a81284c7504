"""Cohorts: of those who first came in a month or quarter, how many came how much later."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from pandas import DataFrame
from sqlalchemy import case, false, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CARS, VISITS
from data.metrics.retention.cells import came, last_seen
from data.metrics.retention.standing import month_of, seen, standing
from data.metrics.trend import rates
from data.models import Store, Vehicle, Visit
from data.months import QUARTER, month_number, month_start
from data.scope import Scope
from data.stats import rate, wilson
from data.visit_months import fresh

GRAINS = ("month", "quarter")
MODES = ("exact", "rolling")
STARTS = ("visit", "sale")
AFTER = ("1", "2", "3", "6", "12")
LENGTH = {"month": 1, "quarter": QUARTER}
CELL = 65_536  # more than there are months, and two of them fit into 32 bits
COLUMNS = ["cohort", "size", "period", "active", "value", "ci_low", "ci_high"]

Cells = Counter[tuple[int, int]]  # by cohort and period, both numbered through all years


@metric(
    "cohort_retention",
    "Cohort retention",
    unit="share",
    reads=CARS,
    grain=GRAINS,
    mode=MODES,
    start=STARTS,
)
def cohort_retention(
    session: Session,
    scope: Scope,
    *,
    grain: str = "month",
    mode: str = "exact",
    start: str = "visit",
) -> Answer:
    """Vehicles of a cohort with a visit in the k-th period after it ÷ vehicles of the cohort. A
    cohort is those whose first visit (or whose sale) fell into the same month or quarter; by sale,
    all cars sold since the store's visits are known, also those that never came. Rolling: with a
    visit in that period or any later one. Periods that are not over have no value.
    """
    cohorts = _cohorts(session, scope, grain, mode, start)
    rows = DataFrame(list(_rows(cohorts)), columns=COLUMNS, dtype=object)
    frame = rows.astype({"size": "int64", "period": "int64"})
    sizes, asked = cohorts.sizes.values(), {"grain": grain, "mode": mode, "start": start}
    return Answer(frame, {"cohorts": len(sizes), "vehicles": sum(sizes), **asked})


@metric(
    "retention_at",
    "Retention after so many periods",
    unit="share",
    reads=VISITS,
    grain=GRAINS,
    mode=MODES,
    after=AFTER,
)
def retention_at(
    session: Session, scope: Scope, *, grain: str = "month", mode: str = "exact", after: str = "6"
) -> Answer:
    """Vehicles with a visit in the period that lies so many after the one of their first visit ÷
    all that first came in that period, cohort by cohort. Rolling: in that period or any later one.
    A cohort counts once the later period is over.
    """
    cohorts, later = _cohorts(session, scope, grain, mode, "visit"), int(after)
    ripe = {cohort: size for cohort, size in cohorts.sizes.items() if cohorts.over(cohort + later)}
    days = [
        (cohorts.first_day(cohort), (cohorts.cells[cohort, cohort + later], size, 0))
        for cohort, size in ripe.items()
    ]
    whole = sum(ripe.values())
    told = rate(sum(counts[0] for _, counts in days), whole, sum(cohorts.sizes.values()) - whole)
    asked = {"grain": grain, "mode": mode, "after": after}
    return Answer(rates(days, scope, grain), {**told, **asked})


@dataclass(frozen=True, slots=True)
class Cohorts:
    """How many vehicles each cohort has, and how many of them came in which period (or later)."""

    sizes: dict[int, int]
    cells: Cells
    months: int
    today: date

    @property
    def running(self) -> int:
        """The period `today` lies in."""
        return month_number(self.today) // self.months

    def first_day(self, number: int) -> date:
        """The first day of a cohort or period."""
        return month_start(number * self.months)

    def over(self, number: int) -> bool:
        """Whether that period is over."""
        return number < self.running


def _rows(cohorts: Cohorts) -> Iterator[tuple[Any, ...]]:
    """A row for each cohort and period up to the running one, which has no value."""
    for cohort, size in sorted(cohorts.sizes.items()):
        for period in range(cohort, cohorts.running + 1):
            active = cohorts.cells[cohort, period]
            told = (active, active / size, *wilson(active, size))
            known = told if cohorts.over(period) else (None,) * len(told)
            yield cohorts.first_day(cohort), size, period - cohort, *known


def _cohorts(session: Session, scope: Scope, grain: str, mode: str, start: str) -> Cohorts:
    months, rolling = LENGTH[grain], mode == "rolling"
    sizes, cells = (_by_sale if start == "sale" else _by_visit)(session, scope, months, rolling)
    cohorts = Cohorts(sizes, cells, months, scope.today)
    return replace(cohorts, cells=_or_later(cohorts)) if rolling else cohorts


def _or_later(cohorts: Cohorts) -> Cells:
    """Who was last seen in a period came in it or later, as of each period before as well."""
    cells = Cells()
    for cohort in cohorts.sizes:
        periods = range(cohorts.running, cohort - 1, -1)
        sums = accumulate(cohorts.cells[cohort, period] for period in periods)
        cells.update({(cohort, period): n for period, n in zip(periods, sums, strict=True)})
    return cells


def _by_visit(
    session: Session, scope: Scope, months: int, rolling: bool
) -> tuple[dict[int, int], Cells]:
    cells = Cells()
    found = last_seen(session, scope) if rolling else came(session, scope, months)
    for month, first, count in found:
        cells[first // months, month // months] += count
    if not rolling:
        return {first: count for (first, then), count in cells.items() if first == then}, cells
    sizes: dict[int, int] = defaultdict(int)
    for (first, _then), count in cells.items():
        sizes[first] += count
    return dict(sizes), cells


def _once(session: Session, scope: Scope, months: int, rolling: bool) -> list[Any]:
    """Each vehicle once in each period it came in; rolling: once, where it was last seen."""
    if rolling:
        return standing(session, scope)
    return [*seen(scope, scope.today), fresh(months)]


def _by_sale(
    session: Session, scope: Scope, months: int, rolling: bool
) -> tuple[dict[int, int], Cells]:
    """By the sale: those sold since the store's visits are known, also those that never came."""
    sold, cohort = sold_since_known(session, scope), month_of(Vehicle.sold_on) // months
    sizes = select(cohort, func.count()).select_from(Vehicle).where(*sold).group_by(cohort)
    # in one number, and called by name: SQLite works it out once, and sorts it faster
    cell: Any = (Visit.sold_month // months * CELL + Visit.month // months).label("cell")
    known = _known_since(session, Visit.sold_month, Visit.store_id)
    query = select(cell, func.count()).where(*_once(session, scope, months, rolling), known)
    found = session.execute(query.group_by("cell"))
    cells = Cells({divmod(number, CELL): count for number, count in found})
    return dict(session.execute(sizes).all()), cells


def sold_since_known(session: Session, scope: Scope) -> list[Any]:
    """The conditions for vehicles sold by today, and since the month of their store's first visit:
    of those sold before, nobody knows when they came.
    """
    known = _known_since(session, Vehicle.sold_on, Vehicle.store_id, month_start)
    return [*scope.where(Vehicle), Vehicle.sold_on <= scope.today, known]


def _known_since(
    session: Session, sold: Any, at_store: Any, told: Callable[[int], Any] = int
) -> Any:
    """The condition for sales since the first month of the store's visits, which is `told` so."""
    begun = select(func.min(Visit.month)).where(Visit.store_id == Store.id).scalar_subquery()
    found = session.execute(select(Store.id, begun).where(begun.is_not(None)))
    first = {store: told(month) for store, month in found}
    return sold >= case(first, value=at_store) if first else false()
