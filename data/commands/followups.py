"""Callbacks: who rings, what came of a try, and the call that was had with the customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import events, windows
from data.commands import NotFound, Refused, asking, command, survey, trying
from data.commands.calls import by, change, end, found
from data.commands.cases import choice, text, words
from data.commands.desk import employee_of
from data.commands.issues import note_use
from data.commands.opening import open_case
from data.commands.promises import promised
from data.models import (
    CallAttempt,
    CallChannel,
    CallResult,
    Channel,
    Complaint,
    Customer,
    Employee,
    Followup,
    FollowupRule,
    RepairOrder,
    Respondent,
    Store,
)
from data.models import FollowupState as State
from data.person import Right

PHONES = {
    "customer": (Customer, "phone"),
    "second": (Customer, "second_phone"),
    "brought_by": (RepairOrder, "brought_by_phone"),
}


@change
def take(session: Session, task: Followup, *, now: datetime) -> dict[str, Any]:
    """Take a callback that nobody has yet."""
    caller = employee_of(session, task.store_id, now)
    if task.agent_id is not None:
        raise Refused("Somebody has this callback already: only one that is free can be taken.")
    return by(task, caller)


@change
def release(session: Session, task: Followup, *, now: datetime) -> dict[str, Any]:
    """Give a callback back, for anybody to take."""
    if task.agent_id is None:
        raise Refused("Nobody has this callback: it is free already.")
    said = {"agent_id": None, "from_agent_id": task.agent_id, "from_agent": _name(session, task)}
    task.agent_id = None
    return said


@change
def hand_over(
    session: Session, task: Followup, *, now: datetime, agent_id: int | None
) -> dict[str, Any]:
    """Give a callback to somebody of its store."""
    agent = session.get(Employee, agent_id) if agent_id else None
    if agent is None or agent.store_id != task.store_id or not agent.active:
        raise NotFound("There is no such active employee in the store of this callback.")
    if agent.id == task.agent_id:
        raise Refused("{name} has this callback already.", name=agent.name)
    before = _name(session, task)
    return by(task, agent) | {"from_agent": before}


@change
def cancel(session: Session, task: Followup, *, now: datetime, reason: str) -> dict[str, Any]:
    """Say that a callback is not to be made, and why."""
    end(task, State.CANCELLED, now)
    return {"reason": words(reason, "why the callback is not made"), "from_agent_id": task.agent_id}


@change
def attempt(
    session: Session,
    task: Followup,
    *,
    now: datetime,
    result: str,
    note: str = "",
    next_try_at: datetime | None = None,
    channel: str = CallChannel.PHONE,
) -> dict[str, Any]:
    """Note a try that came to no talk; it ends the callback when there is nothing left to try."""
    came_of_it, rule = choice(CallResult, result), _rule(session, task)
    if came_of_it is CallResult.CONNECTED:
        raise Refused("A call that was had is recorded with what the customer said.")
    caller, said = employee_of(session, task.store_id, now), text(note)
    store, by_way_of = session.get_one(Store, task.store_id), choice(CallChannel, channel)
    _note(session, task, store, caller, now, came_of_it, by_way_of, note=said or None)
    over, again = trying.outcome(session, task, rule, came_of_it, now, next_try_at)
    task.state, task.next_try_at = State.DUE, again
    if over:
        end(task, over, now)
    if came_of_it is CallResult.CAR_SOLD:
        asking.sold(session, task, now)
    return {
        "result": came_of_it,
        "channel": channel,
        "words": said,
        "by_id": caller.id,
        "attempts": task.attempts,
        "state": task.state,
        "next_try_at": task.next_try_at and task.next_try_at.isoformat(),
    }


@change
def record(
    session: Session,
    task: Followup,
    *,
    now: datetime,
    respondent: str,
    started_at: datetime | None = None,
    talk_s: int | None = None,
    overall: int | None = None,
    nps: int | None = None,
    answers: Mapping[str, Mapping[str, Any]] = {},
    reason: str | None = None,
    comment: str = "",
    promise: Mapping[str, Any] | None = None,
    complaint: Mapping[str, Any] | None = None,
    issues: Sequence[int] = (),
    churn: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Record the call that was had: who answered, what they said, what was promised or opened.

    Everything is written, or nothing. Answers `complaint`, the number of the case it opened.
    """
    who, rule = choice(Respondent, respondent), _rule(session, task)
    call = trying.talk(now, started_at, talk_s)
    sheet = survey.filled(
        session,
        rule.questionnaire_id if rule else None,
        overall=overall,
        nps=nps,
        answers=answers,
        reason=reason,
        comment=comment,
    )
    caller, done = employee_of(session, task.store_id, now), CallResult.CONNECTED
    store = session.get_one(Store, task.store_id)
    channel = rule.channel if rule else CallChannel.PHONE
    _note(session, task, store, caller, call.began_at, done, channel, duration_s=talk_s)
    task.respondent, task.completed_at = who, call.ended_at
    task.connected_at, task.talk_s = call.began_at, talk_s
    end(task, State.COMPLETED, call.ended_at)
    said = by(task, caller)
    sheet.keep(session, task, store, call.ended_at)  # with all that is written of the call
    made = promised(session, task, caller, now, promise) if promise is not None else None
    opened = _opened(session, task, caller, now, complaint) if complaint is not None else None
    used = note_use(session, issues)
    away = asking.answered(session, task, churn, now=call.ended_at, respondent=who)
    return said | {
        "respondent": who,
        **sheet.said(),
        "talk_s": talk_s,
        "promise_id": made and made.id,
        "complaint_id": opened and opened.id,
        "complaint": opened and opened.number,
        "issues": used,
        **away,
    }


