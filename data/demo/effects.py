"""What the figures said of the actions, each time somebody looked: counted, not made up."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import norms
from data.demo.stage import Stage, local_day
from data.improvements.checking import COUNTED
from data.improvements.measuring import Measured, measure
from data.models import EffectVerdict, Event, Improvement, ImprovementCheck
from data.models import ImprovementState as State

VERIFIED_AFTER = timedelta(days=120)


def add_effects(stage: Stage, session: Session, actions: list[int]) -> None:
    """Note the looks at each action that is done; where the figures decide, it was verified."""
    done = select(Improvement).where(Improvement.id.in_(actions), Improvement.done_at.is_not(None))
    for action in session.scalars(done):
        for days in norms.norm(session, "effect")["checks"]:
            _look(stage, session, action, days)
        _verify(stage, session, action)
    session.flush()


def _look(stage: Stage, session: Session, action: Improvement, days: int) -> None:
    assert action.done_at is not None
    at = action.done_at + timedelta(days=days + 1)
    found = _found(session, action, at) if at <= stage.as_of else None
    if found is None:
        return
    numbers = {name: said for name, said in asdict(found.effect).items() if name in COUNTED}
    verdict = found.effect.verdict
    stage.add(
        ImprovementCheck,
        action_id=action.id,
        done_on=local_day(action.done_at),
        days=days,
        checked_at=at,
        verdict=verdict,
        numbers=numbers,
    )
    action.verdict = verdict
    _log(stage, action, "checked", at, days=days, verdict=verdict)


def _verify(stage: Stage, session: Session, action: Improvement) -> None:
    assert action.done_at is not None
    at = action.done_at + VERIFIED_AFTER
    found = _found(session, action, at) if at <= stage.as_of else None
    if found is None or found.effect.verdict is EffectVerdict.NOT_YET_PROVEN:
        return
    action.state, action.verdict = State(found.effect.verdict), found.effect.verdict
    action.verified_at = at
    _log(stage, action, "verified", at, verdict=action.verdict, numbers=asdict(found.effect))


def _found(session: Session, action: Improvement, at: Any) -> Measured | None:
    return measure(session, [action], as_of=at).get(action.id)


def _log(stage: Stage, action: Improvement, kind: str, at: Any, **data: Any) -> None:
    stage.book.put(
        Event,
        store_id=stage.store_id,
        at=at,
        recorded_at=at,
        actor="system" if kind == "checked" else "manager1",
        subject=Improvement.__tablename__,
        subject_id=action.id,
        kind=kind,
        data={**data, "version": action.version},
    )
