"""Rows by hand: only what a test is about is named, the rest is something ordinary."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import defaults, sla, visits, windows
from data.models import (
    AppUser,
    CallAttempt,
    Complaint,
    ComplaintCategory,
    Customer,
    DeliveredDay,
    Employee,
    Followup,
    FollowupRule,
    Improvement,
    KnownIssue,
    Promise,
    Question,
    RepairOrder,
    Store,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
    WorkCalendar,
)
from data.person import Person, Role

_numbers = count(1)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The moment a clock on the wall of the store shows `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def store(session: Session, code: str = "S1", zone: str = "Asia/Shanghai") -> Store:
    """A dealership with the calendar and policies a new installation has."""
    if session.scalar(select(WorkCalendar.id)) is None:
        defaults.fill(session)
    calendar = session.scalars(select(WorkCalendar)).first()
    row = Store(code=code, name=f"Store {code}", zone=zone, calendar_id=calendar.id)
    return _kept(session, row)


def employee(session: Session, store: Store, name: str = "Li", **more) -> Employee:
    """Somebody who works there."""
    more = {"number": f"E{next(_numbers)}", "role": "adviser"} | more
    return _kept(session, Employee(store_id=store.id, name=name, **more))


def vehicle(session: Session, store: Store, **more) -> Vehicle:
    """A car."""
    return _kept(session, Vehicle(store_id=store.id, number=f"V{next(_numbers)}", **more))


def complaint(
    session: Session,
    store: Store,
    opened: str,
    *,
    severity: str | None = "general",
    category: str | None = None,
    **more,
) -> Complaint:
    """A case opened at a local time, its clocks set by the policy; moments may be local texts."""
    moments = {
        key: at(value, store.zone) if key.endswith("_at") and isinstance(value, str) else value
        for key, value in more.items()
    }
    opened_at = at(opened, store.zone)
    row = Complaint(
        **{
            "store_id": store.id,
            "number": f"C{next(_numbers)}",
            "severity": severity,
            "state": "new",
            "opened_at": opened_at,
            "opened_on": opened_at.astimezone(ZoneInfo(store.zone)).date(),
            "since": opened_at,
            "clock_from": opened_at,
            "category_id": category_id(session, category),
        }
    )
    sla.start(session, row)
    for key, value in moments.items():
        setattr(row, key, value)
    return _kept(session, row)


def category_id(session: Session, code: str | None) -> int | None:
    """The number of the category with this code."""
    return session.scalar(select(ComplaintCategory.id).where(ComplaintCategory.code == code))


def delivered(session: Session, store: Store, **days: int) -> None:
    """Orders delivered a day: d20260101=3."""
    for day, orders in days.items():
        when = datetime.strptime(day, "d%Y%m%d").date()
        session.add(DeliveredDay(store_id=store.id, day=when, orders=orders))
    session.flush()


def _kept(session: Session, row):
    session.add(row)
    session.flush()
    return row


def improvement(session: Session, store: Store, owner: Employee, done: str, **more) -> Improvement:
    """An improvement done at a local moment; `category` is a code."""
    done_at = at(done, store.zone)
    plain = {
        "number": f"A{next(_numbers)}",
        "kind": "corrective",
        "title": "Clean floor mats",
        "category_id": category_id(session, more.pop("category", None)),
        "owner_id": owner.id,
        "created_at": done_at - timedelta(days=9),
        "original_due_on": done_at.date(),
        "due_on": done_at.date(),
        "state": "done",
        "done_at": done_at,
    }
    return _kept(session, Improvement(store_id=store.id, **plain | more))


def order(session: Session, store: Store, vehicle: Vehicle, delivered: str, **more) -> RepairOrder:
    """A stay in the workshop, delivered at a local moment."""
    when = at(delivered, store.zone)
    day = when.astimezone(ZoneInfo(store.zone)).date()
    plain = {
        "number": f"R{next(_numbers)}",
        "vehicle_id": vehicle.id,
        "opened_at": when - timedelta(hours=4),
        "opened_on": day,
        "delivered_at": when,
        "delivered_on": day,
    }
    return _kept(session, RepairOrder(store_id=store.id, **plain | more))


def followup(
    session: Session, store: Store, due: str, *, rule: str | None = "service", **more
) -> Followup:
    """A call that is due at a local moment; moments may be local texts.

    One that is over says so with `ended_at`, or with `completed_at`: then it was a single try by
    phone, and the person served answered.
    """
    due_at = at(due, store.zone)
    more = _moments(store, more)
    done = more.get("completed_at")
    called = {
        "state": "completed",
        "ended_at": done,
        "first_attempt_at": done,
        "connected_at": done,
        "attempts": 1,
        "respondent": "person_served",
    }
    plain = {
        "number": f"H{next(_numbers)}",
        "rule_id": session.scalar(select(FollowupRule.id).where(FollowupRule.code == rule)),
        "planned_at": due_at - timedelta(hours=24),
        "due_at": due_at,
        "due_on": due_at.astimezone(ZoneInfo(store.zone)).date(),
        "expires_at": due_at + timedelta(days=14),
        "state": "due",
    }
    return _kept(session, Followup(store_id=store.id, **plain | (called if done else {}) | more))


def attempt(
    session: Session, followup: Followup, when: str, result: str, *, zone="Asia/Shanghai", **more
) -> CallAttempt:
    """One try at a local moment."""
    there = session.get_one(Store, followup.store_id).zone
    moment = windows.tried(more.pop("at", at(when, zone)), there)
    plain = {"callback_id": followup.id, "channel": "phone"} | moment
    row = CallAttempt(store_id=followup.store_id, result=result, **plain | more)
    return _kept(session, row)


def response(
    session: Session, store: Store, answered: str, overall: int | None = 5, **more
) -> SurveyResponse:
    """The answers given at a local moment."""
    when = at(answered, store.zone)
    plain = {
        "answered_at": when,
        "answered_on": when.astimezone(ZoneInfo(store.zone)).date(),
        "lowest": overall,
    }
    return _kept(session, SurveyResponse(store_id=store.id, overall=overall, **plain | more))


def promise(session: Session, store: Store, due: str, **more) -> Promise:
    """Something promised a day before it is due; moments may be local texts."""
    due_at = at(due, store.zone)
    plain = {"words": "We call back.", "made_at": due_at - timedelta(days=1), "due_at": due_at}
    return _kept(session, Promise(store_id=store.id, **plain | _moments(store, more)))


def _moments(store: Store, values: dict) -> dict:
    return {
        key: at(value, store.zone) if key.endswith("_at") and isinstance(value, str) else value
        for key, value in values.items()
    }


def customer(session: Session, store: Store, name: str = "Chen", **more) -> Customer:
    """Somebody who owns a car."""
    return _kept(session, Customer(store_id=store.id, name=name, **more))


def account(session: Session, role: Role, *stores: Store, login: str | None = None) -> Person:
    """Somebody with an account who may see these stores, as they are once signed in."""
    login = login or f"{role}{next(_numbers)}"
    plain = {"name": login.capitalize(), "role": role, "password_hash": "x"}
    user = _kept(session, AppUser(login=login, **plain))
    seen = frozenset(store.id for store in stores)
    return Person(login=login, name=user.name, role=role, stores=seen, id=user.id)


def known_issue(session: Session, code: str, problem: str, *words: str, **more) -> KnownIssue:
    """A known problem, in Chinese; `category` is a code."""
    plain = {"problem": "", "answer": "", "answer_zh": f"{problem}的答复", "uses": 0}
    more["category_id"] = category_id(session, more.pop("category", None))
    kept = {"words": {"words": list(words)}, "problem_zh": problem}
    return _kept(session, KnownIssue(code=code, **plain | kept | more))


def marks(session: Session, response: SurveyResponse, **scores: int | None) -> None:
    """The answers to questions by their dimension: tact=5; None is a blank."""
    for dimension, score in scores.items():
        question = session.scalar(select(Question.id).where(Question.dimension == dimension))
        plain = {"store_id": response.store_id, "response_id": response.id}
        session.add(SurveyAnswer(**plain, question_id=question, score=score))
    session.flush()


def came(session: Session, store: Store, *days: str, fen: int | None = None, **more) -> Vehicle:
    """A car that was brought in on these local days, an order each, with what each was paid."""
    car = vehicle(session, store, **more)
    for day in days:
        order(session, store, car, f"{day}T16:00", total_fen=fen)
    visits.refresh(session.connection(), store.id, [car.id])
    return car
