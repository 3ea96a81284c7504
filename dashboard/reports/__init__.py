"""Reports that leave the screen: the month and the week, as XLSX and DOCX, in either language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import i18n
from dashboard.i18n import _
from dashboard.reports.monthly import month_of, month_scope, monthly
from dashboard.reports.paper import document
from dashboard.reports.shape import Report
from dashboard.reports.sheets import workbook
from dashboard.reports.weekly import weekly
from data import db, lookups, reviews
from data.commands import NotFound, Refused
from data.lookups import Session
from data.person import SYSTEM, Person
from data.reviews import weeks

KINDS = ("monthly", "weekly")
WRITERS: dict[str, Callable[[Report], bytes]] = {"xlsx": workbook, "docx": document}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NAMES = {"monthly": "aftercare-month", "weekly": "aftercare-week"}


@dataclass(frozen=True, slots=True)
class Made:
    """A report as a file."""

    name: str
    mimetype: str
    content: bytes


def make(
    kind: str,
    period: str,
    *,
    store: str | None,
    language: str,
    ending: str,
    as_of: datetime,
    zone: str = "Asia/Shanghai",
    person: Person = SYSTEM,
) -> Made:
    """The report of this kind on a month (2026-10) or a week (2026-W47), as `person` may see it.

    Without a store a month is that of all stores one may see, by the clocks of `zone`; a week is
    always one store's: of the only one there is, unless it is named. Raises
    Refused with what is wrong about the period, NotFound where there is no such store.
    """
    if kind not in KINDS or ending not in WRITERS:
        raise NotFound("There is no such report.")
    with i18n.speaking(language), db.reading(as_=person) as session:
        if kind == "monthly":
            report = _month(session, period, store, as_of, zone)
        else:
            report = _week(session, period, store, as_of)
        content = WRITERS[ending](report)
    name = "-".join([NAMES[kind], period, *([store] if store else [])])
    return Made(f"{name}.{ending}", TYPES[ending], content)


def _month(session: Session, period: str, store: str | None, as_of: datetime, zone: str) -> Report:
    month = month_of(period)
    if month is None:
        raise Refused("{month} is not a month. Write it as 2026-10.", month=period[:20])
    known = dict(lookups.stores(session))
    if not known or (store is not None and store not in known):
        raise NotFound("There is no such store among yours.")
    zone = lookups.zone(session, store) or zone
    if month > as_of.astimezone(ZoneInfo(zone)).date():
        raise Refused("The month {month} has not begun.", month=period)
    scope = month_scope(month, stores=[store] if store else [], zone=zone, as_of=as_of)
    return monthly(session, scope, name=known[store] if store else _("All stores"))


def _week(session: Session, period: str, store: str | None, as_of: datetime) -> Report:
    if store is None and len(known := lookups.stores(session)) == 1:
        store = known[0][0]
    if store is None:
        raise Refused("A weekly review is one store's: name the store.")
    if weeks.read(period) is None:
        raise Refused("{week} is not a week. Write it as 2026-W47.", week=period[:20])
    found = reviews.minutes(session, store, period, as_of=as_of)
    if found is None:
        raise NotFound("There is no such week of a store among yours.")
    return weekly(session, found)
