"""A timed job is done once in its period, also after a process has died over it."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from data import db, jobs
from data.migrations import upgrade
from data.models import JobRun
from data.person import SYSTEM
from tests.conftest import fresh
from tests.factories import at

NOW = at("2026-03-16 10:00")
LATER = NOW + jobs.LEASE


@pytest.fixture
def stays(session, monkeypatch):
    """What is written stays in the transaction that is never kept."""

    @contextmanager
    def inside(*_args, **_kwargs):
        yield session
        session.expire_all()

    monkeypatch.setattr(db, "writing", inside)
    return session


def done(work=dict, now=NOW, period="ten"):
    return jobs.run("plan", period, work, clock=lambda: now)


def rows(session):
    found = session.scalars(select(JobRun).order_by(JobRun.period))
    return [(row.period, row.started_at, row.finished_at, row.outcome) for row in found]


def test_a_job_is_done_once_in_its_period(stays):
    assert done(lambda: {"planned": 3}) == {"planned": 3}
    assert done(lambda: {"planned": 5}) is None
    assert done(lambda: {"planned": 7}, period="twenty") == {"planned": 7}
    assert rows(stays) == [
        ("ten", NOW, NOW, {"planned": 3}),
        ("twenty", NOW, NOW, {"planned": 7}),
    ]


def test_what_somebody_has_done_is_not_done_again_however_late(stays):
    done()
    assert done(now=LATER + timedelta(days=1)) is None


def fails():
    raise ValueError("no")


def test_a_run_that_failed_is_taken_over_when_its_lease_is_over(stays):
    with pytest.raises(ValueError, match="no"):
        done(fails)
    assert done(now=LATER - timedelta(seconds=1)) is None
    assert rows(stays) == [("ten", NOW, None, None)]
    assert done(lambda: {"planned": 1}, now=LATER) == {"planned": 1}
    assert rows(stays) == [("ten", LATER, LATER, {"planned": 1})]


def test_who_was_given_up_does_not_speak_for_who_took_over(stays):
    def slow():
        with pytest.raises(ValueError, match="no"):
            done(fails, now=LATER)  # another takes over, and is at it still
        return {"planned": 1}

    done(slow)
    assert rows(stays) == [("ten", LATER, None, None)]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, tmp_path):
    """A database of its own, where what is written stays."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'jobs.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_jobs")
    engine = db.connect(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("abandoned", [False, True])
def test_of_several_at_once_one_does_it(kept, abandoned):
    if abandoned:
        with pytest.raises(ValueError, match="no"):
            done(fails, now=NOW - jobs.LEASE)
    gate, said = threading.Barrier(6), []

    def one():
        gate.wait()
        said.append(done(lambda: {"planned": 1}))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [None] * 5 + [{"planned": 1}]
    with db.reading(as_=SYSTEM) as session:
        assert len(rows(session)) == 1


def test_when_a_job_was_last_done_counts_only_what_was_finished(stays):
    assert jobs.last(stays, "plan") is None
    done(now=NOW, period="2026-03-16T02:00Z")
    with pytest.raises(ValueError, match="no"):
        done(fails, now=LATER, period="2026-03-16T02:10Z")
    assert jobs.last(stays, "plan") == NOW
    assert jobs.last(stays, "expire") is None
