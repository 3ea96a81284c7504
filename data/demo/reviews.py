"""Weekly reviews: the numbers frozen when each was closed, and what was decided."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.demo.stage import ZONE, Stage, moment
from data.models import Followup, Respondent, Review, ReviewItem
from data.reviews import freezing
from data.reviews.weeks import Week

WEEKS = 4
HELD_BY = "principal"
HELD_AT = 9 * 60 + 30  # on Monday
DECISIONS = (
    "超时投诉由服务经理逐件给出日期",
    "未回电客户名单当日清零",
    "配件缺货客户每两天告知一次进度",
    "重复投诉客户由经理上门拜访",
    "每日晨会通报前一日首响情况",
    "返修车辆由技术主管复检后交车",
)
DONE = 0.75
LATE_ENTRIES = 2


def add_reviews(stage: Stage, session: Session, actions: list[int]) -> None:
    """Note the reviews of the last weeks of a store; the one to come is being prepared.

    Reads what has been written so far: the numbers are those the screens would have shown, before
    a few calls were entered late.
    """
    dice = stage.dice("reviews")
    this_week = stage.today - timedelta(days=stage.today.weekday())
    for back in range(WEEKS, -1, -1):
        monday = this_week - timedelta(weeks=back)
        held_at = moment(monday + timedelta(weeks=1), HELD_AT)
        closed = held_at <= stage.as_of
        review = stage.add(
            Review,
            week=f"{monday:%G-W%V}",
            state="closed" if closed else "open",
            closed_at=held_at + timedelta(minutes=30) if closed else None,
            closed_by=HELD_BY if closed else None,
            frozen=_frozen(stage, session, monday, held_at) if closed else None,
        )
        if closed:
            _decide(stage, dice, review, held_at, actions)


def _frozen(stage: Stage, session: Session, monday: date, held_at: datetime) -> dict[str, Any]:
    week = Week(monday)
    with session.begin_nested() as moment_before:
        _take_out_late_entries(stage, session, week, held_at)
        frozen = freezing.freeze(session, stage.code, ZONE, week, as_of=held_at)
        moment_before.rollback()
    return frozen


def _take_out_late_entries(stage: Stage, session: Session, week: Week, held_at: datetime) -> None:
    """Some calls of a week are written down only after its review: it did not know of them."""
    made = select(Followup.id).where(
        Followup.store_id == stage.store_id,
        Followup.due_on.between(week.monday, week.sunday),
        Followup.completed_at < held_at,
        Followup.excluded.is_(None),
        Followup.respondent == Respondent.PERSON_SERVED,
    )
    found = session.scalars(made.order_by(Followup.id)).all()
    late = stage.dice(f"late {week}").sample(found, min(LATE_ENTRIES, len(found)))
    unknown = update(Followup).where(Followup.store_id == stage.store_id, Followup.id.in_(late))
    session.execute(unknown.values(completed_at=None))


def _decide(stage: Stage, dice: Random, review: int, held_at: datetime, actions: list[int]) -> None:
    people = [*stage.people["manager"], *stage.people["other"], *stage.people["adviser"]]
    for position, words in enumerate(dice.sample(DECISIONS, dice.randint(2, 3)), start=1):
        done_at = held_at + timedelta(days=dice.randint(1, 6), hours=5)
        done = dice.random() < DONE and done_at <= stage.as_of
        stage.add(
            ReviewItem,
            review_id=review,
            position=position,
            words=words,
            owner_id=dice.choice(people).id,
            action_id=dice.choice(actions) if dice.random() < 0.2 else None,
            due_on=(held_at + timedelta(days=dice.randint(3, 10))).date(),
            done_at=done_at if done else None,
        )
