"""Which calls are owed now, to whom they are shown, and which one comes next."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from data import db
from data.commands import desk, followups
from data.followups import sheet, worklist
from data.migrations import upgrade
from data.models import Customer, FollowupRule
from data.person import SYSTEM, Role
from data.scope import Scope
from tests.factories import (
    account,
    at,
    attempt,
    complaint,
    customer,
    employee,
    followup,
    order,
    promise,
    response,
    store,
    vehicle,
)

NOON = at("2026-03-16T12:00")
TODAY = "2026-03-16T18:00"


class Desk:
    """A store with two agents and a manager, at noon on a Monday."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.anna, self.bo = (account(session, Role.AGENT, self.store) for _ in range(2))
        self.boss = account(session, Role.MANAGER, self.store)
        self.sits(self.anna)
        self.me = desk.employee_of(session, self.store.id, NOON)
        self.other = employee(session, self.store, "Wang")

    def sits(self, person):
        self.session.info["person"] = person

    def owed(self, number, due=TODAY, *, dealer=None, window=None, rank=None, **more):
        dealer = dealer or self.store
        whose = customer(self.session, dealer, call_window=window, value_class=rank)
        plain = {"number": number, "customer_id": whose.id, "state": "planned"}
        return followup(self.session, dealer, due, **plain | more)

    def scope(self, **more):
        drill = tuple((key, value) for key, value in more.pop("drill", {}).items())
        return Scope(**{"as_of": NOON, "stores": ("S1",), "drill": drill} | more)

    def listed(self, *, drill=None, **asked):
        rows, total = worklist.listing(self.session, self.scope(drill=drill or {}), **asked)
        assert total >= len(rows)
        return [row["number"] for row in rows]

    def next(self, person=None, **more):
        found = worklist.next_call(self.session, self.scope(**more), person=person or self.anna)
        return found and found[0]

    def sheet(self, number, person=None, stores=("S1",)):
        who = person or self.anna
        return sheet.find(self.session, number, stores, as_of=NOON, person=who)


@pytest.fixture
def here(session):
    return Desk(session)


# --- the list ------------------------------------------------------------------------------------


def test_only_what_is_still_to_be_made_is_listed(here):
    here.owed("open")
    here.owed("tried", state="due", attempts=2)
    here.owed("over", completed_at="2026-03-16T09:00")
    here.owed("excluded", state="cancelled", excluded="fleet", ended_at="2026-03-15T09:00")
    assert here.listed() == ["open", "tried"]


def test_agents_see_their_own_and_the_free_ones(here):
    here.owed("free", "2026-03-15T10:00")
    here.owed("mine", agent_id=here.me.id)
    here.owed("of another", agent_id=here.other.id)
    assert here.listed() == ["mine", "free"], "the own ones first"
    here.sits(here.boss)
    assert here.listed() == ["free", "mine", "of another"]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SCREEN])
def test_who_rings_nobody_sees_nothing(here, role):
    here.owed("free")
    who = account(here.session, role, here.store)
    here.sits(who)
    assert here.listed() == []
    assert here.next(who) is None
    assert here.sheet("free", who) is None


def test_calls_of_other_stores_are_not_there(here):
    far = store(here.session, "S2")
    here.sits(account(here.session, Role.AGENT, here.store, far))
    here.owed("here"), here.owed("there", dealer=far)
    assert here.listed() == ["here"]
    here.sits(here.anna)
    everywhere = here.scope(stores=())
    assert [row["number"] for row in worklist.listing(here.session, everywhere)[0]] == ["here"]
    assert worklist.next_call(here.session, everywhere, person=here.anna) == ("here", "S1")


