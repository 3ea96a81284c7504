"""The improvement actions behind a number, page by page, sorted and searched."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics.improvements.standing import Standing, standings
from data.metrics.improvements.timing import owners
from data.models import ComplaintCategory, ImprovementComplaint, Store
from data.scope import Scope

MOST_PRESSING = (("due_on", False),)
Found = Sequence[tuple[str, str]]
Sorted = Sequence[tuple[str, bool]]


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Sorted = (),
    find: Found = (),
) -> tuple[list[dict[str, Any]], int]:
    """The actions of a scope as they stood, and how many there are in all; first those due first.

    The drill narrows as `standings` says; the period does not. sort: (field, descending) pairs;
    find: (field, text it contains). A store has few actions: they are sorted here, not by the
    database, because how one stood is worked out from its events.
    """
    rows = [row for row in _rows(session, scope) if _holds(row, find)]
    for field, down in reversed(sort or MOST_PRESSING):
        rows.sort(key=lambda row: (row[field] is not None, row[field] or 0), reverse=down)
    return rows[start : start + count], len(rows)


def _rows(session: Session, scope: Scope) -> list[dict[str, Any]]:
    found = standings(session, scope)
    names, categories = owners(session, found), _categories(session)
    stores = dict(session.execute(select(Store.id, Store.name)).all())
    links = _links(session, scope)
    return [
        {
            **_as_it_stood(one),
            "store_name": stores[one.store_id],
            "owner": names.get(one.owner_id),
            **categories[one.category_id],
            "complaints": links[one.id][0],
            "told": links[one.id][1],
        }
        for one in found
    ]


def _as_it_stood(one: Standing) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "number": one.number,
        "store": one.store,
        "store_id": one.store_id,
        "title": one.title,
        "kind": one.kind,
        "state": one.state,
        "verdict": one.verdict,
        "reason": one.churn_reason,
        "dimension": one.dimension,
        "owner_id": one.owner_id,
        "due_on": one.due_on,
        "original_due_on": one.original_due_on,
        "put_off": one.put_off,
        "late": one.overdue,
        "soon": one.soon,
        "created_at": one.created_at,
        "done_at": one.done_at,
    }


def _categories(session: Session) -> dict[int | None, dict[str, str | None]]:
    one = ComplaintCategory
    names = ("category", "category_name", "category_name_zh")
    found: dict[int | None, dict[str, str | None]] = defaultdict(lambda: dict.fromkeys(names))
    for number, *words in session.execute(select(one.id, one.code, one.name, one.name_zh)):
        found[number] = dict(zip(names, words, strict=True))
    return found


def _links(session: Session, scope: Scope) -> dict[int, tuple[int, int]]:
    """How many complaints each action answers, and of how many the customers were told by then."""
    link = ImprovementComplaint
    told = func.count().filter(link.informed_at <= scope.as_of)
    query = select(link.action_id, func.count(), told).where(*scope.where(link))
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for number, linked, informed in session.execute(query.group_by(link.action_id)):
        found[number] = (linked, informed)
    return found


def _holds(row: dict[str, Any], find: Found) -> bool:
    return all(text.casefold() in str(row.get(field) or "").casefold() for field, text in find)
