"""Whether those who complained were told what has been done about it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.improvements.standing import Standing, standings
from data.metrics.improvements.timing import summed
from data.metrics.matters import ACTIONS
from data.metrics.trend import by_key
from data.models import ImprovementComplaint
from data.models import ImprovementState as State
from data.scope import Scope
from data.stats import rate

BY = ("store", "action")


@metric(
    "customers_informed_rate", "Customers told what was done", unit="share", reads=ACTIONS, by=BY
)
def customers_informed_rate(session: Session, scope: Scope, *, by: str = "store") -> Answer:
    """Customers who complained and were told what has been done ÷ customers whose complaints an
    action answers, once it is done. Those of actions that are not done yet are not due. Cancelled
    actions do not count, and the period does not narrow them.
    """
    known = {one.id: one for one in standings(session, scope) if one.state != State.CANCELLED}
    link = ImprovementComplaint
    query = select(link.action_id, link.informed_at).where(*scope.where(link))
    rows = [
        (known[number], _judged(known[number], told, scope))
        for number, told in session.execute(query)
        if number in known
    ]
    summary = rate(*summed(counts for _, counts in rows))
    keyed = sorted((one.store if by == "store" else one.number, *counts) for one, counts in rows)
    return Answer(by_key(keyed), {**summary})


def _judged(one: Standing, told: datetime | None, scope: Scope) -> tuple[int, int, int]:
    """Told, matured, not due."""
    informed = told is not None and told <= scope.as_of
    due = one.done_at is not None or informed
    return int(informed), int(due), int(not due)
