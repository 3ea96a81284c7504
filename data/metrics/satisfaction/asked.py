"""Of whom we asked and whom we did not reach: who answered, and how far the others could weigh."""

from typing import Any

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import KEYS, NONE, Owed, named
from data.metrics.matters import CALLS, STAFF
from data.metrics.satisfaction.answers import of_order, shared
from data.metrics.trend import GRAINS
from data.models import Followup, FollowupRule
from data.scope import Scope
from data.sums.heard import HEARD

COLUMNS = ("key", "low", "value", "high", "satisfied", "answered", "unreached")


@metric(
    "response_rate",
    "Questionnaires answered",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=("period", "store", "agent", "rule"),
)
def response_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Questionnaires answered ÷ asked. Asked are the callbacks with a questionnaire whose customer
    was reached, and whose deadline has passed or that are over; answered those with at least one
    answer from the person served or the owner. By the local day the callback is due.
    """
    sums = _asked(scope).sums(session, HEARD, [KEYS[by]], "replied", "reached", "waiting")
    found = [row for row in sums if any(row[1:])]
    return shared(session, found, scope, grain, by)


@metric(
    "unreached_bounds",
    "Satisfied, if those not reached were asked",
    unit="share",
    reads=CALLS,
    by=("total", "store"),
)
def unreached_bounds(session: Session, scope: Scope, *, by: str = "total") -> Answer:
    """Of the matured callbacks with a questionnaire: satisfied (4 or 5 overall) ÷ answered, and
    between which bounds it would lie if all who were not reached were dissatisfied (`low`) or
    satisfied (`high`). Not reached are those without a completed call. By the local day the
    callback is due.
    """
    counts = ("satisfied", "scored", "unreached", "matured")
    sums = _asked(scope).sums(session, HEARD, ["store_id"], *counts)
    found = [row[:-1] for row in sums if row[-1]]
    whole = _bounds("total", *(sum(row[place] for row in found) for place in (1, 2, 3)))
    names = named(session, "store")
    stores = sorted((names.get(key, (NONE,))[0], *counts) for key, *counts in found)
    rows = [_bounds(*store) for store in stores] if by == "store" else [whole]
    summary = {name: value for name, value in whole.items() if name != "key"}
    return Answer(DataFrame(rows, columns=list(COLUMNS)), summary)


def _bounds(key: str, satisfied: int, answered: int, unreached: int) -> dict[str, Any]:
    """The share of satisfied with what it could be at the least and at the most."""
    known = answered + unreached
    return {
        "key": key,
        "low": satisfied / known if known else None,
        "value": satisfied / answered if answered else None,
        "high": (satisfied + unreached) / known if known else None,
        "satisfied": satisfied,
        "answered": answered,
        "unreached": unreached,
    }


def _asked(scope: Scope) -> Owed:
    """The callbacks whose rule has a questionnaire."""
    with_questions = select(FollowupRule.id).where(FollowupRule.questionnaire_id.is_not(None))
    owed = Owed(scope, rules=with_questions)
    owed.narrow(*of_order(Followup, scope))
    return owed
