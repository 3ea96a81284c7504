"""Of whom we asked and whom we did not reach: who answered, and how far the others could weigh."""

from typing import Any

from pandas import DataFrame
from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, Owed, named
from data.metrics.followups.truth import RESPONSE
from data.metrics.matters import CALLS, STAFF
from data.metrics.satisfaction.answers import of_order, shared
from data.metrics.trend import GRAINS
from data.models import Followup, FollowupRule, Respondent, SurveyResponse
from data.scope import Scope
from data.sums.answers import CONTENT

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
    owed = _asked(scope)
    somebody_else = and_(
        owed.by_now(Followup.completed_at),
        Followup.respondent.is_not(None),
        Followup.respondent == Respondent.OTHER,
    )
    found = owed.counted(
        session,
        by,
        func.count().filter(and_(owed.completed, owed.matured, _says_something())),
        func.count().filter(owed.matured),
        func.count().filter(~owed.matured),
        joins=(RESPONSE,),
        only=(owed.connected, not_(somebody_else)),
    )
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
    owed, overall = _asked(scope), SurveyResponse.overall
    answered = and_(owed.completed, overall.is_not(None))
    found = owed.counted(
        session,
        "store",
        func.count().filter(and_(answered, overall >= CONTENT)),
        func.count().filter(answered),
        func.count().filter(~owed.completed),
        joins=(RESPONSE,),
        only=(owed.matured,),
    )
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
    owed, rule = Owed(scope), FollowupRule
    with_questions = select(rule.id).where(rule.questionnaire_id.is_not(None))
    owed.where.append(Followup.rule_id.in_(with_questions))
    owed.where += of_order(Followup, scope)
    return owed


def _says_something() -> ColumnElement[bool]:
    """At least one question was answered with a mark; `lowest` is that of the five-point ones."""
    response = SurveyResponse
    return and_(
        response.id.is_not(None),
        or_(response.lowest.is_not(None), response.overall.is_not(None), response.nps.is_not(None)),
    )