@command(Right.RECORD_FOLLOWUPS)
def reveal_phone(
    session: Session, *, followup_id: int, now: datetime, which: str = "customer"
) -> str:
    """The number to ring for a callback of one's own or a free one; that it was shown is logged."""
    task = found(session, followup_id)
    if which not in PHONES:
        raise Refused("Choose one of: {kinds}.", kinds=list(PHONES))
    model, field = PHONES[which]
    holder_id = task.order_id if model is RepairOrder else task.customer_id
    holder = session.get(model, holder_id) if holder_id else None
    phone: str | None = getattr(holder, field, None)
    if not phone:
        raise Refused("There is no phone number for this callback.")
    if not events.already(session, holder):
        events.record(session, holder, "phone_revealed", at=now, which=which, callback=task.number)
    return phone


def _note(
    session: Session,
    task: Followup,
    store: Store,
    caller: Employee,
    at: datetime,
    result: CallResult,
    channel: str,
    **more: Any,
) -> None:
    """Write a try down and count it."""
    task.attempts += 1
    task.first_attempt_at = min(task.first_attempt_at or at, at)
    row = CallAttempt(store_id=task.store_id, callback_id=task.id, agent_id=caller.id)
    row.result, row.channel = result, channel
    more |= windows.tried(at, store.zone)
    for name, value in more.items():
        setattr(row, name, value)
    session.add(row)


def _opened(
    session: Session, task: Followup, caller: Employee, now: datetime, told: Mapping[str, Any]
) -> Complaint:
    """The complaint the customer made on this call; who heard it first stays its first contact."""
    if not told.get("category"):
        raise Refused("Please choose what the complaint is about.")
    return open_case(
        session,
        store_id=task.store_id,
        category=told["category"],
        severity=told.get("severity") or "",
        channel=Channel.CALLBACK,
        content=told.get("content") or "",
        now=now,
        vehicle_id=task.vehicle_id,
        customer_id=task.customer_id,
        order_id=task.order_id,
        first_contact_id=caller.id,
    )


def _rule(session: Session, task: Followup) -> FollowupRule | None:
    return session.get(FollowupRule, task.rule_id) if task.rule_id else None


def _name(session: Session, task: Followup) -> str | None:
    found = session.get(Employee, task.agent_id) if task.agent_id else None
    return found.name if found else None
