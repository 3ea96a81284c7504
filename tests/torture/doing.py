"""Something long that a process does until it is done or killed: an import, an upgrade.

The processes are forked from one that has loaded everything, so that they begin at once and the
moment drawn by lot falls into the work, not before it.
"""

import multiprocessing
import pickle
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from data import db, installing
from data.importing.job import Job
from data.importing.run import import_file
from data.person import SYSTEM
from tests import factories
from tests.torture import recorder

NOW = factories.at("2026-03-16 12:00")
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])


def read_in(url: str, file: Path) -> None:
    """Read the repair orders in `file` into the store S1."""
    db.connect(url)
    import_file(
        Job(kind="repair-orders", path=file, store_code="S1", by=SYSTEM, now=NOW),
        lambda done, total: None,
    )
    db.close()


def prepare(url: str) -> None:
    """Bring the database to the tables of this version, as `upgrade` does."""
    installing.prepare(installing.reach(url))
    db.close()


def seconds(work: Callable[..., None], *given: Any) -> float:
    """Let a process do the work to its end; how long it takes."""
    process, line = _begun(work, *given)
    began = time.monotonic()
    assert line.recv() == "done"
    process.join()
    return time.monotonic() - began


def killed(fresh: Callable[[], str], work: Callable[..., None], *given: Any, after: float) -> str:
    """A fresh database on which a process was killed at the work, so many seconds after it began.

    Where the work was done by then, it is tried again in half of the time.
    """
    while True:
        url = fresh()
        process, line = _begun(work, url, *given)
        time.sleep(after)
        process.kill()
        process.join()
        if not _done(line):
            return url
        after /= 2


def moments(count: int, longest: float) -> list[float]:
    """So many moments within the time that the work takes, the same ones each time."""
    chance = random.Random(4)
    return [chance.uniform(0, longest) for _ in range(count)]


def _begun(work: Callable[..., None], *given: Any) -> tuple[Any, Connection]:
    mine, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_do, args=(theirs, work, given))
    process.start()
    theirs.close()
    assert mine.recv() == "begun"
    return process, mine


def _done(line: Connection) -> bool:
    try:
        return bool(line.recv() == "done")
    except (EOFError, ConnectionError):
        return False


def _do(line: Connection, work: Callable[..., None], given: tuple[Any, ...]) -> None:
    line.send("begun")
    work(*given)
    line.send("done")


def listened(url: str, notes: str) -> None:
    """Bring the database to this version, and note what the disk was asked to do for that."""
    ear = recorder.Ear(recorder.shared_sqlite())
    prepare(url)
    Path(notes).write_bytes(pickle.dumps(ear.notes))
