"""The header: found, understood, doubled, unknown."""

import pytest

from data.importing.headers import find_header, plain, words_of
from data.importing.kinds import KINDS
from data.importing.kinds.orders import ORDERS

WORDS = words_of(ORDERS.words, {})


def header(*rows, words=WORDS):
    found = find_header([(number, row) for number, row in enumerate(rows, start=1)], words)
    assert found is not None
    return found


def fields(found) -> dict[str, str]:
    return {name: column.heading for name, column in found.read.items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("工单号", "number"),
        (" 工单号\xa0", "number"),
        ("\ufeff工单号", "number"),
        ("接待\n日期", "opened_at"),
        ("客户\u3000电话", "phone"),
        ("车架号(VIN)", "vin"),
        ("车架号（VIN）", "vin"),
        ("ＶＩＮ", "vin"),
        ("识别码(VIN)", "vin"),
        ("工时费(元)", "labour_fen"),
        ("工时费【元】", "labour_fen"),
        ("工时费：", "labour_fen"),
        ("*工单号", "number"),
        ("RO No.", "number"),
        ("Order Number", "number"),
        ("in_at", "opened_at"),
        ("delivered_at", "delivered_at"),
    ],
)
def test_a_heading_is_known_in_any_dress(heading: str, field: str) -> None:
    assert WORDS.fields[WORDS.meaning(heading)] == field


@pytest.mark.parametrize("heading", ["工时费(万元)", "总计金额说明", "", None, "()", "元"])
def test_another_heading_is_not(heading: object) -> None:
    assert WORDS.meaning(heading) is None


def test_the_header_stands_below_titles() -> None:
    found = header(
        ["维修明细"], ["统计期间", "2025"], [], ["工单号", "接待日期"], ["RO1", "2025-03-05"]
    )
    assert found.line == 4
    assert fields(found) == {"number": "工单号", "opened_at": "接待日期"}


def test_a_header_of_two_lines() -> None:
    found = header(
        ["工单号", "客户信息", "", "送修人", ""],
        ["", "姓名", "电话", "姓名", "电话"],
        ["RO1", "张", "1", "李", "2"],
    )
    assert found.line == 2
    places = {name: column.place for name, column in found.read.items()}
    assert places == {
        "number": 0,
        "customer": 1,
        "phone": 2,
        "brought_by": 3,
        "brought_by_phone": 4,
    }


def test_of_two_columns_that_mean_the_same_the_better_word_wins_and_both_are_named() -> None:
    found = header(["工单号", "结算日期", "出厂日期", "出厂日期"])
    assert found.read["delivered_at"].place == 2
    assert found.unread == ["结算日期", "出厂日期"]
    (notice,) = found.notices
    assert str(notice).startswith(
        "The columns 结算日期, 出厂日期, 出厂日期 mean the same; 出厂日期 (column 3) is read"
    )


def test_unknown_columns_are_listed() -> None:
    assert header(["工单号", "接待日期", "天气"]).unread == ["天气"]


def test_a_dealers_own_words() -> None:
    words = words_of(ORDERS.words, {"进店时刻(本地)": "opened_at", "结算日期": ""})
    found = header(["工单号", "进店时刻(本地)", "结算日期"], words=words)
    assert fields(found) == {"number": "工单号", "opened_at": "进店时刻(本地)"}


def test_rows_without_known_headings_have_no_header() -> None:
    assert find_header([(1, ["RO1", "2025-03-05"]), (2, ["工单号"] + ["x"] * 3)], WORDS) is None
    assert find_header([], WORDS) is None


def test_a_length_in_minutes_is_not_taken_for_seconds() -> None:
    words = words_of(KINDS["followups"].words, {})
    assert words.meaning("通话时长(分钟)") is None
    assert words.meaning("通话时长(秒)") == "通话时长"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_word_means_two_fields(kind) -> None:
    seen: dict[str, str] = {}
    for field in kind.fields:
        for word in (*field.words, field.name):
            assert seen.setdefault(plain(word), field.name) == field.name, word


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        (
            "repair-orders",
            "工单号 维修单号 结算单号 ro_no order_number 接待日期 入厂时间 进厂日期 进厂时间 in_at "
            "出厂时间 出厂日期 交车时间 结算时间 结算日期 out_at delivered_at 客户名称 车主名 "
            "车主姓名 客户姓名 customer_no 客户电话 车主电话 联系人电话 联系手机 手机 电话 送修人 "
            "送修人电话 车牌号 车牌 车架号 VIN vehicle_no 车型 车系名称 业务类型 维修类别 kind "
            "接待顾问 服务顾问 维修技师 主修人 进厂里程 行驶里程 里程 工时费 材料费 配件费 "
            "应结金额 合计金额 total 返修 是否返修 下次保养里程 下次保养日期 保险到期日 年审到期日",
        ),
        (
            "complaints",
            "投诉编号 complaint_no 投诉时间 受理时间 opened_at 首次响应时间 首次回复时间 "
            "first_response_at 要求完成时间 due_at 解决时间 resolved_at 结案时间 closed_at "
            "投诉类别 category 级别 severity 责任部门 department 责任人 owner 投诉内容 "
            "处理结果 reopened",
        ),
        (
            "customers",
            "客户编号 客户名称 联系电话 备用电话 车牌号 车架号 车型 购车日期 保险到期日 会员等级",
        ),
        ("employees", "工号 姓名 岗位 职务 部门 在职"),
        (
            "followups",
            "回访编号 callback_no 回访时间 called_at 回访员 caller 结果 接通情况 result 通话时长 "
            "talk_seconds 总体满意度 overall_1_5 推荐意愿 推荐意愿(0-10) nps_0_10 回访备注 comment "
            "工单号 客户姓名 联系电话 车牌号 计划回访日期 实际回访日期 回访人员 回访结果 服务态度 "
            "等待时间 客户意见",
        ),
        (
            "surveys",
            "问卷编号 填写时间 回访编号 工单号 车牌号 总体满意度 NPS 时限 流程 适应性 预见性 "
            "信息沟通 客户反馈 组织和监管 仪表 态度 关注 得体 指导 销售技巧 礼貌解决问题 客户意见",
        ),
    ],
)
def test_the_promised_words_are_known(kind: str, headings: str) -> None:
    words = words_of(KINDS[kind].words, {})
    assert [one for one in headings.split() if words.meaning(one) is None] == []
