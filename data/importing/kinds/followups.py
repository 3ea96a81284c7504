"""Calls to customers (回访记录): one row a try, with what came of it and what was answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from data.importing.dates import HAPPENED, PLANNED, moment
from data.importing.durations import seconds
from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.kinds.answers import ANSWERS, answered
from data.importing.kinds.keys import made_up, vehicle_of
from data.importing.kinds.kind import Agreement, Field, Finding, Kind, Rule, Values, everything
from data.importing.reasons import Reason
from data.importing.values import Manner, choice, code, name
from data.models import CallChannel, CallResult, Respondent

NOT_MADE = "not_made"  # the call is still to be made

RESULTS: dict[str, str] = {
    **{result.value: result.value for result in CallResult},
    **dict.fromkeys(("接通", "已接通", "接听", "已接听", "成功", "回访成功"), "connected"),
    **dict.fromkeys(("成功回访", "已回访", "完成", "已完成", "正常"), "connected"),
    **dict.fromkeys(("无人接听", "未接", "未接听", "无应答", "没人接", "未接通"), "no_answer"),
    **dict.fromkeys(("无人应答", "语音信箱", "转语音信箱", "拒接"), "no_answer"),
    **dict.fromkeys(("占线", "忙", "忙线", "忙音", "通话中", "正在通话", "正在通话中"), "busy"),
    **dict.fromkeys(("关机", "已关机"), "switched_off"),
    **dict.fromkeys(("无法接通", "不在服务区", "无信号", "信号不好"), "unreachable"),
    **dict.fromkeys(("非本人", "非本人接听", "他人接听", "家人接听", "本人不在"), "away"),
    **dict.fromkeys(("停机", "已停机", "欠费停机", "暂停服务", "号码停用"), "suspended"),
    **dict.fromkeys(("空号", "错号", "号码错误", "号码有误", "号码不存在"), "empty_number"),
    **dict.fromkeys(("拒访", "拒绝", "拒绝回访", "拒绝访问", "拒答", "不接受回访"), "refused"),
    **dict.fromkeys(("车已卖", "车辆已卖", "已卖车", "车已售", "车辆已售"), "car_sold"),
    **dict.fromkeys(("已过户", "车已过户", "已换车", "车已转让", "车辆转让"), "car_sold"),
    **dict.fromkeys(("约定再访", "再约", "改约", "改时间", "不方便", "稍后再打"), "other"),
    **dict.fromkeys(("挂断", "挂机", "中途挂断", "其他"), "other"),
    **dict.fromkeys(("未回访", "待回访", "未拨打", "未呼叫", "未开始", NOT_MADE), NOT_MADE),
}
RESPONDENTS: dict[str, str] = {
    **{one.value: one.value for one in Respondent},
    **dict.fromkeys(("送修人", "送修人本人", "到店人"), "person_served"),
    **dict.fromkeys(("车主", "车主本人", "本人", "客户本人"), "owner"),
    **dict.fromkeys(("其他", "其他人", "他人", "家人", "非本人"), "other"),
}
CHANNELS: dict[str, str] = {
    **{channel.value: channel.value for channel in CallChannel},
    **dict.fromkeys(("电话", "电话回访", "手机", "座机"), "phone"),
    **dict.fromkeys(("微信", "企业微信", "微信回访"), "wechat"),
    **dict.fromkeys(("短信", "短信回访"), "sms"),
}

FIELDS = (
    Field("number", ("回访编号", "回访单号", "callback_no"), code()),
    Field(
        "called_at",
        ("回访时间", "实际回访时间", "实际回访日期", "回访日期", "拨打时间", "呼叫时间"),
        moment(HAPPENED),
    ),
    Field(
        "due_at",
        ("计划回访日期", "计划回访时间", "应回访日期", "应回访时间", "回访期限"),
        moment(PLANNED, ends_day=True),
    ),
    Field("caller", ("回访员", "回访人员", "回访人", "回访专员", "客服人员", "客服"), name()),
    Field(
        "result",
        ("结果", "回访结果", "接通情况", "接通状态", "通话结果", "回访状态"),
        choice("result", RESULTS, 200),
    ),
    Field("talk_s", ("通话时长", "通话秒数", "时长", "talk_seconds"), seconds),
    Field(
        "respondent",
        ("接听人", "接听人身份", "受访人", "受访人身份"),
        choice("respondent", RESPONDENTS, 200),
    ),
    Field("channel", ("回访方式", "回访渠道"), choice("channel", CHANNELS, 200)),
    Field("order_number", ("工单号", "维修单号", "结算单号", "ro_no"), code()),
    Field("customer_number", ("客户编号", "customer_no"), code()),
    Field(
        "customer", ("客户名称", "客户姓名", "车主姓名", "车主名", "车主", "customer_name"), name()
    ),
    Field(
        "phone",
        ("联系电话", "客户电话", "车主电话", "回访电话", "手机", "手机号", "电话"),
        phone,
    ),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate_no"), plate),
    Field("vin", ("车架号", "VIN", "VIN码", "车辆识别代号", "底盘号"), vin),
    Field("vehicle_number", ("vehicle_no", "车辆编号"), vehicle_key),
    Field("model", ("车型", "车系名称", "车系", "车型名称"), name()),
    *ANSWERS,
)


def _result(values: Values, manner: Manner) -> Iterator[Finding]:
    """What came of the call, from its word, else from what was answered."""
    said = values.get("result")
    if said is None:
        spoken = answered(values) or values.get("talk_s")
        if not spoken and values.get("called_at"):
            yield Finding("result", Reason(NOTHING_SAID), refuses=True)
        values["result"] = CallResult.CONNECTED.value if spoken else NOT_MADE
    elif said not in RESULTS.values():
        values["result"], values["words"] = CallResult.OTHER.value, said
        yield Finding("result", Reason(UNKNOWN_RESULT, result=said), refuses=False)
    elif said != CallResult.CONNECTED and answered(values):
        yield Finding("result", Reason(NOBODY_ANSWERED), refuses=False)
    elif said == NOT_MADE and values.get("called_at"):
        yield Finding("result", Reason(NOT_MADE_YET), refuses=False)


def _moment(values: Values, manner: Manner) -> Iterator[Finding]:
    """A call that was made has a moment; where only its plan is written down, that day."""
    made = values["result"] != NOT_MADE or answered(values)
    if not made or values.get("called_at"):
        return
    day = values["due_at"].astimezone(manner.zone).date()
    if day > manner.today:
        yield Finding("called_at", Reason(NO_DAY), refuses=True)
        return
    values["called_at"] = datetime.combine(day, time(), manner.zone).astimezone(UTC)
    yield Finding("called_at", Reason(DAY_OF_PLAN, day=day.isoformat()), refuses=False)


def _one_of(field: str, known: dict[str, str], otherwise: str, sentence: str) -> Rule:
    def rule(values: Values, manner: Manner) -> Iterator[Finding]:
        said = values.get(field)
        if said is not None and said not in known.values():
            values[field] = otherwise
            yield Finding(field, Reason(sentence, word=said), refuses=False)

    return rule


def _number_without_one(values: Values, manner: Manner) -> Iterator[Finding]:
    """A call without a number is known by its order, else its vehicle, and its moment."""
    if values.get("number") is None:
        key = values.get("order_number") or vehicle_of(values)
        at: Any = values.get("called_at") or values["due_at"]
        values["number"] = made_up(key, at, manner)
    yield from ()


def talked(values: Values) -> bool:
    """Whether a row holds answers, or words of somebody who was talked to."""
    words = values["result"] == CallResult.CONNECTED and values.get("comment")
    return answered(values) or bool(words)


def noted(values: Values) -> str | None:
    """The dealer's own word for what came of it, and what was noted of a call without a talk."""
    said = (values.get("words"), None if talked(values) else values.get("comment"))
    return " · ".join(one for one in said if one)[:4000] or None


