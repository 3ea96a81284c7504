"""Whatever is given to a write, both databases say the same of it, and in words.

PostgreSQL refuses what it has no room for, SQLite takes everything: where they agree, we were
before them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from data import accounts
from data.commands import Refused
from data.guard import OutsideScope
from data.models import Customer
from tests.examples import EXAMPLES
from tests.examples.desk import never_kept

EVERY = sorted(EXAMPLES)
OURS = {"now", "at", "today", "seed", "version"}  # given by the program, not by people
NEVER = {  # what can be kept nowhere
    str: ["a\0b", "a\ud800", "\udfff", "a\ufffe", "\uffff", "x" * 100_000],
    int: [2**63, -(2**63) - 1, 10**5000],
    float: [float("nan"), float("inf"), float("-inf"), 1e300],
    date: [date.min, date.max, date(1899, 12, 31)],
    datetime: [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
}
PERHAPS = {  # what may be kept somewhere
    str: ["'\"%_\\;--\u202e\ufeff{0}😀" + "汉" * 190],
    int: [-1, 2**63 - 1],
    float: [-1.0, 1e18],
    date: [date(1900, 1, 1), date(2100, 12, 31)],
    datetime: [datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)],
}


def replaced(given, wrong) -> Iterator[tuple[str, object]]:
    """`given` with one part of it replaced by something wrong of the same kind, and where."""
    for name, value in given.items() if isinstance(given, Mapping) else enumerate(given):
        for place, part in parts(value, wrong):
            if isinstance(given, Mapping):
                yield f"{name}{place}", given | {name: part}
            else:
                yield f"{name}{place}", [*given[:name], part, *given[name + 1 :]]


def parts(value, wrong) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
        yield from ((f".{place}", part) for place, part in replaced(value, wrong))
    elif not isinstance(value, bool):
        yield from ((f" {n}", part) for n, part in enumerate(wrong.get(type(value), ())))


def told(desk, name, wrong):
    """What is said of each wrong part: a sentence, or nothing where it was written."""
    given, who = desk.example(name), desk.person(name)
    typed = {part: value for part, value in given.items() if part not in OURS}
    ours = {part: value for part, value in given.items() if part in OURS}
    said = {}
    for place, values in replaced(typed, wrong):
        with desk.connection.begin_nested() as undone:
            said[place] = said_of(desk, name, values | ours, who)
            undone.rollback()
    return said


def said_of(desk, name, values, who):
    try:
        desk.do(name, values, who)
    except Refused as no:
        return no.sentence
    except OutsideScope:
        return "There is no such record in your stores."
    return None


@pytest.mark.parametrize("name", EVERY)
def test_what_can_be_kept_nowhere_is_refused_in_words(sqlite_house, name):
    with never_kept(sqlite_house) as desk:
        assert [place for place, no in told(desk, name, NEVER).items() if no is None] == []


@pytest.mark.parametrize("name", EVERY)
def test_both_databases_say_the_same_of_what_may_be_kept(desks, name):
    one, other = (told(desk, name, PERHAPS) for desk in desks)
    assert one == other


def test_what_cannot_be_kept_is_not_looked_for_either(sqlite_house, postgres_house):
    for house, typed in (
        (sqlite_house, "a\ud800"),
        (postgres_house, "\ud800"),
        (postgres_house, "\0"),
    ):
        with never_kept(house) as desk, pytest.raises(Refused, match="cannot be stored"):
            desk.system.scalars(select(Customer.id).where(Customer.name == typed)).all()


def test_nobody_is_called_by_what_cannot_be_kept(desks):
    for desk in desks:
        assert accounts.sign_in(desk.system, "a\0b", "correct horse") is None
