"""What every write on a churn case has in common: found, not repeated, not overtaken, logged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events
from data.commands import NotFound, Refused, cases, command
from data.models import (
    ChurnCase,
    ChurnState,
    Customer,
    Exclusion,
    Followup,
    FollowupRule,
    FollowupState,
    Store,
    Vehicle,
)
from data.moves import CHURN_MOVES

ASK, TELL = "churn_reason", "churn_told"  # the rules of the two calls
LINKS = {ASK: "ask_id", TELL: "tell_id"}

Write = Callable[..., dict[str, Any]]


def change(run: Write) -> Write:
    """Declare a write on a churn case; who may do it and when stands in `moves`, under its name.

    The function gets the case and answers what the event says. Callers give `case_id`, the
    `version` their form was opened with, and `now`; a repeated attempt is answered as before.
    """
    move = CHURN_MOVES[run.__name__]

    @command(move.right)
    @wraps(run)
    def changed(
        session: Session, *, case_id: int, version: int, now: datetime, **values: Any
    ) -> dict[str, Any]:
        case = found(session, case_id)

        def write() -> dict[str, Any]:
            cases.refuse_unless(case, move.states)
            return run(session, case, now=now, **values)

        return cases.once(session, case, move.event, write, version=version, now=now)

    return changed


def found(session: Session, case_id: int) -> ChurnCase:
    """The case, if it exists for the session's person, locked until the end."""
    case = session.get(ChurnCase, case_id, with_for_update=True)
    if case is None:
        raise NotFound("There is no such case among your stores.")
    return case


def note(session: Session, case: ChurnCase, kind: str, *, at: datetime, **data: Any) -> None:
    """Log what was done to the case, with the version it was done to."""
    events.record(session, case, kind, at=at, version=case.version, **data)
    session.flush()


def end(case: ChurnCase, state: ChurnState, at: datetime) -> None:
    """It is over."""
    case.state, case.ended_at = state, at


def put_on_list(
    session: Session, case: ChurnCase, code: str, now: datetime, *, held_out: bool = False
) -> Followup:
    """Make the call of this rule about the case; held out, a row that says it is not made."""
    rule = session.scalars(select(FollowupRule).where(FollowupRule.code == code)).first()
    if rule is None:
        raise NotFound("There is no callback rule {code}.", code=code)
    day = now.astimezone(ZoneInfo(session.get_one(Store, case.store_id).zone)).date()
    due_at = now + timedelta(hours=rule.delay_hours)
    vehicle = session.get_one(Vehicle, case.vehicle_id)
    owner = session.get(Customer, vehicle.customer_id) if vehicle.customer_id else None
    if owner and (owner.do_not_call or owner.anonymised_at):
        raise Refused("This customer does not want calls.")
    name = f"k{case.id} {_times(session, case, rule) + 1}"
    call = Followup(
        store_id=case.store_id,
        number=f"H{day:%y%m%d}-{rule.id}{name.upper().replace(' ', '-')}",
        rule_id=rule.id,
        customer_id=vehicle.customer_id,
        vehicle_id=vehicle.id,
        planned_at=now,
        due_at=due_at,
        due_on=due_at.astimezone(ZoneInfo(session.get_one(Store, case.store_id).zone)).date(),
        expires_at=max(now + timedelta(days=rule.expires_days), due_at),
        anchor=name,
        anchored_on=day,
        state=FollowupState.CANCELLED if held_out else FollowupState.PLANNED,
        excluded=Exclusion.HOLD_OUT if held_out else None,
        ended_at=now if held_out else None,
    )
    session.add(call)
    session.flush()
    setattr(case, LINKS[code], call.id)
    return call


def _times(session: Session, case: ChurnCase, rule: FollowupRule) -> int:
    """How many such calls the case had: each has its own anchor."""
    same = (Followup.store_id == case.store_id, Followup.rule_id == rule.id)
    anchor = Followup.anchor.startswith(f"k{case.id} ", autoescape=True)
    return len(session.scalars(select(Followup.id).where(*same, anchor)).all())