NOTHING_SAID = "Nothing says what came of this call: there is no result and no answer."
UNKNOWN_RESULT = (
    "The result “{result}” is not known and was read as other. A mapping can say what it is: "
    '[values.result] "{result}" = "no_answer".'
)
NOBODY_ANSWERED = (
    "The result says that there was no talk, yet there are answers. They were kept; the call does "
    "not count as completed."
)
NOT_MADE_YET = "The result says that the call was not made. No call was counted."
NO_DAY = "Nothing says when the call was made, and the day of its plan is still to come."
DAY_OF_PLAN = "Nothing says when the call was made; the day of its plan, {day}, was taken."
UNKNOWN_RESPONDENT = "It is not known who “{word}” is; the answers count as another person's."
UNKNOWN_CHANNEL = "The way “{word}” is not known and was read as a telephone call."

FOLLOWUPS = Kind(
    "followups",
    FIELDS,
    required=(
        ("called_at", "due_at"),
        ("number", "order_number", "vin", "plate", "vehicle_number", "customer_number", "phone"),
    ),
    rules=(
        _result,
        _moment,
        _one_of("respondent", RESPONDENTS, Respondent.OTHER.value, UNKNOWN_RESPONDENT),
        _one_of("channel", CHANNELS, CallChannel.PHONE.value, UNKNOWN_CHANNEL),
        _number_without_one,
    ),
    agreements=(
        Agreement(
            lambda values: (values["number"], values.get("called_at")), everything, repeats=True
        ),
    ),
)
