"""Who gets reports, and messages that are sent once more: by an administrator, logged, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import events, outbox
from data.commands import Conflict, Forbidden, NotFound, Refused
from data.commands.messages import retry
from data.commands.subscriptions import subscribe, unsubscribe
from data.models import Event, Message, MessageChannel, Subscription
from data.person import Person, Role
from data.scope import Scope
from tests.factories import at, store

NOW = at("2026-03-16T10:00")


@pytest.fixture
def dealer(session):
    """A store, and its administrator at work."""
    made = store(session)
    session.info["person"] = person(Role.ADMIN, made)
    return made


def person(role, *stores):
    seen = frozenset(one.id for one in stores)
    return Person(login="root", name="Root", role=role, stores=seen)


def add(session, **more):
    plain = {"store": "S1", "report": "weekly", "address": "boss@example.com"}
    manner = {"language": "zh", "format": "docx"}
    return subscribe(session, now=NOW, **plain | manner | more)


def row_of(session, id_):
    session.expire_all()
    return session.get_one(Subscription, id_)


def put(session, dealer, key):
    outbox.put(
        session,
        store_id=dealer.id,
        key=key,
        channel=MessageChannel.MAIL,
        kind="report",
        data={},
        now=NOW,
    )
    return session.scalars(select(Message).where(Message.key == key)).one()


def test_an_address_is_put_down_once_and_logged(session, dealer):
    id_ = add(session, address=" Boss@Example.com ")
    assert row_of(session, id_).address == "boss@example.com"
    with pytest.raises(Refused, match=r"boss@example\.com gets this report already"):
        add(session)
    assert add(session, report="monthly") != id_
    logged = session.scalars(select(Event).where(Event.kind == "subscribed")).all()
    assert [(entry.actor, entry.data["report"]) for entry in logged] == [
        ("root", "weekly"),
        ("root", "monthly"),
    ]


def test_another_language_or_format_is_kept_in_the_same_row(session, dealer):
    id_ = add(session)
    assert add(session, language="en", format="xlsx") == id_
    row = row_of(session, id_)
    assert (row.language, row.format, row.version) == ("en", "xlsx", 2)


def test_a_repeated_attempt_writes_once(session, dealer):
    session.info["key"] = "attempt"
    assert add(session) == add(session)
    assert len(session.scalars(select(Event)).all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nobody"},
        {"address": "a@b.com\nBcc: all@b.com"},
        {"address": "a b@c.com"},
        {"address": "老板@example.com"},
        {"address": f"a@{'b' * 200}.com"},
        {"report": "daily"},
        {"language": "fr"},
        {"format": "pdf"},
    ],
)
def test_nonsense_is_refused(session, dealer, wrong):
    with pytest.raises(Refused):
        add(session, **wrong)
    assert session.scalars(select(Subscription)).all() == []


def test_a_store_that_one_may_not_see_does_not_exist(session, dealer):
    session.info["person"] = person(Role.ADMIN)
    with pytest.raises(NotFound):
        add(session)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_may(session, dealer, role):
    id_ = add(session)
    message = put(session, dealer, "k")
    session.info["person"] = person(role, dealer)
    with pytest.raises(Forbidden):
        add(session, report="monthly")
    with pytest.raises(Forbidden):
        unsubscribe(session, subscription_id=id_, version=1, now=NOW)
    with pytest.raises(Forbidden):
        retry(session, message_id=message.id, now=NOW)


def test_who_is_taken_off_gets_nothing_more_and_may_come_back(session, dealer):
    id_ = add(session)
    message = put(session, dealer, f"{outbox.of_subscription(id_)}2026-W11")
    unsubscribe(session, subscription_id=id_, version=1, now=NOW)
    assert not row_of(session, id_).active
    assert outbox.standing(message, NOW) == "given_up"
    with pytest.raises(Refused, match="ended already"):
        unsubscribe(session, subscription_id=id_, version=2, now=NOW)
    with pytest.raises(Refused, match="withdrawn"):
        retry(session, message_id=message.id, now=NOW)
    assert add(session) == id_
    assert row_of(session, id_).active


def test_who_was_overtaken_learns_of_it(session, dealer):
    id_ = add(session)
    add(session, language="en")
    with pytest.raises(Conflict) as overtaken:
        unsubscribe(session, subscription_id=id_, version=1, now=NOW)
    assert [entry.data["language"] for entry in overtaken.value.since] == ["en"]


def test_an_unknown_subscription_is_not_found(session, dealer):
    with pytest.raises(NotFound):
        unsubscribe(session, subscription_id=99, version=1, now=NOW)


def test_what_was_given_up_is_sent_again_once_for_one_click(session, dealer):
    message = put(session, dealer, "k")
    letter = outbox.claim(session, message.id, now=NOW)
    outbox.failed(session, letter, now=NOW, trouble="answer 404", final=True)
    session.expire_all()
    session.info["key"] = "click"
    later = NOW + timedelta(days=2)
    retry(session, message_id=message.id, now=later)
    retry(session, message_id=message.id, now=later)
    assert outbox.due(session, now=later, channels=["mail"], most=9) == [(message.id, "mail")]
    (entry,) = events.history(session, message)
    assert (entry.kind, entry.data) == (
        "sent_again",
        {"standing": "given_up", "trouble": "answer 404"},
    )


def test_what_is_on_its_way_is_left_alone(session, dealer):
    message = put(session, dealer, "k")
    with pytest.raises(Refused, match="on its way"):
        retry(session, message_id=message.id, now=NOW)
    outbox.claim(session, message.id, now=NOW)
    session.expire_all()
    with pytest.raises(Refused, match="on its way"):
        retry(session, message_id=message.id, now=NOW)
    retry(session, message_id=message.id, now=NOW + outbox.LEASE)
    with pytest.raises(NotFound):
        retry(session, message_id=message.id + 1, now=NOW)
    assert outbox.listing(session, Scope(as_of=NOW))[0][0]["standing"] == "waiting"
