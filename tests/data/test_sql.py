"""What the two databases spell differently means the same in both."""

import pytest
from sqlalchemy import delete, select

from data.models import Customer
from data.sql import among
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
