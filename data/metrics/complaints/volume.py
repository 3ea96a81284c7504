"""How many complaints there are, per order and per category."""

from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import Standing
from data.metrics.matters import CASES, CASES_OVER_TIME
from data.metrics.phases import changes
from data.metrics.trend import GRAINS, change_points, gather, with_limits
from data.models import ComplaintCategory, DeliveredDay, RepairOrder
from data.scope import Scope
from data.spc import count_chart
from data.stats import rate

THOUSAND = 1000
LARGE = ("value", "ci_low", "ci_high")


@metric(
    "complaints_per_1000_orders",
    "Complaints per 1,000 orders",
    unit="per_1000",
    reads=CASES_OVER_TIME,
    grain=GRAINS,
)
def complaints_per_1000_orders(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """1,000 × complaints opened ÷ orders delivered, both by their local day. The numerator and the
    denominator stand beside it; limits are those of a u-chart, or of Laney's u′ where large
    counts scatter beyond chance.
    """
    stood = Standing(scope, "opened_on")
    day = stood.c.opened_on
    opened = session.execute(select(day, func.count()).group_by(day)).all()
    both = [(day, (count, 0)) for day, count in opened]
    both += [(day, (0, count)) for day, count in orders_by_day(session, scope)]
    periods = gather(both, scope, grain)
    begun = change_points([start for start, *_ in periods], changes(session, scope))
    return Answer(_per_1000(periods, begun), _scaled(_sums(periods)))


def orders_by_day(session: Session, scope: Scope) -> list[tuple[date, int]]:
    """Orders delivered by `as_of` on each local day of the scope."""
    whole, day = DeliveredDay, DeliveredDay.day
    before = (
        select(day, func.sum(whole.orders))
        .where(*scope.where(whole, day), day < scope.today)
        .group_by(day)
    )
    order = RepairOrder
    today = (
        select(order.delivered_on, func.count())
        .where(*scope.where(order, order.delivered_on), order.delivered_on == scope.today)
        .where(order.delivered_at <= scope.as_of)
        .group_by(order.delivered_on)
    )
    found = [*session.execute(before), *session.execute(today)]
    return [(day, int(count)) for day, count in found if day is not None]


def _per_1000(periods: list[tuple[date, bool, tuple[int, ...]]], begun: Sequence[int]) -> DataFrame:
    rows = [
        {"period": start, "finished": finished, **_scaled(counts)}
        for start, finished, counts in periods
    ]
    columns = ["period", "finished", *rate(0, 0)]
    over = [counts if finished else (0, 0) for _, finished, counts in periods]
    limits = count_chart(
        [found for found, _ in over],
        [orders / THOUSAND for _, orders in over],
        change_points=begun,
    )
    return with_limits(DataFrame(rows, columns=columns), limits)


def _sums(periods: list[tuple[date, bool, tuple[int, ...]]]) -> tuple[int, ...]:
    return tuple(sum(counts[place] for *_, counts in periods) for place in range(2))


def _scaled(counts: tuple[int, ...]) -> dict[str, Any]:
    """The share of orders with a complaint, times a thousand."""
    share: dict[str, Any] = {**rate(*counts)}
    return share | {key: share[key] and share[key] * THOUSAND for key in LARGE}


@metric(
    "category_pareto", "Complaints by category", unit="complaints", reads=CASES, level=("1", "2")
)
def category_pareto(session: Session, scope: Scope, *, level: str = "1") -> Answer:
    """Complaints opened in the period by category of the first or second level, most frequent
    first, with their share and the cumulative share. A category is common if it counts more than
    three standard deviations above what an even spread would give it (c-chart), else isolated.
    """
    stood = Standing(scope, "opened_on", "category_id")
    own, parent = aliased(ComplaintCategory), aliased(ComplaintCategory)
    top = (own.parent_id == parent.id) | (own.parent_id.is_(None) & (own.id == parent.id))
    shown = parent if level == "1" else own
    query = (
        select(shown.code.label("category"), shown.name, shown.name_zh, func.count().label("count"))
        .select_from(stood.rows)
        .outerjoin(own, own.id == stood.c.category_id)
        .outerjoin(parent, top)
        .group_by(shown.code, shown.name, shown.name_zh)
        .order_by(func.count().desc(), shown.code)
    )
    return _pareto(frame(session, query))


def _pareto(rows: DataFrame) -> Answer:
    total, limit = int(rows["count"].sum()), _upper(rows["count"].tolist())
    rows["share"] = rows["count"] / (total or 1)
    rows["cumulative"] = rows["share"].cumsum()
    rows["verdict"] = ["common" if count > limit else "isolated" for count in rows["count"]]
    return Answer(rows, {"count": total})


def _upper(counts: list[int]) -> float:
    mean = sum(counts) / len(counts) if counts else 0.0
    return mean + 3 * sqrt(mean)


@metric("complaint_origins", "Complaints by origin", unit="complaints", reads=CASES)
def complaint_origins(session: Session, scope: Scope) -> Answer:
    """Complaints opened in the period by where they come from (product, process, people, parts,
    misuse), most frequent first; those nobody has classified stand apart.
    """
    stood = Standing(scope, "origin")
    origin = func.coalesce(stood.c.origin, "none").label("origin")
    query = select(origin, func.count().label("count")).group_by(origin)
    rows = frame(session, query.order_by(func.count().desc(), origin))
    total = int(rows["count"].sum())
    return Answer(rows.assign(share=rows["count"] / (total or 1)), {"count": total})
