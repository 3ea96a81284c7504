"""Looking again: so many days after an action was done, what the figures say of it is noted."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import db, events, norms
from data.improvements import recurring
from data.improvements.measuring import Measured, measure
from data.models import Improvement, ImprovementCheck, ImprovementState, Store
from data.person import SYSTEM, system_at

WATCHED = (ImprovementState.DONE, ImprovementState.EFFECTIVE)
COUNTED = ("before", "orders_before", "after", "orders_after", "p", "further")


def check(*, now: datetime) -> dict[str, int]:
    """Make the looks that are due, each once, and take up what came again; how many of each."""
    with db.reading(as_=SYSTEM) as session:
        stores = session.scalars(select(Store.id).order_by(Store.id)).all()
    done = [_check_at(store_id, now) for store_id in stores]
    return {"checked": sum(looks for looks, _ in done), "recurred": sum(back for _, back in done)}


def _check_at(store_id: int, now: datetime) -> tuple[int, int]:
    with db.writing(by=system_at(store_id)) as session:
        return look(session, now), recurring.settle(session, now=now)


def look(session: Session, now: datetime) -> int:
    """Make the looks that are due by now; how many."""
    actions = _watched(session)
    due = {action.id: list(_due(session, action, now)) for action in actions}
    wanted = [action for action in actions if due[action.id]]
    found = measure(session, wanted, as_of=now)
    for action in wanted:
        if action.id in found:
            _note(session, action, due[action.id], found[action.id], now)
    return sum(len(due[number]) for number in found)


def _watched(session: Session) -> Sequence[Improvement]:
    query = select(Improvement).where(
        Improvement.state.in_(WATCHED), Improvement.done_at.is_not(None)
    )
    return session.scalars(query.with_for_update()).all()


def _due(session: Session, action: Improvement, now: datetime) -> Iterator[tuple[date, int]]:
    """The day it was done and the days since of each look that is due and was not made."""
    assert action.done_at is not None
    zone = ZoneInfo(session.get_one(Store, action.store_id).zone)
    done_on, today = (at.astimezone(zone).date() for at in (action.done_at, now))
    one = ImprovementCheck
    mine = (one.store_id == action.store_id, one.action_id == action.id, one.done_on == done_on)
    made = set(session.scalars(select(one.days).where(*mine)))
    for days in norms.norm(session, "effect")["checks"]:
        if days not in made and done_on + timedelta(days=days) < today:
            yield done_on, days


def _note(
    session: Session,
    action: Improvement,
    due: Sequence[tuple[date, int]],
    found: Measured,
    now: datetime,
) -> None:
    numbers = {name: said for name, said in asdict(found.effect).items() if name in COUNTED}
    for done_on, days in due:
        said: dict[str, Any] = {"done_on": done_on, "days": days, "checked_at": now}
        said |= {"verdict": found.effect.verdict, "numbers": numbers}
        session.add(ImprovementCheck(store_id=action.store_id, action_id=action.id, **said))
    version = action.version
    if action.state == ImprovementState.DONE:
        action.verdict = found.effect.verdict
    told = {"days": max(days for _, days in due), "verdict": found.effect.verdict}
    events.record(session, action, "checked", at=now, version=version, **told)
    session.flush()
