"""What every write on an improvement action has in common, and the checks of what it is given."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, cases, command
from data.commands.cases import text, words
from data.models import (
    WHO_WHAT_WHEN,
    ComplaintCategory,
    Employee,
    Improvement,
    ImprovementKind,
    ImprovementState,
    Question,
    Store,
)
from data.moves import IMPROVEMENT_MOVES

LONGEST_TITLE = 200

Write = Callable[..., dict[str, Any]]


def change(run: Write) -> Write:
    """Declare a write on an action; who may do it and when stands in `moves`, under its name.

    The function gets the action and answers what the event says. Callers give `action_id`, the
    `version` their form was opened with, and `now`; a repeated attempt is answered as before.
    """
    move = IMPROVEMENT_MOVES[run.__name__]

    @command(move.right)
    @wraps(run)
    def changed(
        session: Session, *, action_id: int, version: int, now: datetime, **values: Any
    ) -> dict[str, Any]:
        action = found(session, action_id)

        def write() -> dict[str, Any]:
            _refuse_unless(action, move.states)
            return run(session, action, now=now, **values)

        return cases.once(session, action, move.event, write, version=version, now=now)

    return changed


def found(session: Session, action_id: int) -> Improvement:
    """The action, if it exists for the session's person, locked until the end."""
    action = session.get(Improvement, action_id, with_for_update=True)
    if action is None:
        raise NotFound("There is no such action among your stores.")
    return action


def today_at(session: Session, store_id: int, now: datetime) -> date:
    """The local day of the store."""
    return now.astimezone(ZoneInfo(session.get_one(Store, store_id).zone)).date()


def title_of(said: str) -> str:
    """What is to be done, in one line."""
    title = words(said, "what is to be done")
    if len(title) > LONGEST_TITLE:
        raise Refused("The title is too long: at most {most} characters.", most=LONGEST_TITLE)
    return title


def owner_of(session: Session, store_id: int, owner_id: int | None) -> Employee:
    """Who does it: somebody active in the store."""
    owner = _colleague(session, store_id, owner_id)
    if owner is None:
        raise Refused("Choose who does it: somebody active in this store.")
    return owner


def due_of(day: date | None, today: date) -> date:
    """Until when: today or later."""
    if day is None or day < today:
        raise Refused("Choose until when: today or later.")
    return day


def category_of(session: Session, code: str | None) -> int | None:
    """The category it is aimed at, by its code."""
    if not code:
        return None
    number = session.scalar(select(ComplaintCategory.id).where(ComplaintCategory.code == code))
    if number is None:
        raise Refused("There is no category {code}.", code=code)
    return number


def dimension_of(session: Session, code: str | None) -> str | None:
    """The dimension of satisfaction it is aimed at."""
    if not code:
        return None
    if session.scalars(select(Question.id).where(Question.dimension == code)).first() is None:
        raise Refused("There is no dimension {code}.", code=code)
    return code


def about(session: Session, store_id: int, person_id: int | None) -> int | None:
    """The adviser or technician it is about."""
    if person_id is None:
        return None
    one = _colleague(session, store_id, person_id)
    if one is None:
        raise Refused("Choose somebody active in this store, or nobody.")
    return one.id


def training_of(kind: str, said: dict[str, str] | None) -> dict[str, str] | None:
    """The 6W1H of a training: who, whom, what, why, when, where and how; nothing of the rest."""
    if kind != ImprovementKind.TRAINING or not said:
        return None
    given = {name: text(said.get(name, "")) for name in WHO_WHAT_WHEN}
    return {name: words for name, words in given.items() if words} or None


def _colleague(session: Session, store_id: int, person_id: int | None) -> Employee | None:
    one = session.get(Employee, person_id) if person_id else None
    return one if one and one.store_id == store_id and one.active else None


def _refuse_unless(action: Improvement, allowed: Sequence[str]) -> None:
    if action.state not in allowed:
        raise Refused(
            "The action is {state}; this is possible only when it is {allowed}.",
            state=ImprovementState(action.state),
            allowed=list(allowed),
        )
