"""What was read in before: the imports, and the rows they refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.importing.result import COUNTS, Remark
from data.models import AppUser, ImportBatch, ImportReject, Store
from data.scope import Scope

PIECE = 1_000  # refused rows fetched at once


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was refused: its line, what is wrong with it, and all its cells.

    `cells` are pairs of heading and original text, in the order of the file.
    """

    line: int
    remarks: Sequence[Remark]
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """An import: which file, by whom, when, into which store, and what came of it.

    `counts` has the promised numbers; `complete` is False while it runs and after it was stopped.
    """

    id: int
    at: datetime
    by: str
    store: str
    zone: str
    kind: str
    file: str
    counts: dict[str, int]
    skipped: dict[str, int]
    complete: bool


def latest(
    session: Session, scope: Scope, *, start: int, count: int
) -> tuple[Sequence[Batch], int]:
    """The imports into the stores in scope up to its moment, newest first; how many in all."""
    wanted = (*scope.where(ImportBatch), ImportBatch.at <= scope.as_of)
    total = session.scalar(select(func.count(ImportBatch.id)).where(*wanted)) or 0
    newest = _batches().where(*wanted).order_by(ImportBatch.at.desc(), ImportBatch.id.desc())
    rows = session.execute(newest.offset(start).limit(count))
    return [_batch(*row) for row in rows], total


def batch(session: Session, number: int) -> Batch | None:
    """The import of this number; None if there is none among the person's stores."""
    found = session.execute(_batches().where(ImportBatch.id == number)).first()
    return _batch(*found) if found else None


def refusals(session: Session, number: int, *, most: int | None = None) -> Iterator[Refusal]:
    """The rows that import `number` refused, by line; the first `most` where not all are wanted."""
    query = (
        select(ImportReject.line, ImportReject.row)
        .where(ImportReject.batch_id == number)
        .order_by(ImportReject.line, ImportReject.id)
        .limit(most)
    )
    for line, row in session.execute(query.execution_options(yield_per=PIECE)):
        problems = [Remark(line=line, **one) for one in row["problems"]]
        yield Refusal(line, problems, [(name, text) for name, text in row["cells"]])


def _batches() -> Select[*tuple[Any, ...]]:
    return (
        select(ImportBatch, Store.code, Store.zone, AppUser.name)
        .join(Store, Store.id == ImportBatch.store_id)
        .outerjoin(AppUser, AppUser.login == ImportBatch.actor)
    )


def _batch(row: ImportBatch, store: str, zone: str, name: str | None) -> Batch:
    return Batch(
        id=row.id,
        at=row.at,
        by=name or row.actor,
        store=store,
        zone=zone,
        kind=row.kind,
        file=row.file,
        counts={key: row.counts.get(key, 0) for key in COUNTS},
        skipped=row.counts.get("skipped", {}),
        complete=bool(row.counts.get("complete")),
    )
