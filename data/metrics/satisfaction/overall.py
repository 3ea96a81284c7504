"""How content customers are overall: the best two marks, the best, the worst two."""

from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS, STAFF
from data.metrics.satisfaction.answers import BY, Answers
from data.metrics.trend import GRAINS
from data.scope import Scope


@metric("csat_t2b", "Satisfied customers", unit="share", reads=CALLS | STAFF, grain=GRAINS, by=BY)
def csat_t2b(session: Session, scope: Scope, *, grain: str = "week", by: str = "period") -> Answer:
    """Answers of 4 or 5 ÷ answers to the overall question on five points, from the person served
    or the owner. A blank is no answer, not a zero. By the local day of the answer.
    """
    return Answers(scope).share(session, "content", grain=grain, by=by)


@metric(
    "csat_t1b", "Very satisfied customers", unit="share", reads=CALLS | STAFF, grain=GRAINS, by=BY
)
def csat_t1b(session: Session, scope: Scope, *, grain: str = "week", by: str = "period") -> Answer:
    """Answers of 5 ÷ answers to the overall question on five points, from the person served or
    the owner. A blank is no answer, not a zero. By the local day of the answer.
    """
    return Answers(scope).share(session, "top", grain=grain, by=by)


@metric(
    "dissatisfied_rate",
    "Dissatisfied customers",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def dissatisfied_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Answers of 1 or 2 ÷ answers to the overall question on five points, from the person served
    or the owner. A blank is no answer, not a zero. By the local day of the answer.
    """
    return Answers(scope).share(session, "discontent", grain=grain, by=by)
