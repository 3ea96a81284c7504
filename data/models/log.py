"""The append-only logs: what was done, and what was read in."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned
from data.models.keys import Code, Id, Note, owned


def _now() -> datetime:
    return datetime.now(UTC)


class Event(StoreOwned, Base):
    """Something that was done to a row (事件日志). No foreign key to it: the log outlives its rows.

    `at` is when it happened, `recorded_at` when we heard of it. `key` names the attempt that
    wrote it, so that a repeated attempt is known.
    """

    __tablename__ = "event"
    __table_args__ = owned(
        UniqueConstraint("store_id", "key"),
        Index(None, "store_id", "subject", "subject_id", "at"),
        Index(None, "store_id", "subject", "id"),
        Index(None, "store_id", "at"),
    )
    id: Mapped[Id]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=_now)
    actor: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[int]
    kind: Mapped[Code]
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None]


class AdminEvent(Base):
    """A change of what all stores share: users, calendars, policies, targets."""

    __tablename__ = "admin_event"
    id: Mapped[Id]
    at: Mapped[datetime]
    actor: Mapped[Code]
    subject: Mapped[str]
    kind: Mapped[Code]
    data: Mapped[dict[str, Any]]


class ImportBatch(StoreOwned, Base):
    """A file that was read in (导入批次), with its counts."""

    __tablename__ = "import_batch"
    __table_args__ = owned(Index(None, "store_id", "at"))
    id: Mapped[Id]
    at: Mapped[datetime]
    actor: Mapped[Code]
    kind: Mapped[Code]
    file: Mapped[str]
    sha256: Mapped[str]
    counts: Mapped[dict[str, Any]]


class ImportReject(StoreOwned, Base):
    """A row that was refused: where it stands, why, and its original words."""

    __tablename__ = "import_reject"
    __table_args__ = owned(Index(None, "store_id", "batch_id"), batch_id="import_batch")
    id: Mapped[Id]
    batch_id: Mapped[int]
    line: Mapped[int]
    column: Mapped[str | None]
    reason: Mapped[Note]
    row: Mapped[dict[str, Any]]


class JobRun(Base):
    """One run of a timed job: its period is in here once, so that nobody does it twice."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "period"),)
    id: Mapped[Id]
    job: Mapped[Code]
    period: Mapped[Code]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None]
