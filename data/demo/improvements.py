"""What the stores did about it: actions that helped, one that did not, and the everyday ones."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data.demo import stories
from data.demo.complaints import Told
from data.demo.stage import Colleague, Stage, local_day, moment
from data.models import Event, Improvement, ImprovementComplaint

BASELINE = timedelta(days=182)
PREPARATION = timedelta(days=45)  # of the stories, from the first day to done
CALLED_OFF_AFTER = timedelta(days=40)
INFORMED = 0.7
TITLES = {
    "late_delivery": ("交车时间看板与每日两次进度核对", "派工时未考虑配件到货和洗车时间"),
    "no_explanation": ("发文要求顾问交车时解释项目", "交车高峰时顾问没有时间逐项讲解"),
    "out_of_stock": ("常用件安全库存上调并每日调拨", "安全库存按去年销量设定"),
}
EVERYDAY = (  # kind, title, category, state; days from today: begun, due, done; days put off
    ("training", "服务顾问沟通培训", "adviser_attitude", "done", -320, -270, -275, 0),
    ("corrective", "终检清单增加外观项", "damaged_in_workshop", "done", -260, -215, -196, 21),
    ("improvement", "预约短信提前一天确认", "booking", "done", -150, -100, -104, 0),
    ("preventive", "电瓶入厂抽检", "part_failed", "cancelled", -120, -60, None, 0),
    ("immediate", "未回电客户当日清零", "nobody_called", "in_progress", -40, -12, None, 0),
    ("corrective", "增项须客户签字确认", "above_quote", "in_progress", -28, 5, None, 14),
    ("improvement", "接待高峰增设快修通道", "reception_wait", "open", -6, 30, None, 0),
)

MENDED = {"booking": "waiting", "adviser_attitude": "attitude"}  # reasons to stay away


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An action on its way; `due_on` was put off by so many days.

    `reason` is why customers stay away, if that is what it mends.
    """

    kind: str
    title: str
    category: str
    reason: str | None = None
    cause: str | None = None
    state: str
    begun_at: datetime
    due_on: date
    put_off: int = 0
    done_at: datetime | None = None

    @property
    def started_at(self) -> datetime | None:
        """When work on it began."""
        return None if self.state == "open" else self.begun_at + timedelta(days=3)

    @property
    def ends_baseline(self) -> date:
        """The day from which it may have worked."""
        return local_day(self.done_at or self.begun_at)


def add_improvements(stage: Stage, told: list[Told]) -> tuple[list[int], dict[str, int]]:
    """Note the actions of a store; their ids, oldest first, and those for a reason to stay away."""
    dice, numbers, made = stage.dice("improvements"), Counter[str](), []
    mended: dict[str, int] = {}
    people = [*stage.people["manager"], *stage.people["other"]]
    for plan in sorted((*_stories(stage), *_everyday(stage)), key=lambda plan: plan.begun_at):
        owner, month = dice.choice(people), f"A{local_day(plan.begun_at):%y%m}"
        numbers[month] += 1
        made.append(_add(stage, plan, owner, f"{month}-{numbers[month]:02}"))
        _log(stage, made[-1], plan, owner)
        if plan.reason:
            mended[plan.reason] = made[-1]
        for one in _answered(plan, told):
            informed_at = _informed_at(stage, plan, dice.random() / INFORMED)
            stage.add(
                ImprovementComplaint,
                action_id=made[-1],
                complaint_id=one.row.id,
                informed_at=informed_at,
            )
    return made, mended


def _stories(stage: Stage) -> Iterator[Plan]:
    for measure in stories.MEASURES:
        if measure.store != stage.index:
            continue
        done_at = _days_from_today(stage, -measure.done_days_ago)
        title, cause = TITLES[measure.category]
        yield Plan(
            kind="corrective",
            title=title,
            category=measure.category,
            cause=cause,
            state="done",
            begun_at=done_at - PREPARATION,
            due_on=local_day(done_at) + timedelta(days=3),
            done_at=done_at,
        )


def _everyday(stage: Stage) -> Iterator[Plan]:
    for kind, title, category, state, begun, due, done, put_off in EVERYDAY:
        yield Plan(
            kind=kind,
            title=title,
            category=category,
            reason=MENDED.get(category),
            state=state,
            begun_at=_days_from_today(stage, begun),
            due_on=stage.today + timedelta(days=due),
            done_at=None if done is None else _days_from_today(stage, done),
            put_off=put_off,
        )


def _days_from_today(stage: Stage, days: int) -> datetime:
    return moment(stage.today + timedelta(days=days), 10 * 60 + 15)


def _add(stage: Stage, plan: Plan, owner: Colleague, number: str) -> int:
    return stage.add(
        Improvement,
        number=number,
        kind=plan.kind,
        title=plan.title,
        cause=plan.cause,
        category_id=stage.shared.categories[plan.category],
        owner_id=owner.id,
        created_at=plan.begun_at,
        original_due_on=plan.due_on - timedelta(days=plan.put_off),
        due_on=plan.due_on,
        created_by="quality",
        cancelled_at=_cancelled_at(plan),
        state=plan.state,
        started_at=plan.started_at,
        done_at=plan.done_at,
        baseline_from=plan.ends_baseline - BASELINE,
        baseline_until=plan.ends_baseline - timedelta(days=1),
        churn_reason=plan.reason,
    )


def _cancelled_at(plan: Plan) -> datetime | None:
    return plan.begun_at + CALLED_OFF_AFTER if plan.state == "cancelled" else None


def _answered(plan: Plan, told: list[Told]) -> list[Told]:
    """The complaints of its category before it was done."""
    since, until = plan.ends_baseline - BASELINE, plan.ends_baseline
    mine = (one for one in told if one.grievance.category == plan.category)
    return [one for one in mine if since <= one.row.opened_on < until]


def _informed_at(stage: Stage, plan: Plan, luck: float) -> datetime | None:
    """When a customer heard of it, for a luck below 1."""
    if plan.done_at is None or luck >= 1:
        return None
    at = plan.done_at + timedelta(hours=round(24 + 200 * luck))
    return at if at <= stage.as_of else None


def _log(stage: Stage, made: int, plan: Plan, owner: Colleague) -> None:
    for version, (kind, at, data) in enumerate(_happened(plan, owner)):
        stage.book.put(
            Event,
            store_id=stage.store_id,
            at=at,
            recorded_at=at,
            actor="quality",
            subject=Improvement.__tablename__,
            subject_id=made,
            kind=kind,
            data={**data, "version": version},
        )


def _happened(plan: Plan, owner: Colleague) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
    first_due = plan.due_on - timedelta(days=plan.put_off)
    opened = {"owner_id": owner.id, "owner": owner.name, "due_on": first_due.isoformat()}
    yield "opened", plan.begun_at, {**opened, "category": plan.category}
    if plan.started_at:
        yield "started", plan.started_at, {}
    if plan.put_off:
        moved = {"from_due_on": first_due.isoformat(), "due_on": plan.due_on.isoformat()}
        yield "put_off", plan.begun_at + timedelta(days=20), {**moved, "reason": "供应商延期"}
    if plan.state == "cancelled":
        yield "cancelled", plan.begun_at + CALLED_OFF_AFTER, {"reason": "由厂家统一处理"}
    if plan.done_at:
        yield "done", plan.done_at, {}
