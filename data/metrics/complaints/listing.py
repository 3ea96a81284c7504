"""The cases behind a number, page by page, sorted and searched by the database."""

from collections.abc import Callable, Sequence, Set
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from data.metrics.complaints.ageing import AGES, target_of
from data.metrics.complaints.outcomes import MANY_HANDS
from data.metrics.complaints.standing import Standing, Which
from data.models import Complaint, ComplaintCategory, Employee, Event, Promise, RepairOrder, Store
from data.scope import Scope

FACTS = (
    "severity",
    "category_id",
    "owner_id",
    "state",
    "origin",
    "opened_at",
    "opened_on",
    "close_half_at",
    "close_warn_at",
    "assigned_due_on",
    "hand_offs",
    "breach_cause",
)
OPEN, AWAITING, ALL = "open", "awaiting", "all"
NOT_OVER = {OPEN: Which.UNSOLVED, AWAITING: Which.UNCLOSED}
LATEST_FIRST = (("opened_at", True),)
REASONS = ("unowned", "breached", "near")  # why a case waits for a decision, most pressing first
MOST_PRESSING = (("reason", False), ("close_due_at", False))
BESIDE = ("reason", "of")  # what a question may work out for each case beside its own fields
OWN = {"severity", "state", "opened_at", "close_due_at", "assigned_due_on", "hand_offs"}
Order = Sequence[tuple[str, bool]]  # fields, most important first, and whether the greatest leads


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Order = (),
    find: Sequence[tuple[str, str]] = (),
) -> tuple[list[dict[str, Any]], int]:
    """The cases of a scope, and how many there are in all.

    Without a `state` in the scope's drill: those open at `as_of`, whenever they were opened, as the
    tiles count them. state=awaiting: solved and not closed; state=all or a state's own name: those
    opened in the period. sort: (field, descending) pairs; find: (field, text it contains).
    """
    stood = _stood(scope)
    wanted = _conditions(stood)
    each = select(stood.rows).where(*wanted)
    query, fields = _cases(each.subquery("stood"))
    texts = [fields[field].icontains(text, autoescape=True) for field, text in find]
    # the words of a case are fetched for the rows shown, and counted along only if searched in
    counted = query.where(*texts) if texts else select(stood.c.complaint_id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    if not texts and OWN.issuperset(name for name, _ in sort):
        return _read(session, _page(each, start, count, sort)), total
    ordered = query.where(*texts).order_by(*_order(fields, sort), Complaint.id)
    return _read(session, ordered.offset(start).limit(count)), total


def foremost(session: Session, scope: Scope, count: int, sort: Order) -> list[dict[str, Any]]:
    """The first cases of the listing, without counting how many there are; `sort` by its `OWN`."""
    stood = _stood(scope)
    return _read(session, _page(select(stood.rows).where(*_conditions(stood)), 0, count, sort))


def pressing(
    session: Session, scope: Scope, *, start: int, count: int
) -> tuple[list[dict[str, Any]], int]:
    """The open cases that nobody owns, that are late or soon will be, and how many there are in
    all: each once, with its first reason as `why`, those with the first of `REASONS` first.
    """
    stood = Standing(scope, *FACTS, which=Which.UNSOLVED)
    reason = _reason(stood)
    wanted = (stood.open, reason.is_not(None))
    beside = (reason.label("reason"), func.count().over().label("of"))
    each = select(stood.rows, *beside).where(*wanted)
    found = _read(session, _page(each, start, count, MOST_PRESSING))
    rows = [{**row, "why": REASONS[row["reason"]]} for row in found]
    if rows:
        return rows, rows[0]["of"]
    return [], session.scalar(select(func.count()).select_from(stood.rows).where(*wanted)) or 0


def _reason(stood: Standing) -> ColumnElement[int | None]:
    """The place among `REASONS` of the first that a case has; NULL if it has none."""
    met = (stood.c.owner_id.is_(None), stood.late, target_of(stood) == "75-100")
    return case(*((each, place) for place, each in enumerate(met)))


def _stood(scope: Scope) -> Standing:
    return Standing(scope, *FACTS, which=_which({*(scope.asked("state") or (OPEN,))}))


def _which(states: Set[str]) -> Which:
    if not NOT_OVER.keys() & states:
        return Which.OPENED
    return NOT_OVER[min(states)] if len(states) == 1 else Which.ALL


def _page(each: Select[Any], start: int, count: int, sort: Order) -> Select[Any]:
    """Some cases with their words, in an order that needs no words to be found."""
    known = each.selected_columns
    ordered = each.order_by(*_order(known, sort), known.complaint_id).offset(start).limit(count)
    query, fields = _cases(ordered.subquery("stood"))
    return query.order_by(*_order(fields, sort), Complaint.id)


def _read(session: Session, query: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(query).mappings()]


def _cases(stood: Subquery) -> tuple[Select[Any], dict[str, Any]]:
    """The cases with their words, and each field's column for sorting and searching."""
    c, category = stood.c, aliased(ComplaintCategory)
    own = Employee.id == c.owner_id  # at the case's own store: Citus joins nothing to a union
    fields: dict[str, Any] = {
        "number": Complaint.number,
        "store": Store.code,
        "severity": c.severity,
        "state": c.state,
        "category": category.code,
        "category_name": category.name,
        "category_name_zh": category.name_zh,
        "owner": Employee.name,
        "opened_at": c.opened_at,
        "close_due_at": c.close_due_at,
        "assigned_due_on": c.assigned_due_on,
        "hand_offs": c.hand_offs,
        "content": Complaint.content,
        "id": Complaint.id,
        "version": Complaint.version,
        **{name: c[name] for name in BESIDE if name in c},
    }
    query = (
        select(*(column.label(name) for name, column in fields.items()))
        .select_from(stood)
        .join(Complaint, and_(Complaint.store_id == c.store_id, Complaint.id == c.complaint_id))
        .join(Store, Store.id == c.store_id)
        .outerjoin(category, category.id == c.category_id)
        .outerjoin(Employee, and_(Employee.store_id == Complaint.store_id, own))
    )
    return query, fields


def _order(fields: Any, sort: Order) -> list[Any]:
    wanted = [(fields[name], down) for name, down in (*sort, *LATEST_FIRST) if name in fields]
    return [(column.desc() if down else column.asc()).nulls_last() for column, down in wanted]


def _conditions(stood: Standing) -> list[ColumnElement[bool]]:
    """What the scope drills into, beyond severity, category and owner."""
    conditions = [_any(stood, key, meaning) for key, meaning in MEANINGS.items()]
    return [condition for condition in conditions if condition is not None]


def _any(
    stood: Standing, key: str, meaning: Callable[[Standing, str], ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    asked = stood.scope.asked(key) or ((OPEN,) if key == "state" else ())
    return or_(*(meaning(stood, value) for value in asked)) if asked else None


def _state(stood: Standing, value: str) -> Any:
    groups = {
        OPEN: stood.open,
        AWAITING: stood.awaiting,
        ALL: true(),
    }
    return groups.get(value, stood.c.state == value)


def _bucket(stood: Standing, value: str) -> ColumnElement[bool]:
    """An age such as 3-7: at least three and less than seven days."""
    if value not in dict(AGES):
        return ~true()
    names = [name for name, _ in AGES]
    place = names.index(value)
    below, least = AGES[place][1], AGES[place - 1][1] if place else 0
    opened, as_of = stood.c.opened_at, stood.scope.as_of
    older = opened <= as_of - timedelta(days=least or 0)
    return older if below is None else and_(older, opened > as_of - timedelta(days=below))


def _target(stood: Standing, value: str) -> ColumnElement[bool]:
    """How much of the closing time is used, in the same parts as `complaint_ageing`."""
    return target_of(stood) == value


def _due(stood: Standing, value: str) -> Any:
    """By the day that was set: overdue, due today, or within seven days."""
    day, today = stood.c.assigned_due_on, stood.scope.today
    parts = {
        "overdue": day < today,
        "today": day == today,
        "week": and_(day >= today, day < today + timedelta(days=7)),
        "none": day.is_(None),
    }
    return parts.get(value, ~true())


def _kind(stood: Standing, value: str) -> ColumnElement[bool]:
    """The two red lists: something promised and not done; no answer, yet postponed."""
    return {"promised": _promise_broken, "postponed": _postponed}.get(value, _nothing)(stood)


def _nothing(stood: Standing) -> ColumnElement[bool]:
    return ~true()


def _promise_broken(stood: Standing) -> ColumnElement[bool]:
    as_of = stood.scope.as_of
    done = or_(Promise.kept_at <= as_of, Promise.explained_at <= as_of)
    broken = and_(Promise.due_at < as_of, ~func.coalesce(done, ~true()))
    return exists(
        select(Promise.id).where(_same_case(stood, Promise, Promise.complaint_id), broken)
    )


def _postponed(stood: Standing) -> ColumnElement[bool]:
    moved = and_(
        Event.subject == Complaint.__tablename__,
        Event.kind == "assigned",
        Event.at <= stood.scope.as_of,
        Event.data["from_due_on"].as_string().is_not(None),
    )
    later = select(Event.id).where(_same_case(stood, Event, Event.subject_id), moved)
    return and_(~stood.replied, exists(later))


def _same_case(stood: Standing, model: Any, number: Any) -> Any:
    return and_(model.store_id == stood.c.store_id, number == stood.c.complaint_id)


def _order_of(column: str) -> Callable[[Standing, str], ColumnElement[bool]]:
    """Complaints about orders of the person whose id `column` of the order holds."""

    def meant(stood: Standing, value: str) -> ColumnElement[bool]:
        about, order = aliased(Complaint), aliased(RepairOrder)
        same = and_(order.store_id == about.store_id, order.id == about.order_id)
        query = select(about.id).join(order, same).where(_same_case(stood, about, about.id))
        return exists(query.where(getattr(order, column) == _whole(value)))

    return meant


MEANINGS: dict[str, Callable[[Standing, str], ColumnElement[bool]]] = {
    "state": _state,
    "bucket": _bucket,
    "target": _target,
    "due": _due,
    "kind": _kind,
    "adviser": _order_of("adviser_id"),
    "technician": _order_of("technician_id"),
    "origin": lambda stood, value: func.coalesce(stood.c.origin, "none") == value,
    "cause": lambda stood, value: func.coalesce(stood.c.breach_cause, "not_stated") == value,
    "hand_offs": lambda stood, value: (
        stood.c.hand_offs > MANY_HANDS if value == "many" else stood.c.hand_offs == _whole(value)
    ),
}


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else -1
