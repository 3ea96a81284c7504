"""The outbox: told once, claimed once, tried again for a day, and never twice by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import db, outbox
from data.migrations import upgrade
from data.models import Message, MessageChannel, Store
from data.outbox import LEASE, WAITS
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.conftest import fresh
from tests.factories import at, store

NOW = at("2026-03-16T10:00")
MINUTE = timedelta(minutes=1)
BOTH = tuple(MessageChannel)


def put(session, dealer, key="a", now=NOW, **more):
    plain = {"channel": MessageChannel.WEBHOOK, "kind": "complaint_assigned", "data": {"n": 1}}
    return outbox.put(session, store_id=dealer.id, key=key, now=now, **plain | more)


def only(session):
    session.expire_all()
    return session.scalars(select(Message)).one()


def due(session, now=NOW, channels=BOTH):
    return [id_ for id_, _ in outbox.due(session, now=now, channels=channels, most=10)]


def how(session, now=NOW):
    return outbox.standing(only(session), now)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def letter(session, dealer):
    """A message that was claimed at NOW."""
    put(session, dealer)
    return outbox.claim(session, only(session).id, now=NOW)


def test_the_same_is_told_once_in_each_store(session, dealer):
    assert put(session, dealer)
    assert not put(session, dealer, data={"n": 2})
    assert put(session, store(session, "S2"))
    assert session.scalar(select(func.count(Message.id))) == 2


def test_the_name_of_a_message_is_plain_and_its_own_in_every_store(session):
    for code in ("S1", "门店"):
        put(session, store(session, code))
    names = [outbox.claim(session, id_, now=NOW).name for id_ in due(session)]
    assert len(set(names)) == 2
    assert all(name.isascii() and name.isalnum() for name in names)


def test_those_that_wait_longest_come_first_and_only_when_they_are_due(session, dealer):
    for key, wait in (("later", 1), ("first", -2), ("second", -1)):
        put(session, dealer, key, NOW + wait * MINUTE)
    keys = {row.id: row.key for row in session.scalars(select(Message))}
    assert [keys[id_] for id_ in due(session)] == ["first", "second"]
    assert due(session, channels=[MessageChannel.MAIL]) == []


def test_a_claimed_message_is_not_due_and_not_claimed_again(session, letter):
    assert (letter.store, letter.key, letter.tries) == ("S1", "a", 1)
    assert due(session) == []
    assert outbox.claim(session, letter.id, now=NOW) is None


def test_what_was_taken_is_sent(session, letter):
    outbox.sent(session, letter, now=NOW + MINUTE)
    assert only(session).sent_at == NOW + MINUTE
    assert how(session) == "sent"
    assert due(session, NOW + timedelta(days=9)) == []


def test_what_failed_is_tried_again_later_and_later_and_at_last_given_up(session, letter):
    now, waited = NOW, []
    while how(session, now) == "sending":
        outbox.failed(session, letter, now=now, trouble="unreachable")
        row = only(session)
        if row.given_up_at:
            break
        assert due(session, row.next_try_at - MINUTE) == []
        waited.append(row.next_try_at - now)
        now = row.next_try_at
        letter = outbox.claim(session, row.id, now=now)
    assert tuple(waited) == WAITS
    assert timedelta(days=1) <= now - NOW <= timedelta(days=1.1)
    assert (how(session), only(session).trouble) == ("given_up", "unreachable")
    assert due(session, now + timedelta(days=9)) == []


def test_what_cannot_work_is_given_up_at_once(session, letter):
    outbox.failed(session, letter, now=NOW, trouble="answer 404", final=True)
    assert how(session) == "given_up"


def test_who_died_while_sending_leaves_a_message_that_is_uncertain(session, letter):
    assert how(session, NOW + LEASE - MINUTE) == "sending"
    assert how(session, NOW + LEASE) == "uncertain"
    assert due(session, NOW + timedelta(days=9)) == []


def test_an_answer_that_was_lost_leaves_it_uncertain_at_once(session, letter):
    outbox.uncertain(session, letter, trouble="no_answer")
    assert how(session) == "uncertain"
    assert due(session, NOW + timedelta(days=9)) == []


def test_sent_again_it_begins_anew_and_who_had_it_before_has_no_say_in_it(session, letter):
    outbox.uncertain(session, letter, trouble="no_answer")
    later = NOW + timedelta(hours=1)
    outbox.again(only(session), now=later)
    session.flush()
    assert due(session, later) == [letter.id]
    second = outbox.claim(session, letter.id, now=later)
    assert (second.name, second.tries) == (letter.name, 1)
    outbox.failed(session, letter, now=later, trouble="unreachable")
    assert how(session, later) == "sending"
    outbox.sent(session, second, now=later)
    outbox.uncertain(session, second, trouble="no_answer")
    assert (how(session, later), only(session).trouble) == ("sent", None)


def test_what_still_waits_can_be_withdrawn_and_asks_nobody_for_a_look(session, dealer):
    for key in ("report:1:weekly", "report:11:weekly", "other"):
        put(session, dealer, key)
    outbox.withdraw(session, store_id=dealer.id, begins="report:1:", now=NOW)
    left = {row.id: row.key for row in session.scalars(select(Message))}
    assert [left[id_] for id_ in due(session)] == ["report:11:weekly", "other"]
    assert outbox.listing(session, Scope(as_of=NOW), stuck=True) == ([], 0)


def test_the_log_shows_the_newest_first_and_apart_what_needs_somebody(session, dealer):
    kinds = ("waiting", "lost", "gone", "given_up")
    for minute, key in enumerate(kinds):
        put(session, dealer, key, NOW + minute * MINUTE)
    ids = {row.key: row.id for row in session.scalars(select(Message))}
    later = NOW + timedelta(hours=1)
    claims = {key: outbox.claim(session, ids[key], now=later) for key in kinds[1:]}
    outbox.sent(session, claims["gone"], now=later)
    outbox.failed(session, claims["given_up"], now=later, trouble="answer 410", final=True)
    scope = Scope(as_of=later + LEASE)
    rows, total = outbox.listing(session, scope)
    assert total == 4
    assert [(row["key"], row["standing"]) for row in rows] == [
        ("given_up", "given_up"),
        ("gone", "sent"),
        ("lost", "uncertain"),
        ("waiting", "waiting"),
    ]
    assert [bool(row["next_try_at"]) for row in rows] == [False, False, False, True]
    stuck, total = outbox.listing(session, scope, stuck=True)
    assert ([row["key"] for row in stuck], total) == (["given_up", "lost"], 2)
    assert outbox.listing(session, scope, start=1, count=1)[0][0]["key"] == "gone"


def test_the_log_keeps_to_the_stores_one_may_see(session, dealer):
    other = store(session, "S2")
    put(session, dealer, "mine")
    put(session, other, "theirs")
    assert outbox.listing(session, Scope(as_of=NOW, stores=("S2",)))[1] == 1
    one = frozenset({dealer.id})
    session.info["person"] = Person(login="a", name="A", role=Role.ADMIN, stores=one)
    rows, total = outbox.listing(session, Scope(as_of=NOW))
    assert ([row["key"] for row in rows], total) == (["mine"], 1)


# --- several processes, real transactions --------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    """A store with ten messages to be sent."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'outbox.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_outbox")
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        dealer = store(session)
        for number in range(10):
            put(session, dealer, str(number))
    yield
    engine.dispose()


def claim(id_):
    with db.writing(by=SYSTEM) as session:
        return outbox.claim(session, id_, now=NOW)


def test_of_many_who_claim_at_once_each_message_has_one(house):
    with db.reading(as_=SYSTEM) as session:
        ids = due(session)
    with ThreadPoolExecutor(8) as workers:
        claimed = [letter for letter in workers.map(claim, ids * 8) if letter]
    assert sorted(letter.id for letter in claimed) == sorted(ids)


def tell_the_same(_worker):
    with db.writing(by=SYSTEM) as session:
        return put(session, session.scalars(select(Store)).one(), "news")


def test_of_many_who_tell_the_same_at_once_one_does(house):
    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(tell_the_same, range(8))) == 1


def tell_and_fail():
    with db.writing(by=SYSTEM) as session:
        put(session, session.scalars(select(Store)).one(), "news")
        raise ValueError("no")


def test_what_is_undone_was_never_told(house):
    with pytest.raises(ValueError, match="no"):
        tell_and_fail()
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(select(Message.id).where(Message.key == "news")) is None
