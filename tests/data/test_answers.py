"""What is remembered is what would be counted, for those who may see it, until it is old."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from threading import Barrier

import pytest
from pandas import DataFrame
from sqlalchemy.event import listen

from data import answers, db, editions, events
from data.installing import open_database
from data.metrics import Answer, Metric, matters
from data.models import Complaint, Event, ImportBatch, Store
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests import factories
from tests.conftest import fresh

NOW = datetime(2026, 3, 16, 2, 1, tzinfo=UTC)
LIVE = Scope(as_of=NOW, live=True)
OF_S1 = replace(LIVE, stores=("S1",))
OF_ONE = Person(login="m", name="M", role=Role.MANAGER, stores=frozenset({1}))


@pytest.fixture
def counted():
    """A metric that tells how often it was counted."""
    times = []

    def count(session, scope, **options):
        times.append((scope, options))
        return Answer(DataFrame({"n": [len(times)]}), {"value": len(times), **options})

    found = Metric("counted", "Counted", "number", count, {"by": ("a", "b")})
    found.count.times = times
    return found


def asked(metric, scope=LIVE, who=SYSTEM, **options):
    with db.reading(as_=who) as session:
        return answers.ask(metric, session, scope, **options).summary["value"]


@pytest.fixture
def house(tmp_path):
    """A database with a case."""
    engine = open_database(f"sqlite:///{tmp_path / 'answers.db'}")
    with db.writing(by=SYSTEM) as session:
        factories.complaint(session, factories.store(session), "2026-03-13T09:00")
    yield
    engine.dispose()


def test_it_is_counted_once_and_told_to_whoever_has_the_same_eyes(house, counted):
    other = replace(OF_ONE, login="n", role=Role.QUALITY)
    assert [asked(counted, who=who) for who in (SYSTEM, SYSTEM, OF_ONE, other)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "scope",
    [replace(LIVE, stores=("S1",)), replace(LIVE, drill=(("severity", "critical"),)),
     replace(LIVE, start=NOW.date()), replace(LIVE, zone="UTC")],
    ids=str,
)  # fmt: skip
def test_another_question_has_another_answer(house, counted, scope):
    assert [asked(counted), asked(counted, scope), asked(counted, by="a")] == [1, 2, 3]
    assert [asked(counted), asked(counted, scope), asked(counted, by="a")] == [1, 2, 3]


def test_after_a_write_it_is_counted_anew(house, counted):
    first = asked(counted)
    with db.writing(by=SYSTEM) as session:
        case = session.query(Complaint).one()
        events.record(session, case, "noted", at=NOW)
    assert (first, asked(counted), asked(counted)) == (1, 2, 2)


def test_a_quiet_word_about_a_case_leaves_its_figures_and_not_those_of_promises(house, counted):
    cases, any_, promises = (
        replace(counted, code=str(reads), reads=reads)
        for reads in (matters.CASES, None, matters.PROMISES)
    )
    first = asked(cases), asked(any_), asked(promises)
    for kind in editions.QUIET:
        with db.writing(by=SYSTEM) as session:
            events.record(session, session.query(Complaint).one(), kind, at=NOW)
    assert (first, asked(cases)) == ((1, 2, 3), 1)
    assert (asked(any_), asked(promises)) == (4, 5)


def test_a_write_about_something_else_or_elsewhere_leaves_it(house, counted):
    cases = replace(counted, reads=matters.CASES)
    first = asked(cases), asked(cases, OF_S1)
    with db.writing(by=SYSTEM) as session:
        events.record_at_store(session, 1, "subscribed", at=NOW)
        factories.store(session, "S2")
    elsewhere = asked(cases), asked(cases, OF_S1)
    with db.writing(by=SYSTEM) as session:
        case = factories.complaint(session, session.get_one(Store, 2), "2026-03-13T09:00")
        events.record(session, case, "noted", at=NOW)
    assert (first, elsewhere) == ((1, 2), (1, 2))
    assert (asked(cases), asked(cases, OF_S1)) == (3, 2)


@pytest.mark.parametrize("reads", [None, matters.VISITS, matters.CASES], ids=str)
def test_what_is_read_in_or_set_changes_every_figure(house, counted, reads):
    any_figure = replace(counted, reads=reads)
    told = [asked(any_figure)]
    for write in (read_in, finished, a_setting):
        with db.writing(by=SYSTEM) as session:
            write(session)
        told.append(asked(any_figure))
    assert told == [1, 2, 3, 4]


def read_in(session):
    given = {"store_id": 1, "at": NOW, "actor": "a", "kind": "complaints", "file": "f"}
    session.add(ImportBatch(sha256="0", counts={}, **given))


def finished(session):
    events.record(session, session.query(ImportBatch).one(), "imported", at=NOW)


def a_setting(session):
    events.record_setting(session, "norm", "norm_set", at=NOW)


def test_what_is_committed_after_a_later_write_is_seen(postgres_url):
    engine = open_database(fresh(postgres_url, "aftercare_answers"))
    with db.writing(by=SYSTEM) as session:
        factories.store(session)
    editions = []
    with db.writing(by=SYSTEM) as slow:
        noted(slow)
        with db.writing(by=SYSTEM) as quick:
            noted(quick)
        editions.append((edition(), edition_of(SYSTEM, (), None)))
    editions.append((edition(), edition_of(SYSTEM, (), None)))
    engine.dispose()
    assert all(before != after for before, after in zip(*editions, strict=True))


@pytest.mark.parametrize("reads", [None, matters.CASES], ids=str)
def test_where_stores_lie_apart_each_is_asked_and_the_word_is_the_same(house, monkeypatch, reads):
    with db.writing(by=SYSTEM) as session:
        factories.complaint(session, factories.store(session, "S2"), "2026-03-13T09:00")
        for case in session.query(Complaint).all():
            events.record(session, case, "noted", at=NOW)
    people, codes = (SYSTEM, OF_ONE, replace(OF_ONE, stores=frozenset())), ((), ("S1",), ("S2",))
    asked = [(who, stores, reads) for who in people for stores in codes]
    together = [edition_of(*one) for one in asked]
    monkeypatch.setattr(editions, "is_spread", lambda connection: True)
    assert [edition_of(*one) for one in asked] == together
    assert len(set(together)) > 2
    monkeypatch.setattr(editions, "MANY", 1)
    assert edition_of(SYSTEM, (), reads) != edition_of(SYSTEM, (), reads)  # never kept for so many
    assert edition_of(SYSTEM, ("S1",), reads) == edition_of(SYSTEM, ("S1",), reads)


def test_at_a_glance_the_edition_is_the_same_whatever_is_written(house):
    with db.writing(by=SYSTEM) as session:
        factories.complaint(session, factories.store(session, "S2"), "2026-03-13T09:00")
    chance = Random(3)
    people, codes = (SYSTEM, OF_ONE, replace(OF_ONE, stores=frozenset())), ((), ("S1",), ("S2",))
    subjects = (None, matters.CASES, matters.PROMISES, matters.VISITS)
    asked = list(product(people, codes, subjects))
    told = []
    for _ in range(30):
        if chance.random() < 0.8:
            with db.writing(by=SYSTEM) as session:
                chance.choice([read_in, a_setting, noted_at, noted_at, noted_at])(session)
        told.append([edition_of(*one) for one in asked])
        assert told[-1] == [edition_of(*one, look=db.reading) for one in asked]
    assert len({tuple(each) for each in told}) > 15


def noted_at(session):
    cases = session.query(Complaint).order_by(Complaint.id).all()
    case = cases[session.query(Event).count() % len(cases)]
    events.record(session, case, "noted" if case.id % 2 else editions.QUIET[0], at=NOW)


def test_while_nobody_writes_it_is_put_together_once(house):
    asked, wanted = [], [(SYSTEM, ()), (SYSTEM, ("S1",)), (OF_ONE, ())]
    listen(db._GLANCING.kw["bind"], "before_cursor_execute", lambda *given: asked.append(given[2]))
    told = [edition_of(who, stores, None) for who, stores in wanted]
    questions = {text for text in asked if text.startswith("SELECT")}
    asked.clear()
    assert [edition_of(who, stores, None) for who, stores in wanted] == told
    again = {text for text in asked if text.startswith("SELECT")}
    assert (len(questions), len(again), again < questions) == (4, 1, True)


def edition_of(who, stores, reads, look=db.glancing):
    with look(as_=who) as session:
        return editions.edition(session, stores, reads)


def noted(session):
    store = session.query(Store).one()
    events.record_at_store(session, store.id, "noted", at=NOW)
    session.flush()


def edition():
    with db.reading(as_=SYSTEM) as session:
        return editions.edition(session)


def test_after_five_minutes_it_is_counted_anew(house, counted):
    began = answers.lately(NOW, SYSTEM)
    minutes = (0, 2, 4.9, 5, 9.9, 10)
    scopes = [replace(LIVE, as_of=began + timedelta(minutes=each)) for each in minutes]
    assert [asked(counted, scope) for scope in scopes] == [1, 1, 1, 2, 2, 3]


def test_not_all_grow_old_at_once_and_nobody_later():
    eyes = [SYSTEM, *(replace(OF_ONE, stores=frozenset({store})) for store in range(30))]
    began = {answers.lately(NOW, one) for one in eyes}
    assert len(began) > 20
    assert all(timedelta(0) <= NOW - moment < timedelta(minutes=5) for moment in began)
    assert answers.lately(NOW, OF_ONE) == answers.lately(NOW, replace(OF_ONE, login="n"))


def test_a_moment_of_the_past_is_counted_each_time(house, counted):
    assert [asked(counted, Scope(as_of=NOW)) for _ in range(2)] == [1, 2]


def test_another_database_is_asked_itself(house, counted, tmp_path):
    first = asked(counted)
    second = open_database(f"sqlite:///{tmp_path / 'second.db'}")
    assert (first, asked(counted)) == (1, 2)
    second.dispose()


def test_what_the_reader_does_to_an_answer_is_not_remembered(house, counted):
    with db.reading(as_=SYSTEM) as session:
        for _ in range(2):
            answer = answers.ask(counted, session, LIVE)
            assert (answer.frame["n"].tolist(), answer.summary) == ([1], {"value": 1})
            answer.frame["n"] = 7
            answer.frame.loc[0, "n"] = 8
            answer.summary["value"] = 9


def test_a_failure_is_not_remembered():
    kept, told = answers.Answers(), iter([ValueError("once"), Answer(DataFrame())])

    def count():
        found = next(told)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="once"):
        kept.of("question", count)
    assert kept.of("question", count).frame.empty


def test_those_who_ask_at_once_wait_for_the_first():
    kept, times, begin = answers.Answers(), [], Barrier(8)

    def count():
        times.append(1)
        return Answer(DataFrame())

    def ask(_):
        begin.wait()
        kept.of("question", count)

    with ThreadPoolExecutor(8) as people:
        list(people.map(ask, range(8)))
    assert times == [1]


def test_the_oldest_is_forgotten():
    kept, counted = answers.Answers(most=2), []

    def ask(question):
        kept.of(question, lambda: counted.append(question) or Answer(DataFrame()))

    for question in "abacab":
        ask(question)
    assert counted == ["a", "b", "c", "b"]
