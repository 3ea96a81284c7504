"""A backup is a whole copy or none; a restored database is the old one or the new one, never half.

Only the embedded database has these: for PostgreSQL the line that does it is told.
"""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from data import db, disk, installing, keeping, sessions
from data.migrations import upgrade
from data.models import Store
from data.person import SYSTEM, Role
from tests import factories

ROOT = Path(__file__).parents[2]
SERVER = "postgresql+psycopg://care:hunter2@db.example:5433/care"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "care.db"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A database with one store."""
    file = tmp_path_factory.mktemp("prepared") / "care.db"
    installing.open_database(f"sqlite:///{file}")
    add_store("S1")
    db.close()
    return file.read_bytes()


@pytest.fixture
def url(file, prepared):
    """The address of such a database, which nobody has open."""
    file.write_bytes(prepared)
    return f"sqlite:///{file}"


def add_store(code):
    with db.writing(by=SYSTEM) as session:
        session.add(Store(code=code, name=code, zone="UTC", calendar_id=1))


def stores(address):
    installing.open_database(address)
    with db.reading(as_=SYSTEM) as session:
        found = session.scalars(select(Store.code).order_by(Store.code)).all()
    db.close()
    return found


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


@pytest.fixture
def kept(url, tmp_path):
    """A backup of it, after which another store came."""
    saved = tmp_path / "kept" / "monday.db"
    saved.parent.mkdir()
    keeping.backup(url, saved)
    installing.open_database(url)
    add_store("S2")
    db.close()
    return saved


def test_a_backup_holds_all_that_was_written_also_while_it_is_in_use(url, file, tmp_path):
    installing.open_database(url)
    add_store("S2")
    assert file.with_name("care.db-wal").stat().st_size  # what was written is not in the file yet
    size = keeping.backup(url, tmp_path / "saved.db")
    assert size == (tmp_path / "saved.db").stat().st_size
    db.close()
    assert stores(f"sqlite:///{tmp_path / 'saved.db'}") == ["S1", "S2"]


def test_a_backup_is_for_its_owners_eyes(kept):
    assert kept.stat().st_mode & 0o077 == 0


def test_a_backup_goes_over_nothing(url, kept):
    before = kept.read_bytes()
    with pytest.raises(keeping.NotDone, match="already: choose another name"):
        keeping.backup(url, kept)
    assert kept.read_bytes() == before


def test_a_backup_whose_name_is_taken_in_the_last_moment_goes_over_nothing(
    url, tmp_path, monkeypatch
):
    mine = tmp_path / "mine.db"
    real = disk.look_through

    def slow(part):
        mine.write_text("somebody's")
        return real(part)

    monkeypatch.setattr(disk, "look_through", slow)
    with pytest.raises(keeping.NotDone):
        keeping.backup(url, mine)
    assert mine.read_text() == "somebody's"
    assert names(tmp_path) == ["care.db", "mine.db"]


def full(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_backup_that_the_disk_has_no_room_for_leaves_nothing(url, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "sync", full)
    with pytest.raises(keeping.NotDone, match=r"No backup was made at .+: The disk is full"):
        keeping.backup(url, tmp_path / "saved.db")
    assert names(tmp_path) == ["care.db"]


def test_a_backup_of_nothing_is_refused_and_makes_no_database(tmp_path):
    with pytest.raises(keeping.NotDone, match="There is no database at"):
        keeping.backup(f"sqlite:///{tmp_path / 'nowhere.db'}", tmp_path / "saved.db")
    assert names(tmp_path) == []


def test_a_backup_into_a_folder_that_is_not_there_is_refused(url, tmp_path):
    with pytest.raises(keeping.NotDone, match="No such file or directory"):
        keeping.backup(url, tmp_path / "missing" / "saved.db")


def spoil(file, begin, length=4096):
    with file.open("rb+") as found:
        found.seek(begin)
        found.write(b"\xa5" * length)


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(url, file, tmp_path):
    for page in range(4, file.stat().st_size // 4096, 2):
        spoil(file, 4096 * page)
    with pytest.raises(keeping.NotDone, match="damaged"):
        keeping.backup(url, tmp_path / "saved.db")
    assert names(tmp_path) == ["care.db"]


@pytest.mark.parametrize(
    ("act", "tool"), [(keeping.backup, "pg_dump"), (keeping.restore, "pg_restore")]
)
def test_postgresql_keeps_its_own_backups(act, tool, now, tmp_path):
    given = {"now": now} if act is keeping.restore else {}
    with pytest.raises(keeping.NotDone) as refused:
        act(SERVER, tmp_path / "care.dump", **given)
    assert tool in str(refused.value)
    assert "postgresql://care@db.example:5433/care" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_restored_database_is_that_of_the_backup_and_the_other_is_kept(url, file, kept, now):
    done = keeping.restore(url, kept, now=now)
    assert done.newest
    assert stores(url) == ["S1"]
    assert stores(f"sqlite:///{done.aside}") == ["S1", "S2"]
    assert kept.exists()


def test_a_session_that_was_ended_since_the_backup_is_not_back(url, tmp_path, now):
    installing.open_database(url)
    with db.writing(by=SYSTEM) as session:
        person = factories.account(session, Role.MANAGER)
        key = sessions.begin(session, person.id, now=now)
    keeping.backup(url, tmp_path / "saved.db")
    db.close()
    keeping.restore(url, tmp_path / "saved.db", now=now)
    installing.open_database(url)
    with db.reading(as_=SYSTEM) as session:
        assert sessions.find(session, key, now=now) is None
    db.close()


def test_a_link_to_the_database_stays_a_link(url, file, kept, now, tmp_path):
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "care.db"
    link.symlink_to(file)
    keeping.restore(f"sqlite:///{link}", kept, now=now)
    assert link.is_symlink()
    assert stores(url) == ["S1"]


def test_a_backup_is_restored_where_there_is_no_database_yet(kept, tmp_path, now):
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'care.db'}"
    assert keeping.restore(elsewhere, kept, now=now).aside is None
    assert stores(elsewhere) == ["S1"]


def test_a_copy_with_work_in_its_journal_is_restored_with_it(url, file, tmp_path, now):
    installing.open_database(url)
    add_store("S2")
    copied = tmp_path / "copied.db"
    for ending in ("", "-wal"):
        source = file.with_name(file.name + ending)
        copied.with_name(copied.name + ending).write_bytes(source.read_bytes())
    db.close()
    keeping.restore(f"sqlite:///{tmp_path / 'new.db'}", copied, now=now)
    assert stores(f"sqlite:///{tmp_path / 'new.db'}") == ["S1", "S2"]


def test_nothing_is_restored_while_the_database_is_used(url, kept, now):
    installing.open_database(url)
    with pytest.raises(keeping.NotDone, match="in use: stop the server"):
        keeping.restore(url, kept, now=now)
    db.close()
    assert stores(url) == ["S1", "S2"]


SERVES = """
import sys, time
from data import db
db.connect(sys.argv[1])
print("serving", flush=True)
time.sleep(60)
"""


def test_nothing_is_restored_under_a_server_that_has_not_been_asked_yet(url, kept, now):
    command = (sys.executable, "-c", SERVES, url)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        with pytest.raises(keeping.NotDone, match="in use: stop the server"):
            keeping.restore(url, kept, now=now)
        server.kill()
    keeping.restore(url, kept, now=now)  # nothing is left of who died


def test_nothing_is_restored_while_another_program_has_it_open(url, file, kept, now):
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT * FROM store").fetchall()
        with pytest.raises(keeping.NotDone, match="in use"):
            keeping.restore(url, kept, now=now)
    assert stores(url) == ["S1", "S2"]


def test_nobody_begins_with_a_database_that_is_being_restored(url, file):
    with disk.alone(file) as free:
        assert free
        with pytest.raises(installing.Unusable, match="is being restored"):
            installing.reach(url)
    assert stores(url) == ["S1"]


def of_a_newer_version(kept):
    with closing(sqlite3.connect(kept)) as found:
        found.execute("UPDATE alembic_version SET version_num = '9999'")
        found.commit()


def of_another_program(kept):
    kept.unlink()
    with closing(sqlite3.connect(kept)) as found:
        found.execute("CREATE TABLE recipe (name)")


def cut_short(kept):
    os.truncate(kept, kept.stat().st_size // 2)


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        (of_a_newer_version, "a newer version of Aftercare"),
        (of_another_program, "no database of Aftercare"),
        (cut_short, "damaged .* is cut off"),
        (lambda kept: spoil(kept, 4096 * 5, 4096 * 40), "damaged"),
        (lambda kept: kept.write_bytes(b""), "damaged .* is empty"),
        (lambda kept: kept.write_text("Dear diary"), "damaged .* is no database"),
        (lambda kept: kept.unlink(), "There is no file"),
    ],
)
def test_what_is_no_whole_backup_of_ours_is_refused_and_nothing_changes(
    url, file, kept, now, spoilt, sentence
):
    spoilt(kept)
    before = file.read_bytes()
    with pytest.raises(keeping.NotDone, match=sentence):
        keeping.restore(url, kept, now=now)
    assert file.read_bytes() == before
    assert names(file.parent) == ["care.db", "kept"]


def test_a_row_that_points_nowhere_keeps_nobody_from_a_backup(url, file, now):
    with closing(sqlite3.connect(file)) as careless:
        careless.execute("UPDATE store SET calendar_id = 77")
        careless.commit()
    keeping.backup(url, file.with_name("saved.db"))
    keeping.restore(url, file.with_name("saved.db"), now=now)
    with pytest.raises(installing.Unusable, match="a row of store points at a row of calendar"):
        installing.look_through(url)


def test_the_database_is_not_its_own_backup(url, file, now):
    with pytest.raises(keeping.NotDone, match="is the database itself"):
        keeping.restore(url, file, now=now)


def test_a_backup_of_an_older_version_is_restored_and_can_be_upgraded(tmp_path, url, now):
    older = f"sqlite:///{tmp_path / 'older.db'}"
    upgrade(db.connect(older), "0003")
    db.close()
    keeping.backup(older, tmp_path / "saved.db")
    assert not keeping.restore(url, tmp_path / "saved.db", now=now).newest
    installing.prepare(db.connect(url))
    db.close()
    assert stores(url) == []


def test_a_damaged_database_is_set_aside_with_its_journal(url, file, kept, now):
    spoil(file, 0)
    journal = file.with_name("care.db-wal")
    journal.write_bytes(b"work")
    aside = keeping.restore(url, kept, now=now).aside
    assert stores(url) == ["S1"]
    assert aside.read_bytes().startswith(b"\xa5")
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"work"


def test_disks_without_hard_links_will_do(url, kept, now, tmp_path, monkeypatch):
    def unable(*_args):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", unable)
    keeping.backup(url, tmp_path / "second.db")
    with pytest.raises(FileExistsError):
        disk.put(tmp_path / "second.db", kept)
    aside = keeping.restore(url, tmp_path / "second.db", now=now).aside
    assert stores(url) == stores(f"sqlite:///{aside}") == ["S1", "S2"]


STEPS = (
    *((disk, name) for name in ("sync", "settle", "look_through", "opened")),
    *((Path, name) for name in ("touch", "hardlink_to", "rename", "replace", "chmod")),
)


class Death(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(("owner", "name"), STEPS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_a_restore_that_dies_at_any_step_leaves_the_old_or_the_new(
    url, file, kept, now, monkeypatch, owner, name, after, damaged
):
    if damaged:
        spoil(file, 0, 100)
    before, real = file.read_bytes(), getattr(owner, name)

    def dies(*given, **words):
        if after:
            real(*given, **words)
        raise Death

    with monkeypatch.context() as faulty, suppress(Death):  # not each restore needs each step
        faulty.setattr(owner, name, dies)
        keeping.restore(url, kept, now=now)
    if damaged and file.read_bytes() == before:
        with pytest.raises(installing.Unusable):
            installing.reach(url)
    else:
        assert stores(url) in ([["S1"]] if damaged else [["S1"], ["S1", "S2"]])
    keeping.restore(url, kept, now=now)
    assert stores(url) == ["S1"]
