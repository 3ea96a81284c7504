"""Complaints into the database: their clocks, and what people have done with them meanwhile."""

from datetime import UTC, date, datetime

from data import db
from data.commands import complaints
from data.models import Complaint, ComplaintPast, Customer, Employee, Event, Vehicle
from data.person import Person, Role
from tests.data.importing.conftest import NOW, outcome
from tests.factories import at

HEADER = (
    "投诉编号,投诉时间,首次响应时间,要求完成时间,解决时间,结案时间,级别,投诉类别,责任人,车牌号\n"
)
OPEN = "T1,2026-01-10 08:00,,,,,一般,制动系统,周杰,粤BE0001\n"


def one(dealer) -> Complaint:
    (case,) = dealer.rows(Complaint)
    return case


def test_a_case_with_its_policy_and_the_same_again(dealer) -> None:
    assert outcome(dealer.read("complaints", HEADER + OPEN)) == "read 1 added 1"
    case = one(dealer)
    assert (case.state, case.severity, case.severity_words) == ("new", "general", None)
    assert case.since == case.opened_at == at("2026-01-10 08:00")
    assert case.reply_due_at == at("2026-01-11 08:00")
    assert case.close_due_at == at("2026-02-10 08:00")
    assert case.category_id is not None
    assert dealer.rows(Vehicle, "id", "plate") == [(case.vehicle_id, "粤BE0001")]
    assert dealer.rows(Employee, "id", "name") == [(case.owner_id, "周杰")]
    assert case.first_contact_id == case.owner_id
    before = dealer.all()
    assert outcome(dealer.read("complaints", HEADER + OPEN)) == "read 1 unchanged 1"
    assert dealer.all() == {**before, "import_batch": 2, "event": before["event"] + 1}
    assert one(dealer).version == case.version


def test_the_deadline_in_the_file_goes_before_the_policy(dealer) -> None:
    dealer.read("complaints", HEADER + OPEN.replace(",,,,,一般", ",,2026-01-14 08:00,,,一般"))
    case = one(dealer)
    assert case.close_due_at == at("2026-01-14 08:00")
    assert case.close_half_at == at("2026-01-12 08:00")
    assert case.close_warn_at == at("2026-01-13 08:00")
    assert case.reply_due_at == at("2026-01-11 08:00")


def test_without_severity_and_deadline_there_is_no_clock(dealer) -> None:
    dealer.read("complaints", "投诉编号,投诉时间,结案时间\nT5,2025-03-01 08:00,2025-03-09 08:00\n")
    case = one(dealer)
    assert (case.reply_due_at, case.close_due_at, case.severity) == (None, None, None)
    assert (case.state, case.resolved_at) == ("closed", at("2025-03-09 08:00"))


def test_unknown_words_are_kept_or_mapped(dealer, write) -> None:
    file = HEADER + OPEN.replace("一般,制动系统", "特急,雨刮")
    dealer.read("complaints", file)
    case = one(dealer)
    assert (case.severity, case.severity_words) == (None, "特急")
    assert (case.category_id, case.category_words) == (None, "雨刮")
    mapping = write(
        '[values.severity]\n"特急"="critical"\n[values.category]\n"雨刮"="brakes"\n', "m"
    )
    assert outcome(dealer.read("complaints", file, mapping=mapping)) == "read 1 changed 1"
    case = one(dealer)
    assert (case.severity, case.severity_words, case.category_words) == ("critical", None, None)
    assert case.category_id is not None
    assert case.close_due_at == NOW.replace(day=18), "graver: three days from now"


def test_what_the_file_says_later_is_taken_with_the_past_kept(dealer) -> None:
    dealer.read("complaints", HEADER + OPEN)
    answered = OPEN.replace("08:00,,,", "08:00,2026-01-10 09:00,,2026-01-12 10:00")
    assert outcome(dealer.read("complaints", HEADER + answered)) == "read 1 changed 1"
    case = one(dealer)
    assert (case.state, case.replied_at) == ("resolved", at("2026-01-10 09:00"))
    assert case.resolved_at == at("2026-01-12 10:00")
    assert dealer.rows(ComplaintPast) == [], "what carries its own date needs no past"
    moved = answered.replace("周杰", "李静")
    assert outcome(dealer.read("complaints", HEADER + moved)) == "read 1 changed 1"
    (past,) = dealer.rows(ComplaintPast)
    now = one(dealer)
    assert past.owner_id == case.owner_id != now.owner_id
    assert now.hand_offs == 1
    assert (past.until, now.since) == (NOW, NOW)
    assert now.first_contact_id == case.owner_id


def test_what_people_did_here_is_not_undone_by_the_same_file(dealer) -> None:
    dealer.read("complaints", HEADER + OPEN + "T2,2026-01-11 08:00,,,,,,,李静,\n")
    case, other = dealer.rows(Complaint)
    manager = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    with db.writing(manager) as session:
        complaints.assign(
            session,
            complaint_id=case.id,
            version=case.version,
            now=NOW,
            today=NOW.date(),
            owner_id=other.owner_id,
            due_on=date(2026, 1, 20),
        )
    assert outcome(dealer.read("complaints", HEADER + OPEN)) == "read 1 unchanged 1"
    content = OPEN.replace("制动系统", "发动机")
    assert outcome(dealer.read("complaints", HEADER + content)) == "read 1 changed 1"
    assert dealer.rows(Complaint)[0].owner_id == other.owner_id


def test_a_case_finds_its_order_and_through_it_vehicle_and_customer(dealer) -> None:
    order = "工单号,接待日期,客户名称,客户电话,车牌号\nRO1,2025-03-05,张,19900000001,粤BE0001\n"
    dealer.read("repair-orders", order)
    file = "投诉编号,投诉时间,工单号\nT1,2025-03-06,RO1\nT2,2025-03-06,RO9\n"
    result = dealer.read("complaints", file)
    assert outcome(result) == "read 2 added 2 warnings 1"
    assert "no repair order" in str(result.doubts[0])
    first, second = dealer.rows(Complaint)
    assert dealer.rows(Vehicle, "id") == [(first.vehicle_id,)]
    assert dealer.rows(Customer, "id") == [(first.customer_id,)]
    assert first.order_id is not None
    assert (second.order_id, second.vehicle_id) == (None, None)


def test_each_case_leaves_an_event_with_what_the_file_said(dealer) -> None:
    dealer.read("complaints", HEADER + OPEN)
    events = [row for row in dealer.rows(Event) if row.subject == "complaint"]
    assert [(row.kind, row.at, row.actor) for row in events] == [("imported", NOW, "system")]
    assert events[0].data["said"]["opened_at"] == datetime(2026, 1, 10, tzinfo=UTC).isoformat()
