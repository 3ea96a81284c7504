"""The file of the embedded database: made whole, held while in use, judged by its pages."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

try:
    import fcntl
except ImportError:  # Windows lets nobody put another file in the place of an open one
    fcntl = None  # type: ignore[assignment]

HEADER = b"SQLite format 3\0"
OURS = "alembic_version"
BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
LOOKED_THROUGH = 100_000_000  # bytes; that much takes a second or two

_held: dict[Path, IO[bytes]] = {}


class Damaged(sqlite3.DatabaseError):
    """A file that is no whole database; the message says what is wrong with it."""


def make(file: Path) -> None:
    """An empty database at `file` if there is none; at no moment is it a half one."""
    if file.exists():
        return
    if _size(journal := _beside(file, "-wal")):
        raise Damaged(f"{file.name} is missing, though {journal.name} beside it still holds work")
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = _beside(file, f".{token_hex(4)}.new")
    try:
        mine.touch(mode=0o600, exist_ok=False)  # it will hold what customers told
        with closing(sqlite3.connect(mine)) as new:
            new.execute("PRAGMA journal_mode=WAL")
        with suppress(FileExistsError):  # another process was first
            put(mine, file)
    finally:
        mine.unlink(missing_ok=True)


def put(mine: Path, file: Path) -> None:
    """Give the finished file `mine` its name, on the disk for good; FileExistsError if taken."""
    sync(mine)
    try:
        file.hardlink_to(mine)  # unlike a rename it never goes over another file
        mine.unlink()
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if file.exists():
            raise FileExistsError(file) from None
        mine.rename(file)
    settle(file.parent)


def sync(file: Path) -> None:
    """Have what was written to `file` on the disk; nobody may have it open as a database."""
    with file.open("rb+") as whole:
        os.fsync(whole.fileno())


def settle(folder: Path) -> None:
    """Have the names in `folder` on the disk, so that no power cut takes one back."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def hold(file: Path) -> None:
    """Let other processes know that this one uses the database, until `let_go`, or its end."""
    if fcntl is None or file in _held:
        return
    try:
        lock = _beside(file, ".lock").open("ab")
    except OSError:  # where this cannot be written nothing can be restored either
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise sqlite3.OperationalError(f"{file.name} is being restored") from None
    _held[file] = lock


def let_go(file: Path) -> None:
    """This process does not use the database any more."""
    if lock := _held.pop(file, None):
        lock.close()  # and not unlocked: a parent or child of this process may share it


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Whether no process uses the database; if so, none begins to meanwhile."""
    if fcntl is None:
        yield True
        return
    with _beside(file, ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def look(file: Path) -> None:
    """Raise Damaged if a glance at `file` shows that it is no whole database.

    A small file is looked through; a large one by `check` and `backup` alone, which take longer.
    """
    refuse_stub(file)
    if file.stat().st_size <= LOOKED_THROUGH:
        with _judged(file) as found:
            _refuse(found.execute("PRAGMA quick_check(1)"))


def refuse_stub(file: Path) -> None:
    """Raise Damaged if `file` is empty, something else, or shorter than it says of itself."""
    with file.open("rb") as begin:
        head = begin.read(100)
    if not head:
        raise Damaged(f"{file.name} is empty, not even a database without rows")
    if not head.startswith(HEADER) or len(head) < 100:
        raise Damaged(f"{file.name} is no database: file is not a database")
    page = int.from_bytes(head[16:18]) * (1 if head[16:18] != b"\0\1" else 65536)
    wanted = page * int.from_bytes(head[28:32])
    if not _size(_beside(file, "-wal")) and _size(file) < wanted:
        raise Damaged(f"{file.name} is cut off: {_size(file):,} of {wanted:,} bytes are left")


def look_through(file: Path) -> str | None:
    """The step the whole database in `file` stands at; None if its tables are not ours.

    Every page and index is looked at. Raises Damaged if any is broken.
    """
    refuse_stub(file)
    with _judged(file) as found:
        _refuse(found.execute("PRAGMA integrity_check(1)"))
        return _step(found)


def refuse_strays(file: Path) -> None:
    """Raise Damaged if a row points at one that is not there: somebody wrote past Aftercare."""
    with _judged(file) as found:
        if (lost := found.execute("PRAGMA foreign_key_check").fetchone()) is not None:
            raise Damaged(f"a row of {lost[0]} points at a row of {lost[2]} that is not there")


@contextmanager
def opened(file: Path, *, patience_ms: int = 10_000) -> Iterator[sqlite3.Connection]:
    """The database in `file` as it is; an absent one is not made."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as found:
        found.execute(f"PRAGMA busy_timeout={patience_ms}")
        yield found


@contextmanager
def _judged(file: Path) -> Iterator[sqlite3.Connection]:
    """The same to be looked through; what SQLite stumbles over is damage."""
    try:
        with opened(file) as found:
            yield found
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in BROKEN:
            raise Damaged(str(error)) from None
        raise


def _refuse(said: sqlite3.Cursor) -> None:
    found = said.fetchone()[0]
    if found != "ok":
        raise Damaged(found.splitlines()[-1])


def has(found: sqlite3.Connection, table: str) -> bool:
    """Whether the database has a table of this name."""
    named = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(found.execute(named, (table,)).fetchone()[0])


def _step(found: sqlite3.Connection) -> str | None:
    if not has(found, OURS):
        return None
    row = found.execute(f"SELECT version_num FROM {OURS}").fetchone()
    return row and str(row[0])


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
