"""The migrations make the tables of the models, on both databases, once, however they are run."""

import multiprocessing
import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from data import db, health, installing
from data.db import Base
from data.migrations import at_head, revision, upgrade
from data.models import (
    CallAttempt,
    Followup,
    SlaPolicy,
    Store,
    SurveyResponse,
    Visit,
    WorkCalendar,
)
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


def test_a_database_of_an_older_version_is_refused_until_it_is_upgraded(new):
    upgrade(db.connect(new), "0001")
    db.close()
    with pytest.raises(installing.Unusable, match="an older version of Aftercare"):
        installing.open_database(new)
    installing.prepare(db.engine())
    db.close()
    assert at_head(installing.open_database(new))


def of_a_newer_version(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_a_database_of_a_newer_version_is_refused(new, now):
    engine = db.connect(new)
    of_a_newer_version(engine)
    for start in (lambda: installing.prepare(engine), lambda: installing.open_database(new)):
        engine.dispose()
        with pytest.raises(installing.Unusable, match="a newer version of Aftercare"):
            start()
    assert "a newer version" in health.fault(now=now)


def test_a_database_of_another_program_is_refused_and_left_as_it_is(new, now):
    engine = db.connect(new)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipe (name text)"))
    for start in (lambda: installing.prepare(engine), lambda: installing.open_database(new)):
        engine.dispose()
        with pytest.raises(installing.Unusable, match="of another program"):
            start()
    assert "of another program" in health.fault(now=now)
    assert inspect(db.engine()).get_table_names() == ["recipe"]


def test_what_is_prepared_is_prepared_whole(new, monkeypatch):
    def breaks(_session):
        raise ZeroDivisionError

    engine = db.connect(new)
    with monkeypatch.context() as faulty:
        faulty.setattr(installing.defaults, "fill", breaks)
        with pytest.raises(ZeroDivisionError):
            installing.prepare(engine)
    assert inspect(engine).get_table_names() == []
    installing.prepare(engine)
    assert at_head(engine)


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


BEFORE = (  # a store with one call made at the second try, one given up, and one answer
    "INSERT INTO calendar (id, code, week, version) VALUES (1, 'c', '{}', 1)",
    "INSERT INTO store (id, code, name, timezone, calendar_id)"
    " VALUES (1, 'S1', 'One', 'Asia/Shanghai', 1)",
    "INSERT INTO questionnaire (id, code, edition, name, name_zh) VALUES (1, 'q', 1, 'q', 'q')",
    "INSERT INTO question (id, questionnaire_id, code, position, scale, required, wording,"
    " wording_zh) VALUES (1, 1, 'flow', 1, '1-5', true, '?', '?'),"
    " (2, 1, 'tact', 2, '1-5', true, '?', '?')",
    'INSERT INTO callback_rule (id, code, name, name_zh, "trigger", delay_hours, expires_days,'
    " attempts, channel, active, version)"
    " VALUES (1, 'service', 's', 's', 'order_delivered', 24, 15, 5, 'phone', true, 1)",
    "INSERT INTO vehicle (id, store_id, fleet, internal, sold_on)"
    " VALUES (7, 1, false, false, '2025-12-31')",
    "INSERT INTO repair_order (id, store_id, number, vehicle_id, opened_at, opened_on,"
    " delivered_on, rework)"
    " VALUES (3, 1, 'R3', 7, '2026-03-02 01:00:00', '2026-03-02', '2026-03-02', false)",
    "INSERT INTO callback (id, store_id, number, rule_id, vehicle_id, order_id, planned_at, due_at,"
    " expires_at, state, completed_at, version) VALUES"
    " (1, 1, 'H1', 1, 7, 3, '2026-03-02 18:00:00', '2026-03-03 18:00:00', '2026-03-17 18:00:00',"
    " 'completed', '2026-03-03 09:05:00', 1),"
    " (2, 1, 'H2', 1, 7, 3, '2026-03-02 18:00:00', '2026-03-03 18:00:00', '2026-03-17 18:00:00',"
    " 'unreachable', NULL, 1)",
    "INSERT INTO call_attempt (id, store_id, callback_id, at, channel, result, duration_s) VALUES"
    " (1, 1, 1, '2026-03-02 23:30:00', 'phone', 'busy', NULL),"
    " (2, 1, 1, '2026-03-03 09:00:00', 'phone', 'connected', 300)",
    "INSERT INTO survey_response (id, store_id, callback_id, answered_at, overall)"
    " VALUES (1, 1, 1, '2026-03-03 17:00:00', 4)",
    "INSERT INTO survey_answer (id, store_id, response_id, question_id, score) VALUES"
    " (1, 1, 1, 1, 2), (2, 1, 1, 2, NULL)",
)


def test_calls_made_before_they_were_planned_here_keep_their_history(new):
    engine = db.connect(new)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.exec_driver_sql(statement)
    upgrade(engine)
    with db.reading(as_=SYSTEM) as session:
        made, given_up = session.scalars(select(Followup).order_by(Followup.id)).all()
        answer = session.scalars(select(SurveyResponse)).one()
        visit = session.scalars(select(Visit)).one()
        tries = session.execute(select(CallAttempt.tried_on, CallAttempt.hour)).all()
    assert (made.anchor, made.attempts, made.talk_s) == ("v7 2026-03-02", 2, 300)
    assert made.first_attempt_at == datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert made.connected_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert made.ended_at == made.completed_at
    assert made.due_on == date(2026, 3, 4)  # two in the morning at the store
    assert (given_up.anchor, given_up.attempts) == (None, 0)
    assert given_up.ended_at == given_up.expires_at
    assert (answer.asked, answer.blank, answer.lowest) == (2, 1, 2)
    assert answer.answered_on == date(2026, 3, 4)
    assert tries == [(date(2026, 3, 3), 7), (date(2026, 3, 3), 17)]
    assert (visit.day, visit.sold_month) == (date(2026, 3, 2), 2025 * 12 + 11)


def prepared_file(folder):
    """A prepared embedded database that nobody has open."""
    file = folder / "care.db"
    installing.open_database(f"sqlite:///{file}").dispose()
    return file


def test_a_new_file_is_for_its_owners_eyes(tmp_path):
    assert prepared_file(tmp_path).stat().st_mode & 0o077 == 0


def refused(file, sentence):
    before = file.read_bytes()
    with pytest.raises(installing.Unusable, match=sentence):
        installing.open_database(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_file_that_is_cut_off_or_empty_is_refused_and_not_begun_anew(tmp_path):
    file = prepared_file(tmp_path)
    os.truncate(file, 40_000)
    refused(file, "is cut off: 40,000 of .* bytes are left")
    os.truncate(file, 0)
    refused(file, "is empty, not even a database without rows")


def test_a_file_with_broken_pages_is_refused(tmp_path):
    file = prepared_file(tmp_path)
    with file.open("rb+") as found:
        found.seek(4096 * 7)
        found.write(b"\xa5" * 4096 * 30)
    refused(file, "The database is damaged .* restore a backup")


def test_a_file_that_is_gone_while_its_journal_is_there_is_not_begun_anew(tmp_path):
    file = tmp_path / "care.db"
    file.with_name("care.db-wal").write_bytes(b"work")
    with pytest.raises(installing.Unusable, match=r"care.db is missing, though care.db-wal"):
        installing.open_database(f"sqlite:///{file}")
    assert not file.exists()


def test_a_file_that_goes_away_while_it_is_used_is_missed_and_not_made_anew(tmp_path, now):
    file = prepared_file(tmp_path)
    db.connect(f"sqlite:///{file}")
    file.rename(tmp_path / "elsewhere.db")
    assert health.fault(now=now) == health.UNREACHABLE
    assert not file.exists()
    file.with_name("elsewhere.db").rename(file)
    assert health.fault(now=now) is None
    db.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(installing.Unusable, match="cannot be opened"):
        installing.open_database(f"sqlite:///{tmp_path / 'var' / 'care.db'}")


def test_pages_whose_rows_point_nowhere_are_found_when_all_is_looked_through(tmp_path):
    url = f"sqlite:///{prepared_file(tmp_path)}"
    installing.look_through(url)
    with closing(sqlite3.connect(tmp_path / "care.db")) as careless:
        careless.execute("UPDATE question SET questionnaire_id = 99")
        careless.commit()
    with pytest.raises(installing.Unusable, match="row of question points at a row of questionn"):
        installing.look_through(url)


def test_a_server_waits_for_a_database_that_is_away_and_serves_none_it_could_harm(new):
    installing.refuse_harm("postgresql://u:hunter2@127.0.0.1:1/x")
    installing.refuse_harm(new)
    of_a_newer_version(db.connect(new))
    db.close()
    with pytest.raises(installing.Unusable, match="a newer version of Aftercare"):
        installing.refuse_harm(new)
