"""Writes on complaints."""

from datetime import timedelta

from data.commands import categories  # noqa: F401  (all commands are declared)
from tests import factories
from tests.examples.house import NOW, SOON, TODAY, example


def of(house, **more):
    """A complaint, named as its writes want it."""
    row = house.complaint(**more)
    return {"complaint_id": row.id, "version": row.version, "now": NOW}


def working(house, **more):
    """One that is being worked on."""
    return of(house, **{"state": "in_progress", "replied_at": "2026-03-13T10:00"} | more)


def solved(house, **more):
    return working(house, **{"state": "resolved", "resolved_at": "2026-03-13T16:00"} | more)


@example("opening.open_case")
def open_case(house):
    car = house.car()
    order = factories.order(house.session, house.store, car, "2026-03-10T10:00")
    about = {"vehicle_id": car.id, "customer_id": car.customer_id, "order_id": order.id}
    about |= {"store_id": house.store.id, "first_contact_id": house.li.id, "now": NOW}
    said = {"category": "late_delivery", "severity": "general", "channel": "phone"}
    return about | said | {"content": "Two hours late"}


@example("complaints.assign")
def assign(house):
    owner = house.employee("Wang")
    given = {"today": TODAY, "owner_id": owner.id, "due_on": SOON, "reason": "He knows the car"}
    return of(house) | given


@example("complaints.reply")
def reply(house):
    return of(house) | {"said": "We look into it"}


@example("complaints.pause")
def pause(house):
    return working(house) | {"reason": "The customer is away", "until": NOW + timedelta(days=2)}


@example("complaints.resume")
def resume(house):
    return working(house, state="waiting_customer", pause_until=NOW + timedelta(days=1))


@example("complaints.interim")
def interim(house):
    return working(house) | {"solution": "A car to borrow"}


@example("complaints.resolve")
def resolve(house):
    return working(house) | {"solution": "Washed again", "root_cause": "Nobody looked"}


@example("complaints.recontact")
def recontact(house):
    return solved(house) | {"satisfied": True, "said": "It is fine"}


@example("complaints.close")
def close(house):
    return solved(house) | {"satisfied": False, "breach_cause": "parts", "said": "They moved away"}


@example("complaints.reopen")
def reopen(house):
    return solved(house) | {"reason": "It rattles again"}


@example("complaints.change_severity")
def change_severity(house):
    return working(house) | {"severity": "critical", "reason": "A newspaper called"}


@example("complaints.classify")
def classify(house):
    said = {"category": "attitude", "origin": "people", "motive": "respect"}
    return working(house) | said


@example("complaints.note")
def note(house):
    return working(house) | {"said": "Called, no answer"}


@example("complaints.promise")
def promise(house):
    return working(house) | {"said": "We call on Friday", "due_at": NOW + timedelta(days=2)}


@example("complaints.keep_promise")
def keep_promise(house):
    return promised(house)


@example("complaints.explain_promise")
def explain_promise(house):
    return promised(house) | {"said": "The part comes later"}


def promised(house):
    given = working(house)
    about = {"complaint_id": given["complaint_id"], "made_by_id": house.li.id}
    made = factories.promise(house.session, house.store, "2026-03-18T10:00", **about)
    return given | {"promise_id": made.id}
