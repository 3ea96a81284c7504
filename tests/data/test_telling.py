"""What is told outside: each thing once, in time, and nothing of a customer."""

import json
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from data import db, events, telling
from data.commands import complaints, improvements
from data.models import Message, MessageChannel, Subscription
from data.person import SYSTEM, Person, Role
from data.telling.reports import period_due
from tests.factories import at, complaint, customer, employee, improvement, store, vehicle

NOW = at("2026-03-17T10:00")  # a Tuesday
HOOK, MAIL = [MessageChannel.WEBHOOK], [MessageChannel.MAIL]
DAY = timedelta(days=1)


@pytest.fixture
def dealer(session, monkeypatch):
    """A store; what is written stays in the transaction that is never kept."""

    @contextmanager
    def inside(*_args, **_kwargs):
        yield session
        session.flush()

    monkeypatch.setattr(db, "writing", inside)
    monkeypatch.setattr(db, "reading", inside)
    return store(session)


def messages(session, kind=None):
    found = session.scalars(select(Message).order_by(Message.id))
    return [row for row in found if kind in (None, row.kind)]


def tell(now=NOW, channels=HOOK):
    return telling.tell(now=now, channels=channels)


def assign(session, case, owner, when="2026-03-17T09:00", kind="assigned", due_on="2026-03-20"):
    said = {"owner_id": owner.id, "owner": owner.name, "due_on": due_on, "version": 1}
    return events.record(session, case, kind, at=at(when), **said)


def quiet(session, dealer, number="C7", **more):
    """A complaint whose deadlines are far away."""
    plain = dict.fromkeys(("reply_warn_at", "reply_due_at", "close_warn_at", "close_due_at"))
    given = plain | {"number": number, "category": "brakes", "content": "13800000000"} | more
    return complaint(session, dealer, "2026-03-16T09:00", **given)


def test_who_was_given_a_complaint_is_told_once(session, dealer):
    owner, case = employee(session, dealer, "Wang Li"), quiet(session, dealer)
    entry = assign(session, case, owner)
    assert tell() == {"complaint_assigned": 1}
    assert tell(NOW + timedelta(minutes=5)) == {}
    (message,) = messages(session)
    assert (message.channel, message.key) == ("webhook", f"assigned:{entry.id}")
    assert message.data == {
        "number": "C7",
        "severity": "general",
        "category": "brakes",
        "owner": "Wang Li",
        "at": "2026-03-17T01:00:00+00:00",
        "due_on": "2026-03-20",
    }
    assign(session, case, owner, "2026-03-17T09:30")
    assert tell() == {"complaint_assigned": 1}


def test_what_the_commands_write_is_what_is_told(session, dealer):
    owner, case = employee(session, dealer, "Wang"), quiet(session, dealer)
    boss = Person(login="boss", name="Boss", role=Role.MANAGER, stores=frozenset({dealer.id}))
    due = {"owner_id": owner.id, "due_on": date(2026, 4, 1)}
    session.info["person"] = boss
    complaints.assign(
        session, complaint_id=case.id, version=case.version, now=NOW, today=NOW.date(), **due
    )
    number = improvements.open_improvement(
        session, store_id=dealer.id, title="Quieter brakes", now=NOW, category="brakes", **due
    )
    session.info["person"] = SYSTEM
    assert tell() == {"complaint_assigned": 1, "improvement_assigned": 1}
    first, second = (row.data for row in messages(session))
    assert (first["number"], first["owner"], first["due_on"]) == ("C7", "Wang", "2026-04-01")
    assert (second["number"], second["owner"], second["due_on"]) == (number, "Wang", "2026-04-01")
    assert second["category"] == "brakes"


def test_what_was_done_long_ago_is_no_news(session, dealer):
    owner, case = employee(session, dealer), quiet(session, dealer)
    assign(session, case, owner, "2026-03-16T10:00")
    assign(session, case, owner, "2026-03-18T10:00")
    assert tell() == {}


def test_without_a_channel_nothing_is_written(session, dealer):
    assign(session, quiet(session, dealer), employee(session, dealer))
    assert tell(channels=[]) == tell(channels=MAIL) == {}


def test_a_new_action_and_one_that_changes_hands_are_told(session, dealer):
    owner, other = employee(session, dealer, "Wang"), employee(session, dealer, "Zhao")
    action = improvement(
        session, dealer, owner, "2026-03-16T09:00", category="brakes", number="A1", state="open"
    )
    action.due_on = date(2026, 4, 30)
    assign(session, action, owner, kind="opened", due_on="2026-04-01")
    assign(session, action, other, due_on=None)
    assert tell() == {"improvement_assigned": 2}
    said = [(row.data["owner"], row.data["due_on"]) for row in messages(session)]
    assert said == [("Wang", "2026-04-01"), ("Zhao", "2026-04-30")]


def test_a_coming_deadline_is_told_once_and_a_moved_one_again(session, dealer):
    owner = employee(session, dealer, "Wang")
    case = quiet(
        session,
        dealer,
        owner_id=owner.id,
        close_warn_at="2026-03-17T09:59",
        close_due_at="2026-03-17T18:00",
    )
    assert tell(NOW - timedelta(minutes=2)) == {}
    assert tell() == {"complaint_due": 1}
    assert tell(NOW + timedelta(minutes=5)) == {}
    case.close_due_at = at("2026-03-18T18:00")
    assert tell(NOW + timedelta(minutes=10)) == {"complaint_due": 1}
    first, second = (row.data for row in messages(session))
    assert first == {
        "number": "C7",
        "severity": "general",
        "category": "brakes",
        "clock": "close",
        "due_at": "2026-03-17T18:00:00+08:00",
        "late": False,
        "owner": "Wang",
    }
    assert second["due_at"] == "2026-03-18T18:00:00+08:00"


