"""Whether insurances are renewed."""

from typing import Any

from sqlalchemy import Subquery, func, select
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
    policies = _policies(scope)
    ends_on, following = policies.c.ends_on, policies.c.next_ends_on
    renewed = days_between(ends_on, following) <= SOON_DAYS
    over = ends_on < scope.today
    key = ends_on if by == "period" else policies.c.store_id
    counts = (
        func.sum(policies.c.followed).filter(over, renewed),
        *(func.sum(policies.c.policies).filter(one) for one in (over, ~over)),
    )
    found: list[tuple[Any, int, int, int]] = [
        (at, int(met or 0), int(whole or 0), int(young or 0))
        for at, met, whole, young in session.execute(select(key, *counts).group_by(key))
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


def _policies(scope: Scope) -> Subquery:
    """How many policies end on a day, the next on another, and of how many that next is known.

    Counted along their index: what days lie between is then worked out once for many.
    """
    policy = InsurancePolicy
    followed = func.count().filter(policy.next_noted_at <= scope.as_of)
    keys = (policy.store_id, policy.ends_on, policy.next_ends_on)
    query = select(*keys, func.count().label("policies"), followed.label("followed"))
    where = (*scope.where(policy, policy.ends_on), policy.noted_at <= scope.as_of)
    return query.where(*where).group_by(*keys).subquery()
