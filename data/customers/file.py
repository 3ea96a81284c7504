"""A customer's file: the person, their cars, and all that was between us, latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data import callers, events
from data.customers import reminders
from data.customers.cars import Car, cars_of
from data.customers.reminders import Reminder
from data.models import (
    AppUser,
    ChurnCase,
    Complaint,
    ComplaintCategory,
    Customer,
    Event,
    Followup,
    FollowupRule,
    Promise,
    RepairOrder,
    Store,
    SurveyResponse,
)
from data.person import Person

LATEST = 50  # of each kind


@dataclass(frozen=True, slots=True)
class Call:
    """A callback, the rule that made it due, and what was answered on it.

    `open_to`: it exists for the person who looks, so it may be opened.
    """

    followup: Followup
    rule: FollowupRule | None
    response: SurveyResponse | None
    open_to: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A customer with everything their page shows.

    `categories` go by id; `actors` are the names behind the
    logins of the history. `year_fen` is what all cars brought in the twelve months to `today`.
    `named`: the reader may see who it is, not only the figures.
    """

    customer: Customer
    store: Store
    today: date
    cars: Sequence[Car]
    orders: Sequence[RepairOrder]
    calls: Sequence[Call]
    complaints: Sequence[Complaint]
    categories: dict[int, ComplaintCategory]
    promises: Sequence[Promise]
    churn: Sequence[ChurnCase]
    reminders: Sequence[Reminder]
    history: Sequence[Event]
    actors: dict[str, str]
    named: bool

    @property
    def year_fen(self) -> int:
        """What the cars brought in the last twelve months."""
        return sum(car.year_fen for car in self.cars)

    @property
    def gone(self) -> bool:
        """Whether the personal data have been taken out."""
        return self.customer.anonymised_at is not None


def find(session: Session, customer_id: int, *, as_of: datetime, person: Person) -> File | None:
    """The file with this number; None where it does not exist for `person`.

    It exists for those who see the house's figures or its people, and for an agent who has a call
    of this customer.
    """
    query = select(Customer, Store).join(Store, Store.id == Customer.store_id)
    found = session.execute(query.where(Customer.id == customer_id)).first()
    if found is None or not callers.knows(session, person, found[0]):
        return None
    return _file(session, *found, as_of=as_of, person=person)


def _file(
    session: Session, customer: Customer, store: Store, *, as_of: datetime, person: Person
) -> File:
    today = as_of.astimezone(ZoneInfo(store.zone)).date()
    cars = cars_of(session, customer, today)
    ids = [car.vehicle.id for car in cars]
    calls, complaints = _calls(session, customer, ids, person), _cases(session, customer, ids)
    history = events.history(session, customer)
    return File(
        customer=customer,
        store=store,
        today=today,
        cars=cars,
        orders=_latest(session, RepairOrder, _theirs(RepairOrder, customer, ids), "opened_at"),
        calls=calls,
        complaints=complaints,
        categories=_categories(session, complaints),
        promises=_promises(session, customer, calls, complaints),
        churn=_churn(session, customer, ids),
        reminders=reminders.of(session, customer, [car.vehicle for car in cars], today),
        history=history,
        actors=_actors(session, history),
        named=callers.knows_by_name(session, person, customer),
    )


def _theirs(model: Any, customer: Customer, cars: Sequence[int]) -> Any:
    """What names the customer, or one of their cars and nobody."""
    nobody = and_(model.customer_id.is_(None), model.vehicle_id.in_(cars))
    whose = or_(model.customer_id == customer.id, nobody)
    return and_(model.store_id == customer.store_id, whose)


def _latest(session: Session, model: Any, which: Any, when: str) -> list[Any]:
    """Rows that are few: sorted here, as SQLite would read a whole store to have them in order."""
    found = session.scalars(select(model).where(which))
    return sorted(found, key=lambda row: (getattr(row, when), row.id), reverse=True)[:LATEST]


def _cases(session: Session, customer: Customer, cars: Sequence[int]) -> list[Complaint]:
    return _latest(session, Complaint, _theirs(Complaint, customer, cars), "opened_at")


def _churn(session: Session, customer: Customer, cars: Sequence[int]) -> list[ChurnCase]:
    case = ChurnCase
    which = and_(case.store_id == customer.store_id, case.vehicle_id.in_(cars))
    return _latest(session, case, which, "selected_at")


def _calls(session: Session, customer: Customer, cars: Sequence[int], person: Person) -> list[Call]:
    call, said = Followup, SurveyResponse
    query = (
        select(call, FollowupRule, said)
        .outerjoin(FollowupRule, FollowupRule.id == call.rule_id)
        .outerjoin(said, and_(said.store_id == call.store_id, said.callback_id == call.id))
        .where(_theirs(call, customer, cars))
    )
    own = callers.mine(session, person)
    rows = [Call(*row, callers.sees(person, own, row[0])) for row in session.execute(query)]
    return sorted(rows, key=lambda one: (one.followup.due_at, one.followup.id), reverse=True)[
        :LATEST
    ]


def _categories(session: Session, cases: Sequence[Complaint]) -> dict[int, ComplaintCategory]:
    ids = {case.category_id for case in cases}
    query = select(ComplaintCategory).where(ComplaintCategory.id.in_(ids))
    return {category.id: category for category in session.scalars(query)}


def _promises(
    session: Session, customer: Customer, calls: Sequence[Call], cases: Sequence[Complaint]
) -> list[Promise]:
    made = or_(
        Promise.followup_id.in_([call.followup.id for call in calls]),
        Promise.complaint_id.in_([case.id for case in cases]),
    )
    return _latest(session, Promise, and_(Promise.store_id == customer.store_id, made), "due_at")


def _actors(session: Session, history: Sequence[Event]) -> dict[str, str]:
    logins = {entry.actor for entry in history}
    rows = session.execute(select(AppUser.login, AppUser.name).where(AppUser.login.in_(logins)))
    return {login: name for login, name in rows}  # noqa: C416  (rows are not pairs to mypy)
