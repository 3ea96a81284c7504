"""What all stores share, as the administration shows it, and who changed it last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import readable
from data.accounts import within
from data.calendars import YEARS
from data.clock import chinese_exceptions
from data.db import person_of
from data.models import (
    AdminEvent,
    AppUser,
    CalendarException,
    ComplaintCategory,
    Severity,
    SlaPolicy,
    Store,
    WorkCalendar,
)

Changes = Sequence[AdminEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that is not as its weekday: a holiday, a make-up day, or one's own exception."""

    day: date
    working: bool
    reason: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A working calendar: its week, the days that differ, the stores (by code) that go by it."""

    code: str
    version: int
    country: str | None
    week: dict[str, Any]
    loaded_until: date | None
    stores: tuple[str, ...]
    own: tuple[Day, ...]

    def days(self, year: int, *, language: str) -> Sequence[Day]:
        """The days of a year that differ from the week, as deadlines reckon with them.

        Holidays are named in the language, "zh" or "en".
        """
        named = {"zh": "zh_CN"}.get(language, "en_US")
        known = self.country == "CN" and year in YEARS
        public = chinese_exceptions([year], language=named) if known else {}
        mine = {day.day: day for day in self.own if day.day.year == year}
        shared = {
            rule.day: Day(
                day=rule.day, working=rule.kind == "working", reason=rule.reason, own=False
            )
            for rule in public.values()
        }
        return [day for _, day in sorted((shared | mine).items())]


def changes(session: Session, *subjects: str, most: int = 12) -> Changes:
    """The latest changes of what is called so ("rule", or "user li" alone), newest last.

    Who sees some of the stores reads nothing about the others.
    """
    own = AdminEvent.subject
    asked = [
        part
        for subject in subjects
        for part in (own == subject, own.startswith(f"{subject} ", autoescape=True))
    ]
    query = select(AdminEvent).where(or_(*asked), readable.within(session))
    enough = most if person_of(session).stores is None else None  # else some are left out below
    found = session.scalars(query.order_by(AdminEvent.id.desc()).limit(enough))
    return list(reversed(readable.naming_no_other(session, found)[:most]))


def policies(session: Session) -> Sequence[SlaPolicy]:
    """How long cases may take, the gravest severity first."""
    order = {severity: rank for rank, severity in enumerate(Severity)}
    rows = session.scalars(select(SlaPolicy)).all()
    return sorted(rows, key=lambda row: -order[Severity(row.severity)])


def calendars(session: Session) -> Sequence[Known]:
    """Every working calendar, by code."""
    rows = session.scalars(select(WorkCalendar).order_by(WorkCalendar.code)).all()
    return [_known(session, row) for row in rows]


def categories(session: Session) -> Sequence[ComplaintCategory]:
    """The categories of complaints, retired ones too: each main one before those below it."""
    rows = session.scalars(select(ComplaintCategory).order_by(ComplaintCategory.id)).all()
    return sorted(rows, key=lambda row: (row.parent_id or row.id, row.parent_id or 0, row.id))


def account(session: Session, login: str) -> AppUser | None:
    """The account of this login, if one may look after it."""
    user = session.scalar(select(AppUser).where(AppUser.login == login))
    return user if user and within(session, user) else None


def _known(session: Session, row: WorkCalendar) -> Known:
    stores = select(Store.code).where(Store.calendar_id == row.id).order_by(Store.code)
    own = CalendarException
    days = select(own).where(own.calendar_id == row.id).order_by(own.day)
    return Known(
        code=row.code,
        version=row.version,
        country=row.country,
        week=row.week,
        loaded_until=row.loaded_until,
        stores=tuple(session.scalars(stores)),
        own=tuple(
            Day(day=one.day, working=one.working, reason=one.reason, own=True)
            for one in session.scalars(days)
        ),
    )
