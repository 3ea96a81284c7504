"""What every write on a callback has in common: found, not repeated, not overtaken, logged."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session

from data import callers, events
from data.commands import Conflict, NotFound, Refused, cases, command
from data.db import person_of
from data.models import Employee, Event, Followup, FollowupState
from data.moves import FOLLOWUP_MOVES

Write = Callable[..., dict[str, Any]]


def change(run: Write) -> Write:
    """Declare a write on a callback; who may do it and when stands in `moves`, under its name.

    The function gets the callback and answers what the event says; a repeated attempt is answered
    with what it said the first time. Callers give `followup_id`, the `version` their form was
    opened with, and `now`.
    """
    move = FOLLOWUP_MOVES[run.__name__]

    @command(move.right)
    @wraps(run)
    def changed(
        session: Session, *, followup_id: int, version: int, now: datetime, **values: Any
    ) -> dict[str, Any]:
        task = found(session, followup_id, version)

        def write() -> dict[str, Any]:
            _refuse_unless(task, move.states)
            return run(session, task, now=now, **values)

        return cases.once(session, task, move.event, write, version=version, now=now)

    return changed


def found(session: Session, followup_id: int, version: int | None = None) -> Followup:
    """The callback, if it exists for the session's person, locked until the end.

    Was it theirs or nobody's at `version` and is another's now, they are told so: Conflict.
    """
    task = session.get(Followup, followup_id, with_for_update=True)
    if task is None:
        raise _unknown()
    person = person_of(session)
    own = callers.deciding(session, person)
    if not callers.sees(person, own, task) and not events.already(session, task):
        raise _taken_away(session, task, version, own) or _unknown()
    return task


def by(task: Followup, caller: Employee) -> dict[str, Any]:
    """Make it the call of `caller`; what the event says of that."""
    said = {"agent_id": caller.id, "agent": caller.name, "from_agent_id": task.agent_id}
    task.agent_id = caller.id
    return said


def end(task: Followup, state: FollowupState, at: datetime) -> None:
    """It is over."""
    task.state, task.ended_at, task.next_try_at = state, at, None


def _unknown() -> NotFound:
    return NotFound("There is no such callback among yours.")


def _taken_away(
    session: Session, task: Followup, version: int | None, own: frozenset[int]
) -> Conflict | None:
    since = cases.done_since(session, task, version) if version else []
    passed_on = next((entry for entry in since if "from_agent_id" in entry.data), None)
    had = passed_on.data["from_agent_id"] if passed_on else task.agent_id
    if not since or not (had is None or had in own):
        return None
    told = since[: since.index(passed_on) + 1] if passed_on else since
    return _conflict(session, task, told)


def _conflict(session: Session, task: Followup, told: Sequence[Event]) -> Conflict:
    for entry in told:
        session.expunge(entry)  # they are to be read after this transaction is undone
    return Conflict(told, version=task.version)


def _refuse_unless(task: Followup, allowed: Sequence[str]) -> None:
    if task.state not in allowed:
        raise Refused(
            "The callback is {state}; this is possible only when it is {allowed}.",
            state=FollowupState(task.state),
            allowed=list(allowed),
        )
