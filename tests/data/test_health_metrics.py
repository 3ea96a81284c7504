"""Faults in the data against counts by hand: what has it, out of how many, and the list behind."""

from datetime import date

import pytest

from data.metrics import METRICS
from data.metrics.health import FAULTS, data_health, listing, moved
from data.models import ImportBatch, ImportReject, WorkCalendar
from data.person import Person, Role
from data.scope import Scope
from tests.factories import (
    at,
    complaint,
    customer,
    employee,
    followup,
    order,
    response,
    store,
    vehicle,
)

NOW = "2026-03-16T10:00"
DAY = date(2026, 3, 10)


def scope(now=NOW, **more):
    return Scope(as_of=at(now), **more)


def narrowed(fault, **more):
    return scope(drill=(("fault", fault),), **more)


def found(session, fault, **more):
    """How many have the fault, of how many, and the newest day."""
    rows = data_health(session, scope(**more)).frame.set_index("fault")
    row = rows.loc[fault]
    return int(row["count"]), int(row["of"]), row["newest"]


def listed(session, fault, **more):
    rows, total = listing(session, narrowed(fault), **more)
    assert more or total == len(rows)
    return [row["number"] for row in rows]


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def car(session, dealer):
    return vehicle(session, dealer, plate="沪A12345")


@pytest.fixture
def owned(session, dealer):
    """A car whose owner can be called."""
    return vehicle(session, dealer, customer_id=customer(session, dealer, phone="13912345670").id)


def test_an_order_without_its_callback(session, dealer, owned):
    order(session, dealer, owned, "2026-03-10T16:00", number="none")
    order(session, dealer, owned, "2026-03-09T16:00", number="called")
    followup(
        session, dealer, "2026-03-10T16:00",
        vehicle_id=owned.id, anchored_on=date(2026, 3, 9), planned_at="2026-03-09T16:00",
    )  # fmt: skip
    order(session, dealer, owned, "2026-03-16T09:00", number="not due yet")
    fleet = vehicle(session, dealer, fleet=True)
    order(session, dealer, fleet, "2026-03-10T16:00", number="fleet")
    assert found(session, "no_callback") == (1, 2, DAY)
    assert listed(session, "no_callback") == ["none"]
    coverage = METRICS["followup_coverage"](session, scope()).summary
    assert coverage["denominator"] - coverage["numerator"] == 1


def test_nobody_can_be_called(session, dealer, car, owned):
    numbers = {
        "none": None,
        "short": "123456",
        "repeated": "13888888888",
        "counted up": "13012345678",
    }
    for name, phone in numbers.items():
        order(session, dealer, car, "2026-03-10T16:00", number=name, brought_by_phone=phone)
    order(session, dealer, car, "2026-03-10T16:00", number="brought", brought_by_phone="1391234567")
    order(session, dealer, owned, "2026-03-10T16:00", number="owner")
    buyer = customer(session, dealer, second_phone="021-62345678")
    order(session, dealer, car, "2026-03-10T16:00", number="second", customer_id=buyer.id)
    assert found(session, "no_phone") == (4, 7, DAY)
    assert sorted(listed(session, "no_phone")) == sorted(numbers)


def test_an_order_without_an_adviser(session, dealer, car):
    order(session, dealer, car, "2026-03-10T16:00", number="alone")
    order(session, dealer, car, "2026-03-11T16:00", adviser_id=employee(session, dealer).id)
    order(session, dealer, car, "2026-03-16T10:01", number="not delivered at the data time")
    assert found(session, "no_adviser") == (1, 2, DAY)
    assert listed(session, "no_adviser") == ["alone"]


