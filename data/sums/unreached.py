"""Sums of the tries that reached nobody, by the local day their call is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func

from data.models import CallAttempt, CallResult, Followup, UnreachedDay
from data.sums.followups import KEYS, Calls
from data.sums.kinds import Kind
from data.sums.tried import made_by


def in_vain(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """The tries that had reached nobody by then."""
    return [CallAttempt.result != CallResult.CONNECTED, *made_by(as_of)]


def _rows(query: Select[Any]) -> Select[Any]:
    attempt, call = CallAttempt, Followup
    of_call = and_(attempt.store_id == call.store_id, attempt.callback_id == call.id)
    return query.select_from(call).join(attempt, of_call)


def _where(as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """Also of calls that were called off afterwards."""
    return [*Calls(as_of).counting, *in_vain(as_of)]


def _sums(_as_of: datetime) -> dict[str, Any]:
    return {"tries": func.count()}


UNREACHED = Kind(UnreachedDay, KEYS | {"result": CallAttempt.result}, _rows, _where, _sums)
