"""News of improvement actions: who was given one, and which run late."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from data.models import ComplaintCategory, Employee, Event, Improvement, ImprovementState, Store
from data.telling.news import News, given, happened, names

OVERDUE_DAYS = 7
OWED = (ImprovementState.OPEN, ImprovementState.IN_PROGRESS, ImprovementState.NOT_EFFECTIVE)


def assigned(session: Session, store: Store, now: datetime) -> Iterator[News]:
    """Each action that was opened, or given to somebody else, in the last day."""
    of = and_(Improvement.store_id == Event.store_id, Improvement.id == Event.subject_id)
    query = (
        select(Event, Improvement, ComplaintCategory.code)
        .join(Improvement, of)
        .outerjoin(ComplaintCategory, ComplaintCategory.id == Improvement.category_id)
        .where(*happened(store, "action", ("opened", "assigned"), now))
        .order_by(Event.id)
    )
    found = session.execute(query).all()
    called = names(session, store, (entry for entry, *_ in found))
    for entry, action, category in found:
        said = _about(action, category) | given(entry, called)
        yield News("improvement_assigned", f"assigned:{entry.id}", said)


def overdue(session: Session, store: Store, now: datetime) -> Iterator[News]:
    """Each action whose date passed within the last week, once for each date."""
    today = now.astimezone(ZoneInfo(store.zone)).date()
    whose = and_(Employee.store_id == Improvement.store_id, Employee.id == Improvement.owner_id)
    query = (
        select(Improvement, ComplaintCategory.code, Employee.name)
        .outerjoin(ComplaintCategory, ComplaintCategory.id == Improvement.category_id)
        .outerjoin(Employee, whose)
        .where(
            Improvement.store_id == store.id,
            Improvement.state.in_(OWED),
            Improvement.due_on < today,
            Improvement.due_on >= today - timedelta(days=OVERDUE_DAYS),
        )
        .order_by(Improvement.id)
    )
    for action, category, owner in session.execute(query):
        key = f"overdue:{action.id}:{action.due_on.isoformat()}"
        yield News("improvement_overdue", key, _about(action, category) | {"owner": owner})


def _about(action: Improvement, category: str | None) -> dict[str, Any]:
    return {
        "number": action.number,
        "action_kind": action.kind,
        "category": category,
        "churn_reason": action.churn_reason,
        "dimension": action.dimension,
        "due_on": action.due_on.isoformat(),
    }
