"""What ails the database, by its own signs: a full disk, a file nobody may write, broken pages."""

import errno
import sqlite3
from typing import NamedTuple

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree


class Trouble(NamedTuple):
    """A code, and what to say of it: to whoever uses Aftercare, and to whoever runs it."""

    code: str
    says: str


FULL = Trouble("full", says="The disk is full: nothing can be saved until there is room again.")
READ_ONLY = Trouble("read_only", says="The database can only be read at the moment, not written.")
DAMAGED = Trouble("damaged", says="The database is damaged: it needs to be restored from a backup.")
AILING = Trouble("ailing", says="The disk that the database is on does not work as it should.")
BUSY = Trouble("busy", says="The database is busy: what you did was not saved. Try again.")
SLOW = Trouble("slow", says="This took too long and was given up. Choose a shorter period.")
SILENT = Trouble("silent", says="The database does not answer. Try again in a moment.")

BY_CODE = {  # of SQLite
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: AILING,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CANTOPEN: SILENT,
}
BY_STATE = {  # of PostgreSQL
    "53100": FULL,
    "25006": READ_ONLY,
    "58030": AILING,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "40001": BUSY,
    "40P01": BUSY,
    "57014": SLOW,
}
LOST = ("08", "53300", "57P0")  # the connection, or PostgreSQL itself, is gone or taken
BY_NUMBER = {  # of the system
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EIO: AILING,
}


def trouble(error: BaseException) -> Trouble | None:
    """What the database suffers from, if `error` comes from that; None if it is something else."""
    own = getattr(error, "orig", None) or error
    if isinstance(own, sqlite3.Error):
        return BY_CODE.get(getattr(own, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(own, OSError):
        return BY_NUMBER.get(own.errno or 0)
    state = getattr(own, "sqlstate", None) or ""
    lost = isinstance(error, OperationalError | InterfaceError | NoneFree)
    silent = lost and (not state or state.startswith(LOST))
    return BY_STATE.get(state, SILENT if silent else None)
