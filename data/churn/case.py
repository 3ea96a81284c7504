"""One churn case with everything its page shows, and what a call about it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data import events, lookups
from data.followups import around
from data.models import (
    ChurnCase,
    Customer,
    Employee,
    Event,
    Followup,
    Improvement,
    Store,
    Vehicle,
    Visit,
)
from data.steps import step_at

LATEST = 10  # visits that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A churn case; `ask` and `tell` are its two calls, `action` what is done about the reason.

    `step` is where it stood at the time asked for; `visits` are the latest ones, latest first;
    `sentence` is what the customer is to be told; `actors` are names by the logins of the history.
    """

    case: ChurnCase
    step: str
    store: Store
    vehicle: Vehicle
    customer: Customer | None
    ask: Followup | None
    tell: Followup | None
    action: Improvement | None
    owner: Employee | None
    visits: Sequence[Visit]
    sentence: str | None
    history: Sequence[Event]
    actors: dict[str, str]


@dataclass(frozen=True, slots=True)
class OnCall:
    """What somebody on the phone needs of a case: on the first call the reason is asked.

    On the second (`asks` is False) the customer is told the `sentence`.
    """

    case: ChurnCase
    asks: bool
    last_visit_on: date | None
    sentence: str | None


def find(session: Session, case_id: int, *, as_of: datetime) -> Case | None:
    """The case with this number as it stood at `as_of`; None if there was none one may see."""
    known = (ChurnCase.id == case_id, ChurnCase.selected_at <= as_of)
    row = session.execute(select(ChurnCase, step_at(as_of)).where(*known)).first()
    return _case(session, row[0], row[1], as_of) if row else None


def of_followup(session: Session, followup_id: int) -> OnCall | None:
    """The case that this callback is about; None if it is about none."""
    mine = or_(ChurnCase.ask_id == followup_id, ChurnCase.tell_id == followup_id)
    case = session.scalars(select(ChurnCase).where(mine)).first()
    if case is None:
        return None
    asks = case.ask_id == followup_id
    sentence = None if asks else _sentence(events.history(session, case))
    return OnCall(case, asks, case.last_visit_on, sentence)


def _case(session: Session, case: ChurnCase, step: str, as_of: datetime) -> Case:
    vehicle = session.get_one(Vehicle, case.vehicle_id)
    action = around.one(session, Improvement, case.action_id)
    history = [entry for entry in events.history(session, case) if entry.at <= as_of]
    store = session.get_one(Store, case.store_id)
    return Case(
        case=case,
        step=step,
        store=store,
        vehicle=vehicle,
        customer=around.one(session, Customer, vehicle.customer_id),
        ask=around.one(session, Followup, case.ask_id),
        tell=around.one(session, Followup, case.tell_id),
        action=action,
        owner=around.one(session, Employee, action and action.owner_id),
        visits=_visits(session, case, store, as_of),
        sentence=_sentence(history),
        history=history,
        actors=lookups.actors(session, history),
    )


def _visits(session: Session, case: ChurnCase, store: Store, as_of: datetime) -> Sequence[Visit]:
    mine = (Visit.store_id == case.store_id, Visit.vehicle_id == case.vehicle_id)
    today = as_of.astimezone(ZoneInfo(store.zone)).date()
    query = select(Visit).where(*mine, Visit.day <= today).order_by(Visit.day.desc())
    return session.scalars(query.limit(LATEST)).all()


def _sentence(history: Sequence[Event]) -> str | None:
    """What the customer was last to be told."""
    said = [entry.data["words"] for entry in history if entry.kind == "called_again"]
    return said[-1] if said else None
