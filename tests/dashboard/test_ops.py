"""Health addresses tell whether the application can work, and nothing of its inside."""

import re
from datetime import date

import pytest
from flask import Flask

from dashboard import ops
from data import db, defaults, health
from data.commands.stores import add_store
from data.installing import prepare
from data.models import Event, WorkCalendar
from data.person import SYSTEM

PASSWORDED = "postgresql://aftercare:hunter2@127.0.0.1:1/aftercare"


@pytest.fixture
def visitor():
    server = Flask("ops")
    ops.init(server)
    return server.test_client()


@pytest.fixture
def prepared(tmp_path):
    engine = db.connect(f"sqlite:///{tmp_path / 'test.db'}")
    prepare(engine)
    yield engine
    engine.dispose()


def a_store_with_calendar_until(until, now):
    with db.writing(by=SYSTEM) as session:
        calendar = WorkCalendar(code="own", country=None, week=defaults.WEEK, loaded_until=until)
        session.add(calendar)
        session.flush()
        zone = {"zone": "Asia/Shanghai", "calendar": "own"}
        add_store(session, code="S1", name="", group=None, at=now, **zone)


def test_alive_needs_nothing(visitor):
    assert visitor.get("/healthz").json == {"alive": True}


def test_ready_with_a_prepared_database(visitor, prepared):
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True})


def test_ready_while_somebody_writes(visitor, prepared):
    with prepared.connect() as writing, writing.begin():
        assert visitor.get("/readyz").status_code == 200


def test_not_ready_without_tables(visitor, tmp_path):
    engine = db.connect(f"sqlite:///{tmp_path / 'empty.db'}")
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, health.BEHIND)
    engine.dispose()


def test_not_ready_without_a_database_and_its_address_is_not_told(visitor):
    db.connect(PASSWORDED)
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "reason": "The database cannot be reached."}
    assert visitor.get("/version").json == {"version": ops.number(), "data_time": None}


@pytest.mark.parametrize(
    ("until", "faulty"),
    [
        (None, True),
        (date(2026, 3, 15), True),
        (date(2026, 3, 16), False),
        (date(2026, 12, 31), False),
    ],
)
def test_a_calendar_must_know_today(prepared, now, until, faulty):
    a_store_with_calendar_until(until, now)
    fault = health.fault(now=now)
    assert (fault is not None) is faulty
    if faulty:
        assert re.search(rf"calendar own of store S1 .* until {until}", str(fault))


def test_today_is_the_stores_own_day(prepared, now):
    a_store_with_calendar_until(date(2026, 3, 15), now)
    before_midnight_in_shanghai = now.replace(day=15, hour=15, minute=59)
    after_midnight_in_shanghai = now.replace(day=15, hour=16)
    assert health.fault(now=before_midnight_in_shanghai) is None
    assert health.fault(now=after_midnight_in_shanghai) is not None


def test_the_version_and_the_time_of_the_newest_data(visitor, prepared, now):
    assert visitor.get("/version").json == {"version": ops.number(), "data_time": None}
    a_store_with_calendar_until(date(2026, 12, 31), now)
    event = {"subject": "complaint", "subject_id": 1, "kind": "opened", "data": {}}
    with db.writing(by=SYSTEM) as session:
        session.add(Event(store_id=1, at=now, recorded_at=now, actor="li", **event))
    assert visitor.get("/version").json["data_time"] == "2026-03-16T02:00:00+00:00"


def test_the_version_is_a_number():
    assert re.fullmatch(r"\d+\.\d+\.\d+", ops.number())


def test_every_answer_names_the_edition_of_the_code(visitor, tmp_path, monkeypatch):
    told = [visitor.get("/healthz").headers[ops.EDITION]]
    assert visitor.get("/nowhere").headers[ops.EDITION] == told[0]
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(ops, "ROOT", tmp_path)
    for words in ("one", "two"):
        (tmp_path / "data" / "code.py").write_text(words)
        ops.edition.cache_clear()
        told.append(visitor.get("/healthz").headers[ops.EDITION])
    ops.edition.cache_clear()
    assert len({*told}) == 3
