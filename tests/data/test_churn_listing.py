"""The list of churn cases, one case with its history, and what a call about it needs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data import churn, visits
from data.commands import churn as commands
from data.commands.followups import attempt, record
from data.commands.improvements import open_improvement
from data.models import ChurnCase, Followup
from data.person import Person, Role
from data.scope import Scope
from data.steps import step_at
from tests.factories import account, at, customer, employee, order, store, vehicle

NOW = at("2026-03-10T14:00")
ASKED = at("2026-03-12T10:00")
ACTED = at("2026-03-20T10:00")
TOLD = at("2026-03-25T10:00")
LAST = at("2026-03-31T10:00")
EVERYBODY = Person(login="all", name="All", role=Role.PRINCIPAL, stores=None)


class House:
    """Two stores: four cars of the first are on a list, a fifth of the second on another."""

    def __init__(self, session):
        self.session = session
        self.sits(EVERYBODY)
        self.one, self.two = store(session), store(session, "S2")
        self.boss = account(session, Role.MANAGER, self.one)
        self.agent = account(session, Role.AGENT, self.one)
        names = ("Anna", "Bo", "Cai", "Dong")
        self.cars = [self.car(self.one, name, f"京A0000{n}") for n, name in enumerate(names)]
        self.select(self.one, self.cars)
        self.select(self.two, [self.car(self.two, "Else", "沪B00000")])
        self.sits(self.boss)

    def car(self, where, name, plate):
        whose = customer(self.session, where, name, phone="13800000000")
        made = vehicle(self.session, where, customer_id=whose.id, plate=plate)
        order(self.session, where, made, "2025-08-01T15:00", total_fen=40_000)
        visits.refresh(self.session.connection(), where.id, [made.id])
        return made

    def select(self, where, cars, now=NOW, **more):
        ids = [car.id for car in cars]
        wanted = {"vehicles": ids, "rule": "6", "now": now} | more
        return commands.select_cases(self.session, store_id=where.id, **wanted)

    def sits(self, person):
        self.session.flush()
        self.session.info["person"] = person

    def case(self, place):
        mine = ChurnCase.vehicle_id == self.cars[place].id
        return self.session.scalars(select(ChurnCase).where(mine)).one()

    def answers(self, place, when, which="ask_id", **values):
        task = self.session.get_one(Followup, getattr(self.case(place), which))
        self.sits(self.agent)
        said = {"version": task.version, "respondent": "owner", "talk_s": 60} | values
        record(self.session, followup_id=task.id, now=when, **said)
        self.sits(self.boss)

    def mended(self):
        """The first two say why; the reason is mended, and the first is told."""
        for place, reason in ((0, "price"), (1, "price"), (2, "distance")):
            self.answers(place, ASKED, churn={"reason": reason, "words": "外面便宜"})
        owner = employee(self.session, self.one, role="manager")
        what = {"reason": "price", "title": "保养套餐", "due_on": date(2026, 4, 10)}
        open_improvement(self.session, store_id=self.one.id, owner_id=owner.id, now=ACTED, **what)
        case = self.case(0)
        again = {"version": case.version, "sentence": "现在有套餐"}
        commands.call_again(self.session, case_id=case.id, now=ACTED, **again)
        self.answers(0, TOLD, "tell_id")
        lost = self.case(2)
        commands.give_up(
            self.session, case_id=lost.id, version=lost.version, now=TOLD, reason="too far"
        )

    def listed(self, as_of=LAST, sort=(), find=(), start=None, end=None, **drill):
        pairs = tuple(drill.items())
        scope = Scope(as_of=as_of, drill=pairs, start=start, end=end)
        rows, total = churn.listing(self.session, scope, sort=sort, find=find)
        assert total == len(rows)
        return [row["customer"] for row in rows]


@pytest.fixture
def house(session):
    return House(session)


def test_the_open_cases_of_ones_own_stores_are_listed(house):
    assert house.listed() == ["Anna", "Bo", "Cai", "Dong"]
    house.sits(EVERYBODY)
    assert len(house.listed()) == 5
    scope = Scope(as_of=LAST, stores=("S2",))
    assert [row["customer"] for row in churn.listing(house.session, scope)[0]] == ["Else"]


def test_a_row_says_what_there_is_to_know(house):
    house.mended()
    rows, _ = churn.listing(house.session, Scope(as_of=LAST, drill=(("step", "acted_on"),)))
    (row,) = rows
    assert (row["customer"], row["plate"], row["store"]) == ("Anna", "京A00000", "S1")
    assert (row["step"], row["rule"], row["list"]) == ("acted_on", "6", "L260310-1")
    assert (row["last_visit_on"], row["year_yuan"]) == (date(2025, 8, 1), 400.0)
    assert (row["reason"], row["reason_words"]) == ("price", "外面便宜")
    assert (row["action"], row["told_at"]) == ("A2603-01", TOLD)


def test_the_drill_narrows_by_step_reason_and_list(house):
    house.mended()
    assert house.listed() == ["Anna", "Bo", "Dong"]
    assert house.listed(step="counted") == ["Bo"]
    assert house.listed(step="lost") == ["Cai"]
    assert house.listed(step="all") == ["Anna", "Bo", "Cai", "Dong"]
    assert house.listed(step="all", reason="distance") == ["Cai"]
    assert house.listed(list="L260310-1") == ["Anna", "Bo", "Cai", "Dong"]
    assert house.listed(list="L260310-2") == []
    assert house.listed(rule="12") == []
    assert house.listed(step="no such") == []


def test_those_of_a_reason_are_those_asked_in_the_period(house):
    house.mended()
    day = ASKED.date()
    assert house.listed(reason="price", start=day, end=day) == ["Anna", "Bo"]
    assert house.listed(reason="price", start=day + timedelta(days=1)) == []
    assert house.listed(reason="price", end=day - timedelta(days=1)) == []
    assert house.listed(reason="distance", start=day, end=day) == ["Cai"]  # lost since
    assert house.listed(reason="price", as_of=NOW) == []  # not asked by then


@pytest.mark.parametrize(
    ("as_of", "steps"),
    [
        (NOW, ["analysed"] * 4),
        (ASKED + timedelta(minutes=2), ["counted", "counted", "asked", "analysed"]),
        (TOLD + timedelta(minutes=2), ["acted_on", "counted", "lost", "analysed"]),
    ],
)
def test_a_case_stands_where_it_stood_at_the_time(house, as_of, steps):
    house.mended()
    query = select(step_at(as_of)).order_by(ChurnCase.id)
    assert list(house.session.scalars(query)) == steps


def test_who_is_held_out_stands_at_no_step(house):
    cars = [house.car(house.one, name, name) for name in ("Eva", "Fu")]
    house.select(house.one, cars, hold_out=0.5, seed=1)
    (aside,) = house.listed(step="held_out")
    assert aside in ("Eva", "Fu")
    assert {*house.listed(step="analysed")} == {"Anna", "Bo", "Cai", "Dong", "Eva", "Fu"} - {aside}
    assert house.listed(list="L260310-2") == ["Eva", "Fu"]
    assert aside not in house.listed()
    assert aside in house.listed(step="all")


def test_what_is_selected_later_is_not_there_yet(house):
    assert house.listed(as_of=NOW - timedelta(seconds=1), step="all") == []
    case = house.case(0)
    assert churn.find(house.session, case.id, as_of=NOW - timedelta(seconds=1)) is None


def test_the_list_is_sorted_searched_and_paged(house):
    assert house.listed(sort=[("customer", True)]) == ["Dong", "Cai", "Bo", "Anna"]
    assert house.listed(find=[("plate", "a00002")]) == ["Cai"]
    assert house.listed(find=[("plate", "%")]) == []
    rows, total = churn.listing(house.session, Scope(as_of=LAST), start=1, count=2)
    assert ([row["customer"] for row in rows], total) == (["Bo", "Cai"], 4)


def test_a_case_has_its_car_calls_improvement_and_history(house):
    house.mended()
    found = churn.find(house.session, house.case(0).id, as_of=LAST)
    assert (found.step, found.store.code, found.customer.name) == ("acted_on", "S1", "Anna")
    assert (found.vehicle.plate, found.ask.state) == ("京A00000", "completed")
    assert (found.tell.state, found.action.number) == ("completed", "A2603-01")
    assert found.owner.name == "Li"
    assert [visit.day for visit in found.visits] == [date(2025, 8, 1)]
    assert found.sentence == "现在有套餐"
    kinds = [entry.kind for entry in found.history]
    assert kinds == ["selected", "analysed", "asked", "counted", "called_again", "told"]
    assert found.actors[house.agent.login] == house.agent.name
    before = churn.find(house.session, house.case(0).id, as_of=ASKED + timedelta(minutes=2))
    assert [entry.kind for entry in before.history] == kinds[:3]
    assert before.sentence is None


def test_a_case_of_another_store_does_not_exist(house):
    house.sits(EVERYBODY)
    foreign = house.session.scalars(
        select(ChurnCase.id).where(ChurnCase.store_id == house.two.id)
    ).one()
    assert churn.find(house.session, foreign, as_of=LAST) is not None
    house.session.expunge_all()
    house.sits(house.boss)
    assert churn.find(house.session, foreign, as_of=LAST) is None
    assert churn.find(house.session, 10**9, as_of=LAST) is None


def test_a_call_knows_what_it_is_for(house):
    house.mended()
    case = house.case(0)
    first = churn.of_followup(house.session, case.ask_id)
    assert (first.case.id, first.asks, first.sentence) == (case.id, True, None)
    assert first.last_visit_on == date(2025, 8, 1)
    second = churn.of_followup(house.session, case.tell_id)
    assert (second.case.id, second.asks, second.sentence) == (case.id, False, "现在有套餐")
    assert churn.of_followup(house.session, 10**9) is None


def test_a_sold_car_is_lost_for_a_reason_nobody_was_asked(house):
    task = house.session.get_one(Followup, house.case(3).ask_id)
    house.sits(house.agent)
    attempt(house.session, followup_id=task.id, version=task.version, now=ASKED, result="car_sold")
    assert house.listed(step="lost", reason="sold") == ["Dong"]
    assert house.listed(reason="sold") == []  # the reasons that are counted were asked for
