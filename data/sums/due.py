"""All sums by the local day on which a call is due."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from data.models import CallAttempt, Followup, SurveyResponse
from data.sums.faulty import FAULTY_CALLS
from data.sums.followups import BY_AGENT, BY_RULE
from data.sums.heard import HEARD
from data.sums.kinds import Ledger
from data.sums.unreached import UNREACHED

MOMENTS = (
    *(Followup.planned_at, Followup.due_at, Followup.first_attempt_at),
    *(Followup.connected_at, Followup.completed_at, Followup.ended_at),
)


def _later(as_of: datetime) -> ColumnElement[bool]:
    """Something about the call lies ahead, or a try or an answer that stands in no column of it."""
    attempt, said = CallAttempt, SurveyResponse
    lately = as_of.astimezone(UTC).date() - timedelta(days=1)  # by the clocks of any store
    tried = exists(_of_call(attempt).where(attempt.tried_on >= lately, attempt.at > as_of))
    answered = exists(_of_call(said).where(said.answered_at > as_of))
    return or_(*(moment > as_of for moment in MOMENTS), tried, answered)


def _of_call(part: Any) -> Select[Any]:
    same = (part.store_id == Followup.store_id, part.callback_id == Followup.id)
    return select(part.id).where(*same)


DUE = Ledger(
    "due",
    Followup.store_id,
    Followup.due_on,
    _later,
    (BY_RULE, BY_AGENT, HEARD, UNREACHED, FAULTY_CALLS),
)
