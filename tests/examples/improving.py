"""Writes on improvement actions and on churn cases."""

from datetime import date, datetime

from data import visits
from data.commands import churn, linking  # noqa: F401  (all commands are declared)
from data.models import ChurnCase, ImprovementComplaint
from tests import factories
from tests.examples.house import NOW, SOON, example
from tests.factories import at

OPENED = at("2026-02-20T09:00")
TRAINING = {"who": "Wang", "whom": "The advisers", "what": "How to listen"}


def action(house, **more):
    """An action that is open, as its row."""
    given = {"state": "open", "done_at": None, "created_at": OPENED, "due_on": SOON}
    given |= {"category": "late_delivery", "original_due_on": SOON} | more
    return factories.improvement(house.session, house.store, house.li, "2026-03-01T10:00", **given)


def of(house, **more):
    row = action(house, **more)
    return {"action_id": row.id, "version": row.version, "now": NOW}


def done(house, **more):
    return of(house, **{"state": "done", "done_at": at("2026-03-01T10:00")} | more)


@example("improvements.open_improvement")
def open_improvement(house):
    adviser, technician = house.employee("Wang"), house.employee("Zhao")
    aim = {"category": "late_delivery", "adviser_id": adviser.id, "technician_id": technician.id}
    said = {"title": "Board at the gate", "cause": "Nobody asks", "kind": "training"}
    who = {"store_id": house.store.id, "owner_id": house.li.id, "due_on": SOON, "now": NOW}
    return who | aim | said | {"complaints": [house.complaint().id], "training": TRAINING}


@example("improvements.assign")
def assign(house):
    other = {"owner_id": house.employee("Wang").id, "due_on": date(2026, 4, 1)}
    return of(house) | other | {"reason": "She knows the gate"}


@example("improvements.start")
def start(house):
    return of(house)


@example("improvements.put_off")
def put_off(house):
    return of(house) | {"due_on": date(2026, 4, 1), "reason": "The board comes late"}


@example("improvements.finish")
def finish(house):
    return of(house) | {"done_on": date(2026, 3, 2)}


@example("improvements.verify")
def verify(house):
    factories.delivered(house.session, house.store, d20260201=1000, d20260302=1000)
    for day in range(27):
        house.complaint(f"2026-02-{day + 1:02}T10:00")
    return done(house)


@example("improvements.cancel")
def cancel(house):
    return of(house) | {"reason": "The maker does it"}


@example("improvements.reopen")
def reopen(house):
    return done(house) | {"reason": "The board fell down"}


@example("improvements.edit")
def edit(house):
    adviser, technician = house.employee("Wang"), house.employee("Zhao")
    aim = {"category": "late_delivery", "adviser_id": adviser.id, "technician_id": technician.id}
    said = {"title": "A larger board", "cause": "Nobody saw it", "kind": "training"}
    return of(house) | aim | said | {"training": TRAINING}


@example("improvements.note")
def note(house):
    return of(house) | {"words": "Seen at the gate"}


@example("linking.link")
def link(house):
    return of(house) | {"complaint_id": house.complaint().id}


def linked(house, given):
    about = {"action_id": given["action_id"], "complaint_id": house.complaint().id}
    house.session.add(ImprovementComplaint(store_id=house.store.id, **about))
    house.session.flush()
    return given | {"complaint_id": about["complaint_id"]}


@example("linking.unlink")
def unlink(house):
    return linked(house, of(house))


@example("linking.inform")
def inform(house):
    return linked(house, done(house))


def away(house):
    """A car that was last seen in the summer."""
    car = house.car()
    factories.order(house.session, house.store, car, "2025-08-01T15:00", total_fen=40_000)
    visits.refresh(house.session.connection(), house.store.id, [car.id])
    return car


def churned(house, **more):
    given = {"state": "selected", "selected_at": NOW, "rule": "6", "list_code": "L260316-1"}
    row = ChurnCase(store_id=house.store.id, vehicle_id=away(house).id, **given | more)
    house.session.add(row)
    house.session.flush()
    return {"case_id": row.id, "version": row.version, "now": NOW}


def asked(moment: datetime = NOW) -> dict[str, object]:
    return {"state": "asked", "asked_at": moment, "reason": "price"}


@example("churn.select_cases")
def select_cases(house):
    cars = [away(house).id for _ in range(4)]
    which = {"store_id": house.store.id, "vehicles": cars, "rule": "6", "now": NOW}
    return which | {"call": True, "hold_out": 0.25, "seed": 7}


@example("churn.analyse")
def analyse(house):
    return churned(house) | {"words": "Always came for tyres", "call": True}


@example("churn.call_again")
def call_again(house):
    return churned(house, **asked() | {"state": "counted"}) | {"sentence": "The price is lower"}


@example("churn.give_up")
def give_up(house):
    return churned(house, **asked()) | {"reason": "Moved away"}


@example("churn.count_reason")
def count_reason(house):
    churned(house, **asked())
    return {"store_id": house.store.id, "reason": "price", "now": NOW}
