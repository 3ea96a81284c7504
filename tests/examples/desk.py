"""A transaction that is never kept, in which people do things one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.orm import Session

from data import db
from data.models import AdminEvent, Event
from data.person import SYSTEM, Person
from tests.everything import everything
from tests.examples import EXAMPLES, House
from tests.examples.house import Given, person


class Desk:
    """Where examples are made and done."""

    def __init__(self, connection: Connection):
        self.connection = connection
        self.system = self.session(SYSTEM)

    def session(self, who: Person, key: str | None = None) -> Session:
        session = Session(self.connection, join_transaction_mode="create_savepoint")
        session.info.update(person=who, key=key)
        return session

    def example(self, name: str, code: str = "S1") -> Given:
        """What is given to the command, with its rows, in the store of this code."""
        given = EXAMPLES[name].given(House(self.system, code))
        self.system.commit()
        return given

    def person(self, name: str, code: str = "S1") -> Person:
        """Somebody who may do it, and who sees this store; for what is shared, all of them."""
        one = EXAMPLES[name]
        return person(self.system, one.role, None if one.shared else code)

    def do(self, name: str, given: Given, who: Person, key: str | None = "one-click") -> Any:
        """Do it in a transaction of its own, which a refusal undoes."""
        with self.session(who, key) as session, session.begin():
            return plain(EXAMPLES[name].run(session, given))

    def everything(self) -> str:
        return everything(self.system)

    def events(self) -> list[tuple[Any, ...]]:
        """What stands in the logs, as (actor, moment, key)."""
        self.system.expire_all()
        own = self.system.execute(select(Event.actor, Event.at, Event.key)).all()
        shared = self.system.scalars(select(AdminEvent)).all()
        return [*own, *((entry.actor, entry.at, entry.data.get("key")) for entry in shared)]

    def settings(self) -> list[str]:
        """What the log that all stores share is about, entry by entry."""
        self.system.expire_all()
        return list(self.system.scalars(select(AdminEvent.subject).order_by(AdminEvent.id)))


def plain(answer: Any) -> Any:
    """An answer that can be compared: a row is its number."""
    return inspect(answer).identity if isinstance(answer, db.Base) else answer


@contextmanager
def never_kept(engine: Engine) -> Iterator[Desk]:
    """A desk on this database whose work is undone in the end."""
    with engine.connect() as connection, connection.begin() as whole:
        desk = Desk(connection)
        yield desk
        desk.system.close()
        whole.rollback()
