"""The desk of somebody who rings customers: what they did today and what lies before them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import callers
from data.followups import worklist
from data.metrics.followups import completion_rate, on_time_rate
from data.models import ComplaintCategory, Employee, Followup, FollowupState, Store
from data.person import Person
from data.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Somebody's own callbacks: made today, to make by tonight, those of them that are late.

    `completed` and `on_time` are the summaries of those rates for their calls of the period.
    """

    made: int
    to_make: int
    overdue: int
    completed: dict[str, Any]
    on_time: dict[str, Any]


def day(session: Session, scope: Scope, person: Person) -> Day:
    """The day of this person at the scope's stores."""
    own = sorted(callers.mine(session, person))
    theirs = replace(scope, drill=tuple(("agent", str(one)) for one in own or [0]))
    return Day(
        made=_made(session, scope, own),
        to_make=_waiting(session, scope, "overdue", "today"),
        overdue=_waiting(session, scope, "overdue"),
        completed=completion_rate(session, theirs).summary,
        on_time=on_time_rate(session, theirs).summary,
    )


def versions(session: Session, followup_ids: Sequence[int]) -> Sequence[Any]:
    """Id, version and store_id of these calls, as far as they are open and one may see them."""
    columns = select(Followup.id, Followup.version, Followup.store_id)
    wanted = columns.where(Followup.id.in_(followup_ids), Followup.ended_at.is_(None))
    return session.execute(wanted).all()


def colleagues(session: Session, store_id: int) -> Sequence[Employee]:
    """Those of a store who may be given calls, callback agents first."""
    query = select(Employee).where(Employee.store_id == store_id, Employee.active)
    found = session.scalars(query.order_by(Employee.name)).all()
    return sorted(found, key=lambda one: (one.role != "agent", one.role))


def categories(session: Session) -> Sequence[ComplaintCategory]:
    """What a complaint can be about: each main category, then those below it."""
    found = session.scalars(select(ComplaintCategory).where(ComplaintCategory.active)).all()
    return sorted(found, key=lambda row: (row.parent_id or row.id, row.parent_id or 0, row.id))


def zone(session: Session, code: str) -> str | None:
    """The clock of the store with this code."""
    return session.scalar(select(Store.zone).where(Store.code == code))


def _made(session: Session, scope: Scope, own: Sequence[int]) -> int:
    query = select(func.count(Followup.id)).where(
        Followup.agent_id.in_(own),
        Followup.state == FollowupState.COMPLETED,
        Followup.completed_at >= scope.local_midnight(scope.today),
        Followup.completed_at <= scope.as_of,
        *scope.where(Followup),
    )
    return session.scalar(query) or 0


def _waiting(session: Session, scope: Scope, *due: str) -> int:
    drill = (("agent", "me"), *(("due", part) for part in due))
    return worklist.listing(session, replace(scope, drill=drill), count=1)[1]
