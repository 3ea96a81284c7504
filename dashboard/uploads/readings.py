"""Reading a kept file in: begun once, in a process that outlives the request, and looked after."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from dashboard.uploads.places import DONE, LOCK, PROGRESS, busy, read, write
from dashboard.uploads.upload import Upload, write_own_words
from data import db
from data.commands import Refused
from data.importing.job import Job, job_as_json
from data.importing.result import ImportResult, Remark, result_from
from data.person import Person

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the reading of a file is.

    Running: `lines` of `all_lines`. Over: one of `result`, `trouble` (why it was refused),
    `reference` (of a failure of ours); none of them where the reader died.
    """

    running: bool
    dry: bool
    lines: int = 0
    all_lines: int = 0
    result: ImportResult | None = None
    trouble: Remark | None = None
    reference: str | None = None


def begin(upload: Upload, *, person: Person, now: datetime, dry: bool) -> None:
    """Start reading the file in a process that outlives this request; once, however often asked."""
    if not upload.there:
        raise Refused("This file was read in already. Choose it again to read it once more.")
    lock = upload.folder / LOCK
    if not busy(upload.folder, now):
        lock.unlink(missing_ok=True)  # of a reader that died
    try:
        lock.open("x").close()
    except FileExistsError:
        return
    write_own_words(upload)
    (upload.folder / DONE).unlink(missing_ok=True)
    write(upload.folder / PROGRESS, {"dry": dry, "lines": 0, "all_lines": 0})
    _start(upload.job(person, now, dry=dry))


def standing(upload: Upload, now: datetime) -> Standing | None:
    """How far the reading of it is; None where it was not begun."""
    progress, over = read(upload.folder / PROGRESS), read(upload.folder / DONE)
    if over:
        return _over(over)
    if progress is None or not (upload.folder / LOCK).exists():
        return None
    return Standing(running=busy(upload.folder, now), **progress)


def over(folder: Path, *, dry: bool, **said: Any) -> None:
    """Note what came of reading a file: a result, a refusal, or the reference of a failure."""
    write(folder / DONE, {"dry": dry, **said})


def _over(said: dict[str, Any]) -> Standing:
    return Standing(
        running=False,
        dry=said["dry"],
        result=result_from(said["result"]) if "result" in said else None,
        trouble=Remark(**said["trouble"]) if "trouble" in said else None,
        reference=said.get("reference"),
    )


def _start(job: Job) -> None:
    """A process of its own session: the end of this one, or of the terminal, is not its end."""
    task = {
        "url": db.engine().url.render_as_string(hide_password=False),
        "job": job_as_json(job),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.uploads.reader"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdin is not None
    with process.stdin as pipe:
        json.dump(task, pipe)
    Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie
