"""Which metrics may have a target, and every target that was set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Store, Target

UP, DOWN = "up", "down"
DIRECTIONS = (UP, DOWN)
AIMED: dict[str, tuple[str, str]] = {  # metric: its unit, and which direction is good
    "first_reply_compliance": ("share", UP),
    "closure_compliance": ("share", UP),
    "two_week_closure_rate": ("share", UP),
    "complaints_per_1000_orders": ("per_1000", DOWN),
    "reopen_rate": ("share", DOWN),
    "repeat_rate": ("share", DOWN),
    "recontact_rate": ("share", UP),
    "resolution_satisfaction": ("share", UP),
    "attempt_rate": ("share", UP),
    "contact_rate": ("share", UP),
    "completion_rate": ("share", UP),
    "on_time_rate": ("share", UP),
    "followup_coverage": ("share", UP),
    "caller_independence": ("share", UP),
    "call_length_compliance": ("share", UP),
    "blank_answer_rate": ("share", DOWN),
    "promise_kept_rate": ("share", UP),
    "csat_t2b": ("share", UP),
    "csat_t1b": ("share", UP),
    "dissatisfied_rate": ("share", DOWN),
    "csi_index": ("points", UP),
    "nps": ("points", UP),
    "fixed_right_first_time": ("share", UP),
    "action_on_time": ("share", UP),
    "action_effectiveness": ("share", UP),
    "action_recurrence": ("share", DOWN),
    "customers_informed_rate": ("share", UP),
    "keep_rate": ("share", UP),
    "monthly_churn": ("share", DOWN),
    "win_back_rate": ("share", UP),
    "case_win_back_rate": ("share", UP),
    "renewal_rate": ("share", UP),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target as it was set: for one store (by code) or for all, from a day on."""

    id: int
    version: int
    metric: str
    store: str | None
    value: float
    direction: str
    valid_from: date


def listed(session: Session) -> Sequence[Aim]:
    """Every target of the stores one may see and of the house, by metric and day."""
    query = (
        select(Target, Store.code)
        .outerjoin(Store, Store.id == Target.store)
        .order_by(Target.metric, Store.code, Target.valid_from)
    )
    return [
        Aim(
            id=row.id,
            version=row.version,
            metric=row.metric,
            store=code,
            value=row.value,
            direction=row.direction,
            valid_from=row.valid_from,
        )
        for row, code in session.execute(query)
        if row.store is None or code is not None
    ]
