"""Sums of the tries to reach customers, by the local day and hour of the try."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func

from data.models import CallAttempt, CallResult, Followup, TriedDay
from data.sums.kinds import Kind, Ledger


def _tries(query: Select[Any]) -> Select[Any]:
    return query.select_from(CallAttempt)


def _with_call(query: Select[Any]) -> Select[Any]:
    attempt, call = CallAttempt, Followup
    its_call = and_(call.store_id == attempt.store_id, call.id == attempt.callback_id)
    return _tries(query).join(call, its_call)


def made_by(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """The tries that were made by then."""
    return [CallAttempt.at <= as_of]


def _sums(_as_of: datetime) -> dict[str, Any]:
    connected = CallAttempt.result == CallResult.CONNECTED
    return {"tries": func.count(), "connected": func.count().filter(connected)}


KEYS: dict[str, Any] = {
    "store_id": CallAttempt.store_id,
    "tried_on": CallAttempt.tried_on,
    "hour": CallAttempt.hour,
}
BY_RULE = Kind(TriedDay, KEYS | {"rule_id": Followup.rule_id}, _with_call, made_by, _sums)
BY_HOUR = Kind(TriedDay, KEYS, _tries, made_by, _sums)  # the same, and no call is looked up
TRIED = Ledger(
    "tried",
    CallAttempt.store_id,
    CallAttempt.tried_on,
    lambda as_of: CallAttempt.at > as_of,
    (BY_RULE,),
)
