"""The call sheet: everything somebody wants before them while they ring a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session

from data import callers, windows
from data.followups import around
from data.models import (
    CallAttempt,
    Complaint,
    ComplaintCategory,
    Customer,
    Employee,
    Event,
    Followup,
    FollowupRule,
    Promise,
    Question,
    RepairOrder,
    Store,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.person import Person


@dataclass(frozen=True, slots=True)
class Earlier:
    """A call of before about the same vehicle, and what was said on it."""

    followup: Followup
    rule: FollowupRule | None
    response: SurveyResponse | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A callback with everything its page shows; `window` is when the customer may be rung.

    `complaint` is the one that made this call due; `complaints` are those not closed yet. `people`
    are the names of callers by id, `categories` by id, `actors` the names behind the logins of the
    history; `answers` go by question id. `mine`: the person themselves has this callback.
    """

    followup: Followup
    store: Store
    rule: FollowupRule | None
    agent: Employee | None
    mine: bool
    window: str | None
    open_now: bool
    customer: Customer | None
    vehicle: Vehicle | None
    order: RepairOrder | None
    adviser: Employee | None
    technician: Employee | None
    complaint: Complaint | None
    attempts: Sequence[CallAttempt]
    earlier: Sequence[Earlier]
    orders: Sequence[RepairOrder]
    complaints: Sequence[Complaint]
    promises: Sequence[Promise]
    questions: Sequence[Question]
    response: SurveyResponse | None
    answers: dict[int, SurveyAnswer]
    people: dict[int, str]
    categories: dict[int, ComplaintCategory]
    history: Sequence[Event]
    actors: dict[str, str]


def find(
    session: Session,
    number: str,
    stores: str | Sequence[str] | None,
    *,
    as_of: datetime,
    person: Person,
) -> Sheet | None:
    """The callback with this number among these stores (or all one may see); None if there is none.

    Numbers are a store's own: without a store the first one found is taken. A callback that is
    another agent's is none to an agent.
    """
    codes = [stores] if isinstance(stores, str) else list(stores or ())
    named = Store.code.in_(codes) if codes else true()
    own, call, said = callers.deciding(session, person), Followup, SurveyResponse
    query = (
        select(call, Store, FollowupRule, said)
        .join(Store, Store.id == call.store_id)
        .outerjoin(FollowupRule, FollowupRule.id == call.rule_id)
        .outerjoin(said, and_(said.store_id == call.store_id, said.callback_id == call.id))
        .where(call.number == number, named, callers.seen(person, own))
        .order_by(call.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return _sheet(session, found, person=person, as_of=as_of) if found else None


def _sheet(session: Session, found: Any, *, person: Person, as_of: datetime) -> Sheet:
    task, store, rule, response = found
    customer = around.one(session, Customer, task.customer_id)
    orders = around.orders(session, task)  # before the one that is mostly among them
    order = around.one(session, RepairOrder, task.order_id)
    window = windows.chosen(customer and customer.call_window, rule and rule.window)
    attempts, before = around.attempts(session, task), around.earlier(session, task)
    complaints = around.complaints(session, task)
    promises = around.promises(session, task, complaints, [row[0] for row in before])
    served = (order.adviser_id, order.technician_id) if order else ()
    called = (call.agent_id for call in (*attempts, *(row[0] for row in before)))
    staff = around.staff(session, task.agent_id, *served, *called)
    agent, history = staff.get(task.agent_id), around.history(session, task, promises)
    asked_by = (response or rule) and (response or rule).questionnaire_id
    asked = around.questions(session, asked_by, response)
    return Sheet(
        followup=task,
        store=store,
        rule=rule,
        agent=agent,
        mine=callers.is_me(person, agent),
        window=window,
        open_now=windows.is_open(window, as_of, store.zone),
        customer=customer,
        vehicle=around.one(session, Vehicle, task.vehicle_id),
        order=order,
        adviser=order and staff.get(order.adviser_id),
        technician=order and staff.get(order.technician_id),
        complaint=around.one(session, Complaint, task.complaint_id),
        attempts=attempts,
        earlier=[Earlier(*row) for row in before],
        orders=orders,
        complaints=complaints,
        promises=promises,
        questions=[question for question, _answer in asked],
        response=response,
        answers={question.id: answer for question, answer in asked if answer},
        people={one.id: one.name for one in staff.values()},
        categories=around.categories(session, complaints),
        history=[entry for entry, _name in history],
        actors={entry.actor: name for entry, name in history if name},
    )
