"""One case in full: who and what it is about, its clocks explained, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from data import events, lookups
from data.calendars import calendar_of
from data.clock import Calendar, Segment, Span, Term, Unit, elapsed, segments, share_used, warning
from data.models import (
    Complaint,
    ComplaintCategory,
    Customer,
    Employee,
    Event,
    Promise,
    RepairOrder,
    Store,
    Vehicle,
)
from data.sla import pauses_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One clock of a case: how long it may run, how long it has, and what it counted.

    `stopped_at` is None while it runs. `unsure` says that the calendar is not loaded that far.
    """

    term: Term | None
    start: datetime
    due_at: datetime
    stopped_at: datetime | None
    missed: bool
    used: timedelta
    share: float | None
    pieces: list[Segment]
    unsure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with everything its page shows.

    `colleagues` may own it; `categories` are all there are, the retired ones too.
    """

    row: Complaint
    store: Store
    colleagues: Sequence[Employee]
    categories: Sequence[ComplaintCategory]
    category: ComplaintCategory | None
    owner: Employee | None
    first_contact: Employee | None
    customer: Customer | None
    vehicle: Vehicle | None
    order: RepairOrder | None
    promises: Sequence[Promise]
    history: Sequence[Event]
    actors: dict[str, str]
    reply: Running | None
    closing: Running | None


def find(session: Session, number: str, stores: Sequence[str], *, as_of: datetime) -> Case | None:
    """The case with this number among these stores (or all one may see); None if there is none.

    Numbers are a store's own: without a store the first one found is taken.
    """
    named = Store.code.in_(stores) if stores else true()
    return _first(session, and_(Complaint.number == number, named), as_of=as_of)


def by_id(session: Session, complaint_id: int, *, as_of: datetime) -> Case | None:
    """The case with this id among the stores one may see; None if there is none."""
    return _first(session, Complaint.id == complaint_id, as_of=as_of)


def _first(session: Session, wanted: ColumnElement[bool], *, as_of: datetime) -> Case | None:
    query = select(Complaint, Store).join(Store, Store.id == Complaint.store_id).where(wanted)
    found = session.execute(query.order_by(Complaint.id)).first()
    return _case(session, *found, as_of=as_of) if found else None


def _case(session: Session, row: Complaint, store: Store, *, as_of: datetime) -> Case:
    history, calendar = events.history(session, row), calendar_of(session, row.store_id)
    return Case(
        row=row,
        store=store,
        colleagues=employees(session, row.store_id),  # before them who are mostly among them
        categories=_categories(session),
        category=_one(session, ComplaintCategory, row.category_id),
        owner=_one(session, Employee, row.owner_id),
        first_contact=_one(session, Employee, row.first_contact_id),
        customer=_one(session, Customer, row.customer_id),
        vehicle=_one(session, Vehicle, row.vehicle_id),
        order=_one(session, RepairOrder, row.order_id),
        promises=_promises(session, row),
        history=history,
        actors=lookups.actors(session, history),
        reply=_reply(calendar, row, as_of),
        closing=_closing(calendar, row, as_of, pauses_in(history)),
    )


def _one(session: Session, model: Any, number: int | None) -> Any:
    return session.get(model, number) if number else None


def _categories(session: Session) -> Sequence[ComplaintCategory]:
    return session.scalars(select(ComplaintCategory).order_by(ComplaintCategory.id)).all()


def _promises(session: Session, row: Complaint) -> Sequence[Promise]:
    query = select(Promise).where(Promise.store_id == row.store_id, Promise.complaint_id == row.id)
    return session.scalars(query.order_by(Promise.due_at)).all()


def _reply(calendar: Calendar, row: Complaint, as_of: datetime) -> Running | None:
    if row.reply_due_at is None:
        return None
    return _running(
        calendar,
        _term(row.reply_amount, row.reply_unit),
        start=row.opened_at,
        due_at=row.reply_due_at,
        stopped_at=row.replied_at,
        missed=row.reply_breached_at is not None,
        as_of=as_of,
    )


def _closing(
    calendar: Calendar, row: Complaint, as_of: datetime, pauses: list[Span]
) -> Running | None:
    if row.close_due_at is None:
        return None
    return _running(
        calendar,
        _term(row.close_amount, row.close_unit),
        start=row.clock_from,
        due_at=row.close_due_at,
        stopped_at=row.resolved_at or row.closed_at,
        missed=row.close_breached_at is not None,
        as_of=as_of,
        pauses=pauses,
    )


def _term(amount: int | None, unit: str | None) -> Term | None:
    return Term(amount, Unit(unit)) if amount and unit else None


def _running(
    calendar: Calendar,
    term: Term | None,
    *,
    start: datetime,
    due_at: datetime,
    stopped_at: datetime | None,
    missed: bool,
    as_of: datetime,
    pauses: Sequence[Span] = (),
) -> Running:
    end = stopped_at or as_of
    unit = term.unit if term else Unit.HOURS
    return Running(
        term=term,
        start=start,
        due_at=due_at,
        stopped_at=stopped_at,
        missed=missed or end > due_at,
        used=elapsed(calendar, start, end, unit=unit, pauses=pauses),
        share=share_used(calendar, start, end, term, pauses) if term else None,
        pieces=segments(calendar, start, end, unit=unit, pauses=pauses),
        unsure=warning(calendar, due_at.date()),
    )


def zone(session: Session, complaint_id: int) -> str | None:
    """Whose clocks a case goes by; None if there is none among the stores one may see."""
    query = select(Store.zone).join(Complaint, Complaint.store_id == Store.id)
    return session.scalar(query.where(Complaint.id == complaint_id))


def versions(session: Session, complaint_ids: Sequence[int]) -> Sequence[Any]:
    """Id, version and store_id of these cases, as far as one may see them."""
    columns = select(Complaint.id, Complaint.version, Complaint.store_id)
    return session.execute(columns.where(Complaint.id.in_(complaint_ids))).all()


def employees(session: Session, store_id: int) -> Sequence[Employee]:
    """Those who may own a case of this store."""
    query = select(Employee).where(Employee.store_id == store_id, Employee.active)
    return session.scalars(query.order_by(Employee.role, Employee.name)).all()


def categories(session: Session, *, keep: str | None = None) -> Sequence[ComplaintCategory]:
    """The categories in use, by age; the one with the code `keep` is there though it be retired."""
    own = ComplaintCategory
    query = select(own).where(own.active | (own.code == (keep or ""))).order_by(own.id)
    return session.scalars(query).all()
