"""A disk that is full, cannot be written or goes away: told in words, nothing half, and no harm.

At the level of SQLite each single write is refused in turn. On a small disk of its own (which only
root may mount) the whole application is asked as a browser does.
"""

import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data import db, keeping
from data.accounts import hashed
from data.commands import Refused
from data.demo.stores import PASSWORD
from data.importing.apart import run_import
from data.installing import Unusable, open_database
from data.models import AppUser, Customer, Event
from data.person import SYSTEM, Role
from tests import factories
from tests.torture import promising, recorder
from tests.torture.asking import Asker, bodies
from tests.torture.conftest import rounds

ROOT = Path(__file__).parents[2]
CODES = {
    "full": sqlite3.SQLITE_FULL,
    "read_only": sqlite3.SQLITE_READONLY,
    "ailing": sqlite3.SQLITE_IOERR_WRITE,
}
REVEAL = "case-phone.children"


@pytest.mark.parametrize("trouble", CODES)
def test_a_promise_refused_at_any_of_its_writes_is_whole_at_the_next_try(
    tmp_path, trouble, measured
):
    if recorder.shared_sqlite() is None:
        pytest.skip("Python has an SQLite of its own, whose writes cannot be refused")
    file, notes, count = tmp_path / "care.db", tmp_path / "notes", rounds(40, 800)
    promising.prepare(f"sqlite:///{file}")
    words = (f"sqlite:///{file}", str(count), str(notes), "FULL", str(CODES[trouble]))
    command = (sys.executable, "-m", "tests.torture.promising", *words)
    subprocess.run(command, cwd=ROOT, check=True)
    refused = [note for note in pickle.loads(notes.read_bytes()) if note[0] == "refused"]
    assert len(refused) > count // 5
    assert {found for _, _, found in refused} == {trouble}
    assert stands(file) == (list(range(count)), count, "ok")
    measured(
        gate=f"disk {trouble}",
        aim="every write refused in turn: 0 lost, 0 doubled, 0 corrupt",
        figure=f"{len(refused):,} of {count:,} writes refused: 0 lost, 0 doubled, 0 corrupt",
        database="sqlite",
    )


def stands(file):
    """The promises in the file, how many are in the log, and what SQLite thinks of it."""
    with closing(sqlite3.connect(file)) as database:
        promises = database.execute("SELECT words FROM promise ORDER BY id").fetchall()
        logged = "SELECT count(DISTINCT data) FROM event WHERE kind = 'promised'"
        return (
            [int(words.split()[1]) for (words,) in promises],
            database.execute(logged).fetchone()[0],
            database.execute("PRAGMA integrity_check").fetchone()[0],
        )


@pytest.fixture
def small(tmp_path):
    """A folder on a disk of eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder))
    if os.name == "nt" or subprocess.run(command, capture_output=True).returncode:
        pytest.xfail("this machine lets nobody mount a small disk")
    yield folder
    db.close()
    subprocess.run(("umount", "--lazy", str(folder)), check=True)


@pytest.fixture
def asker(application, small):
    """A manager signed in, on a database with one case of a customer with a phone."""
    open_database(f"sqlite:///{small / 'care.db'}")
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        customer = factories.customer(session, store, phone="13800000001")
        factories.complaint(session, store, "2026-03-16 09:00", customer_id=customer.id)
        person = factories.account(session, Role.MANAGER, store, login="li")
        user = session.get_one(AppUser, person.id)
        user.password_hash, user.all_stores = hashed(PASSWORD), True
    return Asker(application.server, "li")


@pytest.fixture
def reveal(application, asker):
    """Asks for the phone number of the case, which is a write: that somebody looked is logged."""
    found = bodies(application.callback_map)[REVEAL]
    found["inputs"][0]["value"] = found["state"][0]["value"] = 1
    found["changedPropIds"] = ["case-reveal.n_clicks"]
    return lambda: asker.call(found)


def looks():
    with db.reading(as_=SYSTEM) as session:
        kind = Event.kind == "phone_revealed"
        return session.scalar(select(func.count()).select_from(Event).where(kind))


def fill(folder):
    """Write until there is no room; what takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(os.urandom(size))
            except OSError:
                continue
    return ballast


def until_refused(reveal):
    """How often it is still answered with the number: the journal may have room of its own."""
    for count in range(500):
        answer = reveal()
        assert answer.status_code in (200, 503), answer.text
        if "13800000001" not in answer.text:
            return count, answer
    raise AssertionError("The disk is never full.")


def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(small, asker, reveal):
    assert "13800000001" in reveal().text
    ballast = fill(small)
    count, answer = until_refused(reveal)
    assert "The disk is full" in answer.text
    assert looks() == 1 + count
    assert asker.client.get("/definitions").status_code in (200, 503)
    with pytest.raises(keeping.NotDone, match=r"No backup was made at .+: The disk is full"):
        keeping.backup(f"sqlite:///{small / 'care.db'}", small / "saved.db")
    ballast.unlink()
    assert "13800000001" in reveal().text
    assert looks() == 2 + count
    assert sorted(path.name for path in small.iterdir() if path.name.startswith("saved")) == []


def test_an_import_onto_a_full_disk_is_refused_in_words_and_goes_on_later(small, asker, now):
    file = small.parent / "customers.csv"
    lines = (f"K{n},陈{n},139{n:08}" for n in range(9000))
    file.write_text("\n".join(("客户编号,客户名称,手机", *lines)), encoding="utf-8")
    ballast = fill(small)
    given = {"store_code": "S1", "by": SYSTEM, "now": now}
    with pytest.raises(Refused, match="The disk is full"):
        run_import("customers", file, **given)
    ballast.unlink()
    assert run_import("customers", file, **given).refused == 0
    with db.reading(as_=SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 9001


def test_a_disk_that_can_only_be_read_is_told_until_it_can_be_written(small, asker, reveal):
    db.close()
    subprocess.run(("mount", "-o", "remount,ro", str(small)), check=True)
    assert "The database does not answer" in reveal().text  # its journal cannot even be opened
    subprocess.run(("mount", "-o", "remount,rw", str(small)), check=True)
    assert looks() == 0
    assert "13800000001" in reveal().text


def test_a_database_that_goes_away_is_told_and_not_begun_anew(small, asker, reveal):
    db.close()
    (small / "care.db").rename(small / "away.db")
    answer = asker.client.get("/definitions")
    assert (answer.status_code, "The database does not answer" in answer.text) == (503, True)
    assert not (small / "care.db").exists()
    (small / "away.db").rename(small / "care.db")
    assert "13800000001" in reveal().text


def test_a_database_that_breaks_while_it_is_served_is_told_and_left_as_it_is(small, asker):
    db.close()
    with (small / "care.db").open("rb+") as file:
        file.seek(4096)
        file.write(b"\xa5" * (small / "care.db").stat().st_size)
    before = (small / "care.db").read_bytes()
    answer = asker.client.get("/definitions")
    assert (answer.status_code, "The database is damaged" in answer.text) == (503, True)
    db.close()
    assert (small / "care.db").read_bytes() == before


def test_no_database_is_begun_on_a_full_disk(small):
    open_database(f"sqlite:///{small / 'elsewhere.db'}")
    fill(small)
    with pytest.raises(Unusable, match="cannot be opened"):
        open_database(f"sqlite:///{small / 'care.db'}")
    assert not [path for path in small.iterdir() if path.name.startswith("care.db")]
