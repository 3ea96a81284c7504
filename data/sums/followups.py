"""Sums of the calls owed to customers, by the local day they are due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from data.models import (
    CallAttempt,
    Followup,
    FollowupAgentDay,
    FollowupDay,
    FollowupState,
    Respondent,
)
from data.sums.kinds import Kind

VALID = (Respondent.PERSON_SERVED.value, Respondent.OWNER.value)


class Calls:
    """What had come of the calls by `as_of`."""

    def __init__(self, as_of: datetime) -> None:
        self.as_of = as_of

    @property
    def counting(self) -> list[ColumnElement[bool]]:
        """Planned by then, and of a customer who is not excluded."""
        return [Followup.planned_at <= self.as_of, Followup.excluded.is_(None)]

    @property
    def not_called_off(self) -> ColumnElement[bool]:
        """It stands, or stood then."""
        return or_(Followup.state != FollowupState.CANCELLED, ~self.ended)

    @property
    def ended(self) -> ColumnElement[bool]:
        """It is over, however it ended."""
        return self.by_now(Followup.ended_at)

    @property
    def matured(self) -> ColumnElement[bool]:
        """Its deadline has passed, or it is over."""
        return or_(Followup.due_at <= self.as_of, self.ended)

    @property
    def attempted(self) -> ColumnElement[bool]:
        """Somebody tried."""
        return self.by_now(Followup.first_attempt_at)

    @property
    def connected(self) -> ColumnElement[bool]:
        """Somebody answered."""
        return self.by_now(Followup.connected_at)

    @property
    def completed(self) -> ColumnElement[bool]:
        """The person served or the owner answered the questions."""
        valid = and_(Followup.respondent.is_not(None), Followup.respondent.in_(VALID))
        return and_(self.by_now(Followup.completed_at), valid)

    @property
    def on_time(self) -> ColumnElement[bool]:
        """Completed by the deadline; at that very moment is in time."""
        return and_(self.completed, Followup.completed_at <= Followup.due_at)

    @property
    def tries(self) -> ColumnElement[int]:
        """How often somebody tried by then; of what was over by then the row itself knows."""
        attempt = CallAttempt
        mine = (attempt.store_id == Followup.store_id, attempt.callback_id == Followup.id)
        counted = select(func.count(attempt.id)).where(*mine, attempt.at <= self.as_of)
        so_far = counted.correlate(Followup).scalar_subquery()
        return case(
            (self.ended, Followup.attempts),
            (and_(self.matured, Followup.attempts > 0), so_far),
            else_=0,
        )

    def by_now(self, moment: Any) -> ColumnElement[bool]:
        """Whether `moment` has come."""
        return and_(moment.is_not(None), moment <= self.as_of)


def standing(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """The calls that count, and were not called off."""
    calls = Calls(as_of)
    return [*calls.counting, calls.not_called_off]


def _sums(as_of: datetime) -> dict[str, Any]:
    calls = Calls(as_of)
    steps = {
        "attempted": calls.attempted,
        "connected": calls.connected,
        "completed": calls.completed,
        "on_time": calls.on_time,
    }
    return {
        "due": func.count(),
        "matured": func.count().filter(calls.matured),
        **{name: func.count().filter(and_(met, calls.matured)) for name, met in steps.items()},
        "tries": func.sum(calls.tries),
        "done": func.count().filter(calls.completed),
        "first": func.count().filter(and_(calls.completed, Followup.attempts == 1)),
    }


def _rows(query: Select[Any]) -> Select[Any]:
    return query.select_from(Followup)


KEYS: dict[str, Any] = {
    "store_id": Followup.store_id,
    "due_on": Followup.due_on,
    "rule_id": Followup.rule_id,
}
AGENT = {"agent_id": Followup.agent_id}
BY_RULE = Kind(FollowupDay, KEYS, _rows, standing, _sums)
BY_AGENT = Kind(FollowupAgentDay, KEYS | AGENT, _rows, standing, _sums)
