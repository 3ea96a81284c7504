"""Improvement actions: opened with an owner and a date, started, put off, done, verified, told."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import events
from data.commands import Forbidden, NotFound, Refused, churn, command, improving, linking
from data.commands.cases import choice, text, words
from data.commands.improving import change
from data.db import person_of
from data.improvements import recurring
from data.improvements.measuring import measure
from data.models import (
    ChurnReason,
    EffectVerdict,
    Employee,
    Improvement,
    ImprovementKind,
    ImprovementState,
    Store,
)
from data.person import Right, Role


@command(Right.RUN_IMPROVEMENTS)
def open_improvement(
    session: Session,
    *,
    store_id: int,
    title: str,
    owner_id: int | None,
    due_on: date | None,
    now: datetime,
    kind: str = ImprovementKind.CORRECTIVE,
    cause: str = "",
    category: str | None = None,
    adviser_id: int | None = None,
    technician_id: int | None = None,
    reason: str | None = None,
    dimension: str | None = None,
    complaints: Collection[int] = (),
    training: dict[str, str] | None = None,
) -> str:
    """Open an action; its number. It is aimed at one of a category of complaints (of an adviser or
    a technician, if wanted), a reason to stay away, or a dimension of satisfaction. The churn cases
    of the reason are counted and linked to it.
    """
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("There is no such store among yours.")
    if before := events.earlier_at_store(session, store_id):
        return str(before.data["number"])
    today = now.astimezone(ZoneInfo(store.zone)).date()
    due = improving.due_of(due_on, today)
    made = Improvement(
        store_id=store_id,
        number=_next_number(session, store_id, f"A{today:%y%m}"),
        kind=choice(ImprovementKind, kind),
        title=improving.title_of(title),
        cause=text(cause) or None,
        owner_id=improving.owner_of(session, store_id, owner_id).id,
        created_at=now,
        created_by=person_of(session).login,
        original_due_on=due,
        due_on=due,
        state=ImprovementState.OPEN,
        training=improving.training_of(kind, training),
        **_aim(session, store_id, category, adviser_id, technician_id, dimension, reason),
    )
    session.add(made)
    session.flush()
    linking.link_all(session, made, complaints)
    said = {"owner_id": made.owner_id, "due_on": due.isoformat(), **_named(category, reason)}
    events.record(session, made, "opened", at=now, version=0, **said)
    told: dict[str, Any] = {"number": made.number}
    if made.churn_reason:
        why = ChurnReason(made.churn_reason)
        counted = churn.count(session, store_id, why, now, action_id=made.id)
        told |= {"reason": reason, "cases": counted}
    events.record_at_store(session, store_id, "improvement_opened", at=now, **told)
    return made.number


@change
def assign(
    session: Session,
    action: Improvement,
    *,
    now: datetime,
    owner_id: int | None,
    due_on: date | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Give it to somebody, and a date with it if that changes (then with a reason)."""
    owner = improving.owner_of(session, action.store_id, owner_id)
    said: dict[str, Any] = {"from_owner_id": action.owner_id, "owner_id": owner.id}
    action.owner_id = owner.id
    if due_on is not None and due_on != action.due_on:
        said |= _put_off(session, action, now, due_on, reason)
    return said


@change
def start(session: Session, action: Improvement, *, now: datetime) -> dict[str, Any]:
    """Work on it has begun."""
    action.state, action.started_at = ImprovementState.IN_PROGRESS, action.started_at or now
    return {}


@change
def put_off(
    session: Session, action: Improvement, *, now: datetime, due_on: date | None, reason: str
) -> dict[str, Any]:
    """Move the deadline, with the reason; the original one is kept."""
    return _put_off(session, action, now, due_on, reason)


@change
def finish(
    session: Session, action: Improvement, *, now: datetime, done_on: date | None = None
) -> dict[str, Any]:
    """It is done, today or on an earlier day; its effect is counted from the day after."""
    done_at = _done_at(session, action, now, done_on)
    action.state, action.done_at = ImprovementState.DONE, done_at
    action.started_at = action.started_at or done_at
    action.verdict = None
    return {"done_at": done_at.isoformat()}


@change
def verify(session: Session, action: Improvement, *, now: datetime) -> dict[str, Any]:
    """Let the figures decide whether it helped; while they cannot, it stays as it is."""
    _refuse_ones_own(session, action)
    measured = measure(session, [action], as_of=now).get(action.id)
    if measured is None:
        raise Refused(
            "This action is aimed at nothing that is counted: give it a category, a reason or a "
            "dimension, and its effect can be seen."
        )
    effect = measured.effect
    if effect.verdict is EffectVerdict.NOT_YET_PROVEN:
        raise _unproven(effect.further, measured.unit)
    action.state, action.verdict = ImprovementState(effect.verdict), effect.verdict
    action.verified_at = now
    return {"verdict": effect.verdict, "numbers": asdict(effect)}


