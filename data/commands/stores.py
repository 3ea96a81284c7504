"""Dealerships: adding one."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command, settings
from data.models import Store, WorkCalendar
from data.person import Right

CODE = re.compile(r"[\w-]{1,40}")


@command(Right.ADMINISTER)
def add_store(
    session: Session,
    *,
    code: str,
    name: str,
    group: str | None,
    zone: str,
    calendar: str,
    at: datetime,
) -> Store:
    """Add a dealership that works by this calendar (by code) in this time zone."""
    settings.for_everybody(session)
    settings.alone(session)
    if settings.already(session, f"store {code}"):
        return session.scalars(select(Store).where(Store.code == code)).one()
    _check_code(session, code)
    working = session.scalar(select(WorkCalendar).where(WorkCalendar.code == calendar))
    if working is None:
        raise NotFound("There is no calendar {code}.", code=calendar)
    store = Store(code=code, name=name.strip() or code, group=group, zone=_known(zone))
    store.calendar_id = working.id
    session.add(store)
    session.flush()
    said = {"zone": zone, "calendar": calendar}
    settings.note(session, f"store {code}", "store_added", version=0, now=at, **said)
    return store


def _check_code(session: Session, code: str) -> None:
    if not CODE.fullmatch(code):
        raise Refused(
            "A store code has 1 to 40 letters, digits or any of - _ and {code} is not like that.",
            code=repr(code),
        )
    if session.scalar(select(Store.id).where(Store.code == code)) is not None:
        raise Refused("There is a store {code} already.", code=code)


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError):
        raise Refused(
            "There is no time zone {zone}. Use a name such as Asia/Shanghai.", zone=zone
        ) from None
