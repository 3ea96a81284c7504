"""What customers are worth, and what is at stake with those that stay away."""

from collections import Counter
from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import lifetime
from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.gaps import class_bounds, class_of
from data.metrics.retention.standing import back, seen, standing
from data.models import Visit
from data.scope import Scope

AWAY = ("at_risk", "dormant", "lost")
YEAR = 12
FEN = 100


@metric("value_at_risk", "Money at stake", unit="yuan", reads=VISITS)
def value_at_risk(session: Session, scope: Scope) -> Answer:
    """What the vehicles that are at risk, dormant or lost brought in the year up to the last visit
    of each, added up.
    """
    bounds = class_bounds(session, scope.today)
    query = select(Visit.day, func.count(), func.sum(Visit.year_fen)).where(
        *standing(session, scope)
    )
    counts: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    for day, count, sum_ in session.execute(query.group_by(Visit.day)):
        counts[class_of(day, bounds)] += count
        fen[class_of(day, bounds)] += int(sum_)
    rows = [(one, counts[one], fen[one] / FEN) for one in AWAY]
    summary = {"value": sum(row[2] for row in rows), "vehicles": sum(row[1] for row in rows)}
    return Answer(DataFrame(rows, columns=["class", "count", "value"]), summary)


@metric("customer_value", "Lifetime value of a customer", unit="yuan", reads=VISITS)
def customer_value(session: Session, scope: Scope) -> Answer:
    """A year's service × years × cars, and the price of a car × cars: the house's formula, a
    setting. Beside it what a vehicle of the active base really brought in the last twelve months.
    """
    worth = lifetime.worth(lifetime.formula(session).parts)
    row = {
        "value": worth.whole_fen / FEN,
        "service_part": worth.service_fen / FEN,
        "cars_part": worth.cars_fen / FEN,
        **_observed(session, scope),
    }
    return Answer(DataFrame([row]), row)


def _observed(session: Session, scope: Scope) -> dict[str, Any]:
    year = seen(scope, scope.today, back(scope, YEAR))
    spent = session.scalar(select(func.sum(Visit.spend_fen)).where(*year)) or 0
    active = [*standing(session, scope), Visit.day >= back(scope, YEAR)]
    vehicles = session.scalar(select(func.count()).select_from(Visit).where(*active)) or 0
    return {
        "observed_year": int(spent) / FEN / vehicles if vehicles else None,
        "vehicles": vehicles,
    }
