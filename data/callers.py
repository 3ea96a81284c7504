"""Who rings the customers: which people an account stands for, and whose calls it may see."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from data.models import Employee, Followup
from data.person import Person, Right


def mine(session: Session, person: Person) -> frozenset[int]:
    """The employees, one a store at most, that this person is."""
    if person.id is None:
        return frozenset()
    return frozenset(session.scalars(select(Employee.id).where(Employee.user_id == person.id)))


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
