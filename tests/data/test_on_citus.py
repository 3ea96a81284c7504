"""On a real Citus, at TEST_CITUS_URL: what is spread answers and works as what lies together.

Every write is tried there too, by the tests that go through every command.
"""

import json
import math
import os
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pkgutil import walk_packages

import pytest

from data import db, editions, metrics, planning, spreading, sums, visits
from data.churn import settling
from data.demo import load
from data.improvements import checking
from data.installing import open_database
from data.metrics import METRICS
from data.metrics.complaints.listing import pressing
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.conftest import fresh
from tests.data.conftest import emptied
from tests.data.sums.asking import unequal, unlike

AS_OF = datetime(2026, 3, 16, 2, tzinfo=UTC)
LATER = AS_OF + timedelta(days=14)
SCOPES = {"everything": Scope(as_of=AS_OF), "a store": Scope(as_of=AS_OF, stores=("S1",))}
PEOPLE = {
    "the system": SYSTEM,
    "a manager": Person(login="m", name="m", role=Role.MANAGER, stores=frozenset({1, 2})),
}
for module in walk_packages(metrics.__path__, f"{metrics.__name__}."):
    import_module(module.name)


@pytest.fixture(scope="module")
def addresses(postgres_url):
    """The same demo twice: together, and spread."""
    plain = fresh(postgres_url, "aftercare_together")
    spread = emptied(os.environ["TEST_CITUS_URL"])
    for url in (plain, spread):
        engine = open_database(url)
        load(engine, stores=2, years=1, as_of=AS_OF)
        engine.dispose()
    engine = db.connect(spread)
    assert spreading.spread(engine).machines > 0
    engine.dispose()
    return plain, spread


def on_each(addresses, ask):
    """What comes of `ask()` in the one and in the other."""
    found = []
    for url in addresses:
        engine = db.connect(url)
        found.append(ask())
        engine.dispose()
    return found


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_whether_there_are_news_can_be_asked_of_any_stores(addresses, person):
    kinds = {metric.reads for metric in METRICS.values()} | {None}

    def told():
        with db.glancing(as_=person) as session:
            asked = [(stores, reads) for stores in ((), ("S1",), ("S1", "S2")) for reads in kinds]
            return {one: editions.edition(session, *one) for one in asked}

    plain, spread = on_each(addresses, told)
    assert plain.keys() == spread.keys()
    assert "" not in spread.values()


@pytest.mark.parametrize("eyes", PEOPLE)
@pytest.mark.parametrize("part", SCOPES)
@pytest.mark.parametrize("code", sorted(METRICS))
def test_a_metric_says_the_same(addresses, code, part, eyes):
    def ask():
        with db.reading(as_=PEOPLE[eyes]) as session:
            answer = METRICS[code](session, SCOPES[part])
        return [answer.frame.to_dict("records"), answer.summary]

    together, spread = on_each(addresses, ask)
    assert rounded(spread) == rounded(together)


@pytest.mark.parametrize("eyes", PEOPLE)
def test_the_same_waits_for_a_decision(addresses, eyes):
    def ask():
        with db.reading(as_=PEOPLE[eyes]) as session:
            rows, of = pressing(session, SCOPES["everything"], start=0, count=1000)
            beyond = pressing(session, SCOPES["everything"], start=1000, count=1)
        return [(row["store"], row["number"], row["why"]) for row in rows], of, beyond

    together, spread = on_each(addresses, ask)
    assert spread == together
    assert spread[1] == spread[2][1] == len(spread[0]) > 10


def rounded(value):
    """`value` as text; machines that add up apart differ in the last digits."""
    if isinstance(value, dict):
        return {str(key): rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.9g}"
    return json.dumps(value, default=str)


def test_what_is_kept_by_day_is_what_the_rows_come_to(addresses):
    def work():
        with db.writing(by=SYSTEM) as session:
            sums.forget(session.connection())
        days = sums.refresh(now=AS_OF)
        with db.reading(as_=SYSTEM) as session:
            return days, unlike(session, AS_OF), unequal(session, AS_OF)

    together, spread = on_each(addresses, work)
    assert spread == together
    assert spread[0] > 300
    assert spread[1:] == ([], [])


def test_the_jobs_come_to_the_same(addresses):
    def work():
        planned = sum(sum(one.counts.values()) for one in planning.plan(now=LATER))
        ended = planning.expire(now=LATER), settling.settle(now=LATER), checking.check(now=LATER)
        with db.writing(by=SYSTEM) as session:
            return planned, ended, visits.rebuild(session.connection())

    together, spread = on_each(addresses, work)
    assert spread == together
