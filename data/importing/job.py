"""What is asked of an import, and how it travels to the process that does it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.person import Person, Role

Progress = Callable[[int, int], None]
TOO_LARGE = (
    "The file needs more memory than an import may take, or is damaged. "
    "Open it and save it again as CSV, or split it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One import, or preview: which table from which file into which store, in whose name.

    `name` is what the file was called where it comes from; `rejects` where to write refused rows.
    """

    kind: str
    path: Path
    store_code: str
    by: Person
    now: datetime
    name: str | None = None
    sheet: str | None = None
    mapping: Path | None = None
    dry_run: bool = False
    rejects: Path | None = None


def job_as_json(job: Job) -> dict[str, Any]:
    """A job as plain texts and lists."""
    said = asdict(job)
    stores = job.by.stores
    person = {**asdict(job.by), "stores": None if stores is None else sorted(stores)}
    paths = {name: said[name] and str(said[name]) for name in ("path", "mapping", "rejects")}
    return {**said, **paths, "by": person, "now": job.now.isoformat()}


def job_from(said: dict[str, Any]) -> Job:
    """The other way round."""
    by = said["by"]
    stores = None if by["stores"] is None else frozenset(by["stores"])
    person = Person(**{**by, "role": Role(by["role"]), "stores": stores})
    as_path: Callable[[str | None], Path | None] = lambda text: Path(text) if text else None  # noqa: E731
    paths = {name: as_path(said[name]) for name in ("path", "mapping", "rejects")}
    return Job(**{**said, **paths, "by": person, "now": datetime.fromisoformat(said["now"])})
