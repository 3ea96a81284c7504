"""How complaints end: closed, reopened, repeated, re-contacted, content, handed around."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import Standing
from data.metrics.matters import CASES, CASES_OVER_TIME
from data.metrics.phases import changes
from data.metrics.trend import GRAINS, rates
from data.models import Complaint, ComplaintCategory
from data.scope import Scope
from data.sql import days_between
from data.stats import rate

TWO_WEEKS = 14
REPEAT_DAYS = 90
MANY_HANDS = 2


@metric(
    "two_week_closure_rate",
    "Closed within reach of two weeks",
    unit="share",
    reads=CASES_OVER_TIME,
    grain=GRAINS,
)
def two_week_closure_rate(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Closed complaints ÷ closed ones and those not closed for longer than two weeks. Younger ones
    that are not closed are not due. By the day they were opened.
    """
    stood = Standing(scope, "opened_on", "opened_at")
    old = stood.c.opened_at < scope.days_ago(TWO_WEEKS)
    return _share(session, stood, stood.closed, of=or_(stood.closed, old), grain=grain)


@metric("reopen_rate", "Reopened", unit="share", reads=CASES_OVER_TIME, grain=GRAINS)
def reopen_rate(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Complaints reopened at least once ÷ complaints that were closed at least once or came back.
    By the day they were opened.
    """
    stood = Standing(scope, "opened_on", "reopened")
    again = stood.c.reopened > 0
    return _share(session, stood, again, of=or_(stood.closed, again), grain=grain)


@metric(
    "recontact_rate",
    "Re-contacted after the solution",
    unit="share",
    reads=CASES_OVER_TIME,
    grain=GRAINS,
)
def recontact_rate(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Closed complaints whose customer was called again about the solution ÷ closed complaints.
    By the day they were opened.
    """
    stood = Standing(scope, "opened_on", "recontacted_at")
    called = and_(stood.closed, stood.by_now(stood.c.recontacted_at))
    return _share(session, stood, called, of=stood.closed, grain=grain)


@metric(
    "resolution_satisfaction",
    "Content with the solution",
    unit="share",
    reads=CASES_OVER_TIME,
    grain=GRAINS,
)
def resolution_satisfaction(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Re-contacted customers who are content with the solution ÷ re-contacted customers.
    By the day the complaint was opened.
    """
    stood = Standing(scope, "opened_on", "recontacted_at", "satisfied")
    called = stood.by_now(stood.c.recontacted_at)
    return _share(session, stood, and_(called, stood.c.satisfied), of=called, grain=grain)


@metric("repeat_rate", "Repeated complaints", unit="share", reads=CASES_OVER_TIME, grain=GRAINS)
def repeat_rate(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Complaints about a vehicle that had complained of the same level-1 category within the 90
    days before ÷ all complaints. By the day they were opened.
    """
    stood = Standing(scope, "opened_on", "opened_at", "vehicle_id", "category_id")
    return _share(session, stood, _repeated(stood), of=true(), grain=grain)


def _repeated(stood: Standing) -> ColumnElement[bool]:
    """An earlier complaint of the same vehicle and kind within the window, by local days."""
    earlier = aliased(Complaint)
    mine, theirs = aliased(ComplaintCategory), aliased(ComplaintCategory)
    kind = (
        select(func.coalesce(mine.parent_id, mine.id))
        .where(mine.id == stood.c.category_id)
        .correlate(stood.rows)
        .scalar_subquery()
    )
    return exists(
        select(earlier.id)
        .join(theirs, theirs.id == earlier.category_id)
        .where(
            earlier.store_id == stood.c.store_id,
            earlier.vehicle_id == stood.c.vehicle_id,
            earlier.opened_at < stood.c.opened_at,
            # not as a range of days, or SQLite reads whole months instead of the one vehicle
            days_between(earlier.opened_on, stood.c.opened_on) <= REPEAT_DAYS,
            func.coalesce(theirs.parent_id, theirs.id) == kind,
        )
    )


def _share(
    session: Session, stood: Standing, met: ColumnElement[bool], *, of: Any, grain: str
) -> Answer:
    """The share of complaints with `met` among those with `of`; what is neither among them nor
    closed is not due yet."""
    query = select(
        stood.c.opened_on,
        func.count().filter(and_(met, of)),
        func.count().filter(of),
        func.count().filter(and_(~of, ~stood.closed)),
    )
    found = session.execute(query.group_by(stood.c.opened_on)).all()
    days = [(day, tuple(counts)) for day, *counts in found]
    sums = [sum(counts[place] for _, counts in days) for place in range(3)]
    begun = changes(session, stood.scope)
    return Answer(rates(days, stood.scope, grain, changes=begun), {**rate(*sums)})


@metric("hand_offs", "Handed from owner to owner", unit="changes", reads=CASES)
def hand_offs(session: Session, scope: Scope) -> Answer:
    """How often complaints changed their owner: complaints by number of changes, the mean, and the
    share with more than two. The first owner is no change.
    """
    stood = Standing(scope, "hand_offs")
    changes = stood.c.hand_offs.label("changes")
    rows = frame(
        session,
        select(changes, func.count().label("count")).group_by(changes).order_by(changes),
    )
    total, moved = int(rows["count"].sum()), int((rows["changes"] * rows["count"]).sum())
    many = int(rows.loc[rows["changes"] > MANY_HANDS, "count"].sum())
    return Answer(rows, {"mean": moved / total if total else None, **rate(many, total)})
