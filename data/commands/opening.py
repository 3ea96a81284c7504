"""Opening a complaint: its number, its clocks, and whether it is one too many."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data import events, sla
from data.commands import NotFound, Refused, command
from data.commands.cases import choice, text, words
from data.models import (
    Channel,
    Complaint,
    ComplaintCategory,
    ComplaintState,
    Customer,
    Employee,
    RepairOrder,
    Severity,
    Store,
    Vehicle,
)
from data.person import Right

REPEAT_DAYS = 90


@command(Right.OPEN_COMPLAINTS)
def open_case(
    session: Session,
    *,
    store_id: int,
    category: str,
    severity: str,
    channel: str,
    content: str,
    now: datetime,
    vehicle_id: int | None = None,
    customer_id: int | None = None,
    order_id: int | None = None,
    first_contact_id: int | None = None,
) -> Complaint:
    """Open a complaint and start its clocks; a repeat is taken more gravely by itself."""
    # numbers are counted: one case at a time is opened at a store
    store = session.get(Store, store_id, with_for_update={"key_share": True})
    found = session.scalar(select(ComplaintCategory).where(ComplaintCategory.code == category))
    if store is None or found is None:
        raise NotFound("There is no store or category of this name among yours.")
    if before := events.earlier_at_store(session, store_id):
        return session.get_one(Complaint, before.subject_id)
    about = {Vehicle: vehicle_id, Customer: customer_id, RepairOrder: order_id}
    _check_of_store(session, store_id, {**about, Employee: first_contact_id})
    if not found.active:
        raise Refused("The category {category} was retired. Choose another.", category=found.name)
    today = now.astimezone(ZoneInfo(store.zone)).date()
    case = Complaint(
        store_id=store.id,
        number=_next_number(session, store.id, f"C{today:%y%m%d}"),
        vehicle_id=vehicle_id,
        customer_id=customer_id,
        order_id=order_id,
        category_id=found.id,
        channel=choice(Channel, channel),
        content=words(content, "what the customer complains of"),
        first_contact_id=first_contact_id,
        state=ComplaintState.NEW,
        opened_at=now,
        opened_on=today,
        since=now,
        clock_from=now,
    )
    case.severity = _judged(choice(Severity, severity), _earlier(session, case, found))
    sla.start(session, case)
    session.add(case)
    session.flush()
    events.record_made(
        session,
        case,
        at=now,
        severity=case.severity,
        category=category,
        channel=case.channel,
        words=text(content),
    )
    return case


def _check_of_store(session: Session, store_id: int, about: Mapping[Any, int | None]) -> None:
    """Whom and what it is about is the store's own, where that is known."""
    for model, number in about.items():
        row = session.get(model, number) if number is not None else None
        if number is not None and (row is None or row.store_id != store_id):
            raise NotFound("There is no such record in your stores.")


def _judged(asked: Severity, earlier: int) -> Severity:
    """The second time is at least escalated, the third critical."""
    if asked is Severity.QUESTION or not earlier:
        return asked
    least = Severity.ESCALATED if earlier == 1 else Severity.CRITICAL
    return max(asked, least, key=lambda severity: sla.GRAVITY[severity])


def _earlier(session: Session, case: Complaint, category: ComplaintCategory) -> int:
    """How often this vehicle complained of the same thing within the window."""
    if case.vehicle_id is None:
        return 0
    kind = aliased(ComplaintCategory)
    query = (
        select(func.count(Complaint.id))
        .join(kind, kind.id == Complaint.category_id)
        .where(
            Complaint.store_id == case.store_id,
            Complaint.vehicle_id == case.vehicle_id,
            Complaint.opened_on >= case.opened_on - timedelta(days=REPEAT_DAYS),
            func.coalesce(kind.parent_id, kind.id) == (category.parent_id or category.id),
        )
    )
    return session.scalar(query) or 0


def _next_number(session: Session, store_id: int, day: str) -> str:
    query = select(func.count(Complaint.id)).where(
        Complaint.store_id == store_id, Complaint.number.startswith(f"{day}-", autoescape=True)
    )
    return f"{day}-{(session.scalar(query) or 0) + 1:02}"
