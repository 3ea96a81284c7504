"""Writes on callbacks, promises made on them, and customers."""

from datetime import date, timedelta

from sqlalchemy import select

from data.commands import desk, reminders  # noqa: F401  (all commands are declared)
from data.models import Question, Vehicle
from tests import factories
from tests.examples.house import NOW, TODAY, example


def owed(house, **more):
    """A call that is owed, as its row."""
    car = house.car()
    order = factories.order(house.session, house.store, car, "2026-03-15T10:00")
    of = {"customer_id": car.customer_id, "vehicle_id": car.id, "order_id": order.id}
    return factories.followup(house.session, house.store, "2026-03-17T10:00", **of | more)


def call(house, **more):
    row = owed(house, **more)
    return {"followup_id": row.id, "version": row.version, "now": NOW}


@example("followups.take")
def take(house):
    return call(house)


@example("followups.release")
def release(house):
    return call(house, agent_id=house.li.id)


@example("followups.hand_over")
def hand_over(house):
    return call(house) | {"agent_id": house.employee("Wang").id}


@example("followups.cancel")
def cancel(house):
    return call(house) | {"reason": "They called us"}


@example("followups.attempt")
def attempt(house):
    tried = {"result": "no_answer", "note": "Rang ten times", "channel": "phone"}
    return call(house) | tried | {"next_try_at": NOW + timedelta(days=1)}


@example("followups.record")
def record(house):
    question = house.session.scalars(select(Question).order_by(Question.position)).first()
    issue = factories.known_issue(house.session, f"K-{house.store.code}", "漏油")
    said = {"respondent": "owner", "started_at": NOW - timedelta(minutes=9), "talk_s": 300}
    low = {"overall": 2, "nps": 3, "reason": "too_slow", "comment": "Waited long"}
    answer = {question.code: {"score": 2, "reason": "too_slow", "remark": "An hour late"}}
    promise = {"words": "We call on Friday", "due_at": NOW + timedelta(days=2)}
    complaint = {"category": "late_delivery", "severity": "general", "content": "An hour late"}
    more = {"answers": answer, "promise": promise, "complaint": complaint, "issues": [issue.id]}
    return call(house) | said | low | more


@example("followups.reveal_phone")
def reveal_phone_of_a_call(house):
    return {"followup_id": owed(house).id, "now": NOW, "which": "customer"}


@example("desk.employee_of")
def employee_of(house):
    return {"store_id": house.store.id, "now": NOW}


def promised(house):
    about = {"followup_id": owed(house).id, "made_by_id": house.li.id}
    row = factories.promise(house.session, house.store, "2026-03-18T10:00", **about)
    return {"promise_id": row.id, "version": row.version, "now": NOW}


@example("promises.keep")
def keep(house):
    return promised(house)


@example("promises.explain")
def explain(house):
    return promised(house) | {"words": "The part comes later"}


def file_of(house, **more):
    """A customer's file, with a car and a call."""
    row = house.customer(**more)
    car = house.car(customer_id=row.id, insurance_until=date(2026, 5, 1))
    owed(house, customer_id=row.id, vehicle_id=car.id)
    return {"customer_id": row.id, "version": row.version, "now": NOW}


def car_of(house, given):
    return house.session.scalar(
        select(Vehicle.id).where(Vehicle.customer_id == given["customer_id"])
    )


@example("customers.edit")
def edit(house):
    said = {"name": "Chen Jun", "phone": "13900000001", "second_phone": "02088880050"}
    said |= {"kind": "company", "value_class": "A", "birthday": date(1980, 2, 29)}
    said |= {"preferred_channel": "wechat", "call_window": "09:00-11:30", "do_not_call": True}
    return file_of(house) | said | {"our_promise": "A car to borrow", "today": TODAY}


@example("customers.set_date")
def set_date(house):
    given = file_of(house)
    said = {"care": "insurance_until", "day": date(2027, 5, 1), "today": TODAY}
    return given | said | {"vehicle_id": car_of(house, given)}


@example("customers.reveal_phone")
def reveal_phone(house):
    return {"customer_id": house.customer().id, "now": NOW, "which": "customer"}


@example("customers.anonymise")
def anonymise(house):
    return {"customer_id": file_of(house)["customer_id"], "now": NOW, "secret": "s" * 32}


@example("reminders.call_now")
def call_now(house):
    given = file_of(house)
    return given | {"care": "insurance_until", "vehicle_id": car_of(house, given)}
