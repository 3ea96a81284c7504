"""Each figure says what may change it: a write to anything it reads gives it another edition.

What is read and written is seen in the statements themselves, so that nobody has to keep a list.
"""

import re
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

import pages  # with the pages, every metric is in the registry
from dashboard.widgets import Ask
from data import db, editions, planning
from data.churn import settling
from data.demo import load
from data.improvements import checking
from data.installing import open_database
from data.metrics import METRICS
from data.models import ChurnCase, Customer, Event, ImprovementCheck
from data.person import SYSTEM
from data.scope import Scope
from tests.data.test_every_command import EVERY
from tests.examples.desk import never_kept

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=100)
TABLES = set(db.Base.metadata.tables)
LISTS = [table for table in pages.TABLES if table.reads is not None]
TOLD = METRICS | {table.name: table for table in LISTS}
NO_FIGURE = {"customers.anonymise"}  # test_anonymising counts; what is typed goes from titles
TYPED = {"title", "reasons"}
LOG = {"event", "admin_event", "import_batch"}
WRITTEN = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)(?! SET version=\S+ WHERE)")
DRILLS = [
    (("category", "engine"),),
    (
        *(("severity", "critical"), ("owner", "1"), ("agent", "1"), ("rule", "after_service")),
        *(("channel", "phone"), ("adviser", "1"), ("technician", "1")),
    ),
]
JOBS = {
    "plan": lambda: planning.plan(now=LATER),
    "expire": lambda: planning.expire(now=LATER),
    "settle": lambda: settling.settle(now=LATER),
    "check": lambda: checking.check(now=LATER),
}


@contextmanager
def statements(engine):
    """What is asked of a database meanwhile: texts, and the values in them."""
    seen = []

    def see(_connection, _cursor, statement, values, *_more):
        seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", see)
    yield seen
    event.remove(engine, "before_cursor_execute", see)


def tables_in(asked):
    """The tables that questions name, and what a question to the log is about."""
    found = set()
    for text, values in asked:
        found |= (named := TABLES.intersection(re.findall(r"\w+", text))) - LOG
        if "event" in named:
            found |= {f"event of {value}" for value in TABLES.intersection(map(str, values))}
            found |= {*editions.QUIET}.intersection(map(str, values))
    return found


def written_by(asked, subjects):
    """The tables that statements write, and the events they add."""
    found = {match[1] for text, _ in asked if (match := WRITTEN.match(text))}
    return (found - LOG) | {f"event of {subject}" for subject in subjects}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A small dealership in an embedded database."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('matters') / 'demo.db'}")
    load(engine, stores=1, years=1, as_of=NOW)
    with engine.begin() as connection:  # something for the timed jobs to find
        connection.execute(update(ChurnCase).values(last_visit_on=None))
        connection.execute(delete(ImprovementCheck))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def read(demo):
    """The tables that each metric, and each list that names what it reads, reads however asked."""
    found = defaultdict(set)
    for table in LISTS:
        with statements(db._READING.kw["bind"]) as asked, db.reading(as_=SYSTEM) as session:
            table.page(session, Scope(as_of=NOW), Ask(sort=table.sort))
        found[table.name] = tables_in(asked)
    for code, each in METRICS.items():
        with statements(db._READING.kw["bind"]) as asked, db.reading(as_=SYSTEM) as session:
            for drill in ((), *DRILLS):
                each(session, Scope(as_of=NOW, drill=drill))
            for key, known in each.options.items():
                for value in known:
                    each(session, Scope(as_of=NOW), **{key: value})
        found[code] = tables_in(asked)
    return found


def all_editions(session):
    """The edition of each set of subjects that metrics read."""
    kinds = {each.reads for each in TOLD.values()}
    return {reads: editions.edition(session, ("S1",), reads) for reads in kinds}


def stale(read, written, before, after):
    """The metrics and lists whose remembered answer would be told again after such a write."""
    same = {reads for reads in before if before[reads] == after[reads]}
    return {
        code: sorted(read[code] & written)
        for code, each in TOLD.items()
        if each.reads in same and read[code] & written
    }


@pytest.mark.parametrize("name", [name for name in EVERY if name not in NO_FIGURE])
def test_a_command_that_writes_what_a_figure_reads_gives_it_another_edition(
    read, sqlite_house, name
):
    with never_kept(sqlite_house) as desk, statements(sqlite_house) as asked:
        given, who = desk.example(name), desk.person(name)
        before, last = all_editions(desk.system), max(numbers(desk.system), default=0)
        asked.clear()
        desk.do(name, given, who)
        subjects = desk.system.scalars(loud(last)).all()
        written = written_by(asked, subjects)
        assert not stale(read, written, before, all_editions(desk.system))


def loud(last):
    """The subjects of events after this one, but for the quiet ones, which no figure reads."""
    return select(Event.subject).where(Event.id > last, Event.kind.not_in(editions.QUIET))


def test_no_figure_reads_a_quiet_event(read):
    assert "event of complaint" in set().union(*read.values())
    assert [code for code, found in read.items() if found & {*editions.QUIET}] == []


def numbers(session):
    return session.scalars(select(Event.id)).all()


@pytest.mark.parametrize("name", JOBS)
def test_so_does_a_timed_job(read, demo, name):
    with db.reading(as_=SYSTEM) as session:
        before, last = all_editions(session), max(numbers(session))
    with statements(db._WRITING.kw["bind"]) as asked:
        JOBS[name]()
    with db.reading(as_=SYSTEM) as session:
        subjects = session.scalars(loud(last)).all()
        assert subjects
        assert not stale(read, written_by(asked, subjects), before, all_editions(session))


def test_whoever_is_forgotten_goes_from_what_is_remembered(demo):
    with db.reading(as_=SYSTEM) as session:
        frames = {code: each(session, Scope(as_of=NOW)).frame for code, each in METRICS.items()}
    shows = {code for code, frame in frames.items() if TYPED & set(frame.columns)}
    assert shows
    assert all(Customer.__tablename__ in METRICS[code].reads for code in shows)
