"""Whether insurances are renewed."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CARS
from data.metrics.trend import GRAINS, by_key, rates
from data.models import InsurancePolicy, Store
from data.scope import Scope
from data.sql import days_between
from data.stats import rate

SOON_DAYS = 456  # fifteen months: a year's policy taken out at most three months later


@metric(
    "renewal_rate",
    "Insurances renewed",
    unit="share",
    reads=CARS,
    by=("period", "store"),
    grain=GRAINS,
)
def renewal_rate(
    session: Session, scope: Scope, *, by: str = "period", grain: str = "month"
) -> Answer:
    """Policies followed by another of the same car that ends within fifteen months after it ÷
    policies that ran out; by the day they ran out. Those that run out later in the period are not
    due yet.
    """
    policy = InsurancePolicy
    renewed = and_(
        policy.next_noted_at <= scope.as_of,
        days_between(policy.ends_on, policy.next_ends_on) <= SOON_DAYS,
    )
    over = policy.ends_on < scope.today
    key = policy.ends_on if by == "period" else policy.store_id
    counts = (and_(over, renewed), over, ~over)
    query = select(key, *(func.count().filter(one) for one in counts)).where(
        *scope.where(policy, policy.ends_on), policy.noted_at <= scope.as_of
    )
    found: list[tuple[Any, int, int, int]] = [
        (at, int(met), int(whole), int(young))
        for at, met, whole, young in map(tuple, session.execute(query.group_by(key)))
    ]
    summary = rate(*(sum(row[place] for row in found) for place in (1, 2, 3)))
    if by == "period":
        return Answer(
            rates([(at, (met, whole, young)) for at, met, whole, young in found], scope, grain),
            {**summary},
        )
    codes = dict(session.execute(select(Store.id, Store.code)).all())
    return Answer(
        by_key(sorted((codes[at], met, whole, young) for at, met, whole, young in found)),
        {**summary},
    )
