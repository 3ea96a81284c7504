"""What an address may narrow the calls to, beyond rule, agent, channel and result."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics.followups.owed import Owed
from data.models import (
    CallAttempt,
    Followup,
    FollowupState,
    Promise,
    RepairOrder,
    Store,
    SurveyResponse,
)
from data.norms import norm
from data.paging import Days
from data.scope import Scope
from data.sql import days_since_1970
from data.sums.heard import full_marks
from data.sums.tried import made_by

DAYS, HOURS = 7, 24
THURSDAY = 3  # the weekday with which 1970 began


def state_of(owed: Owed) -> ColumnElement[str]:
    """The state as it stood: over as it ended, else tried or not."""
    return case(
        (owed.ended, Followup.state),
        (owed.attempted, FollowupState.DUE.value),
        else_=FollowupState.PLANNED.value,
    )


def narrowed(session: Session, owed: Owed) -> list[ColumnElement[bool]]:
    """The conditions for the states, kinds, weekdays and hours that the scope asks for."""
    scope = owed.scope
    wanted: list[ColumnElement[bool]] = []
    if states := scope.asked("state"):
        wanted.append(state_of(owed).in_(states))
    if kinds := scope.asked("kind"):
        wanted.append(or_(*(KINDS.get(kind, _nothing)(session, owed) for kind in kinds)))
    if by_hour(scope):
        wanted.append(_tried_at(scope))
    return wanted


def by_day(session: Session, owed: Owed) -> Days | None:
    """How many calls there are of each day, as far as daily sums can tell."""
    scope = owed.scope
    kinds = scope.asked("kind") or (ALL,)
    if scope.asked("state") or by_hour(scope) or len(kinds) > 1 or kinds[0] not in SUMS:
        return None
    found = owed.added_up(session, "period", *SUMS[kinds[0]])
    return Days.of((day, many - sum(less)) for day, many, *less in found)


def by_hour(scope: Scope) -> bool:
    """Whether the calls are asked for by when they were tried, not by when they are due."""
    return bool(scope.asked("weekday") or scope.asked("hour"))


def _nothing(_session: Session, _owed: Owed) -> ColumnElement[bool]:
    return false()


def _own_adviser(_session: Session, owed: Owed) -> ColumnElement[bool]:
    order = RepairOrder
    own = select(order.id).where(
        order.store_id == Followup.store_id,
        order.id == Followup.order_id,
        order.adviser_id == Followup.agent_id,
    )
    return and_(owed.completed, exists(own))


def _answered(answers: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = and_(answers.store_id == Followup.store_id, answers.callback_id == Followup.id)
    return exists(select(answers.id).where(mine, *conditions))


def _short_full_marks(session: Session, owed: Owed) -> ColumnElement[bool]:
    short = Followup.talk_s < norm(session, "call_length")["short_s"]
    answers = aliased(SurveyResponse)
    return and_(owed.completed, short, _answered(answers, full_marks(answers)))


def _blank(_session: Session, owed: Owed) -> ColumnElement[bool]:
    answers = aliased(SurveyResponse)
    return _answered(answers, answers.blank > 0, owed.by_now(answers.answered_at))


def _promise_broken(_session: Session, owed: Owed) -> ColumnElement[bool]:
    kept = and_(owed.by_now(Promise.kept_at), Promise.kept_at <= Promise.due_at)
    broken = select(Promise.id).where(
        Promise.store_id == Followup.store_id,
        Promise.followup_id == Followup.id,
        Promise.due_at <= owed.scope.as_of,
        ~kept,
    )
    return exists(broken)


def _other_length(session: Session, owed: Owed) -> ColumnElement[bool]:
    length = norm(session, "call_length")
    return and_(owed.completed, ~Followup.talk_s.between(length["least_s"], length["most_s"]))


KINDS: dict[str, Callable[[Session, Owed], ColumnElement[bool]]] = {
    "matured": lambda _session, owed: owed.matured,
    "attempted": lambda _session, owed: and_(owed.matured, owed.attempted),
    "connected": lambda _session, owed: and_(owed.matured, owed.connected),
    "completed": lambda _session, owed: and_(owed.matured, owed.completed),
    "on_time": lambda _session, owed: and_(owed.matured, owed.on_time),
    "late": lambda _session, owed: and_(owed.matured, ~owed.on_time),
    "missed": lambda _session, owed: and_(owed.matured, ~owed.completed),
    "unreached": lambda _session, owed: and_(owed.matured, ~owed.connected),
    "overdue": lambda _session, owed: and_(owed.matured, ~owed.ended),
    "own_adviser": _own_adviser,
    "short_full_marks": _short_full_marks,
    "other_length": _other_length,
    "blank": _blank,
    "promise_broken": _promise_broken,
}

ALL = ""
SUMS = {  # how many there are of a kind: the first of these sums, less the second
    ALL: ("due",),
    "matured": ("matured",),
    "attempted": ("attempted",),
    "connected": ("connected",),
    "completed": ("completed",),
    "on_time": ("on_time",),
    "late": ("matured", "on_time"),
    "missed": ("matured", "completed"),
    "unreached": ("matured", "connected"),
}


def _tried_at(scope: Scope) -> ColumnElement[bool]:
    """Tried on one of these weekdays at one of these hours, by the clocks of its store."""
    attempt = CallAttempt
    weekday = (days_since_1970(attempt.tried_on) + THURSDAY) % DAYS
    tried = select(attempt.callback_id).where(
        attempt.store_id.in_(select(Store.id)),
        *scope.where(attempt, attempt.tried_on),
        weekday.in_(_numbers(scope.asked("weekday"), DAYS)),
        attempt.hour.in_(_numbers(scope.asked("hour"), HOURS)),
        *made_by(scope.as_of),
    )
    results = scope.asked("result")
    return Followup.id.in_(tried.where(attempt.result.in_(results)) if results else tried)


def _numbers(asked: Sequence[str], below: int) -> list[int]:
    """The numbers asked for; all of them if none was."""
    found: list[Any] = [word for word in asked if word.isdecimal() and len(word) < 3]
    return [int(word) for word in found if int(word) < below] if asked else list(range(below))
