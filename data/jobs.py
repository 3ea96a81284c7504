"""Timed jobs: each is done once in its period, however many processes would like to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data import db
from data.models import JobRun
from data.person import SYSTEM
from data.sql import insert_new

REMEMBERED = timedelta(days=60)
LEASE = timedelta(minutes=30)  # who has not finished by then has died

Outcome = dict[str, Any]


def run(
    job: str, period: str, work: Callable[[], Outcome], *, clock: Callable[[], datetime]
) -> Outcome | None:
    """Do `work` if nobody has done it in this period yet, or is at it; else None.

    period: names the span of time the run stands for, for example "2026-03-16T10:20".
    What `work` answers is kept with the run. If it raises, the run stays unfinished, and so it does
    when the process dies: once the lease is over, the next who asks does it.
    """
    began = clock()
    with db.writing(by=SYSTEM) as session:
        number = _new(session, job, period, began) or _abandoned(session, job, period, began)
    if number is None:
        return None
    outcome = work()
    with db.writing(by=SYSTEM) as session:
        mine = (JobRun.id == number, JobRun.started_at == began)
        session.execute(update(JobRun).where(*mine).values(finished_at=clock(), outcome=outcome))
    return outcome


def sweep(session: Session, *, now: datetime) -> None:
    """Forget what was done more than two months ago."""
    session.execute(delete(JobRun).where(JobRun.finished_at < now - REMEMBERED))


def last(session: Session, job: str) -> datetime | None:
    """When the job was last done; None if it never was."""
    query = select(JobRun.finished_at).where(JobRun.job == job, JobRun.finished_at.is_not(None))
    return session.scalar(query.order_by(JobRun.period.desc()).limit(1))


def _new(session: Session, job: str, period: str, began: datetime) -> int | None:
    """The number of a new run; None if there is one."""
    table: Any = JobRun.__table__
    statement = insert_new(session, table).on_conflict_do_nothing(index_elements=("job", "period"))
    values = {"job": job, "period": period, "started_at": began}
    wanted = statement.values(values).returning(table.c.id)
    number: int | None = session.connection().scalar(wanted)
    return number


def _abandoned(session: Session, job: str, period: str, began: datetime) -> int | None:
    """The number of the run that somebody began and will not finish, now ours."""
    left = (
        JobRun.job == job,
        JobRun.period == period,
        JobRun.finished_at.is_(None),
        JobRun.started_at <= began - LEASE,
    )
    number = session.scalar(select(JobRun.id).where(*left).with_for_update(skip_locked=True))
    if number is not None:
        session.execute(update(JobRun).where(JobRun.id == number).values(started_at=began))
    return number
