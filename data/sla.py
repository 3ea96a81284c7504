"""The clocks of a case: when an answer and a solution are due, and what moves them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events
from data.calendars import calendar_of
from data.clock import Calendar, Span, Term, Unit, moment_at
from data.models import Complaint, Event, Severity, SlaPolicy

HALF = 0.5
GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}
REPLY = ("reply_due_at", "reply_warn_at", "reply_amount", "reply_unit")
CLOSING = (
    "close_due_at",
    "close_warn_at",
    "close_half_at",
    "close_amount",
    "close_unit",
    "clock_from",
)


def policy_for(session: Session, severity: str | None) -> SlaPolicy | None:
    """How long a case of this severity may take, as the administrator has set it."""
    return session.scalar(select(SlaPolicy).where(SlaPolicy.severity == severity))


def start(session: Session, case: Complaint) -> None:
    """Set both clocks of a new case from its severity; without a policy they stay unset."""
    policy = policy_for(session, case.severity)
    if policy:
        _set(calendar_of(session, case.store_id), case, policy, case.opened_at, [])


def change(session: Session, case: Complaint, severity: Severity, *, now: datetime) -> None:
    """Go over to another severity.

    A graver one counts from now, unless the deadline in force is nearer; a milder one counts from
    the opening. What was breached stays breached: see `mark_breaches`.
    """
    policy = policy_for(session, severity)
    graver = not case.severity or GRAVITY[severity] > GRAVITY[Severity(case.severity)]
    before = {name: getattr(case, name) for name in (*REPLY, *CLOSING)}
    case.severity = severity
    if policy:
        calendar, pauses = calendar_of(session, case.store_id), pauses_of(session, case)
        _set(calendar, case, policy, now if graver else case.opened_at, pauses)
    if graver:
        _keep_if_nearer(case, before, REPLY)
        _keep_if_nearer(case, before, CLOSING)


def restart(session: Session, case: Complaint) -> None:
    """Work the closing deadline out anew, after a pause began or ended or the case came back."""
    if case.close_amount:
        policy = policy_for(session, case.severity)
        share = policy.warning_share if policy else HALF
        calendar, pauses = calendar_of(session, case.store_id), pauses_of(session, case)
        _set_closing(calendar, case, share, pauses)


def mark_breaches(case: Complaint, *, now: datetime) -> None:
    """Write down a deadline that has been missed, before anything can move it."""
    if not case.replied_at and case.reply_due_at and now > case.reply_due_at:
        case.reply_breached_at = case.reply_breached_at or case.reply_due_at
    if not case.resolved_at and case.close_due_at and now > case.close_due_at:
        case.close_breached_at = case.close_breached_at or case.close_due_at


def missed_closing(case: Complaint) -> bool:
    """Whether the closing deadline of this case was missed, ever."""
    ended, due = case.resolved_at or case.closed_at, case.close_due_at
    return case.close_breached_at is not None or bool(ended and due and ended > due)


def pauses_of(session: Session, case: Complaint) -> list[Span]:
    """When the closing clock of a case stands still."""
    session.flush()
    return pauses_in(events.history(session, case))


def pauses_in(history: Iterable[Event]) -> list[Span]:
    """The stretches in which the closing clock stands still, from a case's own history.

    Waiting for the customer (at most until the limit that was given), and from a solution until
    the case is reopened.
    """
    spans, began, limit, why = [], None, None, ""
    for entry in history:
        if entry.kind == "paused":
            began, why = entry.at, str(entry.data.get("reason", ""))
            limit = datetime.fromisoformat(entry.data["until"])
        elif entry.kind == "resolved":
            spans += _span(began, limit, entry.at, why)
            began, limit, why = entry.at, None, "resolved"
        elif entry.kind in ("resumed", "reopened"):
            spans += _span(began, limit, entry.at, why)
            began = None
    return spans + (_span(began, limit, limit, why) if limit else [])


def _span(
    began: datetime | None, limit: datetime | None, ended: datetime | None, why: str
) -> list[Span]:
    ends = min(moment for moment in (limit, ended) if moment) if limit or ended else None
    return [Span(began, ends, why)] if began and ends and ends > began else []


def _set(
    calendar: Calendar, case: Complaint, policy: SlaPolicy, clock_from: datetime, pauses: list[Span]
) -> None:
    reply = Term(policy.reply_amount, Unit(policy.reply_unit))
    case.reply_amount, case.reply_unit = policy.reply_amount, policy.reply_unit
    case.reply_warn_at = moment_at(calendar, clock_from, reply, policy.warning_share)
    case.reply_due_at = moment_at(calendar, clock_from, reply, 1)
    case.close_amount, case.close_unit = policy.close_amount, policy.close_unit
    case.clock_from = clock_from
    _set_closing(calendar, case, policy.warning_share, pauses)


def _set_closing(calendar: Calendar, case: Complaint, warn: float, pauses: list[Span]) -> None:
    assert case.close_amount is not None
    assert case.close_unit is not None
    term = Term(case.close_amount, Unit(case.close_unit))
    case.close_half_at, case.close_warn_at, case.close_due_at = (
        moment_at(calendar, case.clock_from, term, share, pauses) for share in (HALF, warn, 1)
    )


def _keep_if_nearer(case: Complaint, before: dict[str, object], names: tuple[str, ...]) -> None:
    was, now = before[names[0]], getattr(case, names[0])
    if isinstance(was, datetime) and (now is None or was < now):
        for name in names:
            setattr(case, name, before[name])
