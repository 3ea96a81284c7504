"""Reading one file into one store, chunk by chunk: what is written is whole and repeatable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from data import db, events, served, sums
from data.churn import settling
from data.commands import NotFound, require
from data.importing.book import Limits
from data.importing.job import Job, Progress
from data.importing.reading import DEFAULT, Reading, open_reading
from data.importing.reasons import Reason
from data.importing.rejects import rejects_file, stored
from data.importing.result import COUNTS, ImportResult, Preview, remark, texts
from data.importing.rows import Row, problem_at
from data.importing.storing import WRITERS
from data.importing.storing.desk import Desk, Writer
from data.importing.tally import Tally, take
from data.models import ImportBatch, ImportReject, Store
from data.person import Right

CHUNK = 2_000
PREVIEWED = 20
IMPORT_LOCK = 4_827_002  # any number; with the store's it keeps two imports of a store apart


def import_file(job: Job, on_progress: Progress, limits: Limits = DEFAULT) -> ImportResult:
    """Read the file of `job` into the database.

    Each chunk of rows is one transaction, so that an import that dies has written whole chunks,
    and reading the file again goes on where it stopped. FileRefused or Refused: nothing is stored.
    """
    with db.reading(as_=job.by) as session:
        require(session, Right.ADMINISTER)
        store = _store(session, job.store_code)
    reading = _open(job, store.zone, limits)
    with rejects_file(job.rejects, reading.header) as file:
        tally = Tally(reading, file)
        run = _DryRun if job.dry_run else _Run
        return run(job, store.id, reading, tally).go(on_progress)


def preview_file(job: Job, limits: Limits = DEFAULT) -> Preview:
    """What the file of `job` would be read as: its columns and its first rows."""
    with db.reading(as_=job.by) as session:
        store = _store(session, job.store_code)
    reading = _open(job, store.zone, limits)
    header, book = reading.header, reading.book
    return Preview(
        kind=job.kind,
        format=book.format,
        encoding=book.encoding,
        separator=reading.table.separator,
        sheet=reading.table.name,
        sheets=[] if book.encoding else [table.name for table in book.tables],
        header_line=header.line,
        columns=[(one.heading, one.field) for one in header.columns],
        unread=header.unread,
        rows=[(row.line, texts(row, header.columns)) for row in islice(reading.rows(), PREVIEWED)],
        notices=[remark(notice) for notice in reading.notices],
    )


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    zone: ZoneInfo


def _store(session: Session, code: str) -> _Place:
    found = session.execute(select(Store.id, Store.zone).where(Store.code == code)).first()
    if found is None:
        raise NotFound("There is no store {code}.", code=code)
    return _Place(found.id, ZoneInfo(found.zone))


def _open(job: Job, zone: ZoneInfo, limits: Limits) -> Reading:
    return open_reading(
        job.kind,
        job.path,
        today=job.now.astimezone(zone).date(),
        zone=zone,
        sheet=job.sheet,
        mapping=job.mapping,
        limits=limits,
    )


class _Run:
    """An import that writes: a transaction a chunk."""

    def __init__(self, job: Job, store_id: int, reading: Reading, tally: Tally) -> None:
        self.job, self.store_id, self.reading, self.tally = job, store_id, reading, tally
        self.batch: int | None = None

    def go(self, on_progress: Progress) -> ImportResult:
        """Read all rows."""
        height = self.reading.table.height
        for rows in _chunks(self.reading.rows()):
            with db.writing(by=self.job.by) as session:
                self._alone(session)
                self._take(session, rows)
            served.look_at_new_tables(db.engine())
            on_progress(min(rows[-1].line, height), height)
        self._finish()
        return self.tally.result(self.batch)

    def _take(self, session: Session, rows: Sequence[Row]) -> None:
        writer = self._writer(session, dry=False)
        refused = take(rows, writer, self.reading.header, self.tally)
        batch = self._batch(session)
        if refused:
            table: Any = ImportReject.__table__
            given = [stored(row, self.reading.header, batch.id, self.store_id) for row in refused]
            session.connection().execute(insert(table), given)
        batch.counts = self._counts(complete=False)

    def _batch(self, session: Session) -> ImportBatch:
        if self.batch is not None:
            return session.get_one(ImportBatch, self.batch)
        made = ImportBatch(
            store_id=self.store_id,
            at=self.job.now,
            actor=self.job.by.login,
            kind=self.job.kind,
            file=(self.job.name or self.job.path.name)[-200:],
            sha256=_digest(self.job.path),
            counts={},
        )
        session.add(made)
        session.flush()
        self.batch = made.id
        return made

    def _finish(self) -> None:
        with db.writing(by=self.job.by) as session:
            batch = self._batch(session)
            batch.counts = self._counts(complete=True)
            events.record(session, batch, "imported", at=self.job.now, **batch.counts)
        if self.job.kind == "repair-orders":
            settling.settle(now=self.job.now)
        sums.refresh(now=self.job.now)

    def _counts(self, *, complete: bool) -> dict[str, Any]:
        counts = {name: self.tally.count[name] for name in COUNTS}
        return {**counts, "skipped": dict(self.reading.skipped), "complete": complete}

    def _alone(self, session: Session) -> None:
        # on SQLite the writing transaction itself keeps others out
        if session.get_bind().dialect.name == "postgresql":
            session.scalar(select(func.pg_advisory_xact_lock(IMPORT_LOCK, self.store_id)))

    def _writer(self, session: Session, *, dry: bool) -> Writer:
        desk = Desk(
            session=session,
            store_id=self.store_id,
            zone=self.reading.manner.zone,
            now=self.job.now,
            doubt=self.doubt,
            columns=frozenset(self.reading.header.read),
            dry=dry,
            shared_phones=self.reading.own.shared_phones,
        )
        return WRITERS[self.job.kind](desk)

    def doubt(self, row: Row, field: str, reason: Reason) -> None:
        """Note something about a row that a person should look at."""
        row.doubts.append(problem_at(self.reading.header.read, field, row, reason))


class _DryRun(_Run):
    """An import that writes nothing: what would be written stays in memory."""

    def go(self, on_progress: Progress) -> ImportResult:
        """Read all rows."""
        height = self.reading.table.height
        with db.reading(as_=self.job.by) as session:
            writer = self._writer(session, dry=True)
            for rows in _chunks(self.reading.rows()):
                take(rows, writer, self.reading.header, self.tally)
                on_progress(min(rows[-1].line, height), height)
        return self.tally.result(None)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
