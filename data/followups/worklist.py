"""The calls that are owed now: the list of them, and the one to make next."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from data import callers, windows
from data.db import person_of
from data.models import Complaint, Customer, Employee, Followup, FollowupRule, Store, Vehicle
from data.person import Person
from data.scope import Scope

AHEAD = timedelta(days=1)  # a call is made at most this long before its deadline
LONGEST_ID = 19
FIELDS: dict[str, Any] = {
    "number": Followup.number,
    "store": Store.code,
    "version": Followup.version,
    "id": Followup.id,
    "customer": Customer.name,
    "plate": Vehicle.plate,
    "model": Vehicle.model,
    "rule": FollowupRule.code,
    "rule_name": FollowupRule.name,
    "rule_name_zh": FollowupRule.name_zh,
    "due_at": Followup.due_at,
    "due_on": Followup.due_on,
    "attempts": Followup.attempts,
    "next_try_at": Followup.next_try_at,
    "value_class": Customer.value_class,
    "agent": Employee.name,
    "agent_id": Followup.agent_id,
    "state": Followup.state,
}
_BESIDE: dict[str, Any] = {  # needed for a row, and not shown in it
    "own_window": Customer.call_window,
    "rule_window": FollowupRule.window,
    "zone": Store.zone,
    "vehicle_id": Followup.vehicle_id,
    "store_id": Followup.store_id,
}
JOINS: tuple[tuple[Any, Any], ...] = (
    (Store, Store.id == Followup.store_id),
    (FollowupRule, FollowupRule.id == Followup.rule_id),
    (Customer, and_(Customer.store_id == Followup.store_id, Customer.id == Followup.customer_id)),
    (Vehicle, and_(Vehicle.store_id == Followup.store_id, Vehicle.id == Followup.vehicle_id)),
    (Employee, and_(Employee.store_id == Followup.store_id, Employee.id == Followup.agent_id)),
)
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
    """The calls still to be made that exist for the session's person, and how many there are.

    One's own first, then by deadline, unless `sort` says otherwise. The scope's drill narrows:
    agent (an employee's id; none: free; me), rule (code), state, due (overdue, today, week),
    class (value class). sort: (field, descending) pairs; find: (field, text it contains).
    Rows: see FIELDS; also `window` (when to call), `open_now` and `open_complaints` (a number).
    """
    person = person_of(session)
    own = callers.mine(session, person)
    asked = [name for name, _ in (*sort, *find)] + (["rule"] if scope.asked("rule") else [])
    query = _joined(
        select(Followup.id), [*asked, *(["value_class"] if scope.asked("class") else [])]
    )
    query = query.where(*_owed(scope, person, own), *_narrowed(scope, own), *_texts(find))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(*_order(own, sort)).offset(start).limit(count)
    return _rows(session, scope, session.scalars(ordered).all()), total


def next_call(session: Session, scope: Scope, *, person: Person) -> tuple[str, str] | None:
    """Number and store of the call to make next; None if none can be made now.

    One's own go before the free ones. Of those whose customer may be rung now and whose next try
    has come, the nearest day of deadline goes first; on one day class A before B before C.
    """
    own = callers.mine(session, person)
    query = _joined(select(Followup.number, Store.code), ["store", "customer"]).where(
        *_owed(scope, person, own),
        *_can_be_made(scope, own),
        _may_be_rung(session, scope.as_of),
    )
    first = (Followup.agent_id.is_(None), Followup.due_on, _RANK, Followup.due_at, Followup.id)
    found = session.execute(query.order_by(*first).limit(1)).first()
    return (found[0], found[1]) if found else None


def _owed(scope: Scope, person: Person, own: Collection[int]) -> list[ColumnElement[bool]]:
    return [Followup.ended_at.is_(None), callers.seen(person, own), *scope.where(Followup)]


def _can_be_made(scope: Scope, own: Collection[int]) -> list[ColumnElement[bool]]:
    """Mine or nobody's, near its deadline, not put off to a later time, and still wanted."""
    return [
        func.coalesce(Customer.do_not_call, false()).is_(false()),
        or_(Followup.agent_id.in_(sorted(own)), Followup.agent_id.is_(None)),
        Followup.due_at <= scope.as_of + AHEAD,
        or_(Followup.next_try_at.is_(None), Followup.next_try_at <= scope.as_of),
    ]


def _may_be_rung(session: Session, at: datetime) -> ColumnElement[bool]:
    """The window of the customer, or else of the rule, is open by the clock of the store."""
    rules = session.execute(select(FollowupRule.id, FollowupRule.window)).all()
    zones = set(session.scalars(select(Store.zone)))
    opens, closes = (func.substr(Customer.call_window, place, 5) for place in (1, 7))
    is_window = and_(
        Customer.call_window.like(windows.SHAPE), opens < closes, closes <= windows.LATEST
    )  # the same as `windows.chosen` takes for one; "soon after lunch" is none
    rung = []
    for zone in zones:
        time = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
        by_rule = [id_ for id_, own in rules if windows.is_open(windows.chosen(own), at, zone)]
        may = or_(Followup.rule_id.is_(None), Followup.rule_id.in_(by_rule))
        here = [Store.zone == zone] if len(zones) > 1 else []
        rung.append(and_(case((is_window, and_(opens <= time, closes > time)), else_=may), *here))
    return or_(false(), *rung)


_RANK = case(
    (Customer.value_class == "A", 0),
    (Customer.value_class == "B", 1),
    (Customer.value_class == "C", 2),
    else_=3,
)


def _joined(query: Any, names: Sequence[str]) -> Any:
    """The calls, with only those tables beside them that these fields stand in."""
    wanted = {FIELDS[name].class_ for name in names if name in FIELDS}
    query = query.select_from(Followup)
    for model, same in JOINS:
        if model in wanted:
            query = query.outerjoin(model, same)
    return query


def _narrowed(scope: Scope, own: Collection[int]) -> list[ColumnElement[bool]]:
    meanings: dict[str, Callable[[str], Any]] = {
        "agent": lambda value: _of_agent(value, own),
        "rule": lambda value: FollowupRule.code == value,
        "state": lambda value: Followup.state == value,
        "due": lambda value: _due(scope, value),
        "class": lambda value: Customer.value_class == value,
    }
    asked = {key: scope.asked(key) for key in meanings}
    return [or_(*map(meanings[key], values)) for key, values in asked.items() if values]


def _of_agent(value: str, own: Collection[int]) -> Any:
    if value == "none":
        return Followup.agent_id.is_(None)
    if value == "me":
        return Followup.agent_id.in_(sorted(own))
    number = int(value) if value.isdecimal() and len(value) < LONGEST_ID else 0
    return Followup.agent_id == number


def _due(scope: Scope, value: str) -> Any:
    day = Followup.due_on
    parts = {
        "overdue": Followup.due_at < scope.as_of,
        "today": day == scope.today,
        "week": and_(day >= scope.today, day < scope.today + timedelta(days=7)),
    }
    return parts.get(value, false())


def _texts(find: Found) -> list[ColumnElement[bool]]:
    return [FIELDS[name].icontains(text, autoescape=True) for name, text in find if name in FIELDS]


def _order(own: Collection[int], sort: Sorted) -> list[Any]:
    wanted = [(FIELDS[name], down) for name, down in sort if name in FIELDS]
    asked = [(column.desc() if down else column.asc()).nulls_last() for column, down in wanted]
    mine_first = [case((Followup.agent_id.in_(sorted(own)), 0), else_=1)] if own else []
    return [*(asked or mine_first), Followup.due_at, Followup.id]


def _rows(session: Session, scope: Scope, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the list shows of these calls, in this order."""
    columns = [column.label(name) for name, column in (FIELDS | _BESIDE).items()]
    query = _joined(select(*columns), list(FIELDS)).where(Followup.id.in_(ids))
    found = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    counts = _open_complaints(session, list(found.values()))
    for row in found.values():
        beside = {name: row.pop(name) for name in _BESIDE}
        row["window"] = windows.chosen(beside["own_window"], beside["rule_window"])
        row["open_now"] = windows.is_open(row["window"], scope.as_of, beside["zone"])
        row["open_complaints"] = counts.get(beside["vehicle_id"], 0)
    return [found[id_] for id_ in ids if id_ in found]


def _open_complaints(session: Session, rows: Sequence[dict[str, Any]]) -> dict[int | None, int]:
    """How many complaints of the vehicles of these rows are not closed."""
    case_ = Complaint
    query = select(case_.vehicle_id, func.count(case_.id)).where(
        case_.store_id.in_({row["store_id"] for row in rows}),
        case_.vehicle_id.in_({row["vehicle_id"] for row in rows if row["vehicle_id"]}),
        case_.closed_at.is_(None),
    )
    found = session.execute(query.group_by(case_.vehicle_id))
    return {car: count for car, count in found}  # noqa: C416  (rows are not pairs to mypy)
