"""Repair orders (维修工单)."""

from collections.abc import Iterator

from data.importing.dates import HAPPENED, PLANNED, day, moment
from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.kinds.keys import made_up, vehicle_of
from data.importing.kinds.kind import (
    Agreement,
    Field,
    Finding,
    Kind,
    Values,
    everything,
    not_before,
)
from data.importing.reasons import Reason
from data.importing.values import Manner, choice, code, fen, name, odometer, text, yes_no

WORK = {
    **dict.fromkeys(("保养", "定期保养", "首保", "常规保养", "maintenance"), "maintenance"),
    **dict.fromkeys(("维修", "一般维修", "机电维修", "普通维修", "repair"), "repair"),
    **dict.fromkeys(("保修", "保修索赔", "索赔", "三包", "质保", "warranty"), "warranty"),
    **dict.fromkeys(("事故", "事故维修", "钣喷", "钣金喷漆", "钣金", "喷漆", "body"), "body"),
    **dict.fromkeys(("召回", "recall"), "recall"),
}

FIELDS = (
    Field("number", ("工单号", "维修单号", "结算单号", "ro_no", "order_number"), code()),
    Field(
        "opened_at",
        ("接待日期", "接待时间", "入厂时间", "入厂日期", "进厂日期", "进厂时间", "in_at"),
        moment(HAPPENED),
    ),
    Field(
        "delivered_at",
        ("出厂时间", "出厂日期", "交车时间", "交车日期", "结算时间", "结算日期", "out_at"),
        moment(HAPPENED, ends_day=True),
    ),
    Field("customer_number", ("客户编号", "customer_no"), code()),
    Field(
        "customer", ("客户名称", "车主名", "车主姓名", "客户姓名", "车主", "customer_name"), name()
    ),
    Field(
        "phone",
        ("客户电话", "车主电话", "联系人电话", "联系手机", "联系电话", "手机", "手机号", "电话"),
        phone,
    ),
    Field("brought_by", ("送修人", "送修人姓名"), name()),
    Field("brought_by_phone", ("送修人电话", "送修人手机"), phone),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate_no"), plate),
    Field("vin", ("车架号", "VIN", "VIN码", "车辆识别代号", "底盘号"), vin),
    Field("vehicle_number", ("vehicle_no", "车辆编号"), vehicle_key),
    Field("model", ("车型", "车系名称", "车系", "车型名称"), name()),
    Field("kind", ("业务类型", "维修类别", "维修类型", "工单类型"), choice("kind", WORK)),
    Field("adviser", ("接待顾问", "服务顾问", "接待人", "adviser"), name()),
    Field("technician", ("维修技师", "主修人", "主修技师", "technician"), name()),
    Field("odometer_km", ("进厂里程", "行驶里程", "里程", "里程数", "odometer"), odometer),
    Field("labour_fen", ("工时费", "工时金额", "labour"), fen),
    Field("parts_fen", ("材料费", "配件费", "材料金额", "配件金额", "parts"), fen),
    Field("total_fen", ("应结金额", "合计金额", "总金额", "结算金额", "total"), fen),
    Field("rework", ("返修", "是否返修", "rework"), yes_no),
    Field("next_service_km", ("下次保养里程",), odometer),
    Field("next_service_on", ("下次保养日期", "下次保养时间"), day(PLANNED)),
    Field("insurance_until", ("保险到期日", "保险到期日期", "保险到期"), day(PLANNED)),
    Field("inspection_due_on", ("年审到期日", "年检到期日", "年审到期日期"), day(PLANNED)),
    Field("note", ("备注", "工单备注", "note"), text(4000)),
)


def _number_without_one(values: Values, manner: Manner) -> Iterator[Finding]:
    """An order without a number is known by its vehicle and when it arrived."""
    values["numbered"] = values.get("number") is not None
    if not values["numbered"]:
        values["number"] = made_up(vehicle_of(values), values["opened_at"], manner)
    yield from ()


def _total(values: Values, manner: Manner) -> Iterator[Finding]:
    """Labour and parts make the total; a missing total is computed, another one is doubted."""
    parts = [values[one] for one in ("labour_fen", "parts_fen") if values.get(one) is not None]
    total = values.get("total_fen")
    if parts and total is None:
        values["total_fen"] = sum(parts)
    elif len(parts) == 2 and sum(parts) != total:
        yield Finding("total_fen", _does_not_add_up(sum(parts), total), refuses=False)


def _does_not_add_up(sum_fen: int, total_fen: int | None) -> Reason:
    return Reason(
        "Labour and parts make {sum}, but the total says {total}. The total was taken.",
        sum=f"{sum_fen / 100:.2f}",
        total=f"{(total_fen or 0) / 100:.2f}",
    )


ORDERS = Kind(
    "repair-orders",
    FIELDS,
    required=(
        ("opened_at",),
        ("vin", "plate", "vehicle_number", "customer_number", "phone"),
    ),
    rules=(
        _number_without_one,
        not_before("delivered_at", "opened_at", "The car was delivered before it arrived."),
        _total,
    ),
    agreements=(Agreement(lambda values: values["number"], everything, repeats=True),),
)
