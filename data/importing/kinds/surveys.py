"""Answers of customers (满意度调查): one row a filled questionnaire, with or without a call."""

from collections.abc import Iterator

from data.importing.dates import HAPPENED, moment
from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.kinds.answers import ANSWERS
from data.importing.kinds.keys import made_up, vehicle_of
from data.importing.kinds.kind import Agreement, Field, Finding, Kind, Values, everything
from data.importing.values import Manner, code, name

FIELDS = (
    Field("number", ("问卷编号", "答卷编号", "调查编号", "评价编号", "survey_no"), code()),
    Field(
        "answered_at",
        ("答题时间", "填写时间", "提交时间", "评价时间", "调查时间", "调查日期", "回访时间"),
        moment(HAPPENED),
    ),
    Field("callback_number", ("回访编号", "回访单号", "callback_no"), code()),
    Field("order_number", ("工单号", "维修单号", "结算单号", "ro_no"), code()),
    Field("customer_number", ("客户编号", "customer_no"), code()),
    Field(
        "customer", ("客户名称", "客户姓名", "车主姓名", "车主名", "车主", "customer_name"), name()
    ),
    Field("phone", ("联系电话", "客户电话", "车主电话", "手机", "手机号", "电话"), phone),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate_no"), plate),
    Field("vin", ("车架号", "VIN", "VIN码", "车辆识别代号", "底盘号"), vin),
    Field("vehicle_number", ("vehicle_no", "车辆编号"), vehicle_key),
    Field("model", ("车型", "车系名称", "车系", "车型名称"), name()),
    *ANSWERS,
)


def _number_without_one(values: Values, manner: Manner) -> Iterator[Finding]:
    """Answers without a number are known by their call, order or vehicle, and their moment."""
    if values.get("number") is None:
        about = values.get("callback_number") or values.get("order_number")
        values["number"] = made_up(about or vehicle_of(values), values["answered_at"], manner)
    yield from ()


SURVEYS = Kind(
    "surveys",
    FIELDS,
    required=(
        ("answered_at",),
        (
            *("number", "callback_number", "order_number", "vin", "plate", "vehicle_number"),
            *("customer_number", "phone"),
        ),
        tuple(field.name for field in ANSWERS),
    ),
    rules=(_number_without_one,),
    agreements=(Agreement(lambda values: values["number"], everything, repeats=True),),
)
