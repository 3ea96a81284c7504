"""News of complaints: who was given one, and which deadlines come near."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.models import Complaint, ComplaintCategory, Employee, Event, Store
from data.telling.news import NEWS, News, given, happened, names

Moment = InstrumentedAttribute[datetime | None]
CLOCKS: dict[str, tuple[Moment, Moment, Moment]] = {
    "reply": (Complaint.reply_warn_at, Complaint.reply_due_at, Complaint.replied_at),
    "close": (Complaint.close_warn_at, Complaint.close_due_at, Complaint.resolved_at),
}


def assigned(session: Session, store: Store, now: datetime) -> Iterator[News]:
    """Each complaint that was given to somebody in the last day."""
    of = and_(Complaint.store_id == Event.store_id, Complaint.id == Event.subject_id)
    query = (
        select(Event, Complaint, ComplaintCategory.code)
        .join(Complaint, of)
        .outerjoin(ComplaintCategory, ComplaintCategory.id == Complaint.category_id)
        .where(*happened(store, "complaint", ("assigned",), now))
        .order_by(Event.id)
    )
    found = session.execute(query).all()
    called = names(session, store, (entry for entry, *_ in found))
    for entry, case, category in found:
        said = _about(case, category) | given(entry, called)
        yield News("complaint_assigned", f"assigned:{entry.id}", said)


def coming_breaches(session: Session, store: Store, now: datetime) -> Iterator[News]:
    """Each open complaint whose warning time has come, once for each deadline.

    One that was missed meanwhile, within a day, is told as well: nobody was warned of it.
    """
    for clock in CLOCKS:
        for case, category, due_at, owner in session.execute(_warned(store, clock, now)):
            local = due_at.astimezone(ZoneInfo(store.zone)).isoformat()
            said = {"clock": clock, "due_at": local, "late": due_at <= now, "owner": owner}
            key = f"due:{case.id}:{clock}:{due_at.isoformat()}"
            yield News("complaint_due", key, _about(case, category) | said)


def _warned(store: Store, clock: str, now: datetime) -> Select[Any, Any, Any, Any]:
    warn, due, done = CLOCKS[clock]
    whose = and_(Employee.store_id == Complaint.store_id, Employee.id == Complaint.owner_id)
    return (
        select(Complaint, ComplaintCategory.code, due, Employee.name)
        .outerjoin(ComplaintCategory, ComplaintCategory.id == Complaint.category_id)
        .outerjoin(Employee, whose)
        .where(
            Complaint.store_id == store.id,
            Complaint.resolved_at.is_(None),
            Complaint.closed_at.is_(None),
            done.is_(None),
            warn <= now,
            due > now - NEWS,
        )
        .order_by(Complaint.id)
    )


def _about(case: Complaint, category: str | None) -> dict[str, Any]:
    return {"number": case.number, "severity": case.severity, "category": category}
