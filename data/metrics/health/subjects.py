"""The records that faults are looked for in: where they stand, their day, what to call them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, null

from data.models import (
    Complaint,
    Followup,
    ImportBatch,
    ImportReject,
    RepairOrder,
    Store,
    SurveyResponse,
    Vehicle,
    WorkCalendar,
)
from data.scope import Scope
from data.sums.answers import given_by
from data.sums.faulty import completed_by, with_order, with_owner
from data.sums.repaired import handed_back

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Records of one kind. `source` makes a question read those of a scope.

    day: the local day (or moment) by which they belong to a period. number: what to call one.
    what: a word about it. leads: the number of the record that a page can show.
    """

    code: str
    source: Callable[[Select[Any], Scope], Select[Any]]
    store: Any
    day: Any
    number: Any
    what: Any
    leads: Any


def _orders(query: Select[Any], scope: Scope) -> Select[Any]:
    order = RepairOrder
    of_days = [*scope.where(order, order.delivered_on), *handed_back(scope.as_of)]
    return with_owner(query).where(*of_days)


def _complaints(query: Select[Any], scope: Scope) -> Select[Any]:
    return query.select_from(Complaint).where(
        *scope.where(Complaint, Complaint.opened_on), Complaint.opened_at <= scope.as_of
    )


def _followups(query: Select[Any], scope: Scope) -> Select[Any]:
    return query.select_from(Followup).where(
        *scope.where(Followup, Followup.due_on), *completed_by(scope.as_of)
    )


def _answers(query: Select[Any], scope: Scope) -> Select[Any]:
    answer, call = SurveyResponse, Followup
    its_call = and_(call.store_id == answer.store_id, call.id == answer.callback_id)
    return (
        with_order(query)
        .outerjoin(call, its_call)
        .where(*scope.where(answer, answer.answered_on), given_by(scope.as_of))
    )


def _stores(query: Select[Any], scope: Scope) -> Select[Any]:
    wanted = [Store.code.in_(scope.stores)] if scope.stores else []
    calendar = WorkCalendar.id == Store.calendar_id
    return query.select_from(Store).join(WorkCalendar, calendar).where(*wanted)


def _rejects(query: Select[Any], scope: Scope) -> Select[Any]:
    row, batch = ImportReject, ImportBatch
    return (
        query.select_from(row)
        .join(batch, and_(batch.store_id == row.store_id, batch.id == row.batch_id))
        .where(*batches(scope))
    )


def batches(scope: Scope) -> list[Any]:
    """The conditions of the imports of the scope's stores and days."""
    when, ends = ImportBatch.at, []
    if scope.start is not None:
        ends.append(when >= scope.local_midnight(scope.start))
    if scope.end is not None:
        ends.append(when < scope.local_midnight(scope.end) + ONE_DAY)
    return [*scope.where(ImportBatch), when <= scope.as_of, *ends]


ORDERS = Subject(
    code="order",
    source=_orders,
    store=RepairOrder.store_id,
    day=RepairOrder.delivered_on,
    number=RepairOrder.number,
    what=Vehicle.plate,
    leads=null(),
)
COMPLAINTS = Subject(
    code="complaint",
    source=_complaints,
    store=Complaint.store_id,
    day=Complaint.opened_on,
    number=Complaint.number,
    what=Complaint.state,
    leads=Complaint.number,
)
FOLLOWUPS = Subject(
    code="callback",
    source=_followups,
    store=Followup.store_id,
    day=Followup.due_on,
    number=Followup.number,
    what=null(),
    leads=Followup.number,
)
ANSWERS = Subject(
    code="callback",
    source=_answers,
    store=SurveyResponse.store_id,
    day=SurveyResponse.answered_on,
    number=func.coalesce(Followup.number, SurveyResponse.number, RepairOrder.number),
    what=RepairOrder.number,
    leads=Followup.number,
)
STORES = Subject(
    code="store",
    source=_stores,
    store=Store.id,
    day=WorkCalendar.loaded_until,
    number=Store.code,
    what=WorkCalendar.code,
    leads=null(),
)
REJECTS = Subject(
    code="import",
    source=_rejects,
    store=ImportReject.store_id,
    day=ImportBatch.at,
    number=ImportBatch.file,
    what=ImportReject.reason,
    leads=ImportReject.batch_id,
)
