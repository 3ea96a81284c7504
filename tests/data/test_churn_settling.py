"""A case ends when its vehicle comes in: won back if it was called before that.

And two selections at once give a vehicle one open case.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data import db, events, visits
from data.churn import settling
from data.commands import churn
from data.commands.followups import attempt
from data.migrations import upgrade
from data.models import ChurnCase, Followup, Store, Vehicle
from data.person import SYSTEM, Person, Role
from tests.conftest import fresh
from tests.factories import account, at, customer, order, store, vehicle

NOW = at("2026-03-10T14:00")
LATER = at("2026-03-20T10:00")
BOSS = Person(login="boss", name="Boss", role=Role.MANAGER, stores=None)


class House:
    """A store whose cars were last seen in the summer, all of them selected and on the worklist."""

    def __init__(self, url):
        self.engine = db.connect(url)
        upgrade(self.engine)
        with db.writing(by=SYSTEM) as session:
            dealer = store(session)
            whose = customer(session, dealer, phone="13800000000")
            cars = [vehicle(session, dealer, customer_id=whose.id) for _ in range(4)]
            for car in cars:
                order(session, dealer, car, "2025-08-01T15:00")
            visits.rebuild(session.connection())
            self.store_id, self.cars = dealer.id, [car.id for car in cars]
            self.agent = account(session, Role.AGENT, dealer)

    def select(self, cars=None, now=NOW):
        with db.writing(by=BOSS) as session:
            wanted = {"vehicles": cars or self.cars, "rule": "6", "now": now}
            return churn.select_cases(session, store_id=self.store_id, **wanted)

    def tries(self, car, when):
        with db.writing(by=self.agent) as session:
            case = session.scalars(select(ChurnCase).where(ChurnCase.vehicle_id == car)).one()
            task = session.get_one(Followup, case.ask_id)
            said = {"version": task.version, "result": "no_answer"}
            attempt(session, followup_id=task.id, now=at(when), **said)

    def comes(self, car, when):
        with db.writing(by=SYSTEM) as session:
            order(
                session, session.get_one(Store, self.store_id), session.get_one(Vehicle, car), when
            )
            visits.refresh(session.connection(), self.store_id, [car])

    def cases(self):
        with db.reading(as_=SYSTEM) as session:
            found = session.scalars(select(ChurnCase).order_by(ChurnCase.vehicle_id)).all()
            return [(case.state, case.returned_on) for case in found]

    def call(self, car):
        with db.reading(as_=SYSTEM) as session:
            case = session.scalars(select(ChurnCase).where(ChurnCase.vehicle_id == car)).one()
            task = session.get_one(Followup, case.ask_id)
            kinds = [entry.kind for entry in events.history(session, case)]
            return kinds, task.state


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'settling.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_settling")
    made = House(url)
    yield made
    made.engine.dispose()


def test_who_came_after_a_call_is_won_back_and_who_came_without_returned(house):
    called, same_day, by_itself, away = house.cars
    house.select()
    house.tries(called, "2026-03-11T10:00")
    house.comes(called, "2026-03-14T15:00")
    house.tries(same_day, "2026-03-12T09:00")
    house.comes(same_day, "2026-03-12T15:00")
    house.comes(by_itself, "2026-03-13T15:00")
    assert settling.settle(now=LATER) == 3
    assert house.cases() == [
        ("won_back", date(2026, 3, 14)),
        ("won_back", date(2026, 3, 12)),
        ("returned", date(2026, 3, 13)),
        ("analysed", None),
    ]
    assert settling.settle(now=LATER) == 0
    assert house.call(called) == (["selected", "analysed", "won_back"], "cancelled")
    assert house.call(by_itself) == (["selected", "analysed", "returned"], "cancelled")
    assert house.call(away) == (["selected", "analysed"], "planned")


def test_a_call_after_the_visit_wins_nobody_back(house):
    car, *_ = house.cars
    house.select()
    house.comes(car, "2026-03-11T15:00")
    house.tries(car, "2026-03-12T09:00")
    settling.settle(now=LATER)
    assert house.cases()[0] == ("returned", date(2026, 3, 11))


def test_a_call_on_the_day_of_the_visit_counts_if_it_was_before(house):
    before, after, *_ = house.cars
    house.select()
    house.tries(before, "2026-03-11T09:00")
    house.comes(before, "2026-03-11T15:00")
    house.comes(after, "2026-03-11T15:00")
    house.tries(after, "2026-03-11T18:00")
    assert settling.settle(now=LATER) == 2
    assert [state for state, _ in house.cases()[:2]] == ["won_back", "returned"]


def test_a_visit_that_comes_to_light_late_ends_the_case_not_before_it_began(house):
    car, *_ = house.cars
    house.select()
    house.comes(car, "2026-03-09T15:00")
    assert settling.settle(now=LATER) == 1
    with db.reading(as_=SYSTEM) as session:
        case = session.scalars(select(ChurnCase).where(ChurnCase.vehicle_id == car)).one()
        assert (case.state, case.ended_at) == ("returned", case.selected_at)


def test_a_case_that_ended_is_opened_anew_by_the_next_selection(house):
    car, *_ = house.cars
    house.select([car])
    house.comes(car, "2026-03-11T15:00")
    settling.settle(now=LATER)
    assert house.select([car], now=LATER).cases == 1
    assert settling.settle(now=LATER) == 0
    assert [state for state, _ in house.cases()] == ["returned", "analysed"]


def test_many_are_settled_chunk_by_chunk(house, monkeypatch):
    monkeypatch.setattr(settling, "CHUNK", 2)
    house.select()
    for car in house.cars[1:]:
        house.comes(car, "2026-03-12T15:00")
    assert settling.settle(now=LATER) == 3


def test_two_selections_at_once_give_each_vehicle_one_open_case(house):
    with ThreadPoolExecutor(8) as people:
        now = [NOW + timedelta(seconds=n) for n in range(8)]
        done = list(people.map(lambda when: house.select(now=when), now))
    assert sum(one.cases for one in done) == len(house.cars) == len(house.cases())
    with ThreadPoolExecutor(4) as workers:
        house.comes(house.cars[0], "2026-03-12T15:00")
        assert sum(workers.map(lambda _: settling.settle(now=LATER), range(4))) == 1
