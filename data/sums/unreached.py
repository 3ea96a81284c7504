"""Sums of the tries that reached nobody, by the local day their call is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func

from data.models import CallAttempt, CallResult, Followup, UnreachedDay
from data.sums.followups import KEYS, Calls
from data.sums.kinds import Kind

IN_VAIN = CallAttempt.result != CallResult.CONNECTED


def _rows(query: Select[Any]) -> Select[Any]:
    attempt, call = CallAttempt, Followup
    of_call = and_(attempt.store_id == call.store_id, attempt.callback_id == call.id)
    return query.select_from(call).join(attempt, of_call)


def _where(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """Also of calls that were called off afterwards."""
    return [*Calls(as_of).counting, IN_VAIN]


def _sums(as_of: datetime) -> dict[str, Any]:
    # counted, not asked for: else SQLite reads the calls of all times by their moment
    return {"tries": func.count().filter(CallAttempt.at <= as_of)}


UNREACHED = Kind(UnreachedDay, KEYS | {"result": CallAttempt.result}, _rows, _where, _sums)
