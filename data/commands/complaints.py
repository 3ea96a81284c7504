"""Complaints: who works on them until when, what the customer was told, how they end."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import sla
from data.commands import NotFound, Refused
from data.commands.cases import change, choice, text, words
from data.models import (
    BreachCause,
    Complaint,
    ComplaintCategory,
    Employee,
    Motive,
    Origin,
    Promise,
    Severity,
)
from data.models import ComplaintState as State


@change
def assign(
    session: Session,
    case: Complaint,
    *,
    now: datetime,
    today: date,
    owner_id: int | None,
    due_on: date | None,
    reason: str = "",
) -> dict[str, Any]:
    """Make somebody answer for a case until a day; moving a day that was set needs a reason."""
    owner = _employee(session, case, owner_id)
    _check_deadline(case, due_on, today, reason)
    data = {
        "owner_id": owner.id,
        "owner": owner.name,
        "from_owner": _name(session, case.owner_id),
        "due_on": due_on and due_on.isoformat(),
        "from_due_on": case.assigned_due_on and case.assigned_due_on.isoformat(),
        "reason": text(reason),
    }
    case.hand_offs += case.owner_id not in (None, owner.id)
    case.first_contact_id = case.first_contact_id or owner.id
    case.owner_id, case.assigned_due_on = owner.id, due_on
    case.state = State.IN_PROGRESS if case.state == State.REPLIED else case.state
    return data


@change
def reply(session: Session, case: Complaint, *, now: datetime, said: str) -> dict[str, Any]:
    """Note that the customer was answered for the first time; it stops the reply clock."""
    case.replied_at = now
    case.state = State.IN_PROGRESS if case.owner_id else State.REPLIED
    return {"words": words(said, "what the customer was told")}


@change
def pause(
    session: Session, case: Complaint, *, now: datetime, reason: str, until: datetime
) -> dict[str, Any]:
    """Wait for the customer: the closing clock stands still, at most until `until`."""
    policy = sla.policy_for(session, case.severity)
    longest = policy.max_pause_days if policy else 14
    if until <= now:
        raise Refused("The pause would end before it begins. Choose a later end.")
    if until > now + timedelta(days=longest):
        raise Refused("A pause lasts at most {days} days. Choose an earlier end.", days=longest)
    case.state, case.pause_until = State.WAITING_CUSTOMER, until
    return {"reason": words(reason, "why the case waits"), "until": until.isoformat()}


@change
def resume(session: Session, case: Complaint, *, now: datetime) -> dict[str, Any]:
    """Go on: the closing clock runs again."""
    case.state, case.pause_until = State.IN_PROGRESS, None
    return {}


@change
def interim(session: Session, case: Complaint, *, now: datetime, solution: str) -> dict[str, Any]:
    """Note the solution the customer has for the time being; the clocks run on."""
    case.interim_solution = words(solution, "the interim solution")
    case.interim_at = now
    case.state = State.IN_PROGRESS if case.state == State.REPLIED else case.state
    return {"words": case.interim_solution}


@change
def resolve(
    session: Session, case: Complaint, *, now: datetime, solution: str, root_cause: str = ""
) -> dict[str, Any]:
    """Note that the customer has the solution; it stops the closing clock."""
    case.solution = words(solution, "the solution")
    case.root_cause = text(root_cause) or case.root_cause
    case.resolved_at, case.pause_until, case.state = now, None, State.RESOLVED
    return {"words": case.solution, "root_cause": case.root_cause}


@change
def recontact(
    session: Session, case: Complaint, *, now: datetime, satisfied: bool, said: str = ""
) -> dict[str, Any]:
    """Note the call that asks whether the solution holds, and what the customer says."""
    case.recontacted_at, case.satisfied, case.state = now, satisfied, State.RECONTACTED
    return {"satisfied": satisfied, "words": text(said)}


@change
def close(
    session: Session,
    case: Complaint,
    *,
    now: datetime,
    satisfied: bool,
    breach_cause: str = "",
    said: str = "",
) -> dict[str, Any]:
    """End a case; as satisfied only after the re-contact, and with a cause if it was late."""
    if satisfied and not case.satisfied:
        raise Refused(
            "Nobody has heard the customer say so: re-contact before closing as satisfied."
        )
    if case.close_breached_at and not breach_cause:
        raise Refused("This case missed its deadline: choose the cause before closing it.")
    case.closed_at, case.state = now, State.CLOSED
    case.breach_cause = choice(BreachCause, breach_cause) if breach_cause else None
    return {"satisfied": satisfied, "breach_cause": case.breach_cause, "words": text(said)}


@change
def reopen(session: Session, case: Complaint, *, now: datetime, reason: str) -> dict[str, Any]:
    """Take a case up again: the closing clock runs on from where it stood."""
    case.resolved_at = case.recontacted_at = case.closed_at = case.satisfied = None
    case.reopened, case.state = case.reopened + 1, State.IN_PROGRESS
    return {"reason": words(reason, "why the case is taken up again")}


@change
def change_severity(
    session: Session, case: Complaint, *, now: datetime, severity: str, reason: str
) -> dict[str, Any]:
    """Judge a case graver or milder than before; its clocks follow, a breach stays."""
    if severity == case.severity:
        raise Refused("The case has this severity already.")
    data = {"from": case.severity, "to": severity, "reason": words(reason, "the reason")}
    sla.change(session, case, choice(Severity, severity), now=now)
    return data


@change
def classify(
    session: Session,
    case: Complaint,
    *,
    now: datetime,
    category: str,
    origin: str = "",
    motive: str = "",
) -> dict[str, Any]:
    """Say what a case is about, where it comes from and what the customer wants."""
    found = session.scalar(select(ComplaintCategory).where(ComplaintCategory.code == category))
    if found is None:
        raise NotFound("There is no category {category}.", category=category)
    if not found.active and found.id != case.category_id:
        raise Refused("The category {category} was retired. Choose another.", category=found.name)
    case.category_id = found.id
    case.origin = choice(Origin, origin) if origin else None
    case.motive = choice(Motive, motive) if motive else None
    return {"category": category, "origin": case.origin, "motive": case.motive}


@change
def note(session: Session, case: Complaint, *, now: datetime, said: str) -> dict[str, Any]:
    """Add something worth knowing to the history."""
    return {"words": words(said, "the note")}


@change
def promise(
    session: Session, case: Complaint, *, now: datetime, said: str, due_at: datetime
) -> dict[str, Any]:
    """Write down what the customer was promised, and by when."""
    if due_at <= now:
        raise Refused("A promise is for a time to come. Choose a later one.")
    made = Promise(
        store_id=case.store_id,
        complaint_id=case.id,
        words=words(said, "what was promised"),
        made_at=now,
        due_at=due_at,
    )
    session.add(made)
    session.flush()
    return {"promise_id": made.id, "words": made.words, "due_at": due_at.isoformat()}


@change
def keep_promise(
    session: Session, case: Complaint, *, now: datetime, promise_id: int
) -> dict[str, Any]:
    """Note that a promise was kept."""
    _open_promise(session, case, promise_id).kept_at = now
    return {"promise_id": promise_id}


@change
def explain_promise(
    session: Session, case: Complaint, *, now: datetime, promise_id: int, said: str
) -> dict[str, Any]:
    """Note that the customer was told, before it was due, why a promise will be late."""
    found = _open_promise(session, case, promise_id)
    if now > found.due_at:
        raise Refused("The promise was due already: it can only be kept now.")
    found.explained_at = now
    return {"promise_id": promise_id, "words": words(said, "the explanation")}


def _open_promise(session: Session, case: Complaint, promise_id: int) -> Promise:
    found = session.get(Promise, promise_id)
    if found is None or found.complaint_id != case.id or found.kept_at:
        raise NotFound("This case has no such open promise.")
    return found


def _check_deadline(case: Complaint, due_on: date | None, today: date, reason: str) -> None:
    if due_on is None:
        raise Refused("A case needs a deadline: choose a day.")
    moved = case.assigned_due_on not in (None, due_on)
    if due_on < today and due_on != case.assigned_due_on:
        raise Refused("The deadline has already passed: choose today or a later day.")
    if moved and not reason.strip():
        raise Refused("A deadline that was set is moved only with a reason.")


def _employee(session: Session, case: Complaint, employee_id: int | None) -> Employee:
    if employee_id is None:
        raise Refused("A case needs an owner: choose somebody of the store.")
    found = session.get(Employee, employee_id)
    if found is None or found.store_id != case.store_id or not found.active:
        raise NotFound("There is no such active employee in the store of this case.")
    return found


def _name(session: Session, employee_id: int | None) -> str | None:
    found = session.get(Employee, employee_id) if employee_id else None
    return found.name if found else None
