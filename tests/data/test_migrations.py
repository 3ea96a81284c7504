"""The migrations make the tables of the models, on both databases, once, however they are run."""

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from data import db, installing
from data.db import Base
from data.migrations import at_head, revision, upgrade
from data.models import SlaPolicy, Store, WorkCalendar
from data.person import SYSTEM
from tests.conftest import fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def new(request, tmp_path):
    """A database without anything in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_new")
    yield url
    db.engine().dispose()


def test_the_tables_are_those_of_the_models(new):
    engine = db.connect(new)
    assert revision(engine) is None
    upgrade(engine)
    assert at_head(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_upgrading_twice_changes_nothing(new):
    engine = db.connect(new)
    upgrade(engine)
    before = inspect(engine).get_table_names()
    upgrade(engine)
    assert inspect(engine).get_table_names() == before


def prepared(url: str) -> bool:
    engine = db.connect(url)
    installing.prepare(engine)
    ready = at_head(engine)
    engine.dispose()
    return ready


def test_processes_that_start_together_on_an_empty_database_all_succeed(new):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(prepared, [new] * 4) == [True] * 4
    engine = db.connect(new)
    with engine.connect() as connection:
        assert len(connection.execute(select(SlaPolicy.severity)).all()) == 4


def test_a_new_database_is_made_ready_on_first_use(new):
    engine = installing.open_database(new)
    assert at_head(engine)
    assert installing.is_empty()
    with db.reading(as_=SYSTEM) as session:
        assert session.scalars(select(WorkCalendar.code)).all() == ["china"]


def test_what_an_administrator_changed_is_left_alone(new):
    installing.prepare(db.connect(new))
    with db.writing(by=SYSTEM) as session:
        policy = session.scalars(select(SlaPolicy).where(SlaPolicy.severity == "general")).one()
        policy.reply_amount = 99
    installing.prepare(db.engine())
    with db.reading(as_=SYSTEM) as session:
        query = select(SlaPolicy.reply_amount).where(SlaPolicy.severity == "general")
        assert session.scalars(query).all() == [99]


def of_another_version(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


def test_a_database_of_another_version_is_refused(new):
    of_another_version(db.connect(new))
    with pytest.raises(installing.Unusable, match="another version of Aftercare"):
        installing.open_database(new)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "damaged.db"
    file.write_bytes(b"not a database, but somebody's work" * 100)
    before = file.read_bytes()
    with pytest.raises(installing.Unusable, match="file is not a database"):
        installing.open_database(f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "url", ["postgresql://u:hunter2@127.0.0.1:1/x", "nonsense://u:hunter2@h/x", "postgresql://"]
)
def test_a_database_that_does_not_answer_is_named_without_its_password(url):
    with pytest.raises(installing.Unusable, match="AFTERCARE_DATABASE_URL") as refused:
        installing.open_database(url)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_address_is_shown_without_its_password():
    assert installing.spoken("postgresql://u:hunter2@h/x") == "postgresql://u:***@h/x"


def test_a_database_with_a_store_is_not_empty(new, now):
    engine = installing.open_database(new)
    with db.writing(by=SYSTEM) as session:
        session.add(Store(code="S1", name="S1", zone="UTC", calendar_id=1))
    assert not installing.is_empty()
    engine.dispose()
