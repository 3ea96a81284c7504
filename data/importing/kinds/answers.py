"""What customers answer, as columns: overall, recommendation, the fourteen dimensions, words."""

from typing import Any

from data.importing.kinds.kind import Field, Values
from data.importing.values import NOTHING, Manner, fold, score, text

NUMERALS = {word: number for number, word in enumerate("零一二三四五六七八九十")}
SCALE = {
    **dict.fromkeys(("非常满意", "很满意", "十分满意", "极满意", "very satisfied"), 5),
    **dict.fromkeys(("满意", "比较满意", "较满意", "satisfied"), 4),
    **dict.fromkeys(("一般", "普通", "尚可", "neutral"), 3),
    **dict.fromkeys(("不满意", "不太满意", "较不满意", "不够满意", "dissatisfied"), 2),
    **dict.fromkeys(("非常不满意", "很不满意", "极不满意", "very dissatisfied"), 1),
    **{f"{number}{unit}": n for n in range(1, 6) for number in (n, "零一二三四五"[n])
       for unit in ("星", "颗星")},
    **{word: n for word, n in NUMERALS.items() if 1 <= n <= 5},
}  # fmt: skip
TEN = NUMERALS | {f"{word}分": number for word, number in NUMERALS.items()}
STARS = score(1, 5, SCALE)
WORDS = text(4000)

DIMENSIONS = {
    "timeliness": ("时限", "及时性", "及时", "等待时间", "交车及时性"),
    "flow": ("流程", "服务流程"),
    "adaptability": ("适应性", "灵活性"),
    "anticipation": ("预见性", "主动性"),
    "communication": ("信息沟通", "沟通"),
    "customer_feedback": ("客户反馈", "顾客反馈"),
    "organisation": ("组织和监管", "组织与监管", "组织监管", "组织", "organization"),
    "appearance": ("仪表", "仪容仪表", "员工仪表"),
    "attitude": ("态度", "服务态度", "员工态度"),
    "attention": ("关注", "关注度"),
    "tact": ("得体", "言行得体"),
    "guidance": ("指导", "专业指导"),
    "selling_skill": ("销售技巧", "推荐技巧"),
    "problem_solving": ("礼貌解决问题", "解决问题", "问题解决", "gracious_problem_solving"),
}
SCORES = ("overall", "nps", *DIMENSIONS)


def remark(raw: Any, manner: Manner) -> Any:
    """The customer's words as they were written; "-" and 无 are none."""
    return None if fold(raw).lower() in NOTHING else WORDS(raw, manner)


ANSWERS = (
    Field(
        "overall",
        ("总体满意度", "整体满意度", "综合满意度", "总体评价", "满意度", "overall_1_5"),
        STARS,
    ),
    Field("nps", ("推荐意愿", "推荐度", "推荐分", "nps_0_10"), score(0, 10, TEN)),
    *(Field(code, words, STARS) for code, words in DIMENSIONS.items()),
    Field(
        "comment",
        ("回访备注", "客户意见", "客户评价", "客户原话", "意见建议", "回访内容", "备注"),
        remark,
    ),
)


def answered(values: Values) -> bool:
    """Whether a row holds any score."""
    return any(values.get(one) is not None for one in SCORES)
