"""Hot alerts: answers that ask for a complaint within a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, metric
from data.metrics.matters import CALLS, CASES, STAFF
from data.metrics.satisfaction.answers import Answers, alarming, shared
from data.metrics.trend import GRAINS
from data.models import Complaint, SurveyResponse
from data.scope import Scope
from data.sql import hours_later

HOURS = 24
CASE = aliased(Complaint)  # made once: it costs more than the question


@metric(
    "hot_alerts",
    "Hot alerts",
    unit="share",
    reads=CALLS | CASES | STAFF,
    grain=GRAINS,
    by=("period", "store", "agent"),
)
def hot_alerts(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Hot alerts (an answer of 1 or 2 on five points, or of 6 and less on ten) with a complaint of
    the same vehicle opened within 24 hours after the answer ÷ hot alerts; one younger than that
    without a complaint is not due. `count` are all hot alerts, `open` those still without any
    complaint. By the local day of the answer.
    """
    answers = Answers(scope, of_others=True)
    in_time, ripe = complained(scope, HOURS), matured(scope)
    found = answers.counted(
        session,
        by,
        func.count().filter(in_time),
        func.count().filter(ripe),
        func.count().filter(~ripe),
        func.count().filter(~complained(scope)),
        only=(alarming(),),
    )
    answer = shared(session, [row[:4] for row in found], scope, grain, by)
    count, still = (sum(sum(row[p] for p in places) for row in found) for places in ((2, 3), (4,)))
    rows = answer.frame.assign(count=answer.frame["denominator"] + answer.frame["not_due"])
    return Answer(rows, answer.summary | {"count": count, "open": still})


def matured(scope: Scope) -> ColumnElement[bool]:
    """A day has passed since the answer, or a complaint was opened already."""
    a_day_ago = scope.as_of - timedelta(hours=HOURS)
    passed: ColumnElement[bool] = SurveyResponse.answered_at <= a_day_ago
    return passed | complained(scope, HOURS)


def complained(scope: Scope, within: int | None = None) -> ColumnElement[bool]:
    """A complaint of the same vehicle was opened after the answer, within so many hours of it;
    exactly at their end is in time."""
    return exists(select(CASE.id).where(*after_answer(CASE, scope, within)))


def after_answer(case: Any, scope: Scope, within: int | None = None) -> list[ColumnElement[bool]]:
    """What makes `case` a complaint that answers a hot alert."""
    answered = SurveyResponse.answered_at
    wanted = [
        case.store_id == SurveyResponse.store_id,
        case.vehicle_id == SurveyResponse.vehicle_id,
        case.opened_at >= answered,
        case.opened_at <= scope.as_of,
    ]
    return [*wanted, case.opened_at <= hours_later(answered, within)] if within else wanted
