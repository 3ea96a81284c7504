"""Customers with their vehicles (客户档案): one row a vehicle."""

from data.importing.dates import BIRTH, HAPPENED, PLANNED, day
from data.importing.identity import phone, plate, vehicle_key, vin
from data.importing.kinds.kind import Agreement, Field, Kind, Values, everything
from data.importing.values import choice, code, name, odometer, text, yes_no

FIELDS = (
    Field("number", ("客户编号", "客户号", "会员编号", "customer_no"), code()),
    Field(
        "name",
        ("客户名称", "客户姓名", "车主姓名", "车主名", "姓名", "车主", "customer_name"),
        name(),
    ),
    Field(
        "phone",
        ("联系电话", "客户电话", "车主电话", "手机", "手机号", "手机号码", "电话", "联系手机"),
        phone,
    ),
    Field("second_phone", ("备用电话", "其他电话", "备用手机", "second_phone"), phone),
    Field(
        "kind",
        ("客户类型", "客户性质", "customer_type"),
        choice(
            "kind",
            {
                **dict.fromkeys(("个人", "私人", "person"), "person"),
                **dict.fromkeys(("公司", "单位", "企业", "集团", "company"), "company"),
            },
        ),
    ),
    Field("value_class", ("会员等级", "客户等级", "客户级别"), choice("value_class", {})),
    Field("birthday", ("生日", "出生日期", "birthday"), day(BIRTH)),
    Field("do_not_call", ("免打扰", "拒绝回访", "do_not_call"), yes_no),
    Field("purchase_reason", ("购车原因", "purchase_reason"), text(4000)),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate_no"), plate),
    Field("vin", ("车架号", "VIN", "VIN码", "车辆识别代号", "底盘号"), vin),
    Field("vehicle_number", ("vehicle_no", "车辆编号"), vehicle_key),
    Field("model", ("车型", "车系名称", "车系", "车型名称"), name()),
    Field("sold_on", ("购车日期", "销售日期", "购买日期", "sold_on"), day(HAPPENED)),
    Field("warranty_until", ("质保到期日", "保修到期日"), day(PLANNED)),
    Field("insurance_until", ("保险到期日", "保险到期日期", "保险到期"), day(PLANNED)),
    Field("inspection_due_on", ("年审到期日", "年检到期日", "年审到期日期"), day(PLANNED)),
    Field("next_service_on", ("下次保养日期", "下次保养时间"), day(PLANNED)),
    Field("odometer_km", ("行驶里程", "里程", "里程数"), odometer),
)
PERSON = ("name", "phone", "second_phone", "kind", "value_class", "birthday", "do_not_call")


def _number_and_vehicle(values: Values) -> tuple[object, ...]:
    car = values.get("vin") or values.get("plate") or values.get("vehicle_number")
    return ("vehicle", values["number"], car)


CUSTOMERS = Kind(
    "customers",
    FIELDS,
    required=(("number",), ("name",)),
    rules=(),
    agreements=(
        Agreement(_number_and_vehicle, everything, repeats=True),
        Agreement(
            lambda values: ("person", values["number"]),
            lambda values: tuple(values.get(one) for one in PERSON),
            repeats=False,
        ),
    ),
)
