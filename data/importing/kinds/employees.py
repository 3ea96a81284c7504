"""Employees (员工)."""

from collections.abc import Iterator

from data.importing.kinds.kind import Agreement, Field, Finding, Kind, Values, everything
from data.importing.reasons import BadValue, Reason
from data.importing.values import Manner, choice, code, fold, name, yes_no
from data.models import EmployeeRole

ROLES = {
    **{role.value: role.value for role in EmployeeRole},
    **dict.fromkeys(("服务顾问", "接待顾问", "接待", "前台接待", "sa"), "adviser"),
    **dict.fromkeys(("技师", "维修技师", "机修工", "维修工", "钣金工", "喷漆工"), "technician"),
    **dict.fromkeys(("钣金技师", "喷漆技师", "机电技师", "电工", "学徒"), "technician"),
    **dict.fromkeys(("回访员", "回访专员", "客服", "客服专员", "客户关系专员"), "agent"),
    **dict.fromkeys(("经理", "服务经理", "售后经理", "车间主管", "前台主管"), "manager"),
    **dict.fromkeys(("客服主管", "客服经理", "站长", "总经理", "售后总监"), "manager"),
    "其他": "other",
}
WORKING = frozenset({"在职", "在岗", "试用", "正常", "active"})
GONE = frozenset({"离职", "已离职", "停用", "退休", "inactive"})


def working(raw: object, manner: Manner) -> bool | None:
    """在职 / 离职, or yes and no."""
    word = fold(raw).lower()
    try:
        return word in WORKING or (word not in GONE and yes_no(raw, manner))
    except BadValue:
        raise BadValue("This says neither 在职 nor 离职.") from None


FIELDS = (
    Field("number", ("工号", "员工编号", "人员编号", "employee_no"), code()),
    Field("name", ("姓名", "员工姓名", "名字", "employee_name"), name()),
    Field("role", ("岗位", "职务", "职位", "角色", "岗位名称"), choice("role", ROLES)),
    Field("department", ("部门", "所属部门", "班组", "department"), name()),
    Field("active", ("在职", "是否在职", "在职状态", "状态", "active"), working),
)


def _number_without_one(values: Values, manner: Manner) -> Iterator[Finding]:
    """Somebody without a number is known by the name."""
    if values.get("number") is None:
        values["number"] = values["name"][:40]
    yield from ()


def _role(values: Values, manner: Manner) -> Iterator[Finding]:
    role = values.get("role")
    if role is None or role in ROLES.values():
        return
    values["role"] = EmployeeRole.OTHER.value
    why = Reason(
        "The job “{role}” is not known and was read as other. A mapping can say what it is: "
        '[values.role] "{role}" = "technician".',
        role=role,
    )
    yield Finding("role", why, refuses=False)


EMPLOYEES = Kind(
    "employees",
    FIELDS,
    required=(("name",),),
    rules=(_number_without_one, _role),
    agreements=(Agreement(lambda values: values["number"], everything, repeats=True),),
)
