"""Whether the installation can do its work: tables as needed, calendars known for today."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from data import db, sessions, visit_months
from data.fitness import BEHIND, unfit
from data.migrations import at_head
from data.models import Complaint, Customer, Event, JobRun, RepairOrder, Store, WorkCalendar
from data.person import SYSTEM
from data.sums import checking

UNREACHABLE = "The database cannot be reached."


def fault(*, now: datetime) -> str | None:
    """The first reason why the application cannot do its work at `now`; None if it can."""
    try:
        if reason := unfit(db.engine()):
            return reason
        if not at_head(db.engine()):
            return BEHIND
        with db.reading(as_=SYSTEM) as session:
            return next(iter(calendars_not_loaded(session, now=now)), None)
    except SQLAlchemyError:
        return UNREACHABLE


def calendars_not_loaded(session: Session, *, now: datetime) -> Sequence[str]:
    """A sentence for each store whose calendar does not reach today."""
    query = (
        select(Store.code, Store.zone, WorkCalendar.code, WorkCalendar.loaded_until)
        .join(WorkCalendar, WorkCalendar.id == Store.calendar_id)
        .order_by(Store.code)
    )
    return [
        f"The calendar {calendar} of store {store} is not loaded for today, only until {until}."
        for store, zone, calendar, until in session.execute(query)
        if until is None or until < now.astimezone(ZoneInfo(zone)).date()
    ]


def calendars(session: Session) -> Sequence[tuple[str, date | None]]:
    """Each calendar, and the last day whose holidays and make-up days it knows."""
    query = select(WorkCalendar.code, WorkCalendar.loaded_until).order_by(WorkCalendar.code)
    return [(code, until) for code, until in session.execute(query)]


def counts(session: Session) -> dict[str, int]:
    """How much there is, in the words of the list; what is wrong with it `data_health` says."""
    return {
        "stores": _count(session, Store),
        "customers": _count(session, Customer),
        "customers without a phone": _count(session, Customer, Customer.phone.is_(None)),
        "repair orders": _count(session, RepairOrder),
        "repair orders without a delivery": _count(
            session, RepairOrder, RepairOrder.delivered_at.is_(None)
        ),
        "complaints": _count(session, Complaint),
    }


def sums_in_words(*, now: datetime) -> str:
    """Whether the daily sums are those of their rows, of a sample of days."""
    with db.reading(as_=SYSTEM) as session:
        looked = checking.look(session.connection(), now=now)
    if not looked.wrong:
        return f"Daily sums: {looked.days:,} were looked at, all are those of their rows."
    return (
        f"Daily sums: {looked.wrong:,} of the {looked.days:,} looked at are not those of their "
        "rows: run `python -m dashboard rollup --rebuild`."
    )


def cohorts_in_words() -> str:
    """Whether the cohorts by month are those of their visits."""
    with db.reading(as_=SYSTEM) as session:
        wrong = visit_months.wrong(session.connection())
    if not wrong:
        return "Cohorts by month: all are those of their visits."
    return (
        f"Cohorts by month: {wrong:,} are not those of their visits: run "
        "`python -m dashboard rollup --rebuild`."
    )


def data_time() -> datetime | None:
    """When the newest thing we know of was written down; None if nobody can say."""
    # by number, not by time: that one the database finds at once
    query = select(Event.recorded_at).order_by(Event.id.desc()).limit(1)
    try:
        with db.reading(as_=SYSTEM) as session:
            return session.scalar(query)
    except SQLAlchemyError:
        return None


class Ages(NamedTuple):
    """How old things are, in seconds, and how many people are signed in."""

    sessions: int
    data_s: float | None
    jobs_s: dict[str, float]


def ages(*, now: datetime) -> Ages | None:
    """What a monitor wants to know of the database; None if it does not answer."""
    jobs = select(JobRun.job, func.max(JobRun.finished_at)).group_by(JobRun.job)
    try:
        with db.reading(as_=SYSTEM) as session:
            done = {job: (now - at).total_seconds() for job, at in session.execute(jobs) if at}
            people = sessions.count(session, now=now)
    except SQLAlchemyError:
        return None
    newest = data_time()
    return Ages(people, (now - newest).total_seconds() if newest else None, done)


def _count(session: Session, model: type[db.Base], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0
