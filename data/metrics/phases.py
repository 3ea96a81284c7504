"""Where a trend starts anew: the days on which something was done about what it counts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from data.metrics.complaints.standing import categories_below
from data.models import ComplaintCategory, Improvement, Store
from data.scope import Scope

CALLED_OFF = "cancelled"


def changes(session: Session, scope: Scope) -> Sequence[date]:
    """The local days on which improvements aimed at the scope's categories were done, by `as_of`.

    They say something about a single store asked about a category; among several stores, or over
    all categories, one action is no change of the whole, and the answer is empty.
    """
    asked = scope.asked("category")
    if not asked or not _single(session, scope):
        return []
    done = Improvement.done_at
    query = (
        select(done)
        .where(*scope.where(Improvement), done <= scope.as_of, Improvement.state != CALLED_OFF)
        .where(
            or_(
                Improvement.category_id.in_(categories_below(asked)),
                Improvement.category_id.in_(_above(asked)),
            )
        )
    )
    zone = ZoneInfo(scope.zone)
    return sorted(moment.astimezone(zone).date() for moment in session.scalars(query) if moment)


def _single(session: Session, scope: Scope) -> bool:
    wanted = [Store.code.in_(scope.stores)] if scope.stores else []
    return session.scalar(select(func.count(Store.id)).where(*wanted)) == 1


def _above(codes: tuple[str, ...]) -> Select[Any]:
    """The categories that these are part of."""
    return select(ComplaintCategory.parent_id).where(
        ComplaintCategory.code.in_(codes), ComplaintCategory.parent_id.is_not(None)
    )
