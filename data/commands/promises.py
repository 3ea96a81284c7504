"""Promises made on a callback: kept, or explained before they were due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from data import callers, events
from data.commands import NotFound, Refused, cases, command
from data.commands.cases import words as cleaned
from data.db import person_of
from data.models import Employee, Followup, Promise
from data.person import Right

FARTHEST = timedelta(days=366)


@command(Right.RECORD_FOLLOWUPS)
def keep(session: Session, *, promise_id: int, version: int, now: datetime) -> None:
    """Note that a promise was kept."""
    made = _found(session, promise_id)
    if events.already(session, made):
        return
    _refuse_unless_open(session, made, version)
    made.kept_at = now
    events.record(session, made, "promise_kept", at=now, version=version)
    session.flush()


@command(Right.RECORD_FOLLOWUPS)
def explain(session: Session, *, promise_id: int, version: int, now: datetime, words: str) -> None:
    """Note that the customer was told, before it was due, why a promise will be late."""
    made = _found(session, promise_id)
    if events.already(session, made):
        return
    _refuse_unless_open(session, made, version)
    if now > made.due_at:
        raise Refused("The promise was due already: it can only be kept now.")
    said = cleaned(words, "the explanation")
    made.explained_at = now
    events.record(session, made, "promise_explained", at=now, version=version, words=said)
    session.flush()


def promised(
    session: Session, task: Followup, caller: Employee, now: datetime, said: Mapping[str, Any]
) -> Promise:
    """Write down what `caller` promised the customer on a callback, and by when."""
    due_at = said.get("due_at")
    if not isinstance(due_at, datetime):
        raise Refused("A promise needs a time by which it is kept. Choose one.")
    if due_at <= now:
        raise Refused("A promise is for a time to come. Choose a later one.")
    if due_at > now + FARTHEST:
        raise Refused("A promise is kept within a year. Choose an earlier time.")
    made = Promise(
        store_id=task.store_id,
        followup_id=task.id,
        made_by_id=caller.id,
        words=cleaned(said.get("words") or "", "what was promised"),
        made_at=now,
        due_at=due_at,
    )
    session.add(made)
    session.flush()
    return made


def _found(session: Session, promise_id: int) -> Promise:
    """A promise of a callback, if it is one's own or one may see everybody's."""
    made = session.get(Promise, promise_id, with_for_update=True)
    task = session.get(Followup, made.followup_id) if made and made.followup_id else None
    person = person_of(session)
    own = callers.mine(session, person)
    if made is None or task is None:
        raise _unknown()
    if made.made_by_id not in own and not callers.sees(person, own, task):
        raise _unknown()
    return made


def _unknown() -> NotFound:
    return NotFound("There is no such promise among yours.")


def _refuse_unless_open(session: Session, made: Promise, version: int) -> None:
    cases.refuse_if_overtaken(session, made, version)
    if made.kept_at:
        raise Refused("The promise was kept already.")
