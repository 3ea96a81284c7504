"""Fifty people at once, on real databases: nothing is lost, nothing doubled, somebody is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import db
from data.commands import Conflict, desk, followups
from data.followups import worklist
from data.migrations import upgrade
from data.models import (
    CallAttempt,
    Complaint,
    Employee,
    Event,
    Followup,
    KnownIssue,
    Promise,
    Store,
    SurveyAnswer,
    SurveyResponse,
)
from data.person import Person, Role
from data.scope import Scope
from tests.conftest import fresh
from tests.factories import account, at, customer, followup, store, vehicle

NOW = at("2026-03-16T12:00")
EVERYBODY = Person(login="all", name="All", role=Role.PRINCIPAL, stores=None)
PEOPLE = 50


class Floor:
    """A store with fifty agents, a known issue, and calls that are owed."""

    def __init__(self, url):
        self.engine, self.told = db.connect(url), []
        upgrade(self.engine)
        with db.writing(by=EVERYBODY) as session:
            dealer = store(session)
            self.store_id = dealer.id
            self.agents = [account(session, Role.AGENT, dealer) for _ in range(PEOPLE)]
            known = KnownIssue(code="k", problem="p", problem_zh="p", answer="a", answer_zh="a")
            session.add(known)
            session.flush()
            self.issue = known.id

    def owe(self, calls):
        with db.writing(by=EVERYBODY) as session:
            dealer = session.get_one(Store, self.store_id)
            whose = customer(session, dealer).id
            cars = [vehicle(session, dealer, customer_id=whose).id for _ in range(calls)]
            plain = {"customer_id": whose, "state": "planned"}
            due = "2026-03-16T18:00"
            made = [followup(session, dealer, due, vehicle_id=car, **plain) for car in cars]
            return [task.id for task in made]

    def at_once(self, work, those=None):
        """Everybody does `work(agent, their place)` at the same moment."""
        those = those or self.agents
        with ThreadPoolExecutor(len(those)) as pool:
            return list(pool.map(work, those, range(len(those))))

    def record(self, agent, task_id, version=1, key=None):
        """A call with everything in it: answers, a promise, a complaint and a known issue."""
        with db.writing(by=agent, key=key or f"{agent.login}/{task_id}/{version}") as session:
            return followups.record(
                session,
                followup_id=task_id,
                version=version,
                now=NOW,
                respondent="owner",
                talk_s=300,
                overall=2,
                reason="not_solved",
                answers={"flow": {"score": 5}},
                promise={"words": agent.login, "due_at": NOW + timedelta(days=2)},
                complaint={"category": "brakes", "severity": "general", "content": agent.login},
                issues=[self.issue],
            )

    def count(self, *models):
        with db.reading(as_=EVERYBODY) as session:
            return [session.scalar(select(func.count(model.id))) for model in models]

    def events(self, kind):
        with db.reading(as_=EVERYBODY) as session:
            query = select(Event.subject_id, Event.actor).where(Event.kind == kind)
            return session.execute(query.order_by(Event.subject_id)).all()

    def check_all_recorded_once(self, tasks):
        """Each call is over, with one of everything, by the one whom its event names."""
        kinds = (CallAttempt, SurveyResponse, Promise, Complaint)
        assert self.count(*kinds) == [tasks] * 4
        with db.reading(as_=EVERYBODY) as session:
            rows = session.execute(
                select(Followup.id, Followup.attempts, Promise.words, Complaint.content)
                .join(Promise, Promise.followup_id == Followup.id)
                .join(Complaint, Complaint.vehicle_id == Followup.vehicle_id)
                .where(Followup.state == "completed", Followup.version > 1)
                .order_by(Followup.id)
            ).all()
            assert session.scalar(select(KnownIssue.uses)) == tasks
            assert session.scalar(select(func.count(Complaint.number.distinct()))) == tasks
        by = self.events("recorded")
        assert [(row[0], row[2]) for row in rows] == [tuple(one) for one in by]
        assert all(row[1] == 1 and row[2] == row[3] for row in rows)
        assert len(rows) == tasks


@pytest.fixture(params=["sqlite", "postgresql"])
def floor(request, tmp_path):
    if request.param == "sqlite":
        made = Floor(f"sqlite:///{tmp_path / 'floor.db'}")
    else:
        made = Floor(fresh(request.getfixturevalue("postgres_url"), "aftercare_floor"))
    yield made
    made.engine.dispose()


def test_fifty_agents_record_their_calls_at_once(floor):
    tasks = floor.owe(PEOPLE)
    told = floor.at_once(lambda agent, place: floor.record(agent, tasks[place]))
    assert len({one["complaint"] for one in told}) == PEOPLE
    floor.check_all_recorded_once(PEOPLE)
    assert floor.count(Employee) == [PEOPLE], "each of them is an employee now"
    assert floor.count(SurveyAnswer) == [PEOPLE * 7]


def test_fifty_agents_compete_for_the_free_calls(floor):
    floor.owe(PEOPLE)
    scope = Scope(as_of=NOW, stores=("S1",))

    def works(agent, _):
        made = 0
        while task := take_next(floor, scope, agent):
            floor.record(agent, *task)
            made += 1
        return made

    made = floor.at_once(works)
    assert sum(made) == PEOPLE
    floor.check_all_recorded_once(PEOPLE)
    assert floor.events("taken") == floor.events("recorded"), "who took it made it"
    assert floor.told, "some came too late, and heard who was first"
    assert {entry.kind for _, entry in floor.told} == {"taken"}
    assert all(entry.actor != login for login, entry in floor.told)


def take_next(floor, scope, agent):
    """The id and version of a call that is the agent's now; None when there is none left."""
    while True:
        with db.reading(as_=agent) as session:
            found = worklist.next_call(session, scope, person=agent)
            if found is None:
                return None
            query = select(Followup.id, Followup.version).where(Followup.number == found[0])
            task_id, version = session.execute(query).one()
        try:
            with db.writing(by=agent, key=f"take {agent.login} {task_id}") as session:
                followups.take(session, followup_id=task_id, version=version, now=NOW)
        except Conflict as conflict:
            floor.told += [(agent.login, entry) for entry in conflict.since]
            continue
        return task_id, version + 1


def test_of_fifty_who_save_the_same_call_one_does_and_the_others_are_told(floor):
    (task,) = floor.owe(1)

    def saves(agent, _):
        try:
            floor.record(agent, task)
        except Conflict as conflict:
            return conflict.since[0].actor
        return "saved"

    told = floor.at_once(saves)
    (winner,) = {one for one in told if one != "saved"}
    assert told.count("saved") == 1
    assert floor.agents[told.index("saved")].login == winner
    floor.check_all_recorded_once(1)


def test_one_click_sent_twenty_times_is_one_call(floor):
    (task,) = floor.owe(1)
    told = floor.at_once(
        lambda agent, _: floor.record(agent, task, key="click"), [floor.agents[0]] * 20
    )
    assert len({one["complaint"] for one in told}) == 1
    floor.check_all_recorded_once(1)


def test_somebody_with_two_windows_is_entered_once(floor):
    def enters(agent, _):
        with db.writing(by=agent) as session:
            return desk.employee_of(session, floor.store_id, NOW).id

    assert len(set(floor.at_once(enters, [floor.agents[0]] * 20))) == 1
    assert floor.count(Employee) == [1]
