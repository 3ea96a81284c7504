"""Improvement actions (整改措施) with their deadlines."""

from collections.abc import Iterator

from data.importing.dates import HAPPENED, PLANNED, day
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
from data.importing.values import Manner, choice, code, name, text
from data.models import ImprovementKind
from data.models import ImprovementState as State

KINDS = {
    **{kind.value: kind.value for kind in ImprovementKind},
    **dict.fromkeys(("临时措施", "应急措施", "立即措施", "临时"), "immediate"),
    **dict.fromkeys(("整改", "整改措施", "纠正", "纠正措施"), "corrective"),
    **dict.fromkeys(("预防", "预防措施"), "preventive"),
    **dict.fromkeys(("改善", "改进", "改进措施", "提升"), "improvement"),
    **dict.fromkeys(("培训",), "training"),
}
STATES = {
    **{state.value: state.value for state in State},
    **dict.fromkeys(("未开始", "待开始", "待整改", "未整改", "新建"), "open"),
    **dict.fromkeys(("进行中", "整改中", "处理中"), "in_progress"),
    **dict.fromkeys(("已完成", "完成", "已整改", "整改完成", "关闭", "已关闭"), "done"),
    **dict.fromkeys(("取消", "已取消", "作废"), "cancelled"),
}

FIELDS = (
    Field("number", ("整改编号", "措施编号", "整改单号", "action_no"), code()),
    Field("title", ("整改措施", "措施", "改进措施", "整改内容", "措施内容"), text(200)),
    Field("kind", ("措施类型", "类型", "整改类型"), choice("kind", KINDS)),
    Field("cause", ("原因", "根本原因", "原因分析"), text(4000)),
    Field("category", ("投诉类别", "问题类别", "投诉类型"), choice("category", {}, 200)),
    Field("owner", ("责任人", "负责人", "整改责任人"), name()),
    Field(
        "opened_on",
        ("立项日期", "提出日期", "下达日期", "整改日期", "创建时间", "opened_at"),
        day(HAPPENED),
    ),
    Field(
        "due_on", ("计划完成日期", "要求完成时间", "要求完成日期", "整改期限", "期限"), day(PLANNED)
    ),
    Field("done_on", ("完成日期", "实际完成时间", "实际完成日期", "完成时间"), day(HAPPENED)),
    Field("state", ("状态", "整改状态"), choice("state", STATES)),
    Field("complaints", ("涉及投诉编号", "关联投诉", "投诉编号", "complaint_no"), text(4000)),
)


def _known_kind(values: Values, manner: Manner) -> Iterator[Finding]:
    """A word for the kind that we do not know is left out, and said."""
    kind = values.get("kind")
    if kind is not None and kind not in set(ImprovementKind):
        values["kind"] = None
        why = Reason("The kind “{word}” is not known; taken as corrective.", word=kind)
        yield Finding("kind", why, refuses=False)


def _known_state(values: Values, manner: Manner) -> Iterator[Finding]:
    """What the figures must decide is not taken from a file, nor a word that we do not know."""
    state = values.get("state")
    if state in (State.EFFECTIVE, State.NOT_EFFECTIVE):
        values["state"] = State.DONE.value
        yield Finding(
            "state", Reason("Whether it helped is decided by the figures."), refuses=False
        )
    elif state is not None and state not in set(State):
        values["state"] = None
        yield Finding(
            "state", Reason("The state “{word}” is not known.", word=state), refuses=False
        )


def _done_on_a_day(values: Values, manner: Manner) -> Iterator[Finding]:
    """Done needs its day: from it the effect is counted."""
    if values.get("state") == State.DONE and values.get("done_on") is None:
        values["state"] = State.IN_PROGRESS.value
        why = Reason("It is said to be done, but not when; taken as in progress.")
        yield Finding("done_on", why, refuses=False)


IMPROVEMENTS = Kind(
    "improvements",
    FIELDS,
    required=(("number",), ("title",), ("owner",), ("opened_on",), ("due_on",)),
    rules=(
        not_before("due_on", "opened_on", "The deadline is before the action was opened."),
        not_before("done_on", "opened_on", "The action was done before it was opened."),
        _known_kind,
        _known_state,
        _done_on_a_day,
    ),
    agreements=(Agreement(lambda values: values["number"], everything, repeats=True),),
)
