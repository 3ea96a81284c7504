"""The churn cases behind a number, page by page, sorted and searched by the database."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from data.models import ChurnCase, Customer, Improvement, Store, Vehicle
from data.scope import Scope
from data.steps import step_at

OPEN, HELD_OUT, ALL = "open", "held_out", "all"
LATEST_FIRST = (("selected_at", True),)
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
    """The cases of a scope, and how many there are in all; the latest first unless `sort` says.

    The drill narrows: step (a ChurnState; open: not ended; held_out; all), reason, list, rule. Who
    is held out stands at no step. Without a step: those on the list asked for, however they ended;
    for a reason those asked in the period, as they are counted; else the open ones.
    sort: (field, descending) pairs; find: (field, text it contains).
    Rows: see `_fields`; also `year_yuan`, what the vehicle brought in its last year.
    """
    fields = _fields(scope)
    texts = [fields[name].icontains(text, autoescape=True) for name, text in find if name in fields]
    query = _cases(fields).where(*_wanted(scope), *texts)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    columns = [(fields[name], down) for name, down in (sort or LATEST_FIRST) if name in fields]
    order = [(column.desc() if down else column.asc()).nulls_last() for column, down in columns]
    some = query.order_by(*order, ChurnCase.id).offset(start).limit(count)
    return [_row(dict(row)) for row in session.execute(some).mappings()], total


def _fields(scope: Scope) -> dict[str, Any]:
    return {
        "id": ChurnCase.id,
        "version": ChurnCase.version,
        "store": Store.code,
        "store_id": ChurnCase.store_id,
        "vehicle_id": ChurnCase.vehicle_id,
        "customer_id": Vehicle.customer_id,
        "plate": Vehicle.plate,
        "model": Vehicle.model,
        "customer": Customer.name,
        "step": step_at(scope.as_of),
        "rule": ChurnCase.rule,
        "list": ChurnCase.list_code,
        "held_out": ChurnCase.held_out,
        "selected_at": ChurnCase.selected_at,
        "last_visit_on": ChurnCase.last_visit_on,
        "year_fen": ChurnCase.year_fen,
        "reason": ChurnCase.reason,
        "reason_words": ChurnCase.reason_words,
        "asked_at": ChurnCase.asked_at,
        "told_at": ChurnCase.told_at,
        "ended_at": ChurnCase.ended_at,
        "returned_on": ChurnCase.returned_on,
        "action": Improvement.number,
    }


def _cases(fields: dict[str, Any]) -> Any:
    case, car, action = ChurnCase, Vehicle, Improvement
    owner = and_(Customer.store_id == car.store_id, Customer.id == car.customer_id)
    return (
        select(*(column.label(name) for name, column in fields.items()))
        .select_from(case)
        .join(Store, Store.id == case.store_id)
        .join(car, and_(car.store_id == case.store_id, car.id == case.vehicle_id))
        .outerjoin(Customer, owner)
        .outerjoin(action, and_(action.store_id == case.store_id, action.id == case.action_id))
    )


def _wanted(scope: Scope) -> list[ColumnElement[bool]]:
    meanings = {
        "reason": ChurnCase.reason.__eq__,
        "list": ChurnCase.list_code.__eq__,
        "rule": ChurnCase.rule.__eq__,
        "step": lambda value: _at_step(scope, value),
    }
    asked = {key: scope.asked(key) for key in meanings}
    narrowed = [
        or_(false(), *map(meanings[key], values)) for key, values in asked.items() if values
    ]
    usual = [] if asked["step"] else _usual(scope)
    return [ChurnCase.selected_at <= scope.as_of, *scope.where(ChurnCase), *narrowed, *usual]


def _usual(scope: Scope) -> list[ColumnElement[bool]]:
    """What is meant where no step is asked for."""
    if scope.asked("list"):
        return []
    return _asked(scope) if scope.asked("reason") else [_at_step(scope, OPEN)]


def _asked(scope: Scope) -> list[ColumnElement[bool]]:
    """Asked by then, in the period."""
    at = ChurnCase.asked_at
    sides = [at <= scope.as_of]
    if scope.start is not None:
        sides.append(at >= scope.local_midnight(scope.start))
    if scope.end is not None:
        sides.append(at < scope.local_midnight(scope.end + timedelta(days=1)))
    return sides


def _at_step(scope: Scope, value: str) -> ColumnElement[bool]:
    aside, ended = ChurnCase.held_out.is_(True), ChurnCase.ended_at
    if value in (ALL, HELD_OUT):
        return true() if value == ALL else aside
    if value == OPEN:
        return and_(~aside, or_(ended.is_(None), ended > scope.as_of))
    return and_(~aside, step_at(scope.as_of) == value)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    fen = row.pop("year_fen")
    return row | {"year_yuan": None if fen is None else fen / 100}
