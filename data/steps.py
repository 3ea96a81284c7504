"""The steps of a churn case: what selects it, and where it stood at a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_

from data.models import ChurnCase, ChurnState
from data.moves import AWAY

MOST_HELD_OUT = 0.5  # of those who could be called
RULES = ("3", "6", "12", "own", "list")  # months without a visit, own interval, chosen by hand


@dataclass(frozen=True, slots=True)
class Selected:
    """What a selection came to: the list, how many cases, calls, held out, skipped by reason."""

    list_code: str
    cases: int
    called: int
    held_out: int
    skipped: dict[str, int]


def step_at(as_of: datetime) -> ColumnElement[str]:
    """The step (a ChurnState) of a case at `as_of`: what is dated later has not happened yet.

    Being counted has no date of its own: asked cases that were counted later count as counted.
    """
    own: Any = ChurnCase
    linked = or_(own.action_id.is_not(None), own.tell_id.is_not(None))
    counted = or_(own.state == ChurnState.COUNTED, linked)
    looked_at = and_(own.state.in_(AWAY), own.state != ChurnState.SELECTED)
    return case(
        (own.ended_at <= as_of, own.state),
        (own.told_at <= as_of, ChurnState.ACTED_ON.value),
        (and_(own.asked_at <= as_of, counted), ChurnState.COUNTED.value),
        (own.asked_at <= as_of, ChurnState.ASKED.value),
        (or_(looked_at, own.ask_id.is_not(None)), ChurnState.ANALYSED.value),
        (own.analysis.is_not(None), ChurnState.ANALYSED.value),
        else_=ChurnState.SELECTED.value,
    )
