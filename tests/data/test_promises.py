"""Promises made on callbacks: kept, explained in time, and by whom."""

import pytest

from data import events
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused, desk, promises
from data.person import Role
from tests.factories import account, at, complaint, followup, promise, store

DUE = "2026-03-13T17:00"
NOW = at("2026-03-12T10:00")
WRITES = {"keep": {}, "explain": {"words": "The part is late"}}


class Desk:
    """A store where Anna promised something on a call of hers."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.anna, self.bo = (account(session, Role.AGENT, self.store) for _ in range(2))
        self.boss = account(session, Role.MANAGER, self.store)
        self.sits(self.anna)
        me = desk.employee_of(session, self.store.id, NOW)
        self.task = followup(session, self.store, "2026-03-11T10:00", agent_id=me.id)
        self.made = promise(session, self.store, DUE, followup_id=self.task.id, made_by_id=me.id)

    def sits(self, person):
        self.session.info["person"] = person

    def do(self, name, made=None, when=NOW, **values):
        made = made or self.made
        values = {"version": made.version} | WRITES[name] | values
        with self.session.begin_nested():
            getattr(promises, name)(self.session, promise_id=made.id, now=when, **values)

    def history(self):
        return events.history(self.session, self.made)


@pytest.fixture
def here(session):
    return Desk(session)


def test_a_promise_is_kept(here):
    here.do("keep")
    assert here.made.kept_at == NOW
    (entry,) = here.history()
    assert (entry.kind, entry.actor) == ("promise_kept", here.anna.login)


def test_a_promise_may_be_kept_late(here):
    late = at("2026-03-20T10:00")
    here.do("keep", when=late)
    assert here.made.kept_at == late


def test_a_promise_is_kept_once(here):
    here.do("keep")
    for name in WRITES:
        with pytest.raises(Refused, match="kept already"):
            here.do(name)


def test_why_it_will_be_late_is_told_before_it_is_due(here):
    with pytest.raises(Refused, match="due already"):
        here.do("explain", when=at("2026-03-13T17:00:01"))
    here.do("explain", when=at(DUE))
    assert here.made.explained_at == at(DUE)
    (entry,) = here.history()
    assert (entry.kind, entry.data["words"]) == ("promise_explained", "The part is late")
    here.do("keep", when=at("2026-03-14T10:00"))
    assert [entry.kind for entry in here.history()] == ["promise_explained", "promise_kept"]


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001, "a\0b"])
def test_an_explanation_has_words_that_can_be_stored(here, words):
    with pytest.raises(Refused):
        here.do("explain", words=words)
    assert here.made.explained_at is None
    assert here.history() == []


@pytest.mark.parametrize("name", WRITES)
def test_a_promise_on_a_callback_of_another_agent_does_not_exist(here, name):
    here.sits(here.bo)
    with pytest.raises(NotFound, match="no such promise"):
        here.do(name)


def test_who_promised_may_keep_it_although_the_callback_is_another_ones_now(here):
    here.task.agent_id = None
    here.sits(here.bo)
    other = desk.employee_of(here.session, here.store.id, NOW)
    here.task.agent_id = other.id
    here.sits(here.anna)
    here.do("keep")
    assert here.made.kept_at == NOW


def test_managers_keep_everybodys_promises(here):
    here.sits(here.boss)
    here.do("keep")
    assert here.history()[0].actor == here.boss.login


@pytest.mark.parametrize("name", WRITES)
def test_a_promise_of_another_store_does_not_exist(here, name):
    here.sits(account(here.session, Role.MANAGER, store(here.session, "S2")))
    here.session.expunge_all()
    with pytest.raises(NotFound):
        here.do(name)


def test_a_promise_about_a_complaint_belongs_to_its_case(here):
    case = complaint(here.session, here.store, "2026-03-10T10:00")
    made = promise(here.session, here.store, DUE, complaint_id=case.id)
    here.sits(here.boss)
    with pytest.raises(NotFound):
        here.do("keep", made)


@pytest.mark.parametrize("name", WRITES)
def test_it_takes_the_right_and_the_version(here, name):
    with pytest.raises(Conflict):
        here.do(name, version=here.made.version - 1)
    here.sits(account(here.session, Role.PRINCIPAL, here.store))
    with pytest.raises(Forbidden):
        here.do(name)


def test_the_second_person_is_told_what_the_first_one_did(here):
    opened_with = here.made.version
    here.do("explain")
    here.sits(here.boss)
    with pytest.raises(Conflict) as conflict:
        here.do("keep", version=opened_with)
    assert [entry.kind for entry in conflict.value.since] == ["promise_explained"]


@pytest.mark.parametrize("name", WRITES)
def test_the_same_click_writes_once(here, name):
    here.session.info["key"], opened_with = "click", here.made.version
    for _ in range(2):
        here.session.info["spent"] = set()
        here.do(name, version=opened_with)
    assert len(here.history()) == 1


def test_the_list_of_writes_is_complete():
    assert {name for name in COMMANDS if name.startswith("promises.")} == {
        f"promises.{name}" for name in WRITES
    }