def test_a_row_says_what_to_know_before_the_call(here):
    car = vehicle(here.session, here.store, plate="沪A12345", model="Octavia")
    complaint(here.session, here.store, "2026-03-10T10:00", vehicle_id=car.id)
    complaint(
        here.session, here.store, "2026-02-10T10:00", vehicle_id=car.id,
        closed_at="2026-02-12T10:00",
    )  # fmt: skip
    task = here.owed(
        "H1", window="09:00-11:00", rank="A", vehicle_id=car.id, agent_id=here.me.id,
        attempts=1, next_try_at="2026-03-16T15:00",
    )  # fmt: skip
    (row,), total = worklist.listing(here.session, here.scope())
    assert total == 1
    assert row == {
        "number": "H1",
        "store": "S1",
        "version": 1,
        "id": task.id,
        "customer": "Chen",
        "plate": "沪A12345",
        "model": "Octavia",
        "rule": "service",
        "rule_name": "After service",
        "rule_name_zh": "维修后回访",
        "due_at": at(TODAY),
        "due_on": at(TODAY).date(),
        "attempts": 1,
        "next_try_at": at("2026-03-16T15:00"),
        "value_class": "A",
        "agent": here.me.name,
        "agent_id": here.me.id,
        "state": "planned",
        "window": "09:00-11:00",
        "open_now": False,
        "open_complaints": 1,
    }


def test_a_callback_with_nothing_around_it_has_a_row_too(here):
    followup(here.session, here.store, TODAY, rule=None, number="bare")
    (row,), _ = worklist.listing(here.session, here.scope())
    assert (row["number"], row["customer"], row["rule"], row["window"]) == (
        "bare",
        None,
        None,
        None,
    )
    assert (row["open_now"], row["open_complaints"]) == (True, 0)
    assert here.next() == "bare"
    assert here.sheet("bare").questions == []


def test_the_list_is_paged_sorted_and_searched(here):
    for number, rank in (("a", "C"), ("b", None), ("c", "A"), ("d", "B")):
        here.owed(number, rank=rank)
    assert here.listed(sort=[("value_class", False)]) == ["c", "d", "a", "b"]
    assert here.listed(sort=[("value_class", True)]) == ["a", "d", "c", "b"], "unknown ones last"
    assert here.listed(sort=[("number", True)], start=1, count=2) == ["c", "b"]
    assert here.listed(find=[("number", "C")]) == ["c"]
    assert here.listed(find=[("customer", "%")]) == []
    assert here.listed(sort=[("no such field", True)], find=[("nor this", "x")]) == list("abcd")
    rows, total = worklist.listing(here.session, here.scope(), start=3, count=50)
    assert (len(rows), total) == (1, 4)


@pytest.mark.parametrize(
    ("drill", "numbers"),
    [
        ({"due": "overdue"}, ["late"]),
        ({"due": "today"}, ["now"]),
        ({"due": "week"}, ["later", "now"]),
        ({"due": "rubbish"}, []),
        ({"agent": "none"}, ["late", "now"]),
        ({"agent": "me"}, ["later"]),
        ({"agent": "0"}, []),
        ({"agent": "9" * 30}, []),
        ({"rule": "sale"}, ["later"]),
        ({"state": "due"}, ["late"]),
        ({"class": "A"}, ["now"]),
        ({"class": "A", "due": "overdue"}, []),
    ],
)
def test_the_list_is_narrowed_by_the_address(here, drill, numbers):
    here.owed("late", "2026-03-15T10:00", state="due")
    here.owed("now", rank="A")
    here.owed("later", "2026-03-20T10:00", agent_id=here.me.id, rule="sale")
    assert here.listed(drill=drill) == numbers


# --- the next call -------------------------------------------------------------------------------


def test_own_calls_go_before_free_ones_and_those_of_others_never(here):
    here.owed("free", "2026-03-15T10:00")
    here.owed("another's", "2026-03-15T10:00", agent_id=here.other.id)
    mine = here.owed("mine", agent_id=here.me.id)
    assert here.next() == "mine"
    mine.ended_at, mine.state = NOON, "refused"
    here.session.flush()
    assert here.next() == "free"
    here.sits(here.boss)
    assert here.next(here.boss) == "free", "a manager's next call is no agent's either"


def test_the_nearest_day_goes_first_and_on_one_day_the_better_customer(here):
    here.owed("today, early", "2026-03-16T13:00", rank="C")
    assert here.next() == "today, early"
    here.owed("today, A", "2026-03-16T18:00", rank="A")
    assert here.next() == "today, A"
    here.owed("today, A, sooner", "2026-03-16T17:00", rank="A")
    assert here.next() == "today, A, sooner"
    here.owed("yesterday, unknown", "2026-03-15T10:00")
    assert here.next() == "yesterday, unknown"
    here.owed("yesterday, B", "2026-03-15T18:00", rank="B")
    assert here.next() == "yesterday, B"


