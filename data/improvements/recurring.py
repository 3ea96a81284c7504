"""When a cause that was cured is back: a complaint of the same category and cause, soon after."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events, norms
from data.improvements.counting import below
from data.models import Complaint, Improvement, ImprovementComplaint, ImprovementState


def take_up(action: Improvement) -> None:
    """It is worked on again, and nothing is known of its effect any more."""
    action.state, action.reopened = ImprovementState.IN_PROGRESS, action.reopened + 1
    action.done_at = action.verified_at = action.cancelled_at = action.verdict = None


def is_back(session: Session, action: Improvement, complaint: Complaint) -> bool:
    """Whether this complaint, of the same cause, comes soon after the action was found effective.

    It must be of the action's category, or of one below it.
    """
    if action.state != ImprovementState.EFFECTIVE or action.verified_at is None:
        return False
    days = norms.norm(session, "effect")["recurs_within_days"]
    soon = action.verified_at < complaint.opened_at <= action.verified_at + timedelta(days=days)
    return soon and complaint.category_id in below(session)[action.category_id]


def same_cause(action: Improvement, complaint: Complaint) -> bool:
    """Whether the root cause found for the complaint reads as that of the action."""
    return bool(action.cause) and _plain(action.cause) == _plain(complaint.root_cause)


def settle(session: Session, *, now: datetime) -> int:
    """Take up every effective action whose cause is back; how many. For the worker."""
    return sum(_settled(session, action, now) for action in _effective(session))


def _effective(session: Session) -> Sequence[Improvement]:
    query = select(Improvement).where(
        Improvement.state == ImprovementState.EFFECTIVE, Improvement.category_id.is_not(None)
    )
    return session.scalars(query.with_for_update()).all()


def _settled(session: Session, action: Improvement, now: datetime) -> bool:
    for complaint in since_effective(session, action, as_of=now):
        linked = _is_linked(session, action, complaint)
        if (linked or same_cause(action, complaint)) and is_back(session, action, complaint):
            version = action.version
            take_up(action)
            said = {"complaint": complaint.number, "recurred": True, "version": version}
            events.record(session, action, "reopened", at=now, **said)
            return True
    return False


def since_effective(
    session: Session, action: Improvement, *, as_of: datetime
) -> Sequence[Complaint]:
    """The complaints of its category since it was found effective, oldest first."""
    if action.verified_at is None or action.category_id is None:
        return []
    one = Complaint
    query = select(one).where(
        one.store_id == action.store_id,
        one.category_id.in_(below(session)[action.category_id]),
        one.opened_at > action.verified_at,
        one.opened_at <= as_of,
    )
    return session.scalars(query.order_by(one.opened_at, one.id)).all()


def _is_linked(session: Session, action: Improvement, complaint: Complaint) -> bool:
    one = ImprovementComplaint
    mine = (one.store_id == action.store_id, one.action_id == action.id)
    return session.scalar(select(one.id).where(*mine, one.complaint_id == complaint.id)) is not None


def _plain(said: str | None) -> str:
    return " ".join((said or "").split()).casefold()
