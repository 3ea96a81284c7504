"""What one process has counted the others need not, as long as Redis is there; with it or without,
nobody is told what they may not see.
"""

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pandas import DataFrame
from redis import Redis, RedisError
from structlog.testing import capture_logs

from data import answers, db, sharing
from data.metrics import Answer
from data.person import SYSTEM
from data.sharing import Shared
from tests.data.test_answers import (  # noqa: F401  (fixtures)
    OF_ONE,
    OF_S1,
    asked,
    counted,
    house,
    noted,
)

ONE = Answer(DataFrame({"n": [1]}), {"value": 1})


@contextmanager
def running(port):
    """A Redis of its own that keeps nothing."""
    program = shutil.which("redis-server") or pytest.skip("no redis-server to test on")
    asks = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
    with subprocess.Popen([program, *asks], stdout=subprocess.DEVNULL) as server:
        try:
            yield _awaited(port)
        finally:
            server.terminate()


def _awaited(port):
    url = f"redis://127.0.0.1:{port}/0"
    for _ in range(200):
        try:
            Redis.from_url(url).ping()
        except RedisError:
            time.sleep(0.05)
        else:
            return url
    raise TimeoutError(url)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def redis_server():
    with running(free_port()) as url:
        yield url


@pytest.fixture
def redis_url(redis_server):
    Redis.from_url(redis_server).flushall()
    return redis_server


@pytest.fixture
def patient(monkeypatch):
    """On a busy machine even an answer from next door may take a second."""
    monkeypatch.setattr(sharing, "WAIT_S", 10.0)


@pytest.fixture
def worker(house, redis_url, patient):  # noqa: F811
    """Begin to ask as a new process would, with nothing in its memory."""

    def begin(edition="1"):
        answers.share(redis_url, edition=edition)

    begin()
    return begin


def test_what_one_process_counted_another_is_told(worker, counted):  # noqa: F811
    first = asked(counted)
    worker()
    assert (first, asked(counted), asked(counted)) == (1, 1, 1)


def test_after_a_write_and_by_other_code_it_is_counted_anew(worker, counted):  # noqa: F811
    first = asked(counted)
    with db.writing(by=SYSTEM) as session:
        noted(session)
    worker()
    second = asked(counted)
    worker("2")
    assert (first, second, asked(counted)) == (1, 2, 3)


def test_nobody_is_told_what_others_may_see(worker, counted):  # noqa: F811
    people = [SYSTEM, OF_ONE, replace(OF_ONE, stores=frozenset({2})), replace(OF_ONE, stores=None)]
    people.append(replace(OF_ONE, stores=frozenset({1, 2})))
    told = []
    for who in people:
        worker()
        told.append((asked(counted, who=who), asked(counted, OF_S1, who=who)))
    assert told == [(1, 2), (3, 4), (5, 6), (1, 2), (7, 8)]


def test_it_goes_by_itself_and_what_is_too_long_is_not_kept(redis_url, patient, monkeypatch):
    shared, redis = Shared(redis_url, "1"), Redis.from_url(redis_url)
    shared.put("question", ONE)
    [key] = redis.keys("aftercare:*")
    assert 0 < redis.ttl(key) <= sharing.KEPT_S
    monkeypatch.setattr(sharing, "LARGEST", 10)
    shared.put("another", ONE)
    assert (redis.keys(), shared.get("another")) == ([key], None)


def test_without_it_each_counts_and_the_log_says_so_once(house, counted):  # noqa: F811
    answers.share(f"redis://127.0.0.1:{free_port()}/0", edition="1")
    with capture_logs() as logged:
        assert [asked(counted), asked(counted, OF_S1), asked(counted)] == [1, 2, 1]
    assert [entry["event"] for entry in logged] == ["shared answers away"]


def test_when_it_is_back_it_is_asked_again(patient, monkeypatch):
    port = free_port()
    shared = Shared(f"redis://127.0.0.1:{port}/0", "1")
    shared.put("question", ONE)
    with running(port):
        shared.put("question", ONE)
        resting = shared.get("question")
        monkeypatch.setattr(shared, "_rests_until", 0.0)
        shared.put("question", ONE)
        found = shared.get("question")
    assert resting is None
    assert (found.frame.to_dict("list"), found.summary) == ({"n": [1]}, {"value": 1})