def test_delivered_before_it_came(session, dealer, car):
    order(session, dealer, car, "2026-03-10T16:00", number="back", opened_at=at("2026-03-10T16:01"))
    order(session, dealer, car, "2026-03-10T16:00", opened_at=at("2026-03-10T16:00"))
    assert found(session, "delivered_before_arrival") == (1, 2, DAY)
    rows, total = listing(session, narrowed("delivered_before_arrival"))
    row = rows[0]
    assert (total, row["number"], row["store"], row["kind"]) == (1, "back", "S1", "order")
    assert (row["first"], row["later"]) == (at("2026-03-10T16:01"), at("2026-03-10T16:00"))
    assert (row["day"], row["what"]) == (DAY, "沪A12345")


def test_a_call_completed_before_it_was_planned(session, dealer):
    followup(
        session, dealer, "2026-03-10T16:00", number="early",
        planned_at="2026-03-10T08:00", completed_at="2026-03-10T07:59",
    )  # fmt: skip
    followup(session, dealer, "2026-03-10T16:00", completed_at="2026-03-10T12:00")
    followup(session, dealer, "2026-03-10T16:00")  # not called: it is in no denominator
    assert found(session, "completed_before_planned") == (1, 2, DAY)
    assert listed(session, "completed_before_planned") == ["early"]


def test_answered_before_the_car_was_back(session, dealer, car):
    served = order(session, dealer, car, "2026-03-10T16:00", number="R")
    call = followup(session, dealer, "2026-03-11T16:00", number="H")
    response(session, dealer, "2026-03-10T15:59", order_id=served.id, callback_id=call.id)
    response(session, dealer, "2026-03-10T15:00", order_id=served.id)
    response(session, dealer, "2026-03-10T16:00", order_id=served.id)
    response(session, dealer, "2026-03-10T08:00")  # about no order
    assert found(session, "answered_before_delivery") == (2, 3, DAY)
    rows, _ = listing(session, narrowed("answered_before_delivery"))
    assert {row["number"]: row["leads"] for row in rows} == {"H": "H", "R": None}


def test_over_before_it_came_in(session, dealer):
    opened = "2026-03-10T09:00"
    complaint(session, dealer, opened, number="closed", closed_at="2026-03-10T08:00")
    complaint(session, dealer, opened, number="solved", resolved_at="2026-03-09T08:00")
    complaint(session, dealer, opened, resolved_at="2026-03-10T09:00")
    complaint(session, dealer, opened)  # open
    complaint(session, dealer, opened, resolved_at="2026-03-16T10:01")  # not yet
    assert found(session, "ended_before_opened") == (2, 3, DAY)
    assert sorted(listed(session, "ended_before_opened")) == ["closed", "solved"]


def test_answered_after_the_case_was_closed(session, dealer):
    opened, closed = "2026-03-10T09:00", "2026-03-11T09:00"
    late = {"closed_at": closed, "replied_at": "2026-03-11T09:01"}
    complaint(session, dealer, opened, number="late", **late)
    complaint(session, dealer, opened, closed_at=closed, replied_at=closed)
    complaint(session, dealer, opened, closed_at=closed)  # never answered is another matter
    assert found(session, "replied_after_closing") == (1, 3, DAY)
    assert listed(session, "replied_after_closing") == ["late"]


@pytest.mark.parametrize(
    ("until", "faulty"), [("2026-05-15", False), ("2026-05-14", True), (None, True)]
)
def test_a_calendar_is_known_for_sixty_days(session, dealer, until, faulty):
    calendar = session.get_one(WorkCalendar, dealer.calendar_id)
    calendar.loaded_until = until and date.fromisoformat(until)
    session.flush()
    newest = calendar.loaded_until if faulty else None
    assert found(session, "calendar_ends") == (int(faulty), 1, newest)
    assert listed(session, "calendar_ends") == ["S1"] * faulty


def imported(session, dealer, when, read, *refused, file="a.csv"):
    batch = ImportBatch(
        store_id=dealer.id, at=at(when), actor="admin", kind="customers", file=file,
        sha256="0", counts={"read": read},
    )  # fmt: skip
    session.add(batch)
    session.flush()
    for line, reason in enumerate(refused):
        kept = {"batch_id": batch.id, "line": line, "reason": reason, "row": {}}
        session.add(ImportReject(store_id=dealer.id, **kept))
    session.flush()
    return batch