@change
def cancel(session: Session, action: Improvement, *, now: datetime, reason: str) -> dict[str, Any]:
    """Call it off, with the reason."""
    why = words(reason, "why it is called off")
    action.state, action.cancelled_at = ImprovementState.CANCELLED, now
    return {"reason": why}


@change
def reopen(session: Session, action: Improvement, *, now: datetime, reason: str) -> dict[str, Any]:
    """Take it up again, with the reason."""
    why = words(reason, "why it is taken up again")
    recurring.take_up(action)
    return {"reason": why}


@change
def edit(
    session: Session,
    action: Improvement,
    *,
    now: datetime,
    title: str,
    cause: str,
    kind: str,
    category: str | None = None,
    adviser_id: int | None = None,
    technician_id: int | None = None,
    dimension: str | None = None,
    training: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Say better what is done, why, and what it is aimed at."""
    store_id, reason = action.store_id, action.churn_reason
    new = {
        "title": improving.title_of(title),
        "cause": text(cause) or None,
        "kind": choice(ImprovementKind, kind),
        "training": improving.training_of(kind, training),
        **_aim(session, store_id, category, adviser_id, technician_id, dimension, reason),
    }
    changed = [name for name, value in new.items() if getattr(action, name) != value]
    for name in changed:
        setattr(action, name, new[name])
    return {"changed": changed}


@change
def note(session: Session, action: Improvement, *, now: datetime, words: str) -> dict[str, Any]:
    """Write something down about it."""
    return {"words": _noted(words)}


def _noted(said: str) -> str:
    return words(said, "a note")


def _aim(
    session: Session,
    store_id: int,
    category: str | None,
    adviser_id: int | None,
    technician_id: int | None,
    dimension: str | None,
    reason: str | None,
) -> dict[str, Any]:
    """The columns that say what it is aimed at: at most one thing."""
    if sum(map(bool, (category, dimension, reason))) > 1:
        raise Refused("Aim at one thing: a category, a reason to stay away, or a dimension.")
    if (adviser_id or technician_id) and not category:
        raise Refused("An action about one person needs the category of the complaints.")
    return {
        "category_id": improving.category_of(session, category),
        "adviser_id": improving.about(session, store_id, adviser_id),
        "technician_id": improving.about(session, store_id, technician_id),
        "dimension": improving.dimension_of(session, dimension),
        "churn_reason": choice(ChurnReason, reason) if reason else None,
    }


def _named(category: str | None, reason: str | None) -> dict[str, str]:
    return {name: said for name, said in (("category", category), ("reason", reason)) if said}


def _put_off(
    session: Session, action: Improvement, now: datetime, due_on: date | None, reason: str
) -> dict[str, Any]:
    due = improving.due_of(due_on, improving.today_at(session, action.store_id, now))
    if due == action.due_on:
        raise Refused("That is the deadline it has already.")
    why = words(reason, "why the deadline moves")
    said = {"from_due_on": action.due_on.isoformat(), "due_on": due.isoformat(), "reason": why}
    action.due_on = due
    return said


def _done_at(
    session: Session, action: Improvement, now: datetime, done_on: date | None
) -> datetime:
    today = improving.today_at(session, action.store_id, now)
    if done_on is None or done_on == today:
        return now
    opened = improving.today_at(session, action.store_id, action.created_at)
    if not opened <= done_on < today:
        raise Refused("It was done between the day it was opened and today.")
    zone = ZoneInfo(session.get_one(Store, action.store_id).zone)
    return max(action.created_at, datetime.combine(done_on, datetime.max.time(), zone))


def _refuse_ones_own(session: Session, action: Improvement) -> None:
    """Quality staff do not judge what they opened or own themselves."""
    person = person_of(session)
    owner = session.get(Employee, action.owner_id)
    own = action.created_by == person.login or (owner and owner.user_id == person.id)
    if person.role is Role.QUALITY and own:
        raise Forbidden("Somebody else must verify an action of your own.")


def _unproven(further: int | None, unit: str) -> Refused:
    if further is None:
        return Refused("Not yet proven, and the time before holds too little for any proof.")
    return {
        "orders": Refused("Not yet proven: about {n} more orders are needed.", n=further),
        "cases": Refused("Not yet proven: about {n} more asked customers are needed.", n=further),
        "answers": Refused("Not yet proven: about {n} more answers are needed.", n=further),
    }[unit]


def _next_number(session: Session, store_id: int, month: str) -> str:
    query = select(func.count(Improvement.id)).where(
        Improvement.store_id == store_id,
        Improvement.number.startswith(f"{month}-", autoescape=True),
    )
    return f"{month}-{(session.scalar(query) or 0) + 1:02}"
