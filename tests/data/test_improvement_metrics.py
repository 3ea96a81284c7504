"""Every number about improvement actions, counted by hand; as of a past day as they stood then."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.commands import improvements as commands
from data.commands import linking
from data.defaults import NORMS
from data.improvements.measuring import measure
from data.metrics.improvements import (
    action_effectiveness,
    action_on_time,
    action_recurrence,
    action_slippage,
    action_status,
    customers_informed_rate,
    time_to_action,
)
from data.metrics.improvements.listing import listing
from data.metrics.improvements.standing import standings, unfolded
from data.models import Event, Improvement
from data.moves import IMPROVEMENT_MOVES
from data.person import SYSTEM, Role
from data.scope import Scope
from tests.factories import account, at, complaint, delivered, employee, store

NOW = at("2026-03-16T10:00")
DUE = date(2026, 2, 20)


class House:
    """A store where actions are opened and worked on by the commands themselves."""

    def __init__(self, session, code="S1"):
        self.session, self.store = session, store(session, code)
        self.boss = account(session, Role.MANAGER, self.store)
        self.owner = employee(session, self.store, "Wang", role="manager")
        self.other = employee(session, self.store, "Zhao", role="adviser")
        self.session.info.update(person=self.boss, key=None, spent=set())

    def open(self, when="2026-02-02T10:00", due=DUE, **more):
        plain = {"title": "Board at the gate", "owner_id": self.owner.id, "due_on": due}
        plain |= {"store_id": self.store.id, "now": at(when), "category": "late_delivery"}
        number = commands.open_improvement(self.session, **plain | more)
        mine = (Improvement.number == number, Improvement.store_id == self.store.id)
        return self.session.scalars(select(Improvement).where(*mine)).one()

    def do(self, name, action, when, **values):
        command = getattr(commands, name, None) or getattr(linking, name)
        moment = at(when) if isinstance(when, str) else when
        given = {"action_id": action.id, "version": action.version, "now": moment}
        return command(self.session, **given, **values)

    def done(self, when="2026-02-10T10:00", **more):
        action = self.open(**more)
        self.do("finish", action, when)
        return action

    def complaint(self, opened, **more):
        return complaint(self.session, self.store, opened, category="late_delivery", **more)


def scope(when=NOW, **more):
    return Scope(as_of=at(when) if isinstance(when, str) else when, **more)


def rows(answer):
    return answer.frame.to_dict("records")


@pytest.fixture
def house(session):
    return House(session)


# --- where they stand ------------------------------------------------------------------------


def test_status_counts_each_state_and_what_is_late_or_soon(house):
    house.open(due=date(2026, 3, 15))  # overdue since today
    house.open(due=date(2026, 3, 16), owner_id=house.other.id)  # today is in time
    house.do("start", house.open(due=date(2026, 3, 24)), "2026-02-03T10:00")  # in eight days
    house.done()
    house.do("cancel", house.open(due=date(2026, 2, 3)), "2026-02-03T10:00", reason="No need")
    told = action_status(house.session, scope())
    assert told.summary == {
        "open": 2, "in_progress": 1, "done": 1, "effective": 0, "not_effective": 0, "cancelled": 1,
        "overdue": 1, "due_in_7_days": 1, "unowned": 0, "total": 5,
    }  # fmt: skip
    found = {row["key"]: (row["count"], row["overdue"]) for row in rows(told)}
    assert found["open"] == (2, 1)
    by_owner = rows(action_status(house.session, scope(), by="owner"))
    assert {(row["name"], row["count"], row["overdue"]) for row in by_owner} == {
        ("Wang", 4, 1),
        ("Zhao", 1, 0),
    }


def test_status_as_of_a_past_day_is_as_it_was(house):
    action = house.open(due=date(2026, 2, 5))
    house.do("put_off", action, "2026-02-04T10:00", due_on=date(2026, 3, 30), reason="Parts")
    house.do("finish", action, "2026-02-12T10:00")
    then = action_status(house.session, scope("2026-02-11T10:00")).summary
    assert (then["open"], then["done"], then["overdue"]) == (1, 0, 0)
    before = action_status(house.session, scope("2026-02-03T10:00")).summary
    assert (before["open"], before["due_in_7_days"]) == (1, 1)
    assert action_status(house.session, scope("2026-02-01T10:00")).summary["total"] == 0


def test_on_time_goes_by_the_original_deadline(house):
    house.done()  # by 20 February, done on the 10th
    house.done("2026-02-21T00:30", due=date(2026, 2, 20))  # half an hour late
    late = house.open(due=date(2026, 2, 25))
    house.do("put_off", late, "2026-02-24T10:00", due_on=date(2026, 4, 1), reason="Parts")
    house.open(due=date(2026, 3, 20))  # not yet due
    house.do("cancel", house.open(due=date(2026, 2, 3)), "2026-02-03T10:00", reason="No need")
    told = action_on_time(house.session, scope())
    assert [told.summary[name] for name in ("numerator", "denominator", "not_due")] == [1, 3, 1]
    months = {row["period"]: (row["numerator"], row["denominator"]) for row in rows(told)}
    assert months == {date(2026, 2, 1): (1, 3), date(2026, 3, 1): (0, 0)}
    only = action_on_time(house.session, scope(start=date(2026, 3, 1))).summary
    assert (only["denominator"], only["not_due"]) == (0, 1)


def test_slippage_adds_the_days_and_keeps_each_reason(house):
    action = house.open()
    house.do("put_off", action, "2026-02-18T10:00", due_on=date(2026, 3, 1), reason="Parts")
    house.do("put_off", action, "2026-02-28T10:00", due_on=date(2026, 3, 20), reason="Away")
    once = house.open()
    house.do(
        "assign", once, "2026-02-18T10:00", owner_id=house.other.id, due_on=date(2026, 2, 22),
        reason="New owner",
    )  # fmt: skip
    house.open()
    told = action_slippage(house.session, scope())
    assert told.summary == {
        "actions": 3, "put_off": 2, "times": 3, "days": 30, "median_days": 15.0,
    }  # fmt: skip
    first, second = rows(told)
    assert (first["times"], first["days"], first["reasons"]) == (2, 28, "Parts; Away")
    assert (second["times"], second["days"], second["owner"]) == (1, 2, "Zhao")


# --- whether it helped -----------------------------------------------------------------------


def before_and_after(house, before, after):
    delivered(house.session, house.store, d20251201=1000, d20260102=1000)
    for number in range(before):
        house.complaint(f"2025-12-{number + 1:02}T10:00")
    for number in range(after):
        house.complaint(f"2026-01-{number + 2:02}T10:00")


def since_new_year(house, **more):
    action = house.open("2025-12-10T10:00", due=date(2026, 1, 1), **more)
    house.do("finish", action, "2026-01-01T10:00")
    return action


def test_effectiveness_counts_orders_before_and_after(house):
    before_and_after(house, 10, 2)
    since_new_year(house)
    (row,) = rows(action_effectiveness(house.session, scope()))
    assert [row[name] for name in ("before", "orders_before", "after", "orders_after")] == [
        10, 1000, 2, 1000,
    ]  # fmt: skip
    assert (row["verdict"], row["ratio"], row["unit"]) == ("effective", 0.2, "orders")
    assert row["p"] == pytest.approx(79 / 4096)


def test_only_actions_whose_verification_is_due_are_in_its_denominator(house):
    before_and_after(house, 10, 2)
    since_new_year(house)
    told = action_effectiveness(house.session, scope("2026-03-31T10:00")).summary
    assert (told["numerator"], told["denominator"], told["not_due"]) == (0, 0, 1)
    told = action_effectiveness(house.session, scope("2026-04-01T10:00")).summary  # ninety days on
    assert (told["numerator"], told["denominator"], told["not_due"]) == (1, 1, 0)
    assert (told["effective"], told["done"]) == (1, 1)


def test_what_was_verified_counts_at_once_and_stays(house):
    before_and_after(house, 10, 2)
    action = since_new_year(house)
    house.do("verify", action, "2026-02-01T10:00")
    for number in range(9):
        house.complaint(f"2026-02-{number + 2:02}T10:00")
    told = action_effectiveness(house.session, scope()).summary
    assert (told["numerator"], told["denominator"]) == (1, 1)
    assert rows(action_effectiveness(house.session, scope()))[0]["verdict"] == "not_effective"


def test_recurrence_is_known_ninety_days_after_or_when_it_happens(house):
    before_and_after(house, 10, 2)
    action = since_new_year(house)
    house.do("verify", action, "2026-02-01T10:00")
    told = action_recurrence(house.session, scope("2026-02-10T10:00")).summary
    assert (told["denominator"], told["not_due"]) == (0, 1)
    again = house.complaint("2026-02-12T10:00")
    house.do("link", action, "2026-02-13T10:00", complaint_id=again.id)
    told = action_recurrence(house.session, scope("2026-02-13T11:00")).summary
    assert (told["numerator"], told["denominator"], told["not_due"]) == (1, 1, 0)
    told = action_recurrence(house.session, scope("2026-02-12T23:00")).summary
    assert (told["numerator"], told["not_due"]) == (0, 1)


def test_that_nothing_came_back_is_known_after_ninety_days(house):
    before_and_after(house, 10, 2)
    house.do("verify", since_new_year(house), "2026-02-01T10:00")
    days = NORMS["effect"]["recurs_within_days"]
    end = at("2026-02-01T10:00") + timedelta(days=days)
    for when, denominator in ((end - timedelta(minutes=1), 0), (end, 1)):
        told = action_recurrence(house.session, scope(when)).summary
        assert (told["numerator"], told["denominator"]) == (0, denominator)


# --- how soon, and who was told --------------------------------------------------------------


def test_time_to_action_begins_with_the_first_linked_complaint(house):
    house.complaint("2026-01-13T10:00")
    second = house.complaint("2026-01-20T10:00")
    house.done("2026-02-12T10:00", complaints=[second.id])
    house.done("2026-02-08T10:00")
    found = rows(time_to_action(house.session, scope()))
    assert [(row["days_to_action"], row["days_to_done"]) for row in found] == [
        (13, 10),  # from the linked one of 20 January
        (20, 6),  # from the first of the category
    ]
    told = time_to_action(house.session, scope()).summary
    assert told == {"actions": 2, "median_to_action": 16.5, "median_to_done": 8.0}


def test_without_any_complaint_there_is_no_beginning(house):
    house.complaint("2025-06-01T10:00")  # more than half a year before
    house.open()
    told = time_to_action(house.session, scope()).summary
    assert told == {"actions": 1, "median_to_action": None, "median_to_done": None}


def test_customers_are_to_be_told_once_it_is_done(house):
    cases = [house.complaint(f"2026-01-0{day}T10:00") for day in (1, 2, 3)]
    action = house.done(complaints=[case.id for case in cases[:2]])
    house.open(complaints=[cases[2].id])
    cancelled = house.open(complaints=[cases[0].id])
    house.do("cancel", cancelled, "2026-02-11T10:00", reason="No need")
    house.do("inform", action, "2026-02-12T10:00", complaint_id=cases[0].id)
    told = customers_informed_rate(house.session, scope()).summary
    assert [told[name] for name in ("numerator", "denominator", "not_due")] == [1, 2, 1]
    earlier = customers_informed_rate(house.session, scope("2026-02-11T10:00")).summary
    assert (earlier["numerator"], earlier["denominator"]) == (0, 2)
    by_action = rows(customers_informed_rate(house.session, scope(), by="action"))
    assert {row["key"]: row["denominator"] for row in by_action} == {"A2602-01": 2, "A2602-02": 0}


# --- the list, and the past ------------------------------------------------------------------


def test_the_list_holds_what_the_numbers_count(house):
    house.open(due=date(2026, 3, 1))
    house.open(due=date(2026, 3, 20), category="brakes", kind="preventive")
    house.done()
    for drill, count in (
        ((), 3),
        ((("state", "open"),), 2),
        ((("due", "overdue"),), 1),
        ((("due", "week"),), 1),
        ((("category", "waiting"),), 2),
        ((("kind", "preventive"),), 1),
        ((("owner", str(house.other.id)),), 0),
    ):
        found, total = listing(house.session, scope(drill=drill))
        assert len(found) == total == count, drill
        assert action_status(house.session, scope(drill=drill)).summary["total"] == count


def test_the_list_is_sorted_searched_and_paged(house):
    for day, title in ((5, "Lamp"), (3, "Door"), (4, "Lamp of the gate")):
        house.open(due=date(2026, 3, day), title=title)
    found, total = listing(house.session, scope(), count=2)
    assert ([row["title"] for row in found], total) == (["Door", "Lamp of the gate"], 3)
    found, total = listing(
        house.session, scope(), find=[("title", "lamp")], sort=[("due_on", True)]
    )
    assert ([row["title"] for row in found], total) == (["Lamp", "Lamp of the gate"], 2)
    assert found[0]["category_name_zh"] == "交车延迟"
    assert (found[0]["owner"], found[0]["late"], found[0]["complaints"]) == ("Wang", True, 0)


def test_another_stores_actions_are_not_counted(house):
    house.open()
    house.session.info["person"] = SYSTEM
    elsewhere = House(house.session, "S2")
    assert action_status(elsewhere.session, scope()).summary["total"] == 0


VALUES = {
    "put_off": lambda house, day: {"due_on": date(2026, 4, 1 + day % 28), "reason": "Parts"},
    "cancel": lambda house, day: {"reason": "No need"},
    "reopen": lambda house, day: {"reason": "Again"},
    "assign": lambda house, day: {"owner_id": (house.owner, house.other)[day % 2].id},
    "note": lambda house, day: {"words": "Seen"},
}
PLAYED = ("start", "finish", "verify", *VALUES)


def said(house, name, day):
    """What the form of this move says on this day of February."""
    return VALUES[name](house, day) if name in VALUES else {}


def possible(house, action, name, day):
    """Whether the move may be made: the state allows it, and it changes something."""
    if name == "verify":
        found = measure(house.session, [action], as_of=at(f"2026-02-{day:02}T10:00"))
        decided = action.id in found and found[action.id].effect.verdict != "not_yet_proven"
        return action.state == "done" and decided
    same = name == "put_off" and said(house, name, day)["due_on"] == action.due_on
    return action.state in IMPROVEMENT_MOVES[name].states and not same


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(PLAYED), max_size=8))
def test_what_the_events_tell_is_what_the_columns_say(house, moves):
    with house.session.begin_nested() as tried:
        before_and_after(house, 10, 0)
        delivered(house.session, house.store, d20260204=9000, d20260206=9000, d20260208=9000)
        action = house.open("2026-02-02T10:00")
        stood = []
        for day, name in enumerate(moves, start=3):
            if not possible(house, action, name, day):
                continue
            house.do(name, action, f"2026-02-{day:02}T10:00", **said(house, name, day))
            house.session.flush()
            (now,) = standings(house.session, scope(f"2026-02-{day:02}T11:00"))
            stood.append((day, now))
        events = select(Event).where(Event.subject == "action").order_by(Event.at, Event.id)
        history = house.session.scalars(events).all()
        for day, then in stood:
            (found,) = standings(house.session, scope(f"2026-02-{day:02}T11:00"))
            assert found.version >= then.version
            assert (found.state, found.due_on, found.owner_id, found.verdict, found.put_off) == (
                then.state, then.due_on, then.owner_id, then.verdict, then.put_off,
            )  # fmt: skip
        (now,) = standings(house.session, scope())
        assert unfolded(now, history) == now
        tried.rollback()
