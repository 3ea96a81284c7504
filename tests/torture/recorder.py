"""What SQLite asks the disk to do, written down as it asks: an ear between the two.

A file system of SQLite (a "VFS") is a table of functions. `listen` makes a copy of the usual one in
which writing, shortening, syncing and deleting are noted first and then done as ever. It becomes
the one that every new connection of this process uses, the application's among them. It needs the
very SQLite that Python uses as a shared library; `shared_sqlite` tells whether it is there.
"""

import ctypes
import sqlite3
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from ctypes.util import find_library
from typing import Any

FILE = c_void_p
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, FILE, c_int, c_void_p)  # SQLite keeps the name itself
DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
CLOSE = CFUNCTYPE(c_int, FILE)
WRITE = CFUNCTYPE(c_int, FILE, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, FILE, c_int64)
SYNC = CFUNCTYPE(c_int, FILE, c_int)


class Methods(Structure):
    """What can be done with an open file (sqlite3_io_methods)."""

    _fields_ = (
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync")),
        ("others", c_void_p * 13),
    )


class Vfs(Structure):
    """What can be done with names (sqlite3_vfs)."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_name", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("others", c_void_p * 14),
    )


def shared_sqlite() -> Any:
    """The SQLite that Python uses, to be called directly; None if it cannot be had."""
    name = find_library("sqlite3")
    if name is None:
        return None
    found = ctypes.CDLL(name)
    found.sqlite3_libversion.restype = c_char_p
    return found if found.sqlite3_libversion().decode() == sqlite3.sqlite_version else None


class Ear:
    """Notes ("write", name, offset, bytes), ("cut", name, size), ("sync", name), ("gone", name).

    `refuse`, asked before each write with the number of notes so far, gives a result code of
    SQLite to answer instead of writing, or 0.
    """

    def __init__(self, sqlite: Any) -> None:
        self.notes: list[tuple[Any, ...]] = []
        self.refuse = lambda _notes: 0
        self._names: dict[int, str] = {}
        self._changed: dict[int, Methods] = {}  # by the address of the usual ones
        self._kept: list[Any] = []  # what SQLite points at must not go away
        self._listen(sqlite)

    def _listen(self, sqlite: Any) -> None:
        sqlite.sqlite3_vfs_find.restype = POINTER(Vfs)
        usual = sqlite.sqlite3_vfs_find(None).contents
        mine = Vfs.from_buffer_copy(usual)
        mine.name = b"ear"
        mine.open = self._keep(OPEN(self._opening(OPEN(usual.open))))
        mine.delete = self._keep(DELETE(self._deleting(DELETE(usual.delete))))
        self._kept.append(mine)
        assert sqlite.sqlite3_vfs_register(ctypes.byref(mine), 1) == 0

    def _keep(self, function: Any) -> Any:
        self._kept.append(function)
        return cast(function, c_void_p)

    def _opening(self, usual: Any) -> Any:
        def opening(vfs: int, name: int | None, file: int, flags: int, given: int) -> int:
            result: int = usual(vfs, name, file, flags, given)
            if result == 0 and name:
                self._names[file] = ctypes.string_at(name).decode().rsplit("/", 1)[-1]
                first = cast(file, POINTER(c_void_p))
                first[0] = ctypes.addressof(self._methods(first[0]))
            return result

        return opening

    def _deleting(self, usual: Any) -> Any:
        def deleting(vfs: int, name: bytes, durably: int) -> int:
            self.notes.append(("gone", name.decode().rsplit("/", 1)[-1]))
            return int(usual(vfs, name, durably))

        return deleting

    def _methods(self, address: int) -> Methods:
        """The usual functions of a file, those that change it noted first."""
        if address not in self._changed:
            usual = Methods.from_address(address)
            mine = Methods.from_buffer_copy(usual)
            mine.write = self._keep(WRITE(self._writing(WRITE(usual.write))))
            mine.truncate = self._keep(TRUNCATE(self._cutting(TRUNCATE(usual.truncate))))
            mine.sync = self._keep(SYNC(self._syncing(SYNC(usual.sync))))
            self._changed[address] = mine
        return self._changed[address]

    def _writing(self, usual: Any) -> Any:
        def writing(file: int, data: int, length: int, offset: int) -> int:
            if refused := self.refuse(len(self.notes)):
                return int(refused)
            self.notes.append(("write", self._names[file], offset, ctypes.string_at(data, length)))
            return int(usual(file, data, length, offset))

        return writing

    def _cutting(self, usual: Any) -> Any:
        def cutting(file: int, size: int) -> int:
            self.notes.append(("cut", self._names[file], size))
            return int(usual(file, size))

        return cutting

    def _syncing(self, usual: Any) -> Any:
        def syncing(file: int, flags: int) -> int:
            self.notes.append(("sync", self._names[file]))
            return int(usual(file, flags))

        return syncing
