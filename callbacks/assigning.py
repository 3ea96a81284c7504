"""Several complaints, calls or actions chosen in a list, and given to somebody together."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callbacks import bulk, clock
from dashboard import assigning
from dashboard.forms import Typed, a_day, whole
from data import improvements as actions
from data.commands import Refused, complaints, followups, improvements
from data.followups import desk
from data.lookups import Session
from data.metrics.complaints import case as cases
from data.person import Right


def _complaint(
    session: Session, complaint_id: int, version: int, typed: Typed, now: datetime
) -> None:
    complaints.assign(
        session,
        complaint_id=complaint_id,
        version=version,
        now=now,
        today=now.astimezone(ZoneInfo(clock.zone())).date(),
        owner_id=whole(typed["owner"]),
        due_on=a_day(typed["due_on"]),
        reason=typed["reason"],
    )


def _call(session: Session, followup_id: int, version: int, typed: Typed, now: datetime) -> None:
    agent_id = whole(typed["agent"])
    if agent_id is None:
        raise Refused("Please choose who is to call.")
    given = {"followup_id": followup_id, "version": version, "now": now}
    followups.hand_over(session, **given, agent_id=agent_id)


def _action(session: Session, action_id: int, version: int, typed: Typed, now: datetime) -> None:
    improvements.assign(
        session,
        action_id=action_id,
        version=version,
        now=now,
        owner_id=whole(typed["owner"]),
        due_on=a_day(typed["due_on"]),
        reason=typed["reason"],
    )


bulk.serve(
    assigning.COMPLAINTS,
    may=(Right.ASSIGN,),
    versions=cases.versions,
    people=cases.employees,
    write=_complaint,
)
bulk.serve(
    assigning.CALLS,
    may=(Right.ASSIGN,),
    versions=desk.versions,
    people=desk.colleagues,
    write=_call,
)
bulk.serve(
    assigning.ACTIONS,
    may=(Right.RUN_IMPROVEMENTS,),
    versions=actions.versions,
    people=cases.employees,
    write=_action,
)
