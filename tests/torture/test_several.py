"""Several web machines and workers on one PostgreSQL: any of them answers anybody."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from itertools import cycle
from typing import NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dashboard import worker
from data import db, events
from data.installing import open_database
from data.models import JobRun, Store
from data.person import SYSTEM
from tests import factories
from tests.conftest import fresh
from tests.torture.house import (
    LONGEST,
    OPENED,
    ROOT,
    Caller,
    acknowledged,
    house,
    kept,
    prepare,
    promising,
)
from tests.torture.looking import Looker

ALL_DONE = re.compile(r"job done.*job=(\w+).*period=(\S+)")


class InTurn(Caller):
    """Somebody behind a balancer that sends each request to the next machine."""

    def __init__(self, *addresses):
        self.machines = cycle(addresses)
        super().__init__("http://balancer")

    def ask(self, request):
        request.full_url = f"{next(self.machines)}{request.selector}"
        return super().ask(request)


class Answer(NamedTuple):
    """What a call came to, as those read it who look at cards."""

    status_code: int
    text: str

    def get_data(self):
        return self.text.encode()


class At:
    """Somebody who calls one machine with the session of another."""

    def __init__(self, caller, address):
        self.caller, self.machines = caller, address

    def call(self, body):
        self.caller.machines = cycle([self.machines])
        return Answer(*self.caller.call(body))


@pytest.fixture(scope="module")
def machines(postgres_url, tmp_path_factory):
    """Two web machines, their database, and a case in it."""
    url = fresh(postgres_url, "aftercare_several")
    (case,) = prepare(url, 1)
    with ExitStack() as running:
        sites = [
            running.enter_context(house(url, tmp_path_factory.mktemp("machine"), workers=1))
            for _ in range(2)
        ]
        yield url, [site.address for site in sites], case


def test_who_signed_in_at_one_is_signed_in_and_out_at_all(machines):
    _, addresses, _ = machines
    somebody = InTurn(*addresses)
    inside = [somebody.get("/export/complaint_list.csv")[0] for _ in range(4)]
    assert 401 not in inside
    somebody.send("/logout", csrf_token=somebody.token)
    assert [somebody.get("/export/complaint_list.csv")[0] for _ in range(4)] == [401] * 4


def test_an_attempt_that_is_sent_to_another_machine_again_writes_once(machines, application):
    url, addresses, case = machines
    somebody = InTurn(*addresses)
    body = promising(application.callback_map, case, 1, "a promise to both", uuid4().hex)
    answers = [somebody.call(body) for _ in range(2)]
    assert [acknowledged(answer) for answer in answers] == [True, True], answers
    assert kept(url)["a promise to both"] == (1, 1)


def test_what_is_written_at_one_is_counted_at_the_others_next_look(machines, application):
    url, addresses, _ = machines
    somebody = InTurn(*addresses)
    lookers = [Looker(At(somebody, each), application.callback_map) for each in addresses]

    def looks():
        return [looker._called("tile", "overview-open", search="?store=S1") for looker in lookers]

    before = looks()
    assert before[0] == before[1]
    engine = db.connect(url)
    with db.writing(by=SYSTEM) as session:
        case = factories.complaint(session, session.scalars(select(Store)).one(), OPENED)
        events.record_made(session, case, at=factories.at(OPENED))
    engine.dispose()
    after = looks()
    assert after[0] == after[1] != before[0]


def test_two_workers_do_each_job_once(machines, tmp_path):
    url, _, _ = machines
    settings = os.environ | {"AFTERCARE_DATABASE_URL": url}
    command = [sys.executable, "-m", "dashboard", "worker"]
    logs = [tmp_path / name for name in ("one", "other")]
    with ExitStack() as running:
        workers = []
        for log in logs:
            into = running.enter_context(log.open("w"))
            workers.append(subprocess.Popen(command, cwd=ROOT, env=settings, stderr=into))
        _until_all_done(url)
        _until(lambda: all("working" in log.read_text() for log in logs))  # they hear when told
        for each in workers:
            each.terminate()
        assert [each.wait(LONGEST) for each in workers] == [0, 0]
    done = Counter(found for log in logs for found in ALL_DONE.findall(log.read_text()))
    assert {name for name, _ in done} == {job.name for job in worker.JOBS}
    assert set(done.values()) == {1}


def _until(so):
    began = time.monotonic()
    while not so() and time.monotonic() - began < LONGEST:
        time.sleep(0.2)


def _until_all_done(url):
    engine = open_database(url)
    finished = select(func.count(JobRun.job.distinct())).where(JobRun.finished_at.is_not(None))

    def done():
        with db.reading(as_=SYSTEM) as session:
            return session.scalar(finished) == len(worker.JOBS)

    _until(done)
    engine.dispose()
