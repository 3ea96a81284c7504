"""One run over all rules and stores: a chunk found, a chunk written, nothing held meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data import db
from data.models import FollowupRule, FollowupTrigger, Store
from data.person import SYSTEM
from data.planning import answers, care, complaints, gaps, orders, sales
from data.planning.causes import Causes, Here
from data.planning.tasks import keep

CHUNK = 2_000
MANY = 5  # chunks in one store, after which PostgreSQL has to look at what it holds now
NOT_LATE, LATE = timedelta(0), timedelta(days=92)
SERVED = {  # who was served and never called was missed, however long ago
    FollowupTrigger.ORDER_DELIVERED,
    FollowupTrigger.COMPLAINT_CLOSED,
    FollowupTrigger.HOT_ALERT,
}
TRIGGERS: dict[str, Callable[[FollowupRule, Here], Causes]] = {
    FollowupTrigger.ORDER_DELIVERED: orders.causes,
    FollowupTrigger.VEHICLE_SOLD: sales.causes,
    FollowupTrigger.COMPLAINT_CLOSED: complaints.causes,
    FollowupTrigger.HOT_ALERT: answers.causes,
    FollowupTrigger.VISIT_GAP: gaps.causes,
    FollowupTrigger.CARE_DATE: care.causes,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What one rule came to in one store: how many calls were planned, excluded, missed."""

    store: str
    rule: str
    counts: Counter[str]


def plan(*, now: datetime, late: timedelta | None = LATE) -> list[Planned]:
    """Make the calls that the active rules ask for and that are not there yet.

    now: a moment with a time zone; what happens later is not looked at.
    late: so long after its time was up something that only came in then is still noted as missed.
    NOT_LATE looks at what can still be called, which is what a run every few minutes needs; None
    reaches back to the beginning of each rule, or of the data. A sale, a gap or a date of care
    long past asks for nothing any more: those are planned only while they can be called.
    The answer has the rules and stores that came to something. Any number of runs, also at the
    same time, make each call once: a rule has one for each anchor in a store. Each chunk is one
    transaction with one event that counts its calls: a run over a million orders is to be read in
    the log as what it was, and each call says itself when it was planned.
    """
    found = (Planned(*one) for one in _each(now, late))
    return [one for one in found if one.counts]


def _each(now: datetime, late: timedelta | None) -> Iterator[tuple[str, str, Counter[str]]]:
    with db.reading(as_=SYSTEM) as session:
        stores = session.execute(select(Store.id, Store.code, Store.zone).order_by(Store.id)).all()
        planned = FollowupRule.trigger.in_(TRIGGERS)  # the others are put on the list by people
        active = select(FollowupRule).where(FollowupRule.active, planned).order_by(FollowupRule.id)
        rules = session.scalars(active).all()
    for store_id, code, zone in stores:
        for rule in rules:
            place = ZoneInfo(zone)
            first = _first(rule, now.astimezone(place).date(), late)
            here = Here(store_id=store_id, zone=place, now=now, first=first)
            yield code, rule.code, _plan(rule, here)


def _first(rule: FollowupRule, today: date, late: timedelta | None) -> date | None:
    """The first local day looked at: since the rule began, and not given up too long ago."""
    if rule.trigger not in SERVED:
        late = NOT_LATE
    if late is None:
        return rule.starts_on
    living = today - timedelta(days=rule.expires_days + 1) - late
    return max(living, rule.starts_on or living)


def _plan(rule: FollowupRule, here: Here) -> Counter[str]:
    causes = TRIGGERS[rule.trigger](rule, here)
    counts: Counter[str] = Counter()
    for number, rows in enumerate(_chunks(causes), start=1):
        with db.writing(by=SYSTEM) as session:
            counts.update(keep(session, rule, here, causes, rows))
            if number % MANY == 0:
                _look_again(session)
    return counts


def _look_again(session: Session) -> None:
    """After many new rows PostgreSQL still reads as if there were few, until it has counted."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE callback"))


def _chunks(causes: Causes) -> Iterator[list[Any]]:
    """What is found, chunk by chunk; each goes on where the last ended.

    It begins with the last row's key once more, for there may be others with it; what has been
    planned by then is no longer found.
    """
    key, *_ = causes.order
    query = causes.query.order_by(*causes.order).limit(CHUNK)
    more = query
    while True:
        with db.reading(as_=SYSTEM) as session:
            rows = list(session.execute(more))
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        more = query.where(key >= rows[-1].key)
