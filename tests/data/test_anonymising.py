"""Personal data leave everywhere they stand, figures stay, and no file brings the name back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from data import db, events, planning, veil
from data.commands import Forbidden, Refused, customers
from data.demo import load
from data.installing import open_database
from data.metrics import METRICS
from data.models import (
    Complaint,
    Event,
    Followup,
    FollowupRule,
    ImportBatch,
    ImportReject,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.person import SYSTEM, Role
from data.scope import Scope
from tests import factories
from tests.everything import everything
from tests.factories import account, at

NOW = at("2026-03-10T10:00")
PERSONAL = ("陈建国", "13900001234", "02088880050", "粤A12345", "LSVAA4182E2123456", "秘密")
VIN = "LSVAA4182E2123456"


@pytest.fixture
def dealer(session):
    return factories.store(session)


@pytest.fixture
def chen(session, dealer):
    """A customer who stands wherever one can."""
    given = {"number": "C7", "phone": "13900001234", "second_phone": "02088880050"}
    words = {"our_promise": "秘密", "birthday": date(1980, 5, 1), "purchase_reason": "秘密"}
    row = factories.customer(session, dealer, "陈建国", **given, **words)
    car = factories.vehicle(session, dealer, customer_id=row.id, plate="粤A12345", vin=VIN)
    of = {"customer_id": row.id, "vehicle_id": car.id}
    brought = {"brought_by": "陈建国", "brought_by_phone": "13900001234", "note": "秘密"}
    order = factories.order(session, dealer, car, "2026-03-01T17:00", customer_id=row.id, **brought)
    done = factories.followup(
        session, dealer, "2026-03-02T17:00", completed_at="2026-03-02T10:00", **of
    )
    factories.attempt(session, done, "2026-03-02T10:00", "connected", note="秘密")
    said = factories.response(
        session, dealer, "2026-03-02T10:00", 2, callback_id=done.id, comment="秘密"
    )
    factories.marks(session, said, tact=1)
    session.scalars(select(SurveyAnswer)).one().remark = "秘密"
    factories.promise(session, dealer, "2026-03-05T10:00", words="秘密", followup_id=done.id)
    events.record(session, done, "recorded", at=NOW, words="秘密", reason="too_slow")
    case = factories.complaint(session, dealer, "2026-03-03T10:00", content="秘密", **of)
    case.solution = case.interim_solution = case.root_cause = "秘密"
    told = {"customer": "陈建国", "phone": "13900001234", "plate": "粤A12345", "content": "秘密"}
    events.record(session, case, "imported", at=NOW, said=told | {"category": "brakes"})
    factories.followup(session, dealer, "2026-03-12T10:00", **of)
    _refuse(session, dealer, order)
    session.flush()
    return row


def _refuse(session, dealer, order) -> None:
    """A row of a file that was refused: with the phone as somebody typed it."""
    plain = {"actor": "x", "kind": "repair-orders", "file": "a.csv", "sha256": "", "counts": {}}
    batch = ImportBatch(store_id=dealer.id, at=NOW, **plain)
    session.add(batch)
    session.flush()
    problem = {"column": "日期", "raw": "陈建国", "sentence": "{name} is no day.",
               "gaps": {"name": "陈建国"}}  # fmt: skip
    row = {"cells": [["姓名", "陈建国"], ["电话", "139 0000-1234"]], "problems": [problem]}
    for cells in (row, {"cells": [["姓名", "别人"]], "problems": []}):
        given = {"line": 2, "reason": "陈建国 is no day." if cells is row else "x", "row": cells}
        session.add(ImportReject(store_id=dealer.id, batch_id=batch.id, column=None, **given))


def forget(session, chen) -> dict[str, int]:
    return customers.anonymise(session, customer_id=chen.id, now=NOW, secret="s" * 24)


def test_nothing_of_the_person_is_left_anywhere(session, chen):
    before = everything(session)
    assert all(word in before for word in PERSONAL)
    counts = forget(session, chen)
    session.flush()
    left = everything(session)
    assert [word for word in PERSONAL if word in left] == []
    assert "1980-05-01" not in left
    assert counts == {"cars": 1, "orders": 1, "calls": 2, "cases": 1}


def test_rows_codes_and_the_refusals_of_others_stay(session, chen):
    forget(session, chen)
    kinds = session.scalars(select(Event).order_by(Event.id)).all()
    assert [entry.kind for entry in kinds] == ["recorded", "imported", "cancelled", "anonymised"]
    assert kinds[0].data == {"words": None, "reason": "too_slow"}
    assert kinds[1].data["said"]["category"] == "brakes"
    mine, others = session.scalars(select(ImportReject).order_by(ImportReject.id)).all()
    assert mine.row["cells"] == [["姓名", "~"], ["电话", "~"]]
    assert mine.reason == "{name} is no day."
    assert others.row["cells"] == [["姓名", "别人"]]
    assert session.scalar(select(SurveyResponse.overall)) == 2
    assert chen.number == "C7"


def test_open_calls_are_cancelled_and_none_is_planned_again(session, chen):
    forget(session, chen)
    calls = session.scalars(select(Followup).order_by(Followup.id)).all()
    assert [call.state for call in calls] == ["completed", "cancelled"]
    assert calls[1].ended_at == NOW


def test_it_is_done_once_and_by_an_administrator(session, dealer, chen):
    session.info["person"] = account(session, Role.MANAGER, dealer)
    with pytest.raises(Forbidden):
        forget(session, chen)
    session.info["person"] = SYSTEM
    forget(session, chen)
    with pytest.raises(Refused, match="taken out already"):
        forget(session, chen)


def test_the_file_cannot_be_changed_any_more(session, dealer, chen):
    forget(session, chen)
    session.info["person"] = account(session, Role.MANAGER, dealer)
    with pytest.raises(Refused, match="nothing to do"):
        customers.edit(
            session, customer_id=chen.id, version=chen.version, now=NOW, today=NOW.date(), name="陈"
        )
    with pytest.raises(Refused, match="no phone number"):
        customers.reveal(session, customer_id=chen.id, now=NOW)


def test_a_number_nobody_has_stays_none_to_the_checks(session, dealer, chen):
    chen.phone = "13800000000"
    session.flush()
    forget(session, chen)
    assert chen.phone == "~"


def test_a_key_is_the_same_for_the_same_plate_and_tells_nothing(session):
    one = veil.begun(session, "a" * 24)
    assert veil.begun(session, "b" * 24)("粤A12345") == one("粤A12345")
    assert one(one("粤A12345")) == one("粤A12345")
    assert one("粤A12345") != one("粤A12346")
    assert veil.kept(session)("粤A12345") == one("粤A12345")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[datetime]:
    """A small dealer group."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    moment = datetime(2026, 3, 16, 2, tzinfo=UTC)
    load(engine, stores=1, years=2, as_of=moment)
    yield moment
    engine.dispose()


