"""Each write on a churn case: who may, which vehicles, once only, drawn by lot, and its events."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from data import events, visits
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused, churn
from data.commands.followups import attempt, record
from data.commands.improvements import open_improvement
from data.models import (
    ChurnCase,
    Event,
    Followup,
    FollowupRule,
    Improvement,
)
from data.person import RIGHTS, SYSTEM, Right, Role
from tests.factories import account, at, customer, employee, followup, order, store, vehicle

NOW = at("2026-03-10T14:00")
LATER = NOW + timedelta(hours=3)
FINE = {"respondent": "owner"}
PRICE = {"reason": "price", "words": "外面便宜"}


class House:
    """A store with a manager and an agent, and cars that were last seen in the summer."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.boss = account(session, Role.MANAGER, self.store)
        self.agent = account(session, Role.AGENT, self.store)
        self.owner = customer(session, self.store, phone="13800000000")
        self.cars = [self.car() for _ in range(10)]
        self.sits(self.boss)

    def car(self, **more):
        made = vehicle(self.session, self.store, customer_id=self.owner.id, **more)
        order(self.session, self.store, made, "2025-08-01T15:00", total_fen=40_000)
        visits.refresh(self.session.connection(), self.store.id, [made.id])
        return made

    def sits(self, person, key=None):
        self.session.info.update(person=person, key=key, spent=set())

    def select(self, cars=None, **more):
        wanted = {"rule": "6", "now": NOW, "seed": 7} | more
        ids = [car.id for car in (self.cars if cars is None else cars)]
        with self.session.begin_nested():
            return churn.select_cases(self.session, store_id=self.store.id, vehicles=ids, **wanted)

    def case(self, **more):
        self.select(self.cars[:1], **more)
        return self.session.scalars(select(ChurnCase)).one()

    def do(self, name, case, **values):
        version = values.pop("version", case.version)
        with self.session.begin_nested():
            command = getattr(churn, name)
            return command(self.session, case_id=case.id, version=version, now=LATER, **values)

    def call(self, case, which="ask_id"):
        return self.session.get(Followup, getattr(case, which))

    def rings(self, case, which="ask_id", when=LATER, **values):
        task, person = self.call(case, which), self.session.info["person"]
        self.sits(self.agent)
        try:
            with self.session.begin_nested():
                said = FINE | values
                record(self.session, followup_id=task.id, version=task.version, now=when, **said)
        finally:
            self.sits(person)

    def kinds(self, row):
        return [entry.kind for entry in events.history(self.session, row)]


@pytest.fixture
def house(session):
    return House(session)


def test_a_case_is_opened_for_each_vehicle_and_the_call_is_on_the_list(house):
    done = house.select()
    assert (done.list_code, done.cases, done.called, done.held_out) == ("L260310-1", 10, 10, 0)
    cases = house.session.scalars(select(ChurnCase).order_by(ChurnCase.vehicle_id)).all()
    assert [case.vehicle_id for case in cases] == [car.id for car in house.cars]
    case, task = cases[0], house.call(cases[0])
    assert (case.state, case.rule, case.list_code) == ("analysed", "6", "L260310-1")
    assert (case.last_visit_on, case.year_fen) == (date(2025, 8, 1), 40_000)
    assert (task.state, task.excluded, task.vehicle_id) == ("planned", None, case.vehicle_id)
    assert (task.customer_id, task.due_at) == (house.owner.id, NOW + timedelta(hours=72))
    rule = house.session.get(FollowupRule, task.rule_id)
    assert (rule.code, rule.questionnaire_id) == ("churn_reason", None)
    assert house.kinds(case) == ["selected", "analysed"]


def test_a_selection_without_calls_waits_for_a_look(house):
    done = house.select(call=False, hold_out=0.5)
    assert (done.cases, done.called, done.held_out) == (10, 0, 0)
    cases = house.session.scalars(select(ChurnCase)).all()
    assert {case.state for case in cases} == {"selected"}
    assert house.session.scalars(select(Followup)).all() == []


def test_the_held_out_are_drawn_by_the_seed_and_are_not_called(house):
    done = house.select(hold_out=0.3, seed=99)
    assert (done.called, done.held_out) == (7, 3)
    drawn = set(Random(99).sample([car.id for car in house.cars], 3))
    cases = house.session.scalars(select(ChurnCase)).all()
    assert {case.vehicle_id for case in cases if case.held_out} == drawn
    for case in cases:
        task = house.call(case)
        assert (task.excluded == "hold_out") == case.held_out
        assert (task.state == "cancelled") == case.held_out
        assert (task.ended_at == NOW) == case.held_out
    event = house.session.scalars(select(Event).where(Event.kind == "churn_selected")).one()
    assert event.data["seed"] == 99
    assert event.data["hold_out"] == 0.3
    assert (event.data["held_out"], event.data["called"]) == (3, 7)