@pytest.mark.parametrize(
    ("window", "rule", "rung"),
    [
        (None, "09:00-20:00", True),
        (None, "14:00-20:00", False),
        (None, None, True),
        ("12:00-13:00", "14:00-20:00", True),
        ("09:00-12:00", "09:00-20:00", False),
        ("17:00-20:00", None, False),
        ("after lunch", "09:00-20:00", True),
        ("__:__-__:__", "09:00-20:00", True),
        ("20:00-09:00", "14:00-20:00", False),
        ("00:00-24:00", None, True),
    ],
)
def test_a_customer_is_rung_when_the_own_window_or_the_rule_allows(here, window, rule, rung):
    task = here.owed("H1", window=window)
    here.session.get_one(FollowupRule, task.rule_id).window = rule
    here.session.flush()
    assert here.next() == ("H1" if rung else None)
    (row,), _ = worklist.listing(here.session, here.scope())
    assert row["open_now"] is rung
    assert here.sheet("H1").open_now is rung
    assert here.sheet("H1").window == row["window"]


def test_each_store_has_its_own_clock(here):
    far = store(here.session, "S2", zone="Europe/Berlin")  # five in the morning there
    both = account(here.session, Role.AGENT, here.store, far)
    here.sits(both)
    here.owed("asleep", "2026-03-10T10:00", dealer=far)
    assert here.next(both, stores=()) is None
    here.owed("awake")
    assert here.next(both, stores=()) == "awake"


def test_what_was_put_off_comes_when_its_time_has_come(here):
    here.owed("put off", next_try_at="2026-03-16T12:00:01")
    assert here.next() is None
    assert here.next(as_of=NOON + timedelta(seconds=1)) == "put off"


def test_who_wants_no_calls_any_more_is_not_rung(here):
    task = here.owed("H1")
    here.session.get_one(Customer, task.customer_id).do_not_call = True
    here.session.flush()
    assert here.next() is None


def test_nobody_is_rung_days_before_it_is_due(here):
    here.owed("next week", "2026-03-20T10:00")
    assert here.next() is None
    assert here.listed() == ["next week"]


# --- the call sheet ------------------------------------------------------------------------------


def test_the_sheet_shows_the_customer_the_car_and_the_stay(here):
    adviser = employee(here.session, here.store, "Zhou")
    car = vehicle(here.session, here.store)
    done = order(here.session, here.store, car, "2026-03-15T10:00", adviser_id=adviser.id)
    task = here.owed("H1", vehicle_id=car.id, order_id=done.id)
    tried = attempt(here.session, task, "2026-03-16T09:00", "busy", agent_id=here.me.id)
    seen = here.sheet("H1")
    assert (seen.followup, seen.customer.name, seen.vehicle) == (task, "Chen", car)
    assert (seen.order, seen.adviser.name, seen.technician) == (done, "Zhou", None)
    assert (seen.orders, seen.attempts) == ([done], [tried])
    assert [question.code for question in seen.questions][:2] == ["timeliness", "flow"]
    assert (seen.mine, seen.agent, seen.response, seen.answers) == (False, None, None, {})


def test_the_sheet_shows_earlier_calls_about_the_same_car(here):
    car = vehicle(here.session, here.store)
    plain = {"due": "2026-01-10T12:00", "completed_at": "2026-01-10T10:00"}
    before = here.owed("H0", vehicle_id=car.id, agent_id=here.other.id, **plain)
    told = response(here.session, here.store, "2026-01-10T10:00", 3, callback_id=before.id)
    here.owed("another car", vehicle_id=vehicle(here.session, here.store).id)
    never = {"state": "cancelled", "excluded": "fleet", "ended_at": NOON}
    here.owed("never called", vehicle_id=car.id, **never)
    here.owed("H1", vehicle_id=car.id)
    seen = here.sheet("H1")
    assert [(row.followup.number, row.response) for row in seen.earlier] == [("H0", told)]
    assert seen.earlier[0].rule.code == "service"
    assert seen.people == {here.other.id: "Wang"}


