"""A group made larger by copies: nothing is lost, and a copy answers as its store does."""

from datetime import UTC, datetime
from shutil import copy

import pytest
from sqlalchemy import Connection, Engine, Table, and_, func, select
from sqlalchemy.orm import Session

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from bench import large
from bench.generate import Size, generate
from data import db
from data.db import Base
from data.metrics import METRICS
from data.migrations import upgrade
from data.models import AppUser, Complaint, ComplaintCategory, Event, Store, UserStore
from data.scope import Scope
from tests.conftest import fresh

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
TINY = Size(stores=2, sales_a_year=6, complaints_per_order=0.3)
TIMES = 3
COPIES = ("", "-1", "-2")
OF_THE_COPY = ["key", "store"]  # numbers of people, codes of stores
ASKED = ("on_time_rate", "csi_index", "closure_compliance", "cohort_retention", "agent_scorecard")
SHARED = (AppUser, ComplaintCategory)


def filled(url: str) -> Engine:
    engine = db.connect(url)
    upgrade(engine)
    generate(engine, TINY, seed=4, as_of=NOW)
    return engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request, tmp_path_factory) -> tuple[Engine, Engine]:
    """A small group, and the one made of it: in its place, or in a database of its own."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("large")
        filled(f"sqlite:///{folder / 'small.db'}").dispose()
        copy(folder / "small.db", folder / "large.db")
        small, other = (db.connect(f"sqlite:///{folder / name}.db") for name in ("small", "large"))
        with other.begin() as connection:
            large.multiply(connection, TIMES)
    else:
        url = request.getfixturevalue("postgres_url")
        small, other = filled(fresh(url, "bench_small")), db.connect(fresh(url, "bench_large"))
        upgrade(other)
        large.build(small, other, TIMES, {})
    yield small, other
    small.dispose()
    other.dispose()


def rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def orphans(connection: Connection, key) -> int:
    """Rows whose key is whole and leads to nothing."""
    parent = key.referred_table.alias()
    pairs = [(one.parent, parent.c[one.column.name]) for one in key.elements]
    found = and_(*(child == there for child, there in pairs))
    lost = select(func.count()).select_from(key.table.outerjoin(parent, found))
    whole = [child.is_not(None) for child, _there in pairs]
    return connection.scalar(lost.where(*whole, pairs[-1][1].is_(None)))


def test_every_row_of_a_store_is_there_once_for_each_copy(made):
    owned = {UserStore.__table__, Store.__table__} | {
        table for table in Base.metadata.tables.values() if "store_id" in table.c
    }
    with made[0].connect() as before, made[1].connect() as after:
        counts = {table: rows(before, table) for table in Base.metadata.sorted_tables}
        for table, count in counts.items():
            assert rows(after, table) == count * (TIMES if table in owned else 1), table.name
        assert sum(counts[table] > 0 for table in owned) > 10
        assert all(counts[model.__table__] for model in SHARED)


def test_every_key_leads_to_a_row(made):
    with made[1].connect() as connection:
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_key_constraints:
                assert orphans(connection, key) == 0, key.name


@pytest.mark.parametrize("code", ASKED)
def test_a_copy_answers_as_the_store_does(made, code):
    asked = [ask(made[0], code, "S1"), *(ask(made[1], code, f"S1{more}") for more in COPIES)]
    assert asked[1:] == asked[:1] * TIMES


def ask(engine: Engine, code: str, store: str) -> str:
    """The answer in words, but for what a copy calls otherwise."""
    with Session(engine) as session:
        answer = METRICS[code](session, Scope(as_of=NOW, stores=(store,)))
    told = answer.frame.drop(columns=OF_THE_COPY, errors="ignore")
    return f"{told.to_csv()}{answer.summary}"


def test_what_was_done_to_a_complaint_is_found_at_its_copy(made):
    about = select(Event.store_id, Complaint.store_id).where(
        Event.subject == Complaint.__tablename__, Event.subject_id == Complaint.id
    )
    with made[0].connect() as before, made[1].connect() as after:
        pairs = after.execute(about).all()
        assert len(pairs) == TIMES * len(before.execute(about).all()) > 0
    assert all(told == store for told, store in pairs)
