"""Answers into the database: with a callback, with an order, or alone."""

from datetime import date

import pytest

from data.models import Followup, SurveyAnswer, SurveyResponse
from tests.data.importing.conftest import outcome
from tests.factories import at

DIMENSIONS = (
    "时限,流程,适应性,预见性,信息沟通,客户反馈,组织和监管,"
    "仪表,态度,关注,得体,指导,销售技巧,礼貌解决问题"
)
HEADER = f"问卷编号,填写时间,工单号,回访编号,车牌号,总体满意度,NPS,{DIMENSIONS},客户意见\n"
SCORES = "5,4,满意,４,5分,,3,5,5,5,5,5,5,2"
ROW = f"Q1,2026-01-07 20:15,RO1,,粤BE0001,满意,10,{SCORES},等太久\n"
ORDER = "工单号,接待日期,出厂时间,车牌号\nRO1,2026-01-05 09:00,2026-01-05 15:00,粤BE0001\n"


def one(dealer, model=SurveyResponse):
    (row,) = dealer.rows(model)
    return row


def test_fourteen_dimensions_by_their_names(dealer) -> None:
    dealer.read("repair-orders", ORDER)
    assert outcome(dealer.read("surveys", HEADER + ROW)) == "read 1 added 1"
    response = one(dealer)
    assert (response.number, response.overall, response.nps) == ("Q1", 4, 10)
    assert (response.answered_at, response.answered_on) == (
        at("2026-01-07 20:15"),
        date(2026, 1, 7),
    )
    assert (response.lowest, response.asked, response.blank) == (2, 7, 1)
    assert (response.comment, response.callback_id) == ("等太久", None)
    assert response.order_id is not None
    assert response.vehicle_id is not None
    scores = [score for (score,) in dealer.rows(SurveyAnswer, "score")]
    assert scores == [5, 4, 4, 4, 5, 3, 5, 5, 5, 5, 5, 5, 2], "what was left blank is not there"


def test_read_twice_nothing_changes_and_a_mended_score_is_taken(dealer) -> None:
    dealer.read("surveys", HEADER + ROW)
    again = dealer.read("surveys", HEADER + ROW)
    assert (again.unchanged, again.added, again.changed) == (1, 0, 0)
    mended = dealer.read("surveys", HEADER + ROW.replace(",2,等", ",5,等"))
    assert mended.changed == 1
    assert (one(dealer).lowest, len(dealer.rows(SurveyAnswer))) == (3, 13)


def test_a_second_file_with_fewer_columns_unasks_nothing(dealer) -> None:
    header = "问卷编号,填写时间,车牌号,总体满意度,"
    dealer.read("surveys", header + "时限,流程\nQ1,2026-01-07,粤BE0001,5,4,\n")
    dealer.read("surveys", header + "流程,态度\nQ1,2026-01-07,粤BE0001,5,,3\n")
    response = one(dealer)
    assert (response.asked, response.blank, response.lowest) == (2, 1, 3)


def test_english_headings(dealer) -> None:
    file = "survey_no,answered_at,plate,overall_1_5,nps_0_10,timeliness,Selling skill,comment\n"
    dealer.read("surveys", file + "Q1,2026-01-07,粤BE0001,5,0,4,3,fine\n")
    assert (one(dealer).nps, one(dealer).lowest, one(dealer).comment) == (0, 3, "fine")
    assert len(dealer.rows(SurveyAnswer)) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Q1,2026-01-07,RO1,,,0,,\n", "from 1 to 5"),
        ("Q1,2026-01-07,RO1,,,5,11,\n", "from 0 to 10"),
        ("Q1,2026-01-07,RO1,,,-,无,-\n", "nothing in"),
        ("Q1,,RO1,,,5,,\n", "nothing in"),
        ("Q1,2026-02-07,RO1,,,5,,\n", "in the future"),
    ],
)
def test_what_cannot_be_is_refused(dealer, row: str, words: str) -> None:
    header = "问卷编号,填写时间,工单号,回访编号,车牌号,总体满意度,NPS,客户意见\n"
    result = dealer.read("surveys", header + row)
    assert words in str(result.refusals[0])
    assert dealer.rows(SurveyResponse) == []


def test_answers_belong_to_their_callback_and_only_once(dealer) -> None:
    dealer.read("repair-orders", ORDER)
    calls = "回访编号,回访时间,结果,工单号\nH1,2026-01-06 10:00,未接,RO1\n"
    dealer.read("followups", calls)
    file = "问卷编号,填写时间,回访编号,总体满意度\nQ1,2026-01-07,H1,5\n"
    assert outcome(dealer.read("surveys", file)) == "read 1 added 1"
    task, response = one(dealer, Followup), one(dealer)
    assert response.callback_id == task.id
    assert (response.order_id, response.vehicle_id) == (task.order_id, task.vehicle_id)
    second = dealer.read("surveys", file.replace("Q1", "Q2"))
    assert "has answers already" in str(second.refusals[0])
    assert dealer.read("surveys", file).unchanged == 1


def test_a_callback_that_nobody_knows_is_said(dealer) -> None:
    file = "填写时间,回访编号,总体满意度\n2026-01-07 09:30,H9,5\n"
    result = dealer.read("surveys", file)
    assert "stand alone" in str(result.doubts[0])
    assert (one(dealer).number, one(dealer).callback_id) == ("H9@20260107T093000", None)
    assert dealer.read("surveys", file).unchanged == 1
