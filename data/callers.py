"""Who rings the customers: which people an account stands for, and whose calls it may see."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from data.models import Customer, Employee, Followup, Vehicle
from data.person import Person, Right


def mine(session: Session, person: Person) -> frozenset[int]:
    """The employees, one a store at most, that this person is."""
    if person.id is None:
        return frozenset()
    return frozenset(session.scalars(select(Employee.id).where(Employee.user_id == person.id)))


def deciding(session: Session, person: Person) -> frozenset[int]:
    """Those of `mine` by which calls exist for this person: none are asked for if all calls do."""
    return frozenset() if person.may(Right.SEE_PEOPLE) else mine(session, person)


def is_me(person: Person, employee: Employee | None) -> bool:
    """Whether this employee is among `mine`."""
    if employee is None or person.id is None:
        return False
    return employee.user_id == person.id


def seen(person: Person, own: Collection[int]) -> ColumnElement[bool]:
    """Which calls exist for this person: all, or only the own and those nobody has taken yet."""
    if person.may(Right.SEE_PEOPLE):
        return true()
    if not person.may(Right.RECORD_FOLLOWUPS):
        return false()
    free = and_(Followup.agent_id.is_(None), Followup.ended_at.is_(None))
    return or_(Followup.agent_id.in_(sorted(own)), free)


def sees(person: Person, own: Collection[int], task: Followup) -> bool:
    """Whether this call exists for this person; the same rule as `seen`."""
    if person.may(Right.SEE_PEOPLE):
        return True
    free = task.agent_id is None and task.ended_at is None
    return person.may(Right.RECORD_FOLLOWUPS) and (free or task.agent_id in own)


def knows(session: Session, person: Person, customer: Customer) -> bool:
    """Whether this customer's file exists for this person: to an agent, with a call of theirs."""
    return person.may(Right.SEE_FIGURES) or knows_by_name(session, person, customer)


def knows_by_name(session: Session, person: Person, customer: Customer) -> bool:
    """Whether this person may see who the customer is."""
    return person.may(Right.SEE_PEOPLE) or rung(session, person, customer) is not None


def rung(session: Session, person: Person, customer: Customer) -> int | None:
    """The latest call of this customer that exists for this person; None if there is none."""
    cars = select(Vehicle.id).where(
        Vehicle.store_id == customer.store_id, Vehicle.customer_id == customer.id
    )
    call = Followup
    nobody = and_(call.customer_id.is_(None), call.vehicle_id.in_(cars))
    query = select(call.id).where(
        call.store_id == customer.store_id,
        or_(call.customer_id == customer.id, nobody),
        seen(person, mine(session, person)),
    )
    return session.scalar(query.order_by(call.id.desc()).limit(1))