def test_the_sheet_shows_open_complaints_and_promises(here):
    session, dealer, car = here.session, here.store, vehicle(here.session, here.store)
    case = complaint(session, dealer, "2026-02-01T10:00", vehicle_id=car.id, category="brakes")
    closed = {"vehicle_id": car.id, "closed_at": "2026-01-02T10:00"}
    complaint(session, dealer, "2026-01-01T10:00", **closed)
    before = here.owed("H0", completed_at="2026-01-10T10:00", vehicle_id=car.id)
    here.owed("H1", vehicle_id=car.id)
    promise(session, dealer, "2026-01-12T10:00", followup_id=before.id, kept_at=NOON)
    later = promise(session, dealer, "2026-03-18T10:00", followup_id=before.id)
    of_case = promise(session, dealer, "2026-03-17T10:00", complaint_id=case.id)
    promise(session, dealer, "2026-03-17T10:00", followup_id=here.owed("another").id)
    seen = here.sheet("H1")
    assert (seen.complaints, seen.promises) == ([case], [of_case, later])
    assert seen.categories[case.category_id].code == "brakes"


def test_the_sheet_of_a_call_that_was_had_shows_what_was_said_and_done(here):
    task = here.owed("H1")
    plain = {"followup_id": task.id, "now": NOON}
    followups.take(here.session, version=1, **plain)
    said = {"words": "We call on Friday", "due_at": at("2026-03-20T10:00")}
    followups.record(
        here.session, version=2, **plain, respondent="owner", overall=5,
        answers={"flow": {"score": 4}}, promise=said,
    )  # fmt: skip
    seen = here.sheet("H1")
    assert (seen.mine, seen.response.overall, seen.agent) == (True, 5, here.me)
    scores = {question.code: question.id for question in seen.questions}
    assert seen.answers[scores["flow"]].score == 4
    assert [made.words for made in seen.promises] == ["We call on Friday"]
    assert [entry.kind for entry in seen.history] == ["taken", "recorded"]
    assert seen.actors == {here.anna.login: here.anna.name}


def test_a_sheet_of_another_agent_or_store_does_not_exist(here):
    here.owed("H1", agent_id=here.other.id)
    assert here.sheet("H1") is None
    assert here.sheet("H1", here.boss) is not None
    assert here.sheet("H1", here.boss, stores=("S2",)) is None
    assert here.sheet("H1", here.boss, stores="S1") is not None
    assert here.sheet("H1", here.boss, stores=None) is not None
    assert here.sheet("H2", here.boss) is None


def test_numbers_are_a_stores_own(here):
    far = store(here.session, "S2")
    principal = account(here.session, Role.PRINCIPAL, here.store, far)
    here.sits(principal)
    here.owed("H1")
    here.owed("H1", dealer=far)
    for code in ("S1", "S2"):
        assert here.sheet("H1", principal, stores=(code,)).store.code == code


# --- how it is read ------------------------------------------------------------------------------


def test_nothing_reads_a_whole_store(tmp_path):
    """SQLite's own plans: a list goes by the index of what is open, a sheet by keys."""
    engine = db.connect(f"sqlite:///{tmp_path / 'plans.db'}")
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        dealer = store(session)
        agent = account(session, Role.AGENT, dealer)
        car = vehicle(session, dealer)
        followup(session, dealer, TODAY, number="H1", vehicle_id=car.id)
    scope = Scope(as_of=NOON, stores=("S1",))
    with explained(engine) as plans, db.reading(as_=agent) as session:
        assert worklist.listing(session, scope)[1] == 1
        assert worklist.next_call(session, scope, person=agent) == ("H1", "S1")
        assert sheet.find(session, "H1", ("S1",), as_of=NOON, person=agent)
    engine.dispose()
    big = ("callback", "call_attempt", "survey_response", "survey_answer", "repair_order", "event")
    steps = {step for step in plans if step.split()[1] in big}
    assert steps
    by_index = "ix_callback_open|callback_id|number|vehicle_id|subject|PRIMARY KEY|response_id"
    assert {step for step in steps if not re.search(by_index, step)} == set()


@contextmanager
def explained(engine):
    """The steps SQLite takes for each statement meanwhile."""
    steps = []

    def explain(connection, cursor, statement, values, *_):
        if statement.startswith("SELECT"):
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(row[3] for row in plan if row[3].startswith(("SCAN", "SEARCH")))

    event.listen(engine, "before_cursor_execute", explain)
    yield steps
    event.remove(engine, "before_cursor_execute", explain)
