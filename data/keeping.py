"""Backups: a whole copy of the embedded database while it is used, and the way back from one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from shutil import copyfile, copystat
from typing import NamedTuple

from sqlalchemy import make_url

from data import disk, embedded
from data.fitness import misfit
from data.migrations import head
from data.trouble import trouble

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps next to a database
SAVE = "PostgreSQL makes its own backups: run `pg_dump --format=custom --file={file} '{address}'`."
LOAD = (
    "PostgreSQL restores its own backups: stop Aftercare and run `pg_restore --clean --if-exists "
    "--no-owner --single-transaction --dbname='{address}' {file}`."
)
SESSIONS = "login_session"
IN_USE = "The database is in use: stop the server, the worker and every other program that has it."


class NotDone(Exception):
    """A backup or restore that did not happen; the message says why, and what to do."""


class Restored(NamedTuple):
    """Whether it has the tables of this version, and where what was there before is kept."""

    newest: bool
    aside: Path | None


def backup(url: str, file: Path) -> int:
    """Write a whole, checked copy of the database at `url` to the new `file`; gives its bytes.

    The database may be in use. The file gets its name when it is complete, never before.
    Raises NotDone.
    """
    source = _file_of(url, SAVE, file)
    _refuse_absent(source, "There is no database at {file}: check AFTERCARE_DATABASE_URL.")
    if file.exists():
        raise NotDone(f"There is a file {file} already: choose another name.")
    with _told(f"No backup was made at {file}"), _part(file) as part:
        _copy(source, part)
        disk.put(part, file)
    return file.stat().st_size


def restore(url: str, file: Path, *, now: datetime) -> Restored:
    """Put what is in the backup `file` in the place of the database at `url`, which is set aside.

    It happens at one stroke or not at all, and only while nobody uses the database.
    Raises NotDone.
    """
    target = _file_of(url, LOAD, file)
    _refuse_absent(file, "There is no file {file}.")
    if target.exists() and target.samefile(file):
        raise NotDone(f"{file} is the database itself: name a backup of it.")
    with _told("Nothing was restored"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with disk.alone(target) as free, _part(target) as part:
            if not free:
                raise NotDone(IN_USE)
            _judge(file)
            return _put_in_place(file, part, target, now)


def _put_in_place(file: Path, part: Path, target: Path, now: datetime) -> Restored:
    step = _copy(file, part)
    _end_sessions(part)
    _give_to_owner(part, target)
    _end_journal(target)
    aside = _set_aside(target, now)
    part.replace(target)
    disk.settle(target.parent)
    return Restored(step == head(), aside)


def _file_of(url: str, instead: str, file: Path) -> Path:
    """The file of the database at `url`; for a server, NotDone with what to do instead."""
    if found := embedded.file_of(url):
        return found
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        raise NotDone("A database in memory cannot be kept: give it a file.")
    address = parsed._replace(drivername="postgresql", password=None)  # set() knows no None
    raise NotDone(instead.format(file=file, address=address.render_as_string()))


def _refuse_absent(file: Path, sentence: str) -> None:
    if not file.is_file():
        raise NotDone(sentence.format(file=file))


def _judge(file: Path) -> str:
    """The step of the database in `file`, every page of it looked at; NotDone if it is unfit."""
    try:
        step = disk.look_through(file)
    except disk.Damaged as error:
        raise NotDone(f"{file} is damaged ({error}): nothing was changed.") from None
    if step is None:
        raise NotDone(f"{file} is no database of Aftercare.")
    if reason := misfit(step):
        raise NotDone(f"{file} is of no use here. {reason}")
    return step


def _copy(source: Path, part: Path) -> str:
    """Copy a database as it stands at one moment; the copy is looked through and on the disk."""
    part.touch(mode=0o600, exist_ok=False)  # it holds what customers told
    with disk.opened(source) as found:
        found.execute("VACUUM INTO ?", (str(part.absolute()),))
    disk.sync(part)
    step = disk.look_through(part)
    if step is None:
        raise NotDone(f"{source} holds no tables of Aftercare.")
    return step


def _end_sessions(part: Path) -> None:
    """Let everybody sign in again: whose session was ended since the backup must not be back."""
    with disk.opened(part) as found:
        if disk.has(found, SESSIONS):
            found.execute(f"DELETE FROM {SESSIONS}")
            found.commit()
    disk.sync(part)


def _end_journal(file: Path) -> None:
    """Bring all that was written into the file itself; NotDone if another program has it open."""
    if not file.exists():
        return
    try:
        disk.refuse_stub(file)  # SQLite would throw the journal of such a file away
        with disk.opened(file, patience_ms=0) as found:
            found.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise NotDone(IN_USE) from None
        raise
    except sqlite3.DatabaseError:
        return  # too damaged for that: it is set aside with its journal


def _set_aside(file: Path, now: datetime) -> Path | None:
    """Give the database a second name, and its journal none but that; it stays where it is."""
    aside = file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%S}-{token_hex(2)}")
    if file.exists():
        _name_twice(file, aside)
    for ending in BESIDE:  # a journal that stayed would be written into the restored database
        left = file.with_name(file.name + ending)
        if left.exists():
            left.rename(aside.with_name(aside.name + ending))
    disk.settle(file.parent)
    return aside if aside.exists() else None


def _name_twice(file: Path, aside: Path) -> None:
    try:
        aside.hardlink_to(file)
    except OSError:  # a disk without hard links
        copyfile(file, aside)
        copystat(file, aside)
        disk.sync(aside)


def _give_to_owner(part: Path, target: Path) -> None:
    """Let the restored file belong to whom the old one did: root may not be who serves."""
    model = target if target.exists() else target.parent
    if hasattr(os, "chown"):
        os.chown(part, model.stat().st_uid, model.stat().st_gid)
    if target.exists():
        part.chmod(target.stat().st_mode)


@contextmanager
def _part(file: Path) -> Iterator[Path]:
    """A name beside `file` for what is not finished; it is gone in the end."""
    part = file.with_name(f"{file.name}.{token_hex(4)}.part")
    try:
        yield part
    finally:
        for ending in ("", *BESIDE):
            part.with_name(part.name + ending).unlink(missing_ok=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Tell what the disk or SQLite objects to in one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        found = trouble(error)
        own = getattr(error, "strerror", None) or str(error)
        raise NotDone(f"{what}: {found.says if found else own}") from None
