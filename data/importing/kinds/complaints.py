"""Complaints (投诉) with their clocks."""

from data.importing.dates import HAPPENED, PLANNED, moment
from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.kinds.kind import Agreement, Field, Kind, everything, not_before
from data.importing.values import choice, code, name, text, times
from data.models import Severity

SEVERITIES = {
    **{severity.value: severity.value for severity in Severity},
    **dict.fromkeys(("咨询", "问题", "疑问"), "question"),
    **dict.fromkeys(("一般", "普通", "一般投诉", "轻微"), "general"),
    **dict.fromkeys(("升级", "升级投诉", "严重", "较重"), "escalated"),
    **dict.fromkeys(("重大", "重大投诉", "特别重大", "紧急"), "critical"),
}

FIELDS = (
    Field("number", ("投诉编号", "投诉单号", "complaint_no"), code()),
    Field("opened_at", ("投诉时间", "受理时间", "投诉日期", "受理日期"), moment(HAPPENED)),
    Field(
        "first_response_at",
        ("首次响应时间", "首次回复时间", "首响时间"),
        moment(HAPPENED, ends_day=True),
    ),
    Field(
        "due_at",
        ("要求完成时间", "要求完成日期", "应结案时间", "处理时限"),
        moment(PLANNED, ends_day=True),
    ),
    Field("resolved_at", ("解决时间", "处理完成时间", "解决日期"), moment(HAPPENED, ends_day=True)),
    Field("closed_at", ("结案时间", "结案日期", "关闭时间"), moment(HAPPENED, ends_day=True)),
    Field("category", ("投诉类别", "投诉类型", "投诉分类"), choice("category", {}, 200)),
    Field(
        "severity", ("级别", "投诉级别", "严重程度", "等级"), choice("severity", SEVERITIES, 200)
    ),
    Field("department", ("责任部门", "被投诉部门"), name()),
    Field("owner", ("责任人", "处理人", "负责人"), name()),
    Field("channel", ("投诉渠道", "渠道", "投诉来源"), choice("channel", {})),
    Field("content", ("投诉内容", "投诉描述", "问题描述", "content"), text(4000)),
    Field("solution", ("处理结果", "处理方案", "解决方案", "solution"), text(4000)),
    Field("reopened", ("重开次数", "是否重开", "重新打开"), times),
    Field("customer_number", ("客户编号", "customer_no"), code()),
    Field("customer", ("客户名称", "客户姓名", "车主姓名", "投诉人", "customer_name"), name()),
    Field("phone", ("客户电话", "联系电话", "车主电话", "手机", "电话"), phone),
    Field("plate", ("车牌号", "车牌", "车牌号码"), plate),
    Field("vin", ("车架号", "VIN", "VIN码"), vin),
    Field("vehicle_number", ("vehicle_no", "车辆编号"), vehicle_key),
    Field("order_number", ("工单号", "维修单号", "ro_no"), code()),
)

COMPLAINTS = Kind(
    "complaints",
    FIELDS,
    required=(("number",), ("opened_at",)),
    rules=(
        not_before("first_response_at", "opened_at", "The first response is before the complaint."),
        not_before("due_at", "opened_at", "The deadline is before the complaint."),
        not_before("resolved_at", "opened_at", "The case was resolved before it was opened."),
        not_before("closed_at", "opened_at", "The case was closed before it was opened."),
    ),
    agreements=(Agreement(lambda values: values["number"], everything, repeats=True),),
)
