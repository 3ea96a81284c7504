"""Every write there is, with an example: who may, whose rows, once only, which version, its event.

The commands are enumerated: one that has no example here fails the first test.
"""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

import data.commands
from data import db
from data.commands import COMMANDS, Conflict, Forbidden, Refused
from data.guard import OutsideScope
from data.migrations import upgrade
from data.models import AdminEvent, Event
from data.person import RIGHTS, SYSTEM, Role
from tests.conftest import fresh
from tests.everything import everything
from tests.examples import EXAMPLES, NOW, House
from tests.examples.house import fill, person

EVERY = sorted(EXAMPLES)
LIBRARY = {name for name in EVERY if name.startswith("issues.")}  # shared by all who look after it
KEYLESS = {"screens.link_screen"}  # the link itself is the right, whoever opens it
ADDS = {  # nothing is there yet that could be stale, or a look is all that is logged
    "accounts.add_user",
    "categories.add_category",
    "churn.count_reason",
    "churn.select_cases",
    "customers.anonymise",
    "customers.reveal_phone",
    "desk.employee_of",
    "followups.reveal_phone",
    "improvements.open_improvement",
    "issues.add",
    "messages.retry",
    "opening.open_case",
    "reviews.begin",
    "reviews.decide",
    "screens.add_screen",
    "screens.link_screen",
    "stores.add_store",
    "subscriptions.subscribe",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory):
    """A database of each kind with two stores and their people."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('commands') / 'every.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_commands")
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        fill(session)
    yield engine
    engine.dispose()


class Desk:
    """A transaction that is never kept, in which people do things one after the other."""

    def __init__(self, connection):
        self.connection = connection
        self.system = self.session(SYSTEM)

    def session(self, who, key=None):
        session = Session(self.connection, join_transaction_mode="create_savepoint")
        session.info.update(person=who, key=key)
        return session

    def example(self, name, code="S1"):
        """What is given to the command, with its rows, in the store of this code."""
        given = EXAMPLES[name].given(House(self.system, code))
        self.system.commit()
        return given

    def person(self, name, code="S1"):
        """Somebody who may do it, and who sees this store; for what is shared, all of them."""
        one = EXAMPLES[name]
        return person(self.system, one.role, None if one.shared else code)

    def do(self, name, given, who, key="one-click"):
        """Do it in a transaction of its own, which a refusal undoes."""
        with self.session(who, key) as session, session.begin():
            answer = plain(EXAMPLES[name].run(session, given))
        return answer

    def everything(self):
        self.system.expire_all()
        return everything(self.system)

    def events(self):
        """What stands in the logs, as (actor, moment, key)."""
        own = self.system.execute(select(Event.actor, Event.at, Event.key)).all()
        shared = self.system.scalars(select(AdminEvent)).all()
        return [*own, *((entry.actor, entry.at, entry.data.get("key")) for entry in shared)]


def plain(answer):
    """An answer that can be compared: a row is its number."""
    return inspect(answer).identity if isinstance(answer, db.Base) else answer


@pytest.fixture
def desk(filled):
    with filled.connect() as connection, connection.begin() as whole:
        yield Desk(connection)
        whole.rollback()


def test_every_command_has_an_example():
    for module in iter_modules(data.commands.__path__):
        import_module(f"data.commands.{module.name}")
    assert set(COMMANDS) == set(EXAMPLES)


@pytest.mark.parametrize("name", EVERY)
def test_who_has_not_the_right_is_refused(desk, name):
    given, right = desk.example(name), COMMANDS[name].right
    before = desk.everything()
    for role in (role for role in Role if right not in RIGHTS[role]):
        with pytest.raises(Forbidden):
            desk.do(name, given, person(desk.system, role, None))
    assert desk.everything() == before


@pytest.mark.parametrize("name", EVERY)
def test_it_is_logged_with_who_and_when_in_the_same_transaction(desk, name):
    given, who = desk.example(name), desk.person(name)
    before = desk.events()
    desk.do(name, given, who)
    new = [entry for entry in desk.events() if entry not in before]
    assert {actor for actor, *_ in new} == {who.login}
    assert {at for _, at, _ in new} == {NOW}
    assert any(key and key.startswith("one-click") for *_, key in new)


@pytest.mark.parametrize("name", EVERY)
def test_the_same_attempt_twice_has_one_effect_and_one_answer(desk, name):
    given, who = desk.example(name), desk.person(name)
    first = desk.do(name, given, who)
    once = desk.everything()
    assert desk.do(name, given, who) == first
    assert desk.everything() == once


@pytest.mark.parametrize("name", EVERY)
def test_what_somebody_else_saved_meanwhile_is_not_written_over(desk, name):
    given, who = desk.example(name), desk.person(name)
    assert ("version" in given) == (name not in ADDS)
    if name in ADDS:
        return
    before = desk.everything()
    with pytest.raises(Conflict):
        desk.do(name, given | {"version": given["version"] - 1}, who)
    assert desk.everything() == before


@pytest.mark.parametrize("name", EVERY)
def test_rows_of_another_store_are_out_of_reach(desk, name):
    given = desk.example(name, "S2")
    who = person(desk.system, EXAMPLES[name].role, "S1")
    if name in LIBRARY | KEYLESS:
        return
    before = desk.everything()
    with pytest.raises((Refused, OutsideScope)):
        desk.do(name, given, who)
    assert desk.everything() == before
