"""Which complaints an action answers, and which of their customers have been told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused
from data.commands.improving import change
from data.improvements import recurring
from data.models import Complaint, Improvement, ImprovementComplaint

MOST = 500


@change
def link(
    session: Session, action: Improvement, *, now: datetime, complaint_id: int
) -> dict[str, Any]:
    """This complaint is answered by the action. One that came after it was found effective says
    that the cause is back: the action is taken up again.
    """
    complaint = _link(session, action, complaint_id)
    said: dict[str, Any] = {"complaint": complaint.number, "complaint_id": complaint.id}
    if recurring.is_back(session, action, complaint):
        recurring.take_up(action)
        said["recurred"] = True
    return said


@change
def unlink(
    session: Session, action: Improvement, *, now: datetime, complaint_id: int
) -> dict[str, Any]:
    """This complaint is not about it after all."""
    row = _linked(session, action, complaint_id)
    if row.informed_at is not None:
        raise Refused("This customer has been told already; the link stays.")
    session.delete(row)
    return {"complaint_id": complaint_id}


@change
def inform(
    session: Session, action: Improvement, *, now: datetime, complaint_id: int
) -> dict[str, Any]:
    """The customer behind this complaint was told what has been done."""
    row = _linked(session, action, complaint_id)
    if row.informed_at is not None:
        raise Refused("This customer has been told already.")
    row.informed_at = now
    return {"complaint_id": complaint_id}


def link_all(session: Session, action: Improvement, complaints: Collection[int]) -> None:
    """Link these complaints to a new action."""
    if len(complaints) > MOST:
        raise Refused("Too many complaints at once: at most {most}.", most=MOST)
    for complaint_id in dict.fromkeys(complaints):
        _link(session, action, complaint_id)


def _link(session: Session, action: Improvement, complaint_id: int) -> Complaint:
    complaint = session.get(Complaint, complaint_id)
    if complaint is None or complaint.store_id != action.store_id:
        raise NotFound("There is no such complaint among your stores.")
    if _row(session, action, complaint_id) is not None:
        raise Refused("The complaint {number} is linked already.", number=complaint.number)
    session.add(
        ImprovementComplaint(
            store_id=action.store_id, action_id=action.id, complaint_id=complaint_id
        )
    )
    session.flush()
    return complaint


def _linked(session: Session, action: Improvement, complaint_id: int) -> ImprovementComplaint:
    row = _row(session, action, complaint_id)
    if row is None:
        raise NotFound("This complaint is not linked to the action.")
    return row


def _row(session: Session, action: Improvement, complaint_id: int) -> ImprovementComplaint | None:
    one = ImprovementComplaint
    mine = (one.store_id == action.store_id, one.action_id == action.id)
    return session.scalar(select(one).where(*mine, one.complaint_id == complaint_id))