def test_a_seed_is_drawn_and_logged_where_none_is_given(house):
    house.select(hold_out=0.3, seed=None)
    event = house.session.scalars(select(Event).where(Event.kind == "churn_selected")).one()
    drawn = set(Random(event.data["seed"]).sample([car.id for car in house.cars], 3))
    cases = house.session.scalars(select(ChurnCase).where(ChurnCase.held_out)).all()
    assert {case.vehicle_id for case in cases} == drawn


def test_who_is_not_called_about_is_skipped_and_counted_by_why(house):
    silent = customer(house.session, house.store, do_not_call=True)
    asked = house.cars[0]
    house.select([asked])
    house.sits(SYSTEM)
    foreign = vehicle(house.session, store(house.session, "S2"))
    house.sits(house.boss)
    cars = [
        *(asked, house.car(fleet=True), house.car(internal=True), foreign),
        vehicle(house.session, house.store, customer_id=silent.id),
        house.cars[1],
    ]
    done = house.select(cars)
    assert done.cases == 1
    assert done.skipped == {
        "open_case": 1,
        "fleet": 1,
        "internal": 1,
        "do_not_call": 1,
        "unknown": 1,
    }
    assert done.list_code == "L260310-2"


def test_a_selection_sent_twice_is_made_once(house):
    house.sits(house.boss, key="attempt-1")
    first = house.select()
    house.sits(house.boss, key="attempt-1")
    assert house.select() == first
    assert len(house.session.scalars(select(ChurnCase)).all()) == 10
    assert len(house.session.scalars(select(Followup)).all()) == 10


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rule": "9"}, "Choose one of"),
        ({"hold_out": 0.6}, "Hold out from 0 to 50 percent"),
        ({"hold_out": -0.1}, "Hold out from 0 to 50 percent"),
        ({"cars": []}, "There is no vehicle to select"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(house, values, told):
    with pytest.raises(Refused, match=told):
        house.select(**values)


def test_a_list_that_is_too_long_is_refused(house, monkeypatch):
    monkeypatch.setattr(churn, "MOST", 9)
    with pytest.raises(Refused, match="10 vehicles are too many for one list: at most 9"):
        house.select()


def test_a_store_of_others_does_not_exist(house):
    house.sits(SYSTEM)
    other = store(house.session, "S2")
    house.sits(house.boss)
    with pytest.raises(NotFound, match="no such store"):
        churn.select_cases(
            house.session, store_id=other.id, vehicles=[1], rule="6", now=NOW, call=True
        )


def test_only_those_who_run_improvements_may(house):
    case = house.case()
    house.sits(house.agent)
    with pytest.raises(Forbidden):
        house.select()
    with pytest.raises(Forbidden):
        house.do("give_up", case, reason="x")
    for name in ("select_cases", "analyse", "call_again", "give_up", "count_reason"):
        assert COMMANDS[f"churn.{name}"].right is Right.RUN_IMPROVEMENTS
    assert Right.RUN_IMPROVEMENTS not in RIGHTS[Role.AGENT]


def test_a_case_is_looked_at_then_called(house):
    case = house.case(call=False)
    house.do("analyse", case, words="lives far away", call=False)
    assert (case.state, case.analysis, case.ask_id) == ("analysed", "lives far away", None)
    house.do("analyse", case, call=True)
    assert case.analysis == "lives far away"
    assert house.call(case).state == "planned"
    with pytest.raises(Refused, match="on the list already"):
        house.do("analyse", case, call=True)


def test_who_is_held_out_is_not_called(house):
    case = house.case(hold_out=0.5)  # one of one is not half: nobody
    assert not case.held_out
    house.select(house.cars[1:3], hold_out=0.5)
    held = house.session.scalars(select(ChurnCase).where(ChurnCase.held_out)).one()
    with pytest.raises(Refused, match="held out"):
        house.do("analyse", held, call=True)


def test_the_first_call_asks_for_one_main_reason(house):
    case = house.case()
    with pytest.raises(Refused, match="main reason"):
        house.rings(case)
    assert (case.state, house.call(case).state) == ("analysed", "planned")
    house.rings(case, churn=PRICE)
    assert (case.state, case.reason, case.reason_words) == ("asked", "price", "外面便宜")
    assert case.asked_at == LATER
    assert house.call(case).state == "completed"
    assert house.kinds(case) == ["selected", "analysed", "asked"]
    event = events.history(house.session, house.call(case))[-1]
    assert (event.data["churn_case"], event.data["churn_reason"]) == (case.id, "price")


def test_an_unknown_reason_is_refused(house):
    with pytest.raises(Refused, match="Choose one of"):
        house.rings(house.case(), churn={"reason": "weather"})


def test_somebody_else_on_the_phone_gives_no_reason(house):
    case = house.case()
    house.rings(case, respondent="other")
    assert (case.state, case.asked_at, case.reason) == ("analysed", None, None)
    house.do("analyse", case, call=True)  # so they are called again
    assert house.call(case).state == "planned"


def test_a_call_about_nothing_of_the_kind_takes_no_reason(house):
    task = followup(house.session, house.store, "2026-03-11T10:00", state="planned")
    house.sits(house.agent)
    with pytest.raises(Refused, match="not about a customer who stays away"):
        record(
            house.session, followup_id=task.id, version=task.version, now=NOW, churn=PRICE, **FINE
        )


def test_a_car_that_was_sold_is_lost(house):
    case = house.case()
    task = house.call(case)
    house.sits(house.agent)
    attempt(house.session, followup_id=task.id, version=task.version, now=LATER, result="car_sold")
    assert (case.state, case.reason, case.ended_at) == ("lost", "sold", LATER)
    assert house.kinds(case)[-1] == "lost"


def asked(house, reason="price", cars=3):
    house.select(house.cars[:cars])
    cases = house.session.scalars(select(ChurnCase).order_by(ChurnCase.id)).all()
    for case in cases:
        house.rings(case, churn={"reason": reason})
    return cases


def test_the_cases_of_a_reason_are_counted_once(house):
    cases = asked(house)
    count = {"store_id": house.store.id, "reason": "price", "now": LATER}
    assert churn.count_reason(house.session, **count) == 3
    assert {case.state for case in cases} == {"counted"}
    assert churn.count_reason(house.session, **count) == 0
    assert house.kinds(cases[0])[-1] == "counted"


def improvement(house, **more):
    owner = employee(house.session, house.store, role="manager")
    values = {"reason": "price", "title": "保养套餐", "owner_id": owner.id} | more
    values = {"due_on": date(2026, 4, 10)} | values
    with house.session.begin_nested():
        return open_improvement(house.session, store_id=house.store.id, now=LATER, **values)


def test_an_improvement_from_a_reason_counts_its_cases(house):
    cases = asked(house)
    number = improvement(house)
    made = house.session.scalars(select(Improvement)).one()
    assert (number, made.number, made.state) == ("A2603-01", "A2603-01", "open")
    assert (made.churn_reason, made.kind) == ("price", "corrective")
    assert made.original_due_on == made.due_on == date(2026, 4, 10)
    assert {(case.state, case.action_id) for case in cases} == {("counted", made.id)}
    assert house.kinds(made) == ["opened"]
    assert improvement(house) == "A2603-02"


def test_an_improvement_sent_twice_is_opened_once(house):
    owner = employee(house.session, house.store)
    for _ in range(2):
        house.sits(house.boss, key="attempt-2")
        assert improvement(house, owner_id=owner.id) == "A2603-01"
    assert len(house.session.scalars(select(Improvement)).all()) == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": " "}, "what is to be done"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"owner_id": None}, "Choose who does it"),
        ({"owner_id": 10**9}, "Choose who does it"),
        ({"due_on": date(2026, 3, 9)}, "today or later"),
        ({"due_on": None}, "today or later"),
        ({"reason": "weather"}, "Choose one of"),
        ({"kind": "magic"}, "Choose one of"),
    ],
)
def test_an_improvement_needs_an_owner_a_date_and_sense(house, values, told):
    with pytest.raises(Refused, match=told):
        improvement(house, **values)


