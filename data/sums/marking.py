"""Noting the days whose sums hold no more, in the transaction that changes their rows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from data.models import (
    CallAttempt,
    Customer,
    Followup,
    FollowupRule,
    FollowupTrigger,
    RepairOrder,
    StaleDay,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.models import Ledger as LedgerRow
from data.sql import among
from data.sums.answers import ANSWERED
from data.sums.covered import serving
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.invited import INVITED, TRIGGERS, Span, due_in, inviting
from data.sums.kinds import Ledger
from data.sums.repaired import again
from data.sums.tried import TRIED

AT_ONCE = 5_000  # numbers in one statement
Ids = Collection[int]


def mark(
    connection: Connection, model: Any, ids: Iterable[int | None], *, new: bool = False
) -> None:
    """Note the days that rows of `model` with these numbers count into, as the database has them.

    Said before rows are changed and after, or after alone where that moves no row to another day.
    To `new` rows none refers yet.
    """
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    days_of = OF_NEW.get(model, DAYS[model]) if new else DAYS[model]
    for start in range(0, len(wanted), AT_ONCE):
        for days in days_of(wanted[start : start + AT_ONCE]):
            _keep(connection, days)


def mark_calls(
    connection: Connection,
    rule: FollowupRule,
    store_id: int,
    days: Collection[date],
    causes: Collection[date | None],
) -> None:
    """Note the days on which calls of a rule are due, and those of what they were planned for."""
    for ledger in (DUE, INVITED) if rule.trigger in TRIGGERS else (DUE,):
        mark_days(connection, ledger, store_id, days)
    if rule.trigger == FollowupTrigger.ORDER_DELIVERED:
        mark_days(connection, DELIVERED, store_id, causes)


def mark_visits(connection: Connection, store_id: int, changed: Collection[Span]) -> None:
    """Note the days of the invitations that led to these visits, or would have."""
    of_vehicle: dict[int, list[Span]] = defaultdict(list)
    for span in changed:
        of_vehicle[span.vehicle_id].append(span)
    vehicles, days = sorted(of_vehicle), set()
    for start in range(0, len(vehicles), AT_ONCE):
        invited = connection.execute(due_in(store_id, vehicles[start : start + AT_ONCE]))
        days |= {day for car, day in invited if any(span.holds(day) for span in of_vehicle[car])}
    mark_days(connection, INVITED, store_id, days)


def mark_days(
    connection: Connection, ledger: Ledger, store_id: int, days: Collection[date | None]
) -> None:
    """Note these days of a store."""
    rows = [{"ledger": ledger.name, "store_id": store_id, "day": day} for day in set(days) - {None}]
    if rows:
        connection.execute(insert(_table()), rows)


def mark_where(connection: Connection, ledger: Ledger, *conditions: Any) -> None:
    """Note the days of the rows for which the conditions hold."""
    _keep(connection, _days(ledger).where(*conditions))


def _days(ledger: Ledger) -> Select[Any]:
    return select(literal(ledger.name), ledger.store, ledger.day).distinct()


def _keep(connection: Connection, days: Select[Any]) -> None:
    connection.execute(insert(_table()).from_select(["ledger", "store_id", "day"], days))


def _table() -> Any:
    return StaleDay.__table__


def _of_calls(ids: Ids) -> list[Select[Any]]:
    call = Followup
    of_parts = [
        _days(ledger).select_from(call).join(part, _of_call(part)).where(among(call.id, ids))
        for ledger, part in ((ANSWERED, SurveyResponse), (TRIED, CallAttempt))
    ]
    return [*_of_new_calls(ids), *of_parts]


def _of_new_calls(ids: Ids) -> list[Select[Any]]:
    call, mine = Followup, among(Followup.id, ids)
    cause = select(literal(DELIVERED.name), call.store_id, call.anchored_on).distinct()
    return [
        _days(DUE).where(mine),
        cause.where(mine, call.anchored_on.is_not(None), serving()),
        _days(INVITED).where(mine, inviting()),
    ]


def _of_call(part: Any) -> ColumnElement[bool]:
    return and_(part.store_id == Followup.store_id, part.callback_id == Followup.id)


def _of_tries(ids: Ids) -> list[Select[Any]]:
    return _with_their_calls(TRIED, CallAttempt, ids)


def _of_answers(ids: Ids) -> list[Select[Any]]:
    return _with_their_calls(ANSWERED, SurveyResponse, ids)


def _with_their_calls(ledger: Ledger, part: Any, ids: Ids) -> list[Select[Any]]:
    mine, due = among(part.id, ids), _days(DUE).select_from(part).join(Followup, _of_call(part))
    return [_days(ledger).where(mine), due.where(mine)]


def _of_orders(ids: Ids) -> list[Select[Any]]:
    """Who wrote an order up is of interest where it was called about, when it was delivered where
    it came again for the same."""
    order = RepairOrder
    called_about = [
        _days(ledger)
        .select_from(order)
        .join(part, and_(part.store_id == order.store_id, part.order_id == order.id))
        .where(among(order.id, ids))
        for ledger, part in ((DUE, Followup), (ANSWERED, SurveyResponse))
    ]
    return [*called_about, *_of_new_orders(ids), _of_repeats(ids)]


def _of_repeats(ids: Ids) -> Select[Any]:
    order = RepairOrder
    repeating = (again(), order.rework_of_id.is_not(None), among(order.rework_of_id, ids))
    return _days(DELIVERED).where(*repeating, order.delivered_on.is_not(None))


def _of_new_orders(ids: Ids) -> list[Select[Any]]:
    order = RepairOrder
    return [_days(DELIVERED).where(among(order.id, ids), order.delivered_on.is_not(None))]


def _of_cars(ids: Ids) -> list[Select[Any]]:
    return [_delivered_to(Vehicle, RepairOrder.vehicle_id).where(among(Vehicle.id, ids))]


def _of_customers(ids: Ids) -> list[Select[Any]]:
    """Of those who brought a car, and of those whose car it is."""
    person, car = Customer, Vehicle
    owned = and_(car.store_id == person.store_id, car.customer_id == person.id)
    brought = _delivered_to(person, RepairOrder.customer_id)
    theirs = _delivered_to(car, RepairOrder.vehicle_id).join(person, owned)
    return [each.where(among(person.id, ids)) for each in (brought, theirs)]


def _delivered_to(model: Any, column: Any) -> Select[Any]:
    order = RepairOrder
    same = and_(order.store_id == model.store_id, column == model.id)
    found = _days(DELIVERED).select_from(order).join(model, same)
    return found.where(order.delivered_on.is_not(None))


DAYS: Mapping[Any, Callable[[Ids], list[Select[Any]]]] = {
    Followup: _of_calls,
    CallAttempt: _of_tries,
    SurveyResponse: _of_answers,
    RepairOrder: _of_orders,
    Vehicle: _of_cars,
    Customer: _of_customers,
}
OF_NEW: Mapping[Any, Callable[[Ids], list[Select[Any]]]] = {
    Followup: _of_new_calls,
    RepairOrder: _of_new_orders,
    Vehicle: lambda _ids: [],
    Customer: lambda _ids: [],
}
PARTS = {SurveyAnswer: (SurveyResponse, "response_id")}  # they count with what they belong to


def mark_rows(
    session: Session,
    model: Any,
    rows: Iterable[Any],
    read: Callable[[Any, str], Any] = getattr,
    *,
    new: bool = False,
) -> None:
    """Note the days of these rows, if they count anywhere; `read` gives a row's value by name."""
    owner, column = PARTS.get(model, (model, "id"))
    if owner in DAYS:
        ids = (read(row, column) for row in rows)
        mark(session.connection(), owner, ids, new=new and owner is model)


def stop(connection: Connection, ledger: Ledger) -> None:
    """Let the rows be read until the next refresh has worked all of them out."""
    connection.execute(delete(LedgerRow).where(LedgerRow.name == ledger.name))
