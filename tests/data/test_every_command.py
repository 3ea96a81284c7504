"""Every write there is, with an example: who may, whose rows, once only, which version, its event.

The commands are enumerated: one that has no example here fails the first test.
"""

from datetime import timedelta
from importlib import import_module
from inspect import signature, unwrap
from pkgutil import iter_modules

import pytest
from sqlalchemy.orm import Session

import data.commands
from data import editions, settings, sums
from data.commands import COMMANDS, Conflict, Forbidden, Refused
from data.guard import OutsideScope
from data.person import RIGHTS, Person, Right, Role
from tests.data.sums.asking import unequal
from tests.examples import EXAMPLES, NOW
from tests.examples.house import person

EVERY = sorted(EXAMPLES)
LATER = NOW + timedelta(days=40)  # by then all days of the examples are over, and kept
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
SET_IN_A_STORE = {  # in the log that all stores share
    "accounts.add_user",
    "accounts.change_user",
    "accounts.disable_user",
    "accounts.enable_user",
    "accounts.set_password",
    "screens.add_screen",
    "screens.edit_screen",
    "screens.link_screen",
    "screens.renew_link",
    "screens.revoke_screen",
    "targets.drop_target",
    "targets.set_target",
}
SETTINGS = [  # all that write in that log
    name
    for name in EVERY
    if EXAMPLES[name].shared or COMMANDS[name].right in (Right.SET_TARGETS, Right.ADMINISTER)
]
OF_A_STORE = ("vehicles", "complaints", "store", "stores")
COUNTED = {("churn.select_cases", "vehicles")}  # those of others are skipped, and counted as such
PARTS = [
    (name, part)
    for name in EVERY
    for part in signature(unwrap(COMMANDS[name].run)).parameters
    if (part.endswith("_id") or part in OF_A_STORE) and (name, part) not in COUNTED
]


def test_every_command_has_an_example():
    for module in iter_modules(data.commands.__path__):
        import_module(f"data.commands.{module.name}")
    assert set(COMMANDS) == set(EXAMPLES)


@pytest.mark.parametrize("name", EVERY)
def test_who_has_not_the_right_is_refused_before_anything_is_read(name):
    for role in (role for role in Role if COMMANDS[name].right not in RIGHTS[role]):
        who = Person(login="x", name="x", role=role, stores=None)
        with pytest.raises(Forbidden, match="Your role"):
            COMMANDS[name].run(Session(info={"person": who}))


@pytest.mark.parametrize("name", EVERY)
def test_it_is_logged_with_who_and_when_and_the_same_attempt_again_does_nothing(desk, name):
    given, who = desk.example(name), desk.person(name)
    assert ("version" in given) != (name in ADDS)
    before = desk.events()
    first = desk.do(name, given, who)
    new = [entry for entry in desk.events() if entry not in before]
    assert {(actor, at) for actor, at, _ in new} == {(who.login, NOW)}
    assert any(key and key.startswith("one-click") for *_, key in new)
    once = desk.everything()
    assert desk.do(name, given, who) == first
    assert desk.everything() == once


@pytest.mark.parametrize("name", EVERY)
def test_after_it_no_answer_of_before_is_told_again(desk, name):
    given, who, before = desk.example(name), desk.person(name), editions.edition(desk.system)
    desk.do(name, given, who)
    assert editions.edition(desk.system) != before


@pytest.mark.parametrize("name", EVERY)
def test_after_it_the_daily_sums_are_those_of_the_rows(desk, name):
    given, who, connection = desk.example(name), desk.person(name), desk.system.connection()
    sums.refresh(now=LATER, within=connection)
    desk.do(name, given, who)
    desk.system.expire_all()
    assert unequal(desk.system, LATER, only="store") == []
    sums.refresh(now=LATER, within=connection)
    assert unequal(desk.system, LATER, only="store") == []


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ADDS])
def test_what_somebody_else_saved_meanwhile_is_not_written_over(desk, name):
    given, who = desk.example(name), desk.person(name)
    with pytest.raises(Conflict):
        desk.do(name, given | {"version": given["version"] - 1}, who)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in LIBRARY | KEYLESS])
def test_rows_of_another_store_are_out_of_reach(desk, name):
    given = desk.example(name, "S2")
    with pytest.raises((Refused, OutsideScope)):
        desk.do(name, given, person(desk.system, EXAMPLES[name].role, "S1"))


def set_by(desk, name):
    """What the log of settings has of a command that was done in the second store."""
    given = desk.example(name, "S2")
    known = len(desk.settings())
    desk.do(name, given, desk.person(name, "S2"))
    return set(desk.settings()[known:])


def read_of(desk, subjects, code):
    """Which of these an administrator of the store of this code reads."""
    with desk.session(person(desk.system, Role.ADMIN, code)) as session:
        return {entry.subject for entry in settings.changes(session, *subjects)}


@pytest.mark.parametrize("name", SETTINGS)
def test_nobody_reads_what_was_set_in_another_store(desk, name):
    new = set_by(desk, name)
    of_all = EXAMPLES[name].shared and name != "stores.add_store"
    assert read_of(desk, new or {"user"}, "S1") == (new if of_all else set())


@pytest.mark.parametrize("name", sorted(SET_IN_A_STORE))
def test_who_sees_the_store_reads_what_was_set_there(desk, name):
    new = {subject for subject in set_by(desk, name) if not subject.startswith("new ")}
    assert read_of(desk, new, "S2") == new != set()


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_no_part_of_it_may_be_of_another_store(desk, name, part):
    own, foreign, who = desk.example(name), desk.example(name, "S2"), desk.person(name)
    with pytest.raises((Refused, OutsideScope)):
        desk.do(name, own | {part: foreign[part]}, who)
