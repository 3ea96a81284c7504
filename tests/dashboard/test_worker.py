"""The worker as a process: it does its jobs, once among several, and ends when told to."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from dashboard import worker
from data import db
from data.installing import open_database
from data.models import Followup, JobRun
from data.person import SYSTEM
from tests import factories
from tests.logs import personal

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 16, 2, 13, 45, tzinfo=UTC)
PATIENCE_S = 60


@pytest.fixture
def url(tmp_path):
    """A database with an order that was delivered yesterday."""
    address = f"sqlite:///{tmp_path / 'work.db'}"
    engine = open_database(address)
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        yesterday = datetime.now(UTC) - timedelta(days=1)
        local = yesterday.astimezone(factories.ZoneInfo(store.zone)).replace(tzinfo=None)
        factories.order(session, store, factories.vehicle(session, store), local.isoformat())
    yield address
    engine.dispose()


@pytest.fixture
def start(url, tmp_path):
    """start(): a worker of its own on that database; whatever happens, it is gone at the end."""
    started = []

    def begin(words=("-m", "dashboard", "worker")):
        environment = {
            **{key: value for key, value in os.environ.items() if "DATABASE_URL" not in key},
            "AFTERCARE_DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
        }
        log = tmp_path / f"{len(started)}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                (sys.executable, *words), cwd=tmp_path, env=environment, stderr=file
            )
        started.append(process)
        wait_for(lambda: "working" in log.read_text(), process)
        return process, log

    yield begin
    for process in started:
        process.kill()
        process.wait()
    for log in tmp_path.glob("*.log"):
        assert personal(log, url) == [], "the worker's log names people"


def runs():
    with db.reading(as_=SYSTEM) as session:
        return session.scalars(select(JobRun).order_by(JobRun.job, JobRun.period)).all()


def wait_for(reached, *processes):
    until = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < until, "the worker did not get there"
        assert all(process.poll() is None for process in processes), "a worker is gone"
        time.sleep(0.1)


def all_done():
    return {run.job for run in runs() if run.finished_at} == {job.name for job in worker.JOBS}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_does_its_jobs_and_stops_cleanly(start, number):
    process, log = start()
    wait_for(all_done, process)
    process.send_signal(number)
    assert process.wait(timeout=PATIENCE_S) == 0
    assert "stopped" in log.read_text()
    assert "Traceback" not in log.read_text()
    with db.reading(as_=SYSTEM) as session:
        assert [call.state for call in session.scalars(select(Followup))] == ["planned"]


def test_several_workers_do_each_job_once(start):
    workers = [start() for _ in range(3)]
    wait_for(all_done, *(process for process, _ in workers))
    for process, _ in workers:
        process.terminate()
    assert [process.wait(timeout=PATIENCE_S) for process, _ in workers] == [0, 0, 0]
    made = {(run.job, run.period) for run in runs()}
    assert len(made) == len(runs())
    assert sum(log.read_text().count("job done") for _, log in workers) == len(made)
    with db.reading(as_=SYSTEM) as session:
        assert len(session.scalars(select(Followup)).all()) == 1


SLOW = """
import time
from datetime import timedelta
from pathlib import Path
from dashboard import log, worker
from dashboard.settings import Settings
from data import installing

def work(now):
    Path("begun").touch()
    time.sleep(2)
    return {"planned": 1}

settings = Settings.read()
log.set_up(settings)
installing.open_database(settings.database_url)
worker.JOBS = (worker.Job("slow", timedelta(minutes=10), timedelta(minutes=10), work),)
worker.work()
"""


def test_a_job_that_is_running_is_finished_before_the_worker_stops(start, tmp_path):
    process, _ = start(("-c", SLOW))
    wait_for((tmp_path / "begun").exists, process)
    process.terminate()
    assert process.wait(timeout=PATIENCE_S) == 0
    assert [run.outcome for run in runs()] == [{"planned": 1}]


@pytest.mark.parametrize(
    ("span", "period"),
    [
        (timedelta(minutes=10), "2026-03-16T02:10Z"),
        (timedelta(hours=1), "2026-03-16T02:00Z"),
        (timedelta(days=1), "2026-03-16T00:00Z"),
    ],
)
def test_a_period_is_named_by_its_beginning(span, period):
    assert worker.Job("plan", span, span, dict).period(NOW) == period


def fails(_now):
    raise ValueError("no")


def test_a_job_that_fails_is_logged_and_leaves_the_others_alone(url):
    ten = timedelta(minutes=10)
    with capture_logs() as lines:
        worker.do(worker.Job("broken", ten, ten, fails), lambda: NOW)
        worker.do(worker.Job("fine", ten, ten, lambda now: {"planned": 2}), lambda: NOW)
        worker.do(worker.Job("fine", ten, ten, lambda now: {"planned": 2}), lambda: NOW)
    assert [(line["event"], line["job"]) for line in lines] == [
        ("job failed", "broken"),
        ("job done", "fine"),
    ]
    assert lines[1]["planned"] == 2
