"""The records that have a fault, page by page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import Session

from data.metrics.health.faults import Check, checks
from data.metrics.health.subjects import STORES
from data.models import Store
from data.scope import Scope

NEWEST_FIRST = (("day", True),)


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Sequence[tuple[str, bool]] = (),
    find: Sequence[tuple[str, str]] = (),
) -> tuple[list[dict[str, Any]], int]:
    """The records with the fault that the scope's drill asks for, and how many; without one, none.

    Fields: kind (order, complaint, callback, store, import), number, store, day, what, first and
    later (two moments in the wrong order), leads (the number of the record a page can show).
    sort: (field, descending) pairs; find: (field, text it contains).
    """
    asked = [each for each in checks(session, scope) if each.fault.code in scope.asked("fault")]
    if len(asked) != 1:
        return [], 0
    query, fields = _records(asked[0], scope)
    query = query.where(*(fields[name].icontains(text, autoescape=True) for name, text in find))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    wanted = [(fields[name], down) for name, down in (*sort, *NEWEST_FIRST) if name in fields]
    order = [(column.desc() if down else column.asc()).nulls_last() for column, down in wanted]
    rows = session.execute(query.order_by(*order, fields["number"]).offset(start).limit(count))
    kind = asked[0].fault.subject.code
    return [{**row, "kind": kind} for row in rows.mappings()], total


def _records(check: Check, scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
    subject = check.fault.subject
    first, later = check.times or (null(), null())
    fields = {
        "number": subject.number,
        "store": Store.code,
        "day": subject.day,
        "what": subject.what,
        "first": first,
        "later": later,
        "leads": subject.leads,
    }
    query = subject.source(select(*(each.label(name) for name, each in fields.items())), scope)
    if subject is not STORES:
        query = query.join(Store, Store.id == subject.store)
    return query.where(check.wrong), fields
