"""Rows by hand: only what a test is about is named, the rest is something ordinary."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import defaults, sla
from data.models import (
    Complaint,
    ComplaintCategory,
    DeliveredDay,
    Employee,
    Improvement,
    Store,
    Vehicle,
    WorkCalendar,
)

_numbers = count(1)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The moment a clock on the wall of the store shows `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def store(session: Session, code: str = "S1", zone: str = "Asia/Shanghai") -> Store:
    """A dealership with the calendar and policies a new installation has."""
    if session.scalar(select(WorkCalendar.id)) is None:
        defaults.fill(session)
    calendar = session.scalars(select(WorkCalendar)).first()
    row = Store(code=code, name=f"Store {code}", zone=zone, calendar_id=calendar.id)
    return _kept(session, row)


def employee(session: Session, store: Store, name: str = "Li", **more) -> Employee:
    """Somebody who works there."""
    more = {"number": f"E{next(_numbers)}", "role": "adviser"} | more
    return _kept(session, Employee(store_id=store.id, name=name, **more))


def vehicle(session: Session, store: Store, **more) -> Vehicle:
    """A car."""
    return _kept(session, Vehicle(store_id=store.id, number=f"V{next(_numbers)}", **more))


def complaint(
    session: Session,
    store: Store,
    opened: str,
    *,
    severity: str | None = "general",
    category: str | None = None,
    **more,
) -> Complaint:
    """A case opened at a local time, its clocks set by the policy; moments may be local texts."""
    moments = {
        key: at(value, store.zone) if key.endswith("_at") and isinstance(value, str) else value
        for key, value in more.items()
    }
    opened_at = at(opened, store.zone)
    row = Complaint(
        **{
            "store_id": store.id,
            "number": f"C{next(_numbers)}",
            "severity": severity,
            "state": "new",
            "opened_at": opened_at,
            "opened_on": opened_at.astimezone(ZoneInfo(store.zone)).date(),
            "since": opened_at,
            "clock_from": opened_at,
            "category_id": category_id(session, category),
        }
    )
    sla.start(session, row)
    for key, value in moments.items():
        setattr(row, key, value)
    return _kept(session, row)


def category_id(session: Session, code: str | None) -> int | None:
    """The number of the category with this code."""
    return session.scalar(select(ComplaintCategory.id).where(ComplaintCategory.code == code))


def delivered(session: Session, store: Store, **days: int) -> None:
    """Orders delivered a day: d20260101=3."""
    for day, orders in days.items():
        when = datetime.strptime(day, "d%Y%m%d").date()
        session.add(DeliveredDay(store_id=store.id, day=when, orders=orders))
    session.flush()


def _kept(session: Session, row):
    session.add(row)
    session.flush()
    return row


def improvement(session: Session, store: Store, owner: Employee, done: str, **more) -> Improvement:
    """An improvement done at a local moment; `category` is a code."""
    done_at = at(done, store.zone)
    plain = {
        "number": f"A{next(_numbers)}",
        "kind": "corrective",
        "title": "Clean floor mats",
        "category_id": category_id(session, more.pop("category", None)),
        "owner_id": owner.id,
        "created_at": done_at - timedelta(days=9),
        "original_due_on": done_at.date(),
        "due_on": done_at.date(),
        "state": "done",
        "done_at": done_at,
    }
    return _kept(session, Improvement(store_id=store.id, **plain | more))