def test_rows_that_imports_refused(session, dealer):
    batch = imported(session, dealer, "2026-03-10T23:59", 10, "No number.", "Twice.")
    imported(session, dealer, "2026-03-09T12:00", 5)
    imported(session, dealer, "2026-03-08T23:59", 99, "Too old.")
    imported(session, dealer, "2026-03-11T00:00", 99, "Too new.")
    days = {"start": date(2026, 3, 9), "end": DAY}
    assert found(session, "refused_rows", **days) == (2, 15, DAY)
    rows, total = listing(session, narrowed("refused_rows", **days))
    assert (total, {row["what"] for row in rows}) == (2, {"No number.", "Twice."})
    assert {row["leads"] for row in rows} == {batch.id}


def test_a_fault_matters_from_its_share_on(session, dealer, car):
    adviser = employee(session, dealer).id
    for place in range(20):
        order(
            session, dealer, car, "2026-03-10T16:00", adviser_id=adviser if place else None,
            brought_by_phone="13912345670",
        )  # fmt: skip
    rows = data_health(session, scope()).frame.set_index("fault")
    assert rows.loc["no_adviser", ["share", "matters_at"]].tolist() == [0.05, 0.05]
    assert bool(rows.loc["no_adviser", "matters"])
    assert not rows.loc["no_phone", "matters"]
    order(session, dealer, car, "2026-03-10T16:00", adviser_id=adviser)
    rows = data_health(session, scope()).frame.set_index("fault")
    assert not rows.loc["no_adviser", "matters"]


def test_what_matters_is_told_for_each_metric_it_moves(session, dealer):
    session.get_one(WorkCalendar, dealer.calendar_id).loaded_until = None
    session.flush()
    answer = data_health(session, scope())
    told = moved(answer)
    assert set(told) == {"closure_compliance", "complaints_at_risk"}
    assert [row["fault"] for row in told["closure_compliance"]] == ["calendar_ends"]
    assert answer.summary == {"faults": 1, "value": 1}


def test_nothing_at_all_is_no_fault(session):
    answer = data_health(session, scope())
    assert answer.frame["fault"].tolist() == [fault.code for fault in FAULTS]
    assert answer.frame["count"].sum() == 0
    assert answer.frame["share"].isna().all()
    assert moved(answer) == {}
    assert listing(session, scope()) == ([], 0)
    assert listing(session, narrowed("nonsense")) == ([], 0)


def test_the_list_is_paged_sorted_and_searched(session, dealer, car):
    for day in (10, 12, 11):
        order(session, dealer, car, f"2026-03-{day}T16:00", number=f"R{day}")
    assert listed(session, "no_adviser") == ["R12", "R11", "R10"]
    assert listed(session, "no_adviser", sort=[("number", False)], count=2) == ["R10", "R11"]
    assert listed(session, "no_adviser", start=1, count=1) == ["R11"]
    assert listed(session, "no_adviser", find=[("number", "12")]) == ["R12"]


def test_each_store_has_its_own_faults(session, dealer, car):
    order(session, dealer, car, "2026-03-10T16:00", number="ours")
    other = store(session, "S2")
    order(session, other, vehicle(session, other), "2026-03-10T16:00", number="theirs")
    assert found(session, "no_adviser")[:2] == (2, 2)
    assert found(session, "no_adviser", stores=("S2",))[:2] == (1, 1)
    assert found(session, "calendar_ends", stores=("S2",))[1] == 1
    session.info["person"] = Person(
        login="m", name="M", role=Role.MANAGER, stores=frozenset({dealer.id})
    )
    assert found(session, "no_adviser")[:2] == (1, 1)
    assert listed(session, "no_adviser") == ["ours"]
    assert found(session, "calendar_ends")[1] == 1
