"""Verified complaints about the conduct of a person, where a house chooses to count them."""

from calendar import monthrange
from datetime import date

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CASES, STAFF
from data.models import Complaint, Employee, Store
from data.norms import norm
from data.scope import Scope

STEPS = ("warning", "sanction", "dismissal_review")
COLUMNS = ("key", "name", "name_zh", "store", "count", "step", "latest")


@metric("strikes", "Verified conduct complaints by person", unit="complaints", reads=CASES | STAFF)
def strikes(session: Session, scope: Scope) -> Answer:
    """Complaints about the conduct of a person that were verified, in the months of the norm up to
    the data time (12, whatever the period): one is a warning, two a sanction, three or more a
    review of dismissal. Counted only where the norm is switched on; `counted` says so. By name.
    """
    rule = norm(session, "strikes")
    if not rule["counted"]:
        return Answer(DataFrame(columns=list(COLUMNS)), {"counted": False, "people": None})
    since = months_before(scope.today, rule["months"])
    case, person = Complaint, Employee
    same = (person.store_id == case.store_id) & (person.id == case.person_complained_id)
    query = (
        select(person.id, person.name, Store.code, func.count(), func.max(case.opened_on))
        .select_from(case)
        .join(person, same)
        .join(Store, Store.id == case.store_id)
        .where(*scope.where(case), case.person_verified.is_(True))
        .where(case.opened_on > since, case.opened_at <= scope.as_of)
        .group_by(person.id, person.name, Store.code)
        .order_by(Store.code, person.name, person.id)
    )
    rows = [
        (str(id_), name, name, store, count, STEPS[min(count, len(STEPS)) - 1], latest)
        for id_, name, store, count, latest in session.execute(query)
    ]
    total = {"counted": True, "people": len(rows), "complaints": sum(row[4] for row in rows)}
    return Answer(DataFrame(rows, columns=list(COLUMNS), dtype=object), {**total, "since": since})


def months_before(day: date, months: int) -> date:
    """The same day some calendar months back, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
