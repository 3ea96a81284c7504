"""The clock of the machine jumps, forth and back: work goes on, and no figure becomes absurd."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from data import throttle
from data.commands import Refused, complaints
from data.models import Complaint, Event
from data.person import Person, Role
from data.scope import Scope
from tests import factories
from tests.torture.conftest import rounds
from tests.torture.telling_time import answers

MONDAY = datetime(2026, 3, 16, 2, tzinfo=UTC)
DAY = timedelta(days=1)
MOVES = {
    "reply": {"said": "we look into it"},
    "pause": {"reason": "a part"},
    "resume": {},
    "resolve": {"solution": "changed it"},
    "recontact": {"satisfied": True},
    "reopen": {"reason": "it is back"},
    "close": {"satisfied": True},
    "note": {"said": "called"},
}


@pytest.fixture
def cases(session):
    store = factories.store(session)
    made = [factories.complaint(session, store, "2026-03-16 10:00") for _ in range(20)]
    desk = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset({store.id}))
    session.info.update(person=desk)
    return made


def move(session, case: Complaint, name: str, now: datetime) -> bool:
    """Whether the case could be moved so."""
    more = MOVES[name] | ({"until": now + DAY} if name == "pause" else {})
    about = {"complaint_id": case.id, "version": case.version, "now": now}
    try:
        with session.begin_nested():
            getattr(complaints, name)(session, **about, **more)
    except Refused:
        return False
    return True


def test_cases_are_worked_on_while_the_clock_jumps_and_figures_stay_sane(session, cases):
    chance, done = random.Random(5), 0
    for _ in range(rounds(150, 5_000)):
        now = MONDAY + DAY * chance.uniform(-40, 40)
        done += move(session, chance.choice(cases), chance.choice([*MOVES]), now)
    assert done > len(cases)
    assert session.scalar(select(func.count(Event.id)).where(Event.subject == "complaint")) == done
    session.connection().execute(text("ANALYZE"))  # as PostgreSQL does by itself after a while
    for days in (-60, -20, 0.1, 3, 20, 60):
        told = [*numbers(answers(session, Scope(as_of=MONDAY + DAY * days, stores=("S1",))))]
        assert any(told) == (days > 0)  # before they came in nothing is told of them
        assert all(value >= 0 for value in told)


def numbers(told):
    """Each number of ages, counts and shares."""
    if isinstance(told, list):
        for each in told:
            yield from numbers(each)
    elif isinstance(told, dict):
        counted = ("days", "count", "value", "numerator", "denominator", "not_due")
        yield from (float(told[key]) for key in counted if told.get(key) not in (None, "None"))
        yield from numbers([each for each in told.values() if isinstance(each, dict | list)])


def test_nobody_is_kept_out_by_failures_of_a_clock_that_was_ahead(session):
    keys = throttle.keys("li", "10.0.0.1", None)
    for _ in range(20):
        throttle.failed(session, keys, now=MONDAY + 30 * DAY)
    assert throttle.wait(session, keys, now=MONDAY + 30 * DAY)
    assert throttle.wait(session, keys, now=MONDAY) is None
    for _ in range(20):
        throttle.failed(session, keys, now=MONDAY)
    assert throttle.wait(session, keys, now=MONDAY) == throttle.WINDOW
