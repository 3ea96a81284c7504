"""One improvement action with everything its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events, lookups
from data.improvements import recurring
from data.improvements.measuring import Measured, measure
from data.models import (
    Complaint,
    ComplaintCategory,
    Customer,
    Employee,
    EmployeeRole,
    Event,
    Improvement,
    ImprovementCheck,
    ImprovementComplaint,
    Store,
    Vehicle,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A complaint that the action answers; whoever complained was told at `informed_at`."""

    complaint: Complaint
    customer: Customer | None
    vehicle: Vehicle | None
    informed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One change of the deadline."""

    at: datetime
    actor: str
    before: date
    after: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An action; `again` are complaints of its category since it was found effective, not linked.

    `measured` is None until it is done, or if it is aimed at nothing that is counted. `names` are
    those of employees by id, `actors` those of accounts by login.
    """

    row: Improvement
    store: Store
    owner: Employee
    category: ComplaintCategory | None
    adviser: Employee | None
    technician: Employee | None
    linked: Sequence[Linked]
    again: Sequence[Complaint]
    moved: Sequence[Moved]
    checks: Sequence[ImprovementCheck]
    measured: Measured | None
    history: Sequence[Event]
    names: dict[int, str]
    actors: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Whom and what an action of a store may be given to and aimed at."""

    owners: Sequence[Employee]
    advisers: Sequence[Employee]
    technicians: Sequence[Employee]
    categories: Sequence[ComplaintCategory]


def find(session: Session, number: str, stores: Sequence[str], *, as_of: datetime) -> File | None:
    """The action with this number among these stores (or all one may see); None if there is none.

    Numbers are a store's own: without a store the first one found is taken.
    """
    query = select(Improvement, Store).join(Store, Store.id == Improvement.store_id)
    query = query.where(Improvement.number == number)
    if stores:
        query = query.where(Store.code.in_(stores))
    found = session.execute(query.order_by(Improvement.id)).first()
    return _file(session, *found, as_of=as_of) if found else None


def by_id(session: Session, action_id: int, *, as_of: datetime) -> File | None:
    """The action with this id among the stores one may see; None if there is none."""
    row = session.get(Improvement, action_id)
    return _file(session, row, session.get_one(Store, row.store_id), as_of=as_of) if row else None


def versions(session: Session, action_ids: Sequence[int]) -> Sequence[Any]:
    """Id, version and store_id of these actions, as far as one may see them."""
    columns = select(Improvement.id, Improvement.version, Improvement.store_id)
    return session.execute(columns.where(Improvement.id.in_(action_ids))).all()


def answering(session: Session, complaint: Complaint) -> Sequence[Improvement]:
    """The actions that answer this complaint, the oldest first."""
    link = ImprovementComplaint
    linked = (link.store_id == Improvement.store_id) & (link.action_id == Improvement.id)
    mine = (link.store_id == complaint.store_id, link.complaint_id == complaint.id)
    query = select(Improvement).join(link, linked).where(*mine)
    return session.scalars(query.order_by(Improvement.id)).all()


def choices(session: Session, store_id: int) -> Choices:
    """Who works at this store, and the categories that are in use."""
    staff = select(Employee).where(Employee.store_id == store_id, Employee.active)
    people = session.scalars(staff.order_by(Employee.role, Employee.name)).all()
    categories = select(ComplaintCategory).where(ComplaintCategory.active)
    return Choices(
        owners=people,
        advisers=[who for who in people if who.role == EmployeeRole.ADVISER],
        technicians=[who for who in people if who.role == EmployeeRole.TECHNICIAN],
        categories=session.scalars(categories.order_by(ComplaintCategory.id)).all(),
    )


def _file(session: Session, row: Improvement, store: Store, *, as_of: datetime) -> File:
    history = events.history(session, row)
    linked = _linked(session, row)
    known = {each.complaint.id for each in linked}
    since = recurring.since_effective(session, row, as_of=as_of)
    return File(
        row=row,
        store=store,
        owner=session.get_one(Employee, row.owner_id),
        category=_one(session, ComplaintCategory, row.category_id),
        adviser=_one(session, Employee, row.adviser_id),
        technician=_one(session, Employee, row.technician_id),
        linked=linked,
        again=[complaint for complaint in since if complaint.id not in known],
        moved=[_moved(entry) for entry in history if entry.data.get("from_due_on")],
        checks=_checks(session, row),
        measured=measure(session, [row], as_of=as_of).get(row.id),
        history=history,
        names=_names(session, store.id),
        actors=lookups.actors(session, history),
    )


def _linked(session: Session, row: Improvement) -> list[Linked]:
    link = ImprovementComplaint
    query = (
        select(Complaint, Customer, Vehicle, link.informed_at)
        .join(link, (link.store_id == Complaint.store_id) & (link.complaint_id == Complaint.id))
        .outerjoin(Customer, _same(Customer, Complaint.customer_id))
        .outerjoin(Vehicle, _same(Vehicle, Complaint.vehicle_id))
        .where(link.store_id == row.store_id, link.action_id == row.id)
        .order_by(Complaint.opened_at, Complaint.id)
    )
    return [
        Linked(complaint=complaint, customer=customer, vehicle=vehicle, informed_at=told)
        for complaint, customer, vehicle, told in session.execute(query)
    ]


def _same(model: Any, key: Any) -> Any:
    return (model.store_id == Complaint.store_id) & (model.id == key)


def _moved(entry: Event) -> Moved:
    before, after = (date.fromisoformat(entry.data[name]) for name in ("from_due_on", "due_on"))
    reason = entry.data.get("reason", "")
    return Moved(at=entry.at, actor=entry.actor, before=before, after=after, reason=reason)


def _checks(session: Session, row: Improvement) -> Sequence[ImprovementCheck]:
    check = ImprovementCheck
    query = select(check).where(check.store_id == row.store_id, check.action_id == row.id)
    return session.scalars(query.order_by(check.done_on, check.days)).all()


def _names(session: Session, store_id: int) -> dict[int, str]:
    query = select(Employee.id, Employee.name).where(Employee.store_id == store_id)
    return {number: name for number, name in session.execute(query)}  # noqa: C416  (not pairs)


def _one(session: Session, model: Any, number: int | None) -> Any:
    return session.get(model, number) if number else None
