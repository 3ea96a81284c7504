"""What all demo stores share besides the defaults: the issue library and a target of one store."""

from datetime import timedelta

from data.demo.stage import Stage
from data.models import KnownIssue, Target

ISSUES = (  # code, category, problem 问题, answer 标准答复, interim 临时答复, words to find it by
    ("brake_squeal", "brakes",
     "Brakes squeal after rain", "雨后刹车有尖叫声",
     "Surface rust on the discs; gone after a few firm stops. If it stays, we check the pads free "
     "of charge.", "盘面浮锈，连续几次制动后消失；若仍有异响，免费检查刹车片。",
     "Please drive on carefully and come by this week.", "请谨慎驾驶，本周内到店检查。",
     ("squeal", "尖叫", "刹车")),
    ("cold_shudder", "engine",
     "Engine shudders when started cold", "冷车启动抖动",
     "Known for the 1.5T before the spring update; new software cures it in thirty minutes.",
     "1.5T 春季升级前的已知问题，三十分钟完成软件升级。",
     "Let it idle for a minute until your appointment.", "到店前启动后怠速一分钟。",
     ("shudder", "抖动", "冷车")),
    ("shift_jerk", "transmission",
     "Jerk between second and third gear", "二挡换三挡顿挫",
     "We reset the gearbox adaptation and drive with you.", "重新做变速箱自学习并陪同试车。",
     None, None, ("jerk", "顿挫", "变速箱")),
    ("screen_black", "electrical",
     "The screen goes black", "中控黑屏",
     "Hold the power key for ten seconds; if it returns we replace the unit under warranty.",
     "长按电源键十秒重启；反复出现则质保更换主机。",
     "Restart the screen as described.", "按说明重启屏幕。", ("screen", "黑屏", "中控")),
    ("ac_weak", "air_conditioning",
     "The air conditioning does not cool", "空调不制冷",
     "Pressure test and refill free of charge in the first two years.",
     "两年内免费检测压力并加注。", None, None, ("cooling", "空调", "制冷")),
    ("part_wait", "out_of_stock",
     "A part has not arrived", "配件未到货",
     "We tell you the day it arrives, and offer a car until then.",
     "告知确切到货日期，并提供代步车。",
     "We call every second day until it is here.", "到货前每两天电话告知进度。",
     ("part", "配件", "到货")),
    ("bill_above_quote", "above_quote",
     "The bill is above the quote", "结算高于报价",
     "Work the customer did not agree to is not charged.", "未经客户确认的项目不收费。",
     None, None, ("bill", "报价", "结算")),
    ("car_not_ready", "late_delivery",
     "The car is not ready at the promised time", "未按时交车",
     "Say so an hour before, with a new time; apologise in person at hand-over.",
     "提前一小时告知新的时间，交车时当面致歉。",
     None, None, ("late", "交车", "延迟")),
)  # fmt: skip
TEXTS = ("problem", "problem_zh", "answer", "answer_zh", "interim", "interim_zh")
REVIEWED_EVERY = 180
SLOW_STORES_TARGET = 0.85


def add_library(stages: list[Stage]) -> None:
    """Note the common problems, and an easier target for the store that is slow to reply."""
    first = stages[0]
    for number, (code, category, *texts, found_by) in enumerate(ISSUES):
        first.book.add(
            KnownIssue,
            code=code,
            category_id=first.shared.categories[category],
            **dict(zip(TEXTS, texts, strict=True)),
            review_on=first.today + timedelta(days=REVIEWED_EVERY - 28 * number),
            uses=41 - 5 * number,
            words={"words": list(found_by)},
        )
    for stage in stages:
        if stage.slow:
            _ease(stage)


def _ease(stage: Stage) -> None:
    stage.book.add(
        Target,
        metric="first_reply_compliance",
        store=stage.store_id,
        value=SLOW_STORES_TARGET,
        direction="up",
        valid_from=stage.today - timedelta(days=90),
    )
