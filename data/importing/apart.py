"""Imports and previews in a process of their own, with limits of memory and time."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

from data import commands, db
from data.importing.job import TOO_LARGE, Job, Progress, job_as_json
from data.importing.reasons import FileRefused
from data.importing.result import ImportResult, Preview, preview_from, result_from
from data.person import Person

ROOT = Path(__file__).parents[2]
TYPES = {"NotFound": commands.NotFound, "Forbidden": commands.Forbidden}
TOO_SLOW = "The file takes more than {minutes} minutes to look through. Split it."
STOPPED = (
    "The file was stopped after {minutes} minutes. The rows read until then are stored; "
    "read it again to go on, or split it."
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much an import may take: memory of its process, and seconds until it is stopped."""

    memory_bytes: int = 2_000_000_000
    seconds: float = 3600


class ImportFailed(Exception):
    """The import broke down for a reason that is not the file's; the text is for the log."""


def run_import(
    kind: str,
    path: Path,
    *,
    store_code: str,
    by: Person,
    now: datetime,
    name: str | None = None,
    sheet: str | None = None,
    mapping: Path | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    on_progress: Progress | None = None,
    allowance: Allowance = Allowance(),
) -> ImportResult:
    """Read the file at `path` as a table of `kind` into a store; `by` must administer.

    `name` is the file's own name where `path` is a temporary one; `mapping` a TOML file with the
    dealer's words; `rejects` where to write the refused rows as CSV; `on_progress` hears
    (lines done, lines in all). A dry run counts the same and writes nothing.

    Raises FileRefused where nothing of the file can be read, NotFound for an unknown store,
    Forbidden without the right, ImportFailed when something else broke.
    """
    job = Job(
        kind=kind,
        path=path,
        store_code=store_code,
        by=by,
        now=now,
        name=name,
        sheet=sheet,
        mapping=mapping,
        dry_run=dry_run,
        rejects=rejects,
    )
    return result_from(_apart("import", job, allowance, on_progress))


def preview(
    path: Path,
    kind: str,
    *,
    store_code: str,
    by: Person,
    now: datetime,
    sheet: str | None = None,
    mapping: Path | None = None,
    allowance: Allowance = Allowance(seconds=60),
) -> Preview:
    """What the file at `path` would be read as: sheet, header, columns, the first 20 rows.

    Raises as `run_import` does; nothing is written.
    """
    job = Job(
        kind=kind, path=path, store_code=store_code, by=by, now=now, sheet=sheet, mapping=mapping
    )
    return preview_from(_apart("preview", job, allowance, None))


def _apart(
    what: str, job: Job, allowance: Allowance, on_progress: Progress | None
) -> dict[str, Any]:
    task = {
        "what": what,
        "job": job_as_json(job),
        "memory_bytes": allowance.memory_bytes,
        "url": db.engine().url.render_as_string(hide_password=False),
    }
    result: dict[str, Any] | None = None
    with _child(task, allowance.seconds) as (words, stopped):
        for word in words:
            if "progress" in word and on_progress:
                on_progress(*word["progress"])
            _raise(word)
            result = word.get("result")
    if result is not None:
        return result
    if stopped:
        writes = what == "import" and not job.dry_run
        raise FileRefused(STOPPED if writes else TOO_SLOW, minutes=round(allowance.seconds / 60))
    raise FileRefused(TOO_LARGE)  # it died without a word: the system took its memory away


def _raise(word: dict[str, Any]) -> None:
    if "failed" in word:
        raise ImportFailed(word["failed"])
    if no := word.get("refused"):
        raise TYPES.get(no["type"], FileRefused)(no["sentence"], **no["gaps"])


@contextmanager
def _child(
    task: dict[str, Any], seconds: float
) -> Iterator[tuple[Iterator[dict[str, Any]], list[bool]]]:
    """The child's words as they come; the list gets an entry when its time was over."""
    stopped: list[bool] = []
    process = subprocess.Popen(
        [sys.executable, "-m", "data.importing.child"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )

    def stop() -> None:
        stopped.append(True)
        process.kill()

    timer = Timer(seconds, stop)
    timer.start()
    with process:
        try:
            yield _words(process, task), stopped
        finally:
            timer.cancel()
            process.kill()


def _words(process: "subprocess.Popen[str]", task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    assert process.stdin is not None
    assert process.stdout is not None
    # the address of the database goes this way because arguments can be seen by everybody
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(task))
        process.stdin.close()
    for line in process.stdout:
        yield json.loads(line)
