"""Two stores with their people, and how an example is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import COMMANDS
from data.models import AppUser, Employee, Store
from data.person import RIGHTS, Person, Role
from tests import factories
from tests.factories import at

NOW = at("2026-03-16T10:00")
TODAY = date(2026, 3, 16)
SOON = date(2026, 3, 20)
PEOPLE = (Role.MANAGER, Role.PRINCIPAL, Role.QUALITY, Role.AGENT, Role.ADMIN)

Given = dict[str, Any]


class House:
    """A store, and somebody who makes ordinary rows in it."""

    def __init__(self, session: Session, code: str):
        self.session = session
        self.store = session.scalars(select(Store).where(Store.code == code)).one()
        known = select(Employee).where(Employee.store_id == self.store.id, Employee.name == "Li")
        self.li = session.scalars(known).first() or self.employee("Li")

    def employee(self, name: str, **more):
        return factories.employee(self.session, self.store, name, **more)

    def customer(self, **more):
        return factories.customer(self.session, self.store, **{"phone": "13800000000"} | more)

    def car(self, **more):
        if "customer_id" not in more:
            more["customer_id"] = self.customer().id
        return factories.vehicle(self.session, self.store, **more)

    def complaint(self, opened="2026-03-13T09:00", **more):
        given = {"category": "late_delivery", "owner_id": self.li.id} | more
        return factories.complaint(self.session, self.store, opened, **given)


@dataclass(frozen=True)
class Example:
    """How a command is called, and by whom; a shared one writes what holds for all stores."""

    name: str
    given: Callable[[House], Given]
    role: Role
    shared: bool

    def run(self, session: Session, given: Given) -> Any:
        return COMMANDS[self.name].run(session, **given)


EXAMPLES: dict[str, Example] = {}


def example(name: str, *, role: Role | None = None, shared: bool = False):
    """Declare how the command of this name is called; the function answers what is given to it."""

    def declare(given: Callable[[House], Given]):
        able = (one for one in PEOPLE if COMMANDS[name].right in RIGHTS[one])
        EXAMPLES[name] = Example(name, given, role or next(able), shared)
        return given

    return declare


def fill(session: Session) -> None:
    """Two stores, and an account of each role in each of them and in both."""
    stores = [factories.store(session, code) for code in ("S1", "S2")]
    for role in PEOPLE:
        for store in stores:
            factories.account(session, role, store, login=login(role, store.code))
        factories.account(session, role, login=login(role, None))


def person(session: Session, role: Role, code: str | None) -> Person:
    """Somebody of this role who sees the store of this code; None means all."""
    known = select(AppUser.id).where(AppUser.login == login(role, code))
    seen = code and frozenset(session.scalars(select(Store.id).where(Store.code == code)))
    name = login(role, code)
    return Person(login=name, name=name, role=role, stores=seen, id=session.scalar(known))


def login(role: Role, code: str | None) -> str:
    return f"{role}-{code or 'all'}"
