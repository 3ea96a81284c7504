"""Who came again and who did not, between stretches of calendar months."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CARS, VISITS
from data.metrics.retention.cells import last_since
from data.metrics.retention.shares import BY, of_stores
from data.metrics.retention.standing import back, by_months, month_of, seen
from data.metrics.trend import by_key, rates
from data.models import Vehicle, Visit
from data.months import month_number, month_start, months_after
from data.scope import Scope
from data.stats import rate

YEAR = 12
OLDEST = 7  # years; older cars are one group
DAY = timedelta(days=1)
NONE = "none"


@metric(
    "window_churn",
    "Churn in a fixed window",
    unit="share",
    reads=VISITS,
    months=("3", "6", "12"),
    by=BY,
)
def window_churn(session: Session, scope: Scope, *, months: str = "3", by: str = "all") -> Answer:
    """Vehicles with a visit in the twelve months before the window and none in it ÷ vehicles with a
    visit in those twelve months. The window is the last so many calendar months.
    """
    window = back(scope, int(months))
    before = last_in(scope, back(scope, int(months) + YEAR), window)
    gone = func.count().filter(or_(Visit.next_on.is_(None), Visit.next_on > scope.today))
    return _by_store(session, gone, before, by)


@metric("keep_rate", "Customers kept", unit="share", reads=VISITS, by=BY)
def keep_rate(session: Session, scope: Scope, *, by: str = "all") -> Answer:
    """Vehicles with a visit in the last 12 months ÷ vehicles with a visit in the last 36 months."""
    counted = last_since(session, scope, back(scope, YEAR), back(scope, 3 * YEAR))
    return of_stores(session, [(store, met, whole) for store, met, whole in counted if whole], by)


@metric(
    "recapture_rate",
    "Customers who came again",
    unit="share",
    reads=CARS,
    by=(*BY, "age", "warranty"),
)
def recapture_rate(session: Session, scope: Scope, *, by: str = "all") -> Answer:
    """Of the vehicles with a visit 13–24 months back, those with a visit in the last 12 months. By
    the age of the car when the last 12 months began, or by its warranty now.
    """
    before = last_in(scope, back(scope, 2 * YEAR), back(scope, YEAR))
    again = func.count().filter(Visit.next_on <= scope.today)
    if by in BY:
        return _by_store(session, again, before, by)
    day, key = {
        "age": (Vehicle.sold_on, age_at(back(scope, YEAR))),
        "warranty": (Vehicle.warranty_until, warranty_at(scope)),
    }[by]
    same = and_(Vehicle.store_id == Visit.store_id, Vehicle.id == Visit.vehicle_id)
    query = select(day, again, func.count()).select_from(Visit).join(Vehicle, same)
    found = session.execute(query.where(*before).group_by(day)).all()
    rows = sorted((key(at), met, whole, 0) for at, met, whole in found)
    summary = rate(sum(row[1] for row in rows), sum(row[2] for row in rows))
    return Answer(by_key(rows), {**summary})


@metric("monthly_churn", "Customers lost, by month", unit="share", reads=VISITS, months=("6", "12"))
def monthly_churn(session: Session, scope: Scope, *, months: str = "6") -> Answer:
    """Vehicles that came in the month so many months before and not since ÷ vehicles that came in
    that month; by the month they are missed in. Twenty per cent or less is usual. The summary is
    that of the last month that is over.
    """
    came, again = _by_month(session, scope)
    now = month_number(scope.today)
    rows = [
        (month, (_missed(again[month - int(months)], came[month - int(months)], month), base, 0))
        for month in range(min(came, default=now) + int(months), now + 1)
        if (base := came[month - int(months)])
    ]
    days = [(month_start(month), counts) for month, counts in rows]
    return Answer(rates(days, scope, "month"), {**rate(*dict(rows).get(now - 1, (0, 0)))})


@metric("win_back_rate", "Won back after a long absence", unit="share", reads=VISITS)
def win_back_rate(session: Session, scope: Scope) -> Answer:
    """Of the vehicles whose last visit lay 13–24 months back at the end of a month, had they not
    come in it, those that came in that month. The summary is that of the last month that is over.
    """
    first = months_after(scope.today.replace(day=1), -(YEAR - 1))
    starts = [months_after(first, step) for step in range(YEAR)]
    long_ago = _long_ago(session, scope, months_after(first, -2 * YEAR), first)
    days = [(start, _won_back(long_ago, start, scope.today)) for start in starts]
    kept = [(start, counts) for start, counts in days if counts[1]]
    return Answer(rates(kept, scope, "month"), {**rate(*dict(days)[starts[-2]])})


def _long_ago(
    session: Session, scope: Scope, oldest: date, first: date
) -> list[tuple[date, int | None, int]]:
    """The visits from `oldest` up to a year ago whose vehicle had not come again before `first`:
    the day, the month it next came in, if it did, and how many they were.
    """
    until = months_after(scope.today, -YEAR) + 31 * DAY
    back_in = case((Visit.next_on <= scope.today, month_of(Visit.next_on)))
    still = or_(Visit.next_on.is_(None), Visit.next_on >= first)
    query = select(Visit.day, back_in, func.count()).where(*seen(scope, until, oldest), still)
    found = session.execute(query.group_by(Visit.day, back_in))
    return [(day, month, count) for day, month, count in found]


def _won_back(
    long_ago: list[tuple[date, int | None, int]], start: date, today: date
) -> tuple[int, int, int]:
    """Of those away for long as the month began: how many came in it, and how many there were."""
    end = min(months_after(start, 1) - DAY, today)
    oldest, latest = months_after(end, -2 * YEAR), months_after(end, -YEAR)
    month = month_number(start)
    away = [
        (back_in, count)
        for day, back_in, count in long_ago
        if oldest <= day < latest and (back_in is None or back_in >= month)
    ]
    won = sum(count for back_in, count in away if back_in == month)
    return won, sum(count for _, count in away), 0


def last_in(scope: Scope, first: date, until: date) -> list[Any]:
    """The last visit of each vehicle from `first` on and before `until`."""
    last = or_(Visit.next_on.is_(None), Visit.next_on >= until)
    return [*seen(scope, until - DAY, first), last]


def _by_store(session: Session, met: Any, where: list[Any], by: str) -> Answer:
    query = select(Visit.store_id, met, func.count()).where(*where).group_by(Visit.store_id)
    return of_stores(session, [tuple(row) for row in session.execute(query)], by)


def _by_month(session: Session, scope: Scope) -> tuple[Counter[int], dict[int, Counter[int]]]:
    """Vehicles by the month they came in; and by that month and the month they next came in."""
    before, month = Visit.previous_month, Visit.month
    fresh = or_(before.is_(None), before < month)
    along = (month, Visit.first_month, before)
    query = by_months(session, (before, month), along, [*seen(scope, scope.today), fresh])
    came: Counter[int] = Counter()
    again: dict[int, Counter[int]] = defaultdict(Counter)
    for earlier, later, count in session.execute(query):
        came[later] += count
        if earlier is not None:
            again[earlier][later] += count
    return came, again


def _missed(again: Counter[int], came: int, month: int) -> int:
    """Of those that came, how many did not come again up to the end of `month`."""
    return came - sum(count for later, count in again.items() if later <= month)


def age_at(day: date) -> Callable[[date | None], str]:
    """The full years since the sale."""

    def years(sold: date | None) -> str:
        if sold is None:
            return NONE
        full = max((day.year - sold.year) - ((day.month, day.day) < (sold.month, sold.day)), 0)
        return f"{OLDEST}+" if full >= OLDEST else str(full)

    return years


def warranty_at(scope: Scope) -> Callable[[date | None], str]:
    """Whether the warranty runs, ended within the last twelve months, or earlier."""

    def state(until: date | None) -> str:
        if until is None:
            return NONE
        if until >= scope.today:
            return "in"
        return "ended_lately" if until >= back(scope, YEAR) else "out"

    return state
