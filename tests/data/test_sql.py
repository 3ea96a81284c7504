"""What the two databases spell differently means the same in both."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, null, select

from data.models import Customer, Promise, Store
from data.sql import among, local_day
from tests import factories

WORDS = ["a", "", "%", "a'b", 'a"b', "a\\b", "{a,b}", "张三", "𠮷", "NULL"]


@pytest.fixture
def named(session):
    """A customer of each name, and one more; the number of each."""
    store = factories.store(session)
    made = {name: factories.customer(session, store, name=name) for name in [*WORDS, "b"]}
    session.flush()
    return {name: one.id for name, one in made.items()}


@pytest.mark.parametrize("words", [[], *([word] for word in WORDS), WORDS, ["a", "a", "c"]])
def test_among_words(session, named, words):
    found = session.scalars(select(Customer.name).where(among(Customer.name, words))).all()
    assert sorted(found) == sorted(set(words) - {"c"})


def test_among_numbers(session, named):
    some = [named["a"], named["b"], 2**62]
    found = session.scalars(select(Customer.name).where(among(Customer.id, some))).all()
    assert sorted(found) == ["a", "b"]


def test_among_many(session, named):
    found = session.scalars(select(Customer.id).where(among(Customer.id, range(40_000)))).all()
    assert sorted(found) == sorted(named.values())


def test_however_many_keys_it_is_one_statement():
    one, other = (among(Customer.id, keys) for keys in ([1], range(9)))
    assert one._generate_cache_key().key == other._generate_cache_key().key


def test_a_condition_beside_others(session, named):
    table = Customer.__table__
    session.execute(delete(table).where(table.c.name == "b", among(table.c.id, [named["a"]])))
    session.execute(delete(table).where(~among(table.c.id, [named["a"]])))
    assert session.scalars(select(Customer.name)).all() == ["a"]


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Apia"]
)
@pytest.mark.parametrize("about", ["2026-03-07T16:00", "2026-11-01T05:30", "2024-02-29T00:00"])
def test_the_local_day_is_that_of_the_clocks_there(session, zone, about):
    store = factories.store(session, zone=zone)
    middle = datetime.fromisoformat(about).replace(tzinfo=UTC)
    for quarters in range(-120, 120):
        due = middle + timedelta(minutes=15 * quarters, microseconds=-1)
        session.add(Promise(store_id=store.id, words="x", made_at=due, due_at=due))
    session.flush()
    of_it = local_day(Promise.due_at, Store.zone)
    query = select(Promise.due_at, of_it).join(Store, Store.id == Promise.store_id)
    found = session.execute(query).all()
    assert len(found) == 240
    assert [day for _, day in found] == [due.astimezone(ZoneInfo(zone)).date() for due, _ in found]


def test_nothing_has_no_local_day(session):
    assert session.scalar(select(local_day(null(), "UTC"))) is None