@pytest.mark.parametrize(
    ("due", "told"),
    [("2026-03-17T10:00", True), ("2026-03-16T10:01", True), ("2026-03-16T10:00", False)],
)
def test_a_deadline_that_nobody_was_warned_of_is_told_for_a_day(session, dealer, due, told):
    quiet(session, dealer, reply_warn_at="2026-03-16T09:30", reply_due_at=due)
    tell()
    assert [row.data["late"] for row in messages(session)] == ([True] if told else [])


@pytest.mark.parametrize(
    "over", [{"replied_at": "2026-03-17T09:00"}, {"resolved_at": "2026-03-17T09:00"}]
)
def test_what_is_done_warns_nobody(session, dealer, over):
    soon = {"reply_warn_at": "2026-03-17T09:00", "reply_due_at": "2026-03-17T11:00"}
    quiet(session, dealer, **soon, **over)
    assert tell() == {}


@pytest.mark.parametrize(
    ("state", "due", "told"),
    [
        ("open", "2026-03-16", True),
        ("in_progress", "2026-03-10", True),
        ("not_effective", "2026-03-16", True),
        ("open", "2026-03-17", False),
        ("open", "2026-03-09", False),
        ("done", "2026-03-16", False),
        ("cancelled", "2026-03-16", False),
    ],
)
def test_an_overdue_action_is_told_once_for_each_date(session, dealer, state, due, told):
    action = improvement(session, dealer, employee(session, dealer), "2026-03-10T09:00")
    action.state, action.due_on = state, date.fromisoformat(due)
    assert bool(tell()) == told
    assert tell() == {}
    if told:
        action.due_on = date(2026, 3, 15)
        assert tell() == {"improvement_overdue": 1}


def test_the_day_is_that_of_the_store(session, dealer):
    berlin = store(session, "S2", "Europe/Berlin")
    for place in (dealer, berlin):
        action = improvement(session, place, employee(session, place), "2026-03-10T09:00")
        action.state, action.due_on = "open", date(2026, 3, 16)
    tell(at("2026-03-17T00:30"))
    assert [row.store_id for row in messages(session)] == [dealer.id]


def test_messages_hold_nothing_of_a_customer(session, dealer):
    secrets = {"name": "Chen Meili", "phone": "13812345678"}
    person = customer(session, dealer, **secrets)
    car = vehicle(session, dealer, customer_id=person.id, plate="京A88888", vin="LVSHCAMB1CE012345")
    owner = employee(session, dealer)
    case = quiet(
        session,
        dealer,
        customer_id=person.id,
        vehicle_id=car.id,
        content="Chen Meili 13812345678",
        close_warn_at="2026-03-17T09:00",
        close_due_at="2026-03-17T18:00",
    )
    action = improvement(session, dealer, owner, "2026-03-10T09:00", title="Call Chen Meili")
    action.state, action.due_on = "open", date(2026, 3, 16)
    assign(session, case, owner)
    assign(session, action, owner, kind="opened")
    assert sum(tell().values()) == 4
    said = json.dumps([row.data for row in messages(session)], ensure_ascii=False)
    for secret in (*secrets.values(), car.plate, car.vin, "Meili"):
        assert secret not in said


# --- reports -------------------------------------------------------------------------------------


def subscription(session, dealer, report="weekly", **more):
    plain = {"address": "boss@example.com", "language": "zh", "format": "docx"}
    row = Subscription(store_id=dealer.id, report=report, **plain | more)
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize(
    ("report", "local", "period"),
    [
        ("weekly", "2026-03-16T07:59", None),
        ("weekly", "2026-03-16T08:00", "2026-W11"),
        ("weekly", "2026-03-18T23:59", "2026-W11"),
        ("weekly", "2026-03-19T08:00", None),
        ("weekly", "2026-01-05T08:00", "2026-W01"),
        ("weekly", "2027-01-04T08:00", "2026-W53"),
        ("monthly", "2026-03-01T07:59", None),
        ("monthly", "2026-03-01T08:00", "2026-02"),
        ("monthly", "2026-03-03T23:59", "2026-02"),
        ("monthly", "2026-03-04T08:00", None),
        ("monthly", "2026-01-01T09:00", "2025-12"),
    ],
)
def test_a_report_is_due_from_the_first_morning_for_three_days(report, local, period):
    assert period_due(report, datetime.fromisoformat(local)) == period


def test_each_subscriber_gets_a_report_once_by_the_clocks_of_the_store(session, dealer):
    berlin = store(session, "S2", "Europe/Berlin")
    here, there = subscription(session, dealer), subscription(session, berlin)
    subscription(session, dealer, address="gone@example.com", active=False)
    monday = at("2026-03-16T08:00")
    assert tell(monday, MAIL) == {"report": 1}
    assert tell(monday + DAY, MAIL) == {"report": 1}
    assert tell(monday + 2 * DAY, MAIL) == {}
    assert tell(monday + 7 * DAY, MAIL) == {"report": 1}
    found = messages(session)
    assert [row.key for row in found] == [
        f"report:{here.id}:2026-W11",
        f"report:{there.id}:2026-W11",
        f"report:{here.id}:2026-W12",
    ]
    assert (found[0].channel, found[0].address) == ("mail", "boss@example.com")
    assert found[0].data == {
        "report": "weekly",
        "period": "2026-W11",
        "language": "zh",
        "format": "docx",
    }
