"""What the database suffers from is told by its own signs; other errors are not put on it."""

import errno
import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from data import db
from data.models import Store
from data.person import SYSTEM
from data.trouble import AILING, BUSY, FULL, READ_ONLY, SILENT, SLOW, trouble

NOWHERE = "postgresql://u:p@127.0.0.1:1/x"


def found(engine, statement, before="SELECT 1"):
    with engine.connect() as connection:
        connection.execute(text(before))
        with pytest.raises(DBAPIError) as raised:
            connection.execute(text(statement))
    return trouble(raised.value)


def test_a_database_that_cannot_be_reached_is_silent(tmp_path):
    away = create_engine(f"sqlite:///{tmp_path / 'missing' / 'care.db'}")
    for engine in (away, db.connect(NOWHERE)):
        with pytest.raises(DBAPIError) as raised:
            engine.connect()
        assert trouble(raised.value) == SILENT


def test_a_database_that_may_only_be_read_says_so(engine):
    only_reading = {"sqlite": "PRAGMA query_only = 1", "postgresql": "SET TRANSACTION READ ONLY"}
    statement = "INSERT INTO norm (code, value) VALUES ('x', '1')"
    assert found(engine, statement, only_reading[engine.dialect.name]) == READ_ONLY
    engine.dispose()  # with the setting


def test_somebody_elses_writing_makes_it_busy(tmp_path):
    engine = db.connect(f"sqlite:///{tmp_path / 'care.db'}")
    with engine.connect() as writing, writing.begin():
        impatient = create_engine(engine.url, connect_args={"timeout": 0})
        assert found(impatient, "CREATE TABLE recipe (name text)") == BUSY
        impatient.dispose()
    engine.dispose()


def test_the_systems_own_words_are_understood():
    assert trouble(OSError(errno.ENOSPC, "No space left on device")) == FULL
    assert trouble(PermissionError(errno.EACCES, "Permission denied")) == READ_ONLY
    assert trouble(OSError(errno.EIO, "Input/output error")) == AILING


@pytest.mark.parametrize(
    "error", [ValueError("x"), FileNotFoundError(errno.ENOENT, "x"), sqlite3.ProgrammingError("x")]
)
def test_errors_of_ours_are_not_put_on_the_database(error):
    assert trouble(error) is None


def test_a_row_that_contradicts_another_is_not_put_on_the_database(session):
    session.info["person"] = SYSTEM
    session.add(Store(code="S1", name="One", zone="UTC", calendar_id=99))
    with pytest.raises(DBAPIError) as raised:
        session.flush()
    assert trouble(raised.value) is None


def test_a_question_that_takes_too_long_is_not_silence(postgres_url):
    engine = db.connect(postgres_url)
    assert found(engine, "SELECT pg_sleep(5)", "SET LOCAL statement_timeout = 20") == SLOW
    engine.dispose()
