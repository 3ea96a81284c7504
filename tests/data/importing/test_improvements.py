"""Improvement actions into the database: who, until when, done when, and their history."""

from datetime import date, timedelta

import pytest

from data import db
from data.commands import improvements
from data.metrics.improvements.standing import standings, unfolded
from data.models import Complaint, Employee, Event, Improvement, ImprovementComplaint
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.data.importing.conftest import NOW, outcome
from tests.factories import at

HEADER = (
    "整改编号,整改措施,类型,原因,投诉类别,责任人,立项日期,计划完成日期,完成日期,状态,涉及投诉编号\n"
)
OPEN = "Z1,增加终检项,纠正措施,没有复检,交车不洁,周杰,2025-12-01,2026-01-20,,待整改,\n"
DONE = "Z2,话术培训,培训,,服务顾问态度,李静,2025-11-03,2025-12-10,2025-12-12,已完成,T1、T2\n"
COMPLAINTS = "投诉编号,投诉时间\nT1,2025-10-06 09:00\nT2,2025-10-07 09:00\n"


def by_number(dealer):
    return {action.number: action for action in dealer.rows(Improvement)}


def history(dealer, action):
    mine = [e for e in dealer.rows(Event) if (e.subject, e.subject_id) == ("action", action.id)]
    return [(entry.kind, entry.at) for entry in mine]


def test_actions_with_their_people_their_days_and_the_same_again(dealer) -> None:
    dealer.read("complaints", COMPLAINTS)
    assert outcome(dealer.read("improvements", HEADER + OPEN + DONE)) == "read 2 added 2"
    one, two = (by_number(dealer)[number] for number in ("Z1", "Z2"))
    assert (one.state, one.kind, one.cause) == ("open", "corrective", "没有复检")
    assert (one.original_due_on, one.due_on) == (date(2026, 1, 20), date(2026, 1, 20))
    assert one.created_at == at("2025-12-01 09:00")
    assert (two.state, two.kind, two.done_at) == ("done", "training", at("2025-12-12 18:00"))
    names = dict(dealer.rows(Employee, "id", "name"))
    assert [names[each.owner_id] for each in (one, two)] == ["周杰", "李静"]
    linked = {row.complaint_id for row in dealer.rows(ImprovementComplaint)}
    assert linked == {case.id for case in dealer.rows(Complaint)}
    before = dealer.all()
    assert outcome(dealer.read("improvements", HEADER + OPEN + DONE)) == "read 2 unchanged 2"
    assert dealer.all() == {**before, "import_batch": 3, "event": before["event"] + 1}


def test_its_history_stands_as_of_any_day(dealer) -> None:
    dealer.read("improvements", HEADER + DONE.replace("T1、T2", ""))
    two = by_number(dealer)["Z2"]
    assert history(dealer, two) == [
        ("opened", at("2025-11-03 09:00")),
        ("done", at("2025-12-12 18:00")),
        ("imported", NOW),
    ]
    with db.reading(as_=SYSTEM) as session:
        then = standings(session, Scope(as_of=at("2025-12-11 10:00")))
        assert [(one.state, one.overdue, one.done_at) for one in then] == [("open", True, None)]


def test_what_the_file_says_later_is_taken_with_its_event(dealer) -> None:
    dealer.read("improvements", HEADER + OPEN)
    later = (
        OPEN.replace("2026-01-20", "2026-02-10").replace("周杰", "李静").replace("待整改", "整改中")
    )
    assert outcome(dealer.read("improvements", HEADER + later)) == "read 1 changed 1"
    one = by_number(dealer)["Z1"]
    assert (one.state, one.due_on) == ("in_progress", date(2026, 2, 10))
    assert one.original_due_on == date(2026, 1, 20)
    kinds = [kind for kind, _ in history(dealer, one)]
    assert kinds == ["opened", "imported", "assigned", "put_off", "started", "imported"]
    with db.reading(as_=SYSTEM) as session:
        now = standings(session, Scope(as_of=NOW))
        events = session.query(Event).filter_by(subject="action").order_by(Event.at, Event.id)
        assert [unfolded(each, events) for each in now] == now


def test_what_people_did_here_is_not_undone_by_the_same_file(dealer) -> None:
    dealer.read("improvements", HEADER + OPEN)
    manager = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    one = by_number(dealer)["Z1"]
    with db.writing(manager) as session:
        improvements.finish(session, action_id=one.id, version=one.version, now=NOW)
    assert outcome(dealer.read("improvements", HEADER + OPEN)) == "read 1 unchanged 1"
    renamed = OPEN.replace("增加终检项", "增加两项终检")
    assert outcome(dealer.read("improvements", HEADER + renamed)) == "read 1 changed 1"
    one = by_number(dealer)["Z1"]
    assert (one.state, one.title) == ("done", "增加两项终检")


def test_what_was_verified_here_is_not_done_again_by_a_file(dealer) -> None:
    dealer.read("improvements", HEADER + OPEN)
    with db.writing(SYSTEM) as session:
        action = session.query(Improvement).one()
        action.state, action.done_at = "effective", NOW - timedelta(days=9)
    again = OPEN.replace(",,待整改", ",2026-01-02,已完成")
    assert outcome(dealer.read("improvements", HEADER + again)) == "read 1 refused 1"


@pytest.mark.parametrize(
    ("wrong", "outcome_"),
    [
        (OPEN.replace("周杰", ""), "read 1 refused 1"),
        (OPEN.replace("2026-01-20", ""), "read 1 refused 1"),
        (OPEN.replace("2026-01-20", "2025-11-30"), "read 1 refused 1"),
        (DONE.replace("2025-12-12", "2025-11-02"), "read 1 refused 1"),
        (OPEN.replace("交车不洁", "雨刮"), "read 1 added 1 warnings 1"),
        (OPEN.replace("纠正措施", "别的"), "read 1 added 1 warnings 1"),
        (OPEN.replace("待整改", "有效期内"), "read 1 added 1 warnings 1"),
        (DONE, "read 1 added 1 warnings 1"),
    ],
)
def test_bad_rows_are_refused_and_doubtful_ones_said(dealer, wrong, outcome_) -> None:
    assert outcome(dealer.read("improvements", HEADER + wrong)) == outcome_


@pytest.mark.parametrize(
    ("word", "day", "state"),
    [("effective", "2025-12-12", "done"), ("已完成", "", "in_progress"), ("作废", "", "cancelled")],
)
def test_a_verdict_is_never_read_and_done_needs_its_day(dealer, word, day, state) -> None:
    row = DONE.replace("2025-12-12", day).replace("已完成", word).replace("T1、T2", "")
    dealer.read("improvements", HEADER + row)
    action = by_number(dealer)["Z2"]
    assert (action.state, action.verdict) == (state, None)


def test_a_dry_run_writes_nothing(dealer) -> None:
    before = dealer.all()
    result = dealer.read("improvements", HEADER + OPEN + DONE, dry_run=True)
    assert outcome(result) == "read 2 added 2 warnings 1"
    assert dealer.all() == before
