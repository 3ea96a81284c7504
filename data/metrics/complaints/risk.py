"""Which complaints are about to miss their deadline, and how such cases fared before."""

from typing import Any

from pandas import DataFrame
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, frame, metric
from data.metrics.complaints.standing import Standing, Which
from data.metrics.matters import CASES, STAFF
from data.models import Complaint, ComplaintCategory, Employee, Store
from data.scope import Scope

COLUMNS = (
    "number", "store", "severity", "category", "category_name", "category_name_zh", "owner",
    "opened_at", "close_warn_at", "close_due_at", "chance", "comparable",
)  # fmt: skip


@metric("complaints_at_risk", "Complaints about to be late", unit="complaints", reads=CASES | STAFF)
def complaints_at_risk(session: Session, scope: Scope) -> Answer:
    """Open complaints that have used more than the warning share (75 %) of their closing time and
    have not missed it, nearest deadline first. `chance` is the share of earlier cases of the same
    level-1 category and severity, open at that point, that became late; `comparable` is how many.
    """
    chances = _chances(session, scope)
    rows = _at_risk(session, scope)
    keys = list(zip(rows["severity"], rows["parent"], strict=True))
    found = [chances.get(key, (0, 0)) for key in keys]
    rows["chance"] = [late / all_ if all_ else None for late, all_ in found]
    rows["comparable"] = [all_ for _, all_ in found]
    return Answer(rows[list(COLUMNS)], {"count": len(rows)})


def _at_risk(session: Session, scope: Scope) -> DataFrame:
    names = ("severity", "category_id", "owner_id", "opened_at", "close_warn_at")
    stood = Standing(scope, *names, which=Which.UNSOLVED)
    category = aliased(ComplaintCategory)
    own = Employee.id == stood.c.owner_id  # at the case's own store: Citus joins none to a union
    query = (
        select(
            Complaint.number,
            Store.code.label("store"),
            stood.c.severity,
            category.code.label("category"),
            category.name.label("category_name"),
            category.name_zh.label("category_name_zh"),
            func.coalesce(category.parent_id, category.id).label("parent"),
            Employee.name.label("owner"),
            stood.c.opened_at,
            stood.c.close_warn_at,
            stood.c.close_due_at,
        )
        .select_from(stood.rows)
        .join(Complaint, _same(stood))
        .join(Store, Store.id == stood.c.store_id)
        .outerjoin(category, category.id == stood.c.category_id)
        .outerjoin(Employee, and_(Employee.store_id == Complaint.store_id, own))
        .where(stood.open, ~stood.late, stood.c.close_warn_at <= scope.as_of)
        .order_by(stood.c.close_due_at, Complaint.number, stood.c.store_id)
    )
    return frame(session, query)


def _same(stood: Standing) -> Any:
    return and_(Complaint.store_id == stood.c.store_id, Complaint.id == stood.c.complaint_id)


def _chances(session: Session, scope: Scope) -> dict[tuple[Any, Any], tuple[int, int]]:
    """Late and all cases that were still open at their warning, by severity and level-1 category.

    All of the scope's stores and all of history: the filters narrow what is asked, not what is
    learnt from.
    """
    wide = Scope(as_of=scope.as_of, stores=scope.stores, zone=scope.zone)
    stood = Standing(wide, "severity", "category_id", "close_warn_at")
    over = stood.resolved | stood.late
    query = (
        select(stood.c.severity, stood.c.category_id, func.count().filter(stood.late), func.count())
        .select_from(stood.rows)
        .where(over, stood.late | (stood.ended_at > stood.c.close_warn_at))
        .group_by(stood.c.severity, stood.c.category_id)
    )
    kinds, found = _level_1(session), dict[tuple[Any, Any], tuple[int, int]]()
    for severity, category, late, all_ in session.execute(query):
        kind = severity, kinds.get(category)
        before, all_before = found.get(kind, (0, 0))
        found[kind] = before + late, all_before + all_
    return found


def _level_1(session: Session) -> dict[int, int]:
    """The level-1 category of each: not joined, as Citus joins no union to what may be missing."""
    own = ComplaintCategory
    query = select(own.id, func.coalesce(own.parent_id, own.id))
    return {category: above for category, above in session.execute(query)}  # noqa: C416
