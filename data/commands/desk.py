"""The desk of the person who is signed in: as which employee they ring customers."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data import events
from data.commands import Refused, command
from data.db import person_of
from data.models import Employee, EmployeeRole
from data.person import Person, Right, Role

JOBS = {
    Role.AGENT: EmployeeRole.AGENT,
    Role.MANAGER: EmployeeRole.MANAGER,
    Role.PRINCIPAL: EmployeeRole.MANAGER,
}


@command(Right.RECORD_FOLLOWUPS)
def employee_of(session: Session, store_id: int, now: datetime) -> Employee:
    """The employee of this store that the signed-in person is; entered if there is none yet."""
    person = person_of(session)
    if person.id is None:
        raise Refused("Calls are recorded by people with an account. Please sign in.")
    return _found(session, store_id, person) or _entered(session, store_id, person, now)


def _found(session: Session, store_id: int, person: Person) -> Employee | None:
    query = select(Employee).where(Employee.store_id == store_id, Employee.user_id == person.id)
    return session.scalar(query)


def _entered(session: Session, store_id: int, person: Person, now: datetime) -> Employee:
    made = Employee(
        store_id=store_id,
        number=f"@{person.id}",  # no number of the dealer's own looks like this
        name=person.name,
        role=JOBS.get(person.role, EmployeeRole.OTHER),
        user_id=person.id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # they were entered at this moment, by another request of theirs
        found = _found(session, store_id, person)
        if found is None:
            raise
        return found
    events.record(session, made, "entered", at=now, name=made.name)
    return made
