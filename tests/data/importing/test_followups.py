"""Calls into the database: what came of them, what was answered, and that nothing is made twice."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import db, defaults
from data.commands import followups as commands
from data.importing.storing.shelf import Held
from data.importing.storing.tasks import standing
from data.models import (
    CallAttempt,
    CallResult,
    Customer,
    Employee,
    Followup,
    FollowupRule,
    Question,
    SurveyAnswer,
    SurveyResponse,
    Vehicle,
)
from data.person import SYSTEM, Role
from data.planning.run import plan
from tests import factories
from tests.data.importing.conftest import NOW, outcome
from tests.data.importing.test_samples import TEN_DIGITS
from tests.factories import at

HEADER = (
    "回访编号,回访时间,回访员,结果,通话时长,总体满意度,推荐意愿,服务态度,等待时间,"
    "回访备注,工单号,车牌号\n"
)
ORDERS = (
    "工单号,接待日期,出厂时间,客户姓名,客户电话,车牌号\n"
    "RO1,2026-01-05 09:00,2026-01-05 15:00,张,19900000001,粤BE0001\n"
    "RO2,2026-01-05 16:00,2026-01-05 17:00,张,19900000001,粤BE0001\n"
    "RO3,2026-01-13 09:00,2026-01-13 15:00,李,19900000002,粤BE0002\n"
    "RO4,2026-01-13 09:00,,王,19900000003,粤BE0003\n"
)
DONE = "H1,2026-01-06 10:00,周杰,接通,320秒,5,9,满意,,很好,RO1,粤BE0001\n"


def one(dealer, model=Followup):
    (row,) = dealer.rows(model)
    return row


def counted(dealer) -> dict[str, int]:
    models = (Followup, CallAttempt, SurveyResponse, SurveyAnswer)
    return dealer.all() | {model.__tablename__: len(dealer.rows(model)) for model in models}


def same_again(dealer, file, read: int, unchanged: int | None = None, **more) -> None:
    """Reading it once more changes nothing but the diary of imports."""
    before = counted(dealer)
    result = dealer.read("followups", file, **more)
    assert (result.read, result.unchanged) == (read, read if unchanged is None else unchanged)
    assert (result.added, result.changed) == (0, 0)
    diary = {"import_batch", "import_reject", "event"}
    after = counted(dealer)
    assert {k: v for k, v in after.items() if k not in diary} == {
        k: v for k, v in before.items() if k not in diary
    }


# --- the sample ------------------------------------------------------------------------------


def test_thirty_dirty_callbacks_row_by_row(dealer, sample) -> None:
    rows = json.loads(sample("callback_records_dirty.expected.json").read_text())
    dealer.read("repair-orders", sample("repair_orders_clean_utf8.csv"))
    result = dealer.read("followups", sample("callback_records_dirty.xlsx"))
    refused = {int(remark.line) - 1 for remark in result.refusals}
    assert refused == {row["row"] for row in rows if must_be_refused(row)}
    assert (result.read, result.added, result.refused) == (30, 30 - len(refused), len(refused))
    answers = {response.order_id: response for response in dealer.rows(SurveyResponse)}
    calls = {task.number.split("@")[0]: task for task in dealer.rows(Followup)}
    taken = [row for row in rows if row["row"] not in refused]
    assert len(calls) == len(taken)
    for row, number in zip(taken, calls, strict=True):
        response = answers[calls[number].order_id]
        assert response.overall == row["总体满意度"]["expect"], row
        said = row["实际回访日期"]["expect"]
        if said and said[:4] == "2025":
            assert response.answered_on == date.fromisoformat(said[:10])
        else:
            assert response.answered_on == date(2025, 3, 4), "the day it was planned for"
    assert all(task.anchor for task in calls.values())
    same_again(dealer, sample("callback_records_dirty.xlsx"), 30, 30 - len(refused))


def must_be_refused(row) -> bool:
    words = [row[name]["expect"] for name in ("实际回访日期", "联系电话", "总体满意度")]
    refusing = ("reject", "flag: future", "ambiguous D/M")
    kept = "5 or reject: not in the scale list"
    said = [word for word in words if isinstance(word, str) and word != kept]
    return row["联系电话"]["raw"] == TEN_DIGITS or any(word.startswith(refusing) for word in said)


# --- one call --------------------------------------------------------------------------------


def test_a_call_after_service_is_the_one_the_planning_would_make(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    assert outcome(dealer.read("followups", HEADER + DONE)) == "read 1 added 1"
    task = one(dealer)
    assert task.anchor == f"v{task.vehicle_id} 2026-01-05"
    assert (task.anchored_on, task.due_on) == (date(2026, 1, 5), date(2026, 1, 6))
    assert (task.planned_at, task.due_at) == (at("2026-01-05 15:00"), at("2026-01-06 15:00"))
    assert task.expires_at == at("2026-01-20 15:00")
    assert (task.state, task.respondent, task.attempts) == ("completed", "owner", 1)
    assert task.first_attempt_at == task.connected_at == at("2026-01-06 10:00")
    assert task.completed_at == task.ended_at == at("2026-01-06 10:05:20")
    assert task.talk_s == 320
    call = one(dealer, CallAttempt)
    assert (call.at, call.result, call.duration_s) == (at("2026-01-06 10:00"), "connected", 320)
    (caller,) = [who for who in dealer.rows(Employee) if who.name == "周杰"]
    assert (caller.role, task.agent_id, call.agent_id) == ("agent", caller.id, caller.id)
    same_again(dealer, HEADER + DONE, 1)
    assert one(dealer).version == task.version


def test_the_planning_makes_no_second_call(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + DONE)
    plan(now=NOW)
    anchors = sorted(dealer.rows(Followup, "anchored_on", "state"))
    assert anchors == [(date(2026, 1, 5), "completed"), (date(2026, 1, 13), "planned")]
    later = HEADER + DONE.replace("RO1", "RO3").replace("H1,2026-01-06", "H2,2026-01-14")
    assert dealer.read("followups", later).changed == 1, "it fills the one that was planned"
    assert {state for (state,) in dealer.rows(Followup, "state")} == {"completed"}
    same_again(dealer, later, 1)


def test_blanks_stay_blank_and_are_counted(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + DONE)
    response = one(dealer, SurveyResponse)
    assert (response.overall, response.nps, response.lowest) == (5, 9, 4)
    assert (response.comment, response.answered_on) == ("很好", date(2026, 1, 6))
    assert (response.asked, response.blank) == (1, 1), "required: timeliness, left blank"
    with db.reading(SYSTEM) as session:
        question = session.get(Question, one(dealer, SurveyAnswer).question_id)
        assert (question.code, one(dealer, SurveyAnswer).score) == ("attitude", 4)


def test_a_score_that_comes_later_is_added_and_an_empty_cell_takes_nothing(dealer) -> None:
    dealer.read("followups", HEADER + DONE)
    later = DONE.replace("满意,,很好", ",2,")
    assert outcome(dealer.read("followups", HEADER + later)) == "read 1 changed 1 warnings 1"
    response = one(dealer, SurveyResponse)
    assert (response.lowest, response.asked, response.blank) == (2, 1, 0)
    assert response.comment == "很好"
    assert sorted(dealer.rows(SurveyAnswer, "score")) == [(2,), (4,)]
    same_again(dealer, HEADER + later, 1)


@pytest.mark.parametrize("score", ["0", "6", "4.5", "-1", "十分", "很好"])
def test_what_is_off_the_scale_is_refused_and_never_a_zero(dealer, score: str) -> None:
    result = dealer.read("followups", HEADER + DONE.replace(",5,9,", f",{score},9,"))
    assert outcome(result) == "read 1 refused 1"
    assert "from 1 to 5" in str(result.refusals[0])
    assert dealer.rows(SurveyResponse) == dealer.rows(Followup) == []


@pytest.mark.parametrize(
    ("word", "result", "state"),
    [
        ("已接通", "connected", "completed"),
        ("成功", "connected", "completed"),
        ("无人接听", "no_answer", "due"),
        ("占线", "busy", "due"),
        ("关机", "switched_off", "due"),
        ("无法接通", "unreachable", "due"),
        ("约定再访", "other", "due"),
        ("停机", "suspended", "invalid_number"),
        ("空号", "empty_number", "invalid_number"),
        ("拒访", "refused", "refused"),
        ("车已卖", "car_sold", "cancelled"),
    ],
)
def test_the_words_for_what_came_of_a_call(dealer, word: str, result: str, state: str) -> None:
    file = "回访编号,回访时间,结果,车牌号\nH1,2026-01-14 10:00," + word + ",粤BE0001\n"
    dealer.read("followups", file)
    task, call = one(dealer), one(dealer, CallAttempt)
    assert (call.result, task.state) == (result, state)
    assert (task.ended_at is None) == (state == "due")
    assert task.next_try_at == (at("2026-01-14 13:00") if state == "due" else None)


def test_an_unknown_result_is_kept_in_its_own_words_or_mapped(dealer, write) -> None:
    file = HEADER + "H1,2026-01-14 10:00,,彩铃,,,,,,下午再打,,粤BE0001\n"
    result = dealer.read("followups", file)
    assert "彩铃" in str(result.doubts[0])
    call = one(dealer, CallAttempt)
    assert (call.result, call.note) == ("other", "彩铃 · 下午再打")
    mapping = write('[values.result]\n"彩铃" = "no_answer"\n', "m.toml")
    assert outcome(dealer.read("followups", file, mapping=mapping)) == "read 1 changed 1"
    assert one(dealer, CallAttempt).result == "no_answer"


def test_answers_without_a_talk_are_kept_but_complete_nothing(dealer) -> None:
    result = dealer.read("followups", HEADER + DONE.replace("接通,320秒", "未接,"))
    assert any("no talk" in str(doubt) for doubt in result.doubts)
    assert (one(dealer).completed_at, one(dealer, CallAttempt).result) == (None, "no_answer")
    assert one(dealer, SurveyResponse).overall == 5


def test_without_a_result_answers_say_that_there_was_a_talk(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + DONE.replace("接通,320秒", ","))
    assert one(dealer).state == "completed"
    nothing = dealer.read("followups", HEADER + "H2,2026-01-06,,,,,,,,,RO3,\n")
    assert "no result and no answer" in str(nothing.refusals[0])


def test_a_day_without_a_time_is_its_first_second_and_never_late(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + DONE.replace("2026-01-06 10:00", "2026/1/6"))
    task = one(dealer)
    assert task.connected_at == at("2026-01-06 00:00")
    assert task.completed_at <= task.due_at


def test_who_answered_the_telephone(dealer) -> None:
    header = "回访编号,回访时间,结果,接听人,总体满意度,车牌号\n"
    rows = [
        f"H{n},2026-01-06,接通,{who},5,粤BE0001\n" for n, who in enumerate(("送修人", "家人", "猫"))
    ]
    result = dealer.read("followups", header + "".join(rows))
    assert "猫" in str(result.doubts[-1])
    assert dealer.rows(Followup, "respondent") == [("person_served",), ("other",), ("other",)]


# --- plans and tries -------------------------------------------------------------------------


def test_a_call_that_is_only_planned_is_owed(dealer) -> None:
    header = "回访编号,计划回访日期,实际回访日期,回访人员,回访结果,车牌号\n"
    file = header + "H1,2026-01-16,,客服A,未回访,粤BE0001\nH2,2025-11-01,-,客服A,,粤BE0002\n"
    dealer.read("followups", file)
    owed, missed = dealer.rows(Followup)
    assert (owed.state, owed.attempts, owed.due_on) == ("planned", 0, date(2026, 1, 16))
    assert owed.due_at == at("2026-01-16 23:59:59")
    assert owed.agent_id is not None
    assert (missed.state, missed.ended_at) == ("unreachable", missed.expires_at)
    assert dealer.rows(CallAttempt) == []
    same_again(dealer, file, 2)


def test_a_plan_and_then_its_call_are_one(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    header = "计划回访日期,实际回访日期,结果,总体满意度,工单号\n"
    dealer.read("followups", header + "2026-01-14,,未回访,,RO3\n")
    result = dealer.read("followups", header + "2026-01-14,2026-01-14 11:00,接通,4,RO3\n")
    assert outcome(result) == "read 1 changed 1"
    assert one(dealer).state == "completed"


def test_a_call_without_its_moment_counts_for_the_day_of_its_plan(dealer) -> None:
    header = "回访编号,计划回访日期,实际回访日期,结果,总体满意度,车牌号\n"
    result = dealer.read("followups", header + "H1,2026-01-06,无,接通,5,粤BE0001\n")
    assert "2026-01-06, was taken" in str(result.doubts[-1])
    assert one(dealer, SurveyResponse).answered_on == date(2026, 1, 6)
    result = dealer.read("followups", header + "H2,2026-03-06,无,接通,5,粤BE0001\n")
    assert "still to come" in str(result.refusals[0])


def test_several_tries_of_one_callback(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    header = "回访编号,回访时间,回访员,结果,通话时长,工单号,总体满意度\n"
    rows = [
        "H1,2026-01-14 10:00,周杰,未接,,RO3,\n",
        "H1,2026-01-14 14:00,李静,占线,,RO3,\n",
        "H1,2026-01-14 18:00,李静,接通,03:20,RO3,5\n",
    ]
    assert outcome(dealer.read("followups", header + "".join(rows))) == "read 3 added 1 changed 2"
    task = one(dealer)
    assert (task.attempts, task.state, task.talk_s) == (3, "completed", 200)
    assert task.first_attempt_at == at("2026-01-14 10:00")
    assert (task.connected_at, task.next_try_at) == (at("2026-01-14 18:00"), None)
    (caller,) = [who for who in dealer.rows(Employee) if who.name == "李静"]
    assert task.agent_id == caller.id, "who had the talk has the callback"
    same_again(dealer, header + "".join(rows), 3)


def test_calls_about_two_orders_of_one_day_are_one_callback(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    file = "回访时间,结果,工单号\n2026-01-06 10:00,未接,RO1\n2026-01-06 12:00,未接,RO2\n"
    assert outcome(dealer.read("followups", file)) == "read 2 added 1 changed 1 warnings 1"
    assert one(dealer).attempts == 2
    assert len(dealer.rows(CallAttempt)) == 2


def test_a_second_set_of_answers_is_for_a_person_to_decide(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    second = DONE.replace("H1,2026-01-06", "H1,2026-01-07")
    result = dealer.read("followups", HEADER + DONE + second)
    assert outcome(result) == "read 2 added 1 refused 1"
    assert "answers of 2026-01-06 already" in str(result.refusals[0])


def test_the_same_moment_said_twice_differently_is_refused(dealer) -> None:
    result = dealer.read("followups", HEADER + DONE + DONE + DONE.replace(",5,9", ",3,9"))
    assert (result.added, result.duplicates, result.refused) == (1, 1, 1)


# --- whom it is about ------------------------------------------------------------------------


def test_a_call_may_stand_alone(dealer) -> None:
    header = "回访时间,结果,客户姓名,联系电话,车牌号,总体满意度\n"
    file = header + "2026-01-06 10:00,接通,张,１９９ ０００ ００００１,粤be0001,５分\n"
    assert outcome(dealer.read("followups", file)) == "read 1 added 1"
    task = one(dealer)
    assert (task.rule_id, task.anchor, task.order_id) == (None, None, None)
    assert (task.number, task.due_on) == ("粤BE0001@20260106T100000", date(2026, 1, 6))
    assert task.completed_at <= task.due_at
    assert dealer.rows(Customer, "id", "phone") == [(task.customer_id, "19900000001")]
    assert dealer.rows(Vehicle, "id", "plate") == [(task.vehicle_id, "粤BE0001")]
    same_again(dealer, file, 1)


def test_an_order_that_nobody_knows_is_said(dealer) -> None:
    result = dealer.read("followups", HEADER + DONE)
    assert "no repair order" in str(result.doubts[0])
    assert one(dealer).anchor is None


def test_a_call_before_the_car_was_handed_back_is_not_the_one_after_service(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    file = "回访编号,回访时间,结果,工单号\nH1,2026-01-12 10:00,接通,RO3\nH2,2026-01-14,接通,RO4\n"
    dealer.read("followups", file)
    assert dealer.rows(Followup, "anchor", "rule_id") == [(None, None), (None, None)]
    assert all(task.order_id and task.vehicle_id for task in dealer.rows(Followup))


def test_the_order_says_whose_car_it_was(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    result = dealer.read("followups", HEADER + DONE.replace("粤BE0001", "粤BE0009"))
    assert "is of the vehicle 粤BE0001" in str(result.doubts[0])
    assert len(dealer.rows(Vehicle)) == 3


def test_nobody_is_owed_a_call_about_a_fleet_car_unless_it_was_made(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    with db.writing(SYSTEM) as session:
        for vehicle in session.query(Vehicle):
            vehicle.fleet = True
    header = "回访编号,计划回访日期,回访时间,结果,工单号\n"
    dealer.read("followups", header + "H1,2026-01-14,,未回访,RO3\n")
    task = one(dealer)
    assert (task.excluded, task.state) == ("fleet", "cancelled")
    assert task.ended_at == task.planned_at
    dealer.read("followups", header + "H1,2026-01-14,2026-01-14 10:00,接通,RO3\n")
    assert (one(dealer).excluded, one(dealer).state) == (None, "completed")


def test_what_people_recorded_here_stays(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + DONE.replace("接通,320秒,5,9,满意,,很好", "未接,,,,,,"))
    with db.writing(SYSTEM) as session:
        store = session.get(factories.Store, one(dealer).store_id)
        person = factories.account(session, Role.MANAGER, store)
    with db.writing(person) as session:
        task = one(dealer)
        commands.attempt(
            session, followup_id=task.id, version=task.version, now=NOW, result="refused"
        )
    recorded = one(dealer)
    result = dealer.read("followups", HEADER + DONE)
    assert outcome(result) == "read 1 unchanged 1"
    elsewhere = dealer.read("followups", HEADER + DONE.replace("10:00", "18:00"))
    assert "was recorded here" in str(elsewhere.doubts[0])
    assert (one(dealer).state, one(dealer).version) == (recorded.state, recorded.version)
    assert len(dealer.rows(CallAttempt)) == 2
    assert dealer.rows(SurveyResponse) == []


def test_a_trial_says_the_same_and_writes_nothing(dealer) -> None:
    dealer.read("repair-orders", ORDERS)
    before = counted(dealer)
    assert outcome(dealer.read("followups", HEADER + DONE, dry_run=True)) == "read 1 added 1"
    assert counted(dealer) == before


def test_the_other_store_has_callbacks_of_its_own(dealer) -> None:
    dealer.read("followups", HEADER + DONE)
    result = dealer.read("followups", HEADER + DONE, store_code="S2")
    assert result.added == 1
    assert len(dealer.rows(Followup)) == 2


# --- how a callback stands after its tries ---------------------------------------------------

START = datetime(2026, 1, 5, 7, tzinfo=at("2026-01-05 15:00").tzinfo)
RULE = FollowupRule(attempts=5, retry_hours=3, window=defaults.WINDOW)
TRIES = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from(list(CallResult)), st.integers(0, 900)),
    max_size=6,
    unique_by=lambda one: one[0],
)


def stands(tries: Sequence[tuple[int, CallResult, int]]) -> dict[str, object]:
    held = [
        Held({"at": START + timedelta(hours=h), "result": str(r), "duration_s": s}, n)
        for n, (h, r, s) in enumerate(tries)
    ]
    task = Held({"expires_at": START + timedelta(days=15), "respondent": None}, 1)
    return standing(task, held, RULE, ZoneInfo("Asia/Shanghai"), START + timedelta(days=20))


@given(TRIES)
def test_a_callback_stands_as_its_tries_say(tries) -> None:
    found = stands(tries)
    assert found["attempts"] == len(tries)
    talked = any(result is CallResult.CONNECTED for _, result, _ in tries)
    assert (found["state"] == "completed") == talked == (found["connected_at"] is not None)
    assert found["ended_at"] is not None, "it has expired, or it is over before"
    first = found["first_attempt_at"]
    assert first is None or first <= found["ended_at"]


@given(TRIES.filter(lambda tries: len(tries) < 4))
def test_the_order_of_the_rows_does_not_matter(tries) -> None:
    assert all(stands(list(other)) == stands(tries) for other in permutations(tries))
