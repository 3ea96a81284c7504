"""What a call about a churn case said: why they stay away, or that they were told it is mended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data.commands import Refused, staying
from data.commands.cases import choice, text
from data.models import ChurnCase, ChurnReason, ChurnState, Followup, Respondent
from data.moves import AWAY

BEFORE_ASKING = (ChurnState.SELECTED, ChurnState.ANALYSED)


def case_of(session: Session, task: Followup) -> ChurnCase | None:
    """The churn case a callback is about, if it is about one, locked until the end."""
    mine = or_(ChurnCase.ask_id == task.id, ChurnCase.tell_id == task.id)
    query = select(ChurnCase).where(ChurnCase.store_id == task.store_id, mine)
    return session.scalars(query.with_for_update()).first()


def answered(
    session: Session,
    task: Followup,
    said: Mapping[str, Any] | None,
    *,
    now: datetime,
    respondent: Respondent,
) -> dict[str, Any]:
    """Keep what the customer said of a churn case on this call; what the event says of it.

    On the first call one main reason is needed, unless somebody else answered. Answers for a call
    that is about no case are refused.
    """
    case = case_of(session, task)
    if case is None:
        if said is not None:
            raise Refused("This callback is not about a customer who stays away.")
        return {}
    if respondent is Respondent.OTHER or case.state not in AWAY:
        return {"churn_case": case.id}
    if case.tell_id == task.id:
        case.told_at, case.state = now, ChurnState.ACTED_ON
        staying.note(session, case, "told", at=now, callback=task.number)
        return {"churn_case": case.id}
    return {"churn_case": case.id, "churn_reason": _asked(session, case, task, said, now)}


def sold(session: Session, task: Followup, now: datetime) -> None:
    """The car is not theirs any more: the case of this call is lost."""
    case = case_of(session, task)
    if case is not None and case.state in AWAY:
        case.reason = case.reason or ChurnReason.SOLD
        staying.end(case, ChurnState.LOST, now)
        staying.note(session, case, "lost", at=now, callback=task.number, why="sold")


def _asked(
    session: Session,
    case: ChurnCase,
    task: Followup,
    said: Mapping[str, Any] | None,
    now: datetime,
) -> ChurnReason:
    if not (said and said.get("reason")):
        raise Refused("Please choose the main reason why the customer stays away.")
    reason = choice(ChurnReason, said["reason"])
    case.reason, case.reason_words = reason, text(said.get("words") or "") or None
    case.asked_at = case.asked_at or now
    if case.state in BEFORE_ASKING:
        case.state = ChurnState.ASKED
    staying.note(session, case, "asked", at=now, callback=task.number, reason=reason)
    return reason
