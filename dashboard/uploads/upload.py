"""A file somebody sent to be read in: kept, looked into, found again, forgotten."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from dashboard.uploads import ownwords, places
from dashboard.uploads.places import (
    DONE,
    FILE,
    OWN_WORDS,
    PROGRESS,
    REJECTS,
    UPLOAD,
    busy,
    discard,
    read,
    write,
)
from data.commands import Refused
from data.importing.apart import preview
from data.importing.job import Job
from data.importing.reasons import FileRefused
from data.importing.result import (
    Preview,
    Remark,
    preview_from,
)
from data.person import Person

LARGEST = 100_000_000  # bytes of a file that is sent to the page; the command line takes more
MISSING = {"known", "line", "columns"}  # the gaps of a refusal for want of a column


class Saveable(Protocol):
    """A file that came with a request."""

    def save(self, dst: Path) -> None:
        """Write it to `dst`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file somebody sent, and how it is to be read.

    `own` is a mapping as of a TOML file. `preview` is what it would be read as; None where
    `trouble` says why it cannot be read so, and then `headings` are those found.
    """

    folder: Path
    name: str
    size: int
    store: str
    kind: str
    sheet: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)
    preview: Preview | None = None
    trouble: Remark | None = None
    headings: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """What names it in the browser."""
        return self.folder.name.rpartition("-")[2]

    @property
    def there(self) -> bool:
        """Whether the file itself is still kept."""
        return (self.folder / FILE).exists()

    def job(self, person: Person, now: datetime, *, dry: bool = False) -> Job:
        """Reading it in the name of `person`."""
        own_words = self.folder / OWN_WORDS
        return Job(
            kind=self.kind,
            path=self.folder / FILE,
            store_code=self.store,
            by=person,
            now=now,
            name=self.name,
            sheet=self.sheet,
            mapping=own_words if own_words.exists() else None,
            dry_run=dry,
            rejects=self.folder / REJECTS if dry else None,  # an import keeps them in the database
        )


def keep(file: Saveable, *, name: str, store: str, kind: str, person: Person) -> Upload:
    """Take in a file; what the same person sent before stays until this one was looked into."""
    folder = places.fresh(person)
    file.save(folder / FILE)
    size = (folder / FILE).stat().st_size
    return Upload(folder=folder, name=name, size=size, store=store, kind=kind)


def look(upload: Upload, *, person: Person, now: datetime) -> Upload:
    """Find out what the file would be read as, and remember it; FileRefused if it cannot be.

    Where only the words over the columns are not understood, the file is kept: they can be chosen.
    """
    if busy(upload.folder, now):
        raise Refused("This file is being read just now.")
    write_own_words(upload)
    try:
        found = _preview(upload.job(person, now))
    except FileRefused as no:
        if no.gaps.keys() != MISSING:
            raise
        headings = tuple(str(no.gaps["columns"]).split(", "))
        trouble = Remark(no.sentence, no.gaps)
        return _remember(replace(upload, preview=None, trouble=trouble, headings=headings))
    return _remember(replace(upload, preview=found, trouble=None, headings=()))


def current(person: Person) -> Upload | None:
    """The file this person is busy with: the last one sent; None if there is none."""
    mine = [folder for folder in places.of(person) if (folder / UPLOAD).exists()]
    newest = max(mine, key=lambda folder: (folder / UPLOAD).stat().st_mtime_ns, default=None)
    found = _load(newest) if newest else None
    return found if found and (found.there or (found.folder / DONE).exists()) else None


def named(person: Person, token: object) -> Upload:
    """The file of this person that the browser knows as `token`; Refused if it is another now."""
    found = current(person)
    if found is None or found.token != token:
        raise Refused("This file is no longer here: another was chosen, or it lay too long.")
    return found


def forget(person: Person, *, now: datetime, but: Upload | None = None) -> None:
    """Delete the files of this person, `but` for one, and those that are being read."""
    for folder in places.of(person):
        if folder != (but and but.folder) and not busy(folder, now):
            discard(folder)


def _preview(job: Job) -> Preview:
    return preview(
        job.path,
        job.kind,
        store_code=job.store_code,
        by=job.by,
        now=job.now,
        sheet=job.sheet,
        mapping=job.mapping,
    )


def _remember(upload: Upload) -> Upload:
    """Keep what is known of a file; what came of reading it another way is forgotten."""
    for name in (DONE, PROGRESS, REJECTS):
        (upload.folder / name).unlink(missing_ok=True)
    said = {name: value for name, value in asdict(upload).items() if name != "folder"}
    write(upload.folder / UPLOAD, said)
    return upload


def _load(folder: Path) -> Upload | None:
    said = read(folder / UPLOAD)
    if said is None:
        return None
    seen, trouble = said.pop("preview"), said.pop("trouble")
    return Upload(
        folder=folder,
        preview=seen and preview_from(seen),
        trouble=trouble and Remark(**trouble),
        **{**said, "headings": tuple(said["headings"])},
    )


def write_own_words(upload: Upload) -> None:
    """Put the dealer's own words where the reading finds them."""
    path = upload.folder / OWN_WORDS
    path.unlink(missing_ok=True)
    if upload.own:
        path.write_text(ownwords.written(upload.own), encoding="utf-8", errors="replace")
