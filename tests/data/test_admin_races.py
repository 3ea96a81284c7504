"""Twenty people change a setting at once, on real databases: one is written, all are told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

from data import db
from data.commands import Conflict, Refused, categories, rules, targets
from data.migrations import upgrade
from data.models import AdminEvent, ComplaintCategory, Target
from data.person import SYSTEM
from tests.conftest import fresh
from tests.factories import at, store

NOW = at("2026-03-16T10:00")
PEOPLE = 20
RULE = {"expires_days": 10, "retry_hours": 6, "window": "", "hold_out": 0, "delay_hours": 24}


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    """A database of its own, with a store in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'races.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_settings")
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        store(session)
    yield engine
    engine.dispose()


def at_once(work):
    """Everybody does `work(their number)` at the same moment; what each was told."""

    def tried(number):
        try:
            return work(number)
        except (Conflict, Refused) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(tried, range(PEOPLE)))


def count(model, *where):
    with db.reading(as_=SYSTEM) as session:
        return session.scalar(select(func.count(model.id)).where(*where))


def changes(subject):
    return count(AdminEvent, AdminEvent.subject.startswith(subject))


def test_a_new_target_is_set_by_one_of_them(house):
    def aim(number):
        about = {"metric": "csat_t2b", "store": None, "valid_from": date(2026, 3, 1)}
        with db.writing(by=SYSTEM) as session:
            value = 0.8 + number / 1000
            targets.set_target(session, value=value, version=0, now=NOW, **about)

    told = at_once(aim)
    assert (told.count(None), told.count(Conflict)) == (1, PEOPLE - 1)
    assert count(Target, Target.metric == "csat_t2b", Target.valid_from == date(2026, 3, 1)) == 1
    assert changes("target") == 1


def test_a_rule_is_changed_by_one_of_them(house):
    def change(number):
        with db.writing(by=SYSTEM) as session:
            rules.set_rule(session, code="sale", version=1, now=NOW, attempts=number + 6, **RULE)

    told = at_once(lambda number: change(number % 10))
    assert (told.count(None), told.count(Conflict)) == (1, PEOPLE - 1)
    assert changes("rule sale") == 1


def test_the_same_click_sent_many_times_adds_one_category(house):
    def add(number):
        with db.writing(by=SYSTEM, key="one-click") as session:
            about = {"name": "Tyres", "name_zh": "轮胎", "parent": None}
            return categories.add_category(session, now=NOW, **about)

    assert set(at_once(add)) == {"tyres"}
    assert count(ComplaintCategory, ComplaintCategory.name == "Tyres") == 1
    assert changes("category") == 1
