"""The folders of files on their way in: private, one a file, and what stands in them."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from data import db
from data.person import Person

KEPT_FOR = timedelta(hours=6)
SILENT_FOR = timedelta(seconds=30)  # after so long without a sign a reader is dead
FILE, UPLOAD, OWN_WORDS = "file", "upload.json", "mapping.toml"
LOCK, PROGRESS, DONE, REJECTS = "lock", "progress.json", "done.json", "rejects.csv"


def fresh(person: Person) -> Path:
    """A new folder for a file of this person."""
    folder = _root() / f"{_mark(person)}-{uuid4().hex}"
    folder.mkdir(mode=0o700)
    return folder


def of(person: Person) -> Iterator[Path]:
    """The folders of the files of this person."""
    return _root().glob(f"{_mark(person)}-*")


def discard(folder: Path) -> None:
    """Delete one file with all that is known of it."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(now: datetime) -> None:
    """Delete what lay too long, whoever it belongs to."""
    for folder in _root().iterdir():
        last = max(_modified(folder) or 0, _modified(folder / LOCK) or 0)
        if now.timestamp() - last > KEPT_FOR.total_seconds():
            discard(folder)


def busy(folder: Path, now: datetime) -> bool:
    """Whether somebody is at work on it: the lock is there, and a sign of life not long ago."""
    beat = _modified(folder / LOCK)
    return beat is not None and now.timestamp() - beat < SILENT_FOR.total_seconds()


def write(path: Path, said: object) -> None:
    """Put `said` into a file, whole or not at all."""
    part = path.with_name(f"{path.name}.{uuid4().hex}")
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(path)


def read(path: Path) -> dict[str, Any] | None:
    """What `write` put there; None where nothing did."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _mark(person: Person) -> str:
    """What the folders of a person of this installation begin with."""
    where = db.engine().url.render_as_string(hide_password=False)
    return sha256(f"{where}\n{person.login}".encode()).hexdigest()[:24]


def _root() -> Path:
    """The folder of all of them, which must be ours alone."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    root = Path(tempfile.gettempdir()) / f"aftercare-imports-{owner}"
    root.mkdir(mode=0o700, exist_ok=True)
    seen = root.lstat()
    if hasattr(os, "getuid") and (root.is_symlink() or seen.st_uid != owner or seen.st_mode & 0o77):
        raise PermissionError(f"{root} is open to others: delete it.")
    return root
