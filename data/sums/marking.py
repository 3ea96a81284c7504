"""Noting the days whose sums hold no more, in the transaction that changes their rows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    union,
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
from data.sums.answered import ANSWERED
from data.sums.covered import serving
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.invited import INVITED, TRIGGERS, Span, due_in, inviting
from data.sums.kinds import Ledger
from data.sums.repaired import again
from data.sums.tried import TRIED

AT_ONCE = 5_000  # numbers in one statement
Ids = Collection[int]
Days = Callable[[Ids], Select[Any]]
Ways = Mapping[Ledger, Sequence[Days]]  # how the days of rows are found


def mark(
    connection: Connection, model: Any, ids: Iterable[int | None], *, new: bool = False
) -> None:
    """Note the days that rows of `model` with these numbers count into, as the database has them.

    Said before rows are changed and after, or after alone where that moves no row to another day.
    To `new` rows none refers yet.
    """
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    for start in range(0, len(wanted), AT_ONCE):
        for ways in ways_of(model, new=new).values():
            for days in ways:
                keep(connection, [days(wanted[start : start + AT_ONCE])])


def ways_of(model: Any, *, new: bool = False) -> Ways:
    """How the days of rows of `model` are found, by ledger."""
    return OF_NEW.get(model, DAYS[model]) if new else DAYS[model]


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
    keep(connection, [_days(ledger).where(*conditions)])


def _days(ledger: Ledger) -> Select[Any]:
    return select(literal(ledger.name), ledger.store, ledger.day).distinct()


def keep(connection: Connection, days: Sequence[Select[Any]]) -> None:
    """Note what these questions find, all at once."""
    found = days[0] if len(days) == 1 else union(*days)
    connection.execute(insert(_table()).from_select(["ledger", "store_id", "day"], found))


def _table() -> Any:
    return StaleDay.__table__


def _of_call(part: Any) -> ColumnElement[bool]:
    return and_(part.store_id == Followup.store_id, part.callback_id == Followup.id)


def _own(ledger: Ledger, model: Any) -> Days:
    """The days of the rows themselves."""
    return lambda ids: _days(ledger).where(among(model.id, ids))


def _of_its_parts(ledger: Ledger, part: Any) -> Days:
    """Those of a call's tries or answers."""
    found = _days(ledger).select_from(Followup).join(part, _of_call(part))
    return lambda ids: found.where(among(Followup.id, ids))


def _of_its_call(part: Any) -> Days:
    """Those of the calls to which tries or answers belong."""
    found = _days(DUE).select_from(part).join(Followup, _of_call(part))
    return lambda ids: found.where(among(part.id, ids))


def _of_causes(ids: Ids) -> Select[Any]:
    call = Followup
    columns: Any = (literal(DELIVERED.name), call.store_id, call.anchored_on)
    return (
        select(*columns)
        .distinct()
        .where(among(call.id, ids), call.anchored_on.is_not(None), serving())
    )


def _of_invitations(ids: Ids) -> Select[Any]:
    return _days(INVITED).where(among(Followup.id, ids), inviting())


def _called_about(ledger: Ledger, part: Any) -> Days:
    """Those of calls or answers about an order."""
    order = RepairOrder
    same = and_(part.store_id == order.store_id, part.order_id == order.id)
    found = _days(ledger).select_from(order).join(part, same)
    return lambda ids: found.where(among(order.id, ids))


def _of_repeats(ids: Ids) -> Select[Any]:
    order = RepairOrder
    repeating = (again(), order.rework_of_id.is_not(None), among(order.rework_of_id, ids))
    return _days(DELIVERED).where(*repeating, order.delivered_on.is_not(None))


def _of_deliveries(ids: Ids) -> Select[Any]:
    order = RepairOrder
    return _days(DELIVERED).where(among(order.id, ids), order.delivered_on.is_not(None))


def _of_cars(ids: Ids) -> Select[Any]:
    return _delivered_to(Vehicle, RepairOrder.vehicle_id).where(among(Vehicle.id, ids))


def _brought(ids: Ids) -> Select[Any]:
    """Of those who brought a car."""
    return _delivered_to(Customer, RepairOrder.customer_id).where(among(Customer.id, ids))


def _owned(ids: Ids) -> Select[Any]:
    """Of those whose car it is."""
    person, car = Customer, Vehicle
    owner = and_(car.store_id == person.store_id, car.customer_id == person.id)
    theirs = _delivered_to(car, RepairOrder.vehicle_id).join(person, owner)
    return theirs.where(among(person.id, ids))


def _delivered_to(model: Any, column: Any) -> Select[Any]:
    order = RepairOrder
    same = and_(order.store_id == model.store_id, column == model.id)
    found = _days(DELIVERED).select_from(order).join(model, same)
    return found.where(order.delivered_on.is_not(None))


OF_NEW_CALLS: Ways = {
    DUE: [_own(DUE, Followup)],
    DELIVERED: [_of_causes],
    INVITED: [_of_invitations],
}
DAYS: Mapping[Any, Ways] = {
    Followup: {
        **OF_NEW_CALLS,
        ANSWERED: [_of_its_parts(ANSWERED, SurveyResponse)],
        TRIED: [_of_its_parts(TRIED, CallAttempt)],
    },
    CallAttempt: {TRIED: [_own(TRIED, CallAttempt)], DUE: [_of_its_call(CallAttempt)]},
    SurveyResponse: {
        ANSWERED: [_own(ANSWERED, SurveyResponse)],
        DUE: [_of_its_call(SurveyResponse)],
    },
    RepairOrder: {  # who wrote it up counts where it was called about; and it may be repeated
        DUE: [_called_about(DUE, Followup)],
        ANSWERED: [_called_about(ANSWERED, SurveyResponse)],
        DELIVERED: [_of_deliveries, _of_repeats],
    },
    Vehicle: {DELIVERED: [_of_cars]},
    Customer: {DELIVERED: [_brought, _owned]},
}
OF_NEW: Mapping[Any, Ways] = {
    Followup: OF_NEW_CALLS,
    RepairOrder: {DELIVERED: [_of_deliveries]},
    Vehicle: {},
    Customer: {},
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
