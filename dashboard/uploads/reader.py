"""The process that sees an import through while its person may be elsewhere.

It gets the job as JSON on its standard input and notes in the file's folder how far it is and what
came of it. The file itself is deleted after an import, however that ended; after a mere check it
stays, to be read in.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from dashboard import log, uploads
from dashboard.settings import Settings
from dashboard.uploads import places
from data import db
from data.commands import Refused
from data.importing.apart import run_import
from data.importing.job import Job, job_from
from data.importing.result import as_json

BEAT = 3  # seconds
FRAME = re.compile(r'  File "(.+)", line (\d+), in (\w+)')


def main() -> None:
    """Do the job on standard input."""
    task = json.load(sys.stdin)
    db.connect(task["url"])
    read(job_from(task["job"]))


def read(job: Job) -> None:
    """Read the file of `job`, and leave word of it in its folder."""
    folder = job.path.parent
    with _beating(folder / places.LOCK):
        try:
            uploads.over(folder, dry=job.dry_run, **_outcome(job))
        finally:
            if not job.dry_run:
                job.path.unlink(missing_ok=True)


def _outcome(job: Job) -> dict[str, Any]:
    try:
        return {"result": as_json(_import(job))}
    except Refused as no:
        gaps = {name: str(gap) for name, gap in no.gaps.items()}
        return {"trouble": {"sentence": no.sentence, "gaps": gaps}}
    except Exception as error:  # nobody else is there to tell the person
        log.set_up(Settings.read())
        return {"reference": log.failed(BrokeDown(*_places(str(error))))}


class BrokeDown(Exception):
    """An import broke down; the log gets the places in our code, and nothing of the file."""


def _places(trace: str) -> list[str]:
    """Where in our code it happened: messages of databases quote the rows they choke on."""
    return [f"{Path(file).name}:{line} {name}" for file, line, name in FRAME.findall(trace)][-8:]


def _import(job: Job) -> Any:
    def progress(lines: int, all_lines: int) -> None:
        said = {"dry": job.dry_run, "lines": lines, "all_lines": all_lines}
        places.write(job.path.parent / places.PROGRESS, said)

    return run_import(
        job.kind,
        job.path,
        store_code=job.store_code,
        by=job.by,
        now=job.now,
        name=job.name,
        sheet=job.sheet,
        mapping=job.mapping,
        dry_run=job.dry_run,
        rejects=job.rejects,
        on_progress=progress,
    )


@contextmanager
def _beating(lock: Path) -> Iterator[None]:
    """Show that somebody is at work, until it is done."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEAT):
            lock.touch()

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()
        lock.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