def figures(now) -> dict[str, str]:
    """What every metric says with every option."""
    found = {}
    with db.reading(as_=SYSTEM) as session:
        for code, each in METRICS.items():
            more = [{key: value} for key, known in each.options.items() for value in known]
            for option in ({}, *more):
                answer = each(session, Scope(as_of=now), **option)
                found[f"{code} {option}"] = repr(answer.frame.to_dict("records")) + repr(
                    answer.summary
                )
    return found


def test_no_figure_changes_by_a_digit(demo):
    with db.reading(as_=SYSTEM) as session:
        wanted = _with_most(session)
    before = figures(demo)
    with db.writing(by=SYSTEM) as session:
        for customer_id in wanted:
            customers.anonymise(session, customer_id=customer_id, now=demo, secret="s" * 24)
    after = figures(demo)
    assert {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    } == {}


def _with_most(session) -> list[int]:
    """Customers with complaints and answers, and no call that is still to be made."""
    case, call = Complaint, Followup
    owed = select(call.customer_id).where(call.ended_at.is_(None), call.customer_id.is_not(None))
    query = (
        select(case.customer_id)
        .join(SurveyResponse, SurveyResponse.vehicle_id == case.vehicle_id)
        .where(case.customer_id.is_not(None), case.customer_id.not_in(owed))
    )
    found = list(session.scalars(query.distinct().order_by(case.customer_id).limit(5)))
    assert len(found) == 5
    return found


def test_nobody_is_planned_to_be_called_who_is_not_known(demo):
    with db.writing(by=SYSTEM) as session:
        private = (~Vehicle.fleet, ~Vehicle.internal, Vehicle.customer_id.is_not(None))
        car = session.scalars(select(Vehicle).where(*private).order_by(Vehicle.id)).first()
        customer_id = car.customer_id
        car_id, car.inspection_due_on = car.id, date(2026, 4, 10)
        rule = session.scalars(select(FollowupRule).where(FollowupRule.code == "inspection")).one()
        rule.active, rule.starts_on = True, date(2026, 3, 1)
        customers.anonymise(session, customer_id=customer_id, now=demo, secret="s" * 24)
    planning.plan(now=demo, late=planning.NOT_LATE)
    with db.reading(as_=SYSTEM) as session:
        about = (Followup.vehicle_id == car_id, Followup.anchored_on == date(2026, 4, 10))
        assert list(session.scalars(select(Followup.state).where(*about))) == ["cancelled"]