def test_the_second_call_tells_what_was_mended(house):
    case = asked(house, cars=1)[0]
    with pytest.raises(Refused, match="only when it is counted"):
        house.do("call_again", case, sentence="现在有套餐")
    improvement(house)
    with pytest.raises(Refused, match="told"):
        house.do("call_again", case, sentence=" ")
    house.do("call_again", case, sentence="现在有套餐")
    task = house.call(case, "tell_id")
    assert house.session.get(FollowupRule, task.rule_id).code == "churn_told"
    assert events.history(house.session, case)[-1].data["words"] == "现在有套餐"
    with pytest.raises(Refused, match="on the list already"):
        house.do("call_again", case, sentence="x")
    house.rings(case, "tell_id", when=LATER + timedelta(hours=1))
    assert (case.state, case.told_at) == ("acted_on", LATER + timedelta(hours=1))


def test_who_is_given_up_is_lost_and_not_called_any_more(house):
    case = house.case()
    with pytest.raises(Refused, match="why the customer is lost"):
        house.do("give_up", case, reason="")
    house.do("give_up", case, reason="moved abroad")
    assert (case.state, case.lost_because, case.ended_at) == ("lost", "moved abroad", LATER)
    assert (house.call(case).state, house.call(case).ended_at) == ("cancelled", LATER)
    assert house.kinds(house.call(case)) == ["cancelled"]
    with pytest.raises(Refused, match="The case is lost"):
        house.do("give_up", case, reason="again")
    assert house.select(house.cars[:1], now=LATER).cases == 1  # a new case may be opened


def test_a_form_opened_before_somebody_saved_is_a_conflict(house):
    case = house.case(call=False)
    stale = case.version
    house.do("analyse", case, words="first", call=False)
    with pytest.raises(Conflict) as told:
        house.do("give_up", case, version=stale, reason="late")
    assert [entry.kind for entry in told.value.since] == ["analysed"]
    assert case.state == "analysed"


def test_a_move_sent_twice_is_made_once(house):
    case = house.case(call=False)
    version = case.version
    for _ in range(2):
        house.sits(house.boss, key="attempt-3")
        house.do("give_up", case, version=version, reason="moved")
    assert house.kinds(case) == ["selected", "lost"]
