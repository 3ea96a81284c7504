"""Can the answers be believed: who called, how long, and what was left blank."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import BY, Owed, share_of
from data.metrics.matters import CALLS, STAFF
from data.metrics.trend import GRAINS
from data.models import Followup, RepairOrder, SurveyResponse
from data.norms import norm
from data.scope import Scope

TOP, TOP_NPS = 5, 10
ORDER = (
    RepairOrder,
    and_(RepairOrder.store_id == Followup.store_id, RepairOrder.id == Followup.order_id),
)
RESPONSE = (
    SurveyResponse,
    and_(
        SurveyResponse.store_id == Followup.store_id,
        SurveyResponse.callback_id == Followup.id,
    ),
)


@metric(
    "call_length_compliance",
    "Calls of a proper length",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def call_length_compliance(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Completed calls that took between 5 and 10 minutes (a setting) ÷ completed calls whose
    length is known; `unknown` are the others. `short_full_marks` are completed calls of less than
    a minute in which everything got the best mark. By the day they are due.
    """
    owed, length = Owed(scope), norm(session, "call_length")
    proper = Followup.talk_s.between(length["least_s"], length["most_s"])
    known = Followup.talk_s.is_not(None)
    found = owed.counted(
        session,
        by,
        func.count().filter(proper),
        func.count().filter(known),
        func.count().filter(~known),
        func.count().filter(short_full_marks(length["short_s"])),
        joins=(RESPONSE,),
        only=(owed.completed,),
    )
    answer = share_of(session, [(*row[:3], 0) for row in found], scope, grain, by)
    unknown, short = (sum(row[place] for row in found) for place in (3, 4))
    beside = {"short_full_marks": short, "unknown": unknown}
    return Answer(answer.frame, answer.summary | beside)


def short_full_marks(short_s: int) -> ColumnElement[bool]:
    """A call too short to have asked anything, in which everything got the best mark."""
    return and_(
        Followup.talk_s.is_not(None),
        Followup.talk_s < short_s,
        full_marks(),
    )


def full_marks(response: Any = SurveyResponse) -> ColumnElement[bool]:
    """Overall the best mark, no question below it, and the best recommendation if asked."""
    return and_(
        response.overall.is_not(None),
        response.overall == TOP,
        or_(response.lowest.is_(None), response.lowest >= TOP),
        or_(response.nps.is_(None), response.nps >= TOP_NPS),
    )


@metric(
    "caller_independence",
    "Called by somebody else",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def caller_independence(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Completed calls whose caller is not the service adviser of the order ÷ completed calls whose
    caller and adviser are known; `unknown` are the others, also calls without an order. By the
    day they are due.
    """
    owed = Owed(scope)
    known = and_(Followup.agent_id.is_not(None), RepairOrder.adviser_id.is_not(None))
    found = owed.counted(
        session,
        by,
        func.count().filter(and_(known, Followup.agent_id != RepairOrder.adviser_id)),
        func.count().filter(known),
        func.count().filter(~known),
        joins=(ORDER,),
        only=(owed.completed,),
    )
    answer = share_of(session, [(*row[:3], 0) for row in found], scope, grain, by)
    return Answer(answer.frame, answer.summary | {"unknown": sum(row[3] for row in found)})


@metric(
    "blank_answer_rate",
    "Questions left blank",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def blank_answer_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Required questions left blank without a remark ÷ required questions asked, of all callbacks
    that were answered. A blank is no answer, not a zero. By the day the callback is due.
    """
    owed = Owed(scope)
    found = owed.counted(
        session,
        by,
        func.sum(SurveyResponse.blank),
        func.sum(SurveyResponse.asked),
        joins=(RESPONSE,),
        only=(owed.by_now(SurveyResponse.answered_at),),
    )
    counted = [(key, blank, asked, 0) for key, blank, asked in found if asked]
    return share_of(session, counted, scope, grain, by)
