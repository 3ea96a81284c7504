"""Cars that stayed away, why, and whether they came back."""

from datetime import date, datetime, timedelta
from random import Random

from data.demo.cars import Car
from data.demo.stage import Stage, moment
from data.models import ChurnCase

CASES = 18  # of each store that still stay away
WON_BACK = 5
AWAY_DAYS = 183
REASONS = (  # internal ones first
    ("price", "waiting", "attitude", "skill", "distance", "own_garage", "sold", "little_driven"),
    (24, 12, 11, 9, 14, 13, 9, 8),
)
REASON_WORDS = {
    "price": "外面修理厂便宜一半",
    "waiting": "每次都要等很久",
    "attitude": "上次顾问态度不好",
    "skill": "同一问题修了三次",
    "distance": "搬家了，太远",
    "own_garage": "公司有自己的修理厂",
    "sold": "车已经卖了",
    "little_driven": "一年开不到五千公里",
}
STATES = (("selected", "analysed", "asked", "counted", "acted_on", "lost"), (3, 3, 4, 3, 3, 2))
ASKED = ("asked", "counted", "acted_on", "won_back", "lost")
TOLD = ("acted_on", "won_back")


def add_churn_cases(stage: Stage, cars: list[Car]) -> None:
    """Note the churn cases of a store: those that stay away, and some that came back."""
    dice = stage.dice("churn")
    today = stage.today.toordinal()
    seen = [car for car in cars if len(car.days) > 1 and car.excluded is None]
    away = [car for car in seen if AWAY_DAYS < today - car.days[-1] < 2 * AWAY_DAYS]
    back = [car for car in seen if _came_back(car, today)]
    for car in dice.sample(away, min(CASES, len(away))):
        _add(stage, dice, car, car.days[-1], dice.choices(*STATES)[0], None)
    for car in dice.sample(back, min(WON_BACK, len(back))):
        _add(stage, dice, car, car.days[-2], "won_back", car.days[-1])


def _came_back(car: Car, today: int) -> bool:
    return car.days[-1] - car.days[-2] > AWAY_DAYS + 75 and today - car.days[-1] < 180


def _add(stage: Stage, dice: Random, car: Car, last: int, state: str, returned: int | None) -> None:
    selected_at = _days_after(last, AWAY_DAYS + dice.randint(1, 9))
    asked_at = selected_at + timedelta(days=dice.randint(3, 9))
    told_at = asked_at + timedelta(days=dice.randint(14, 40))
    ended_at = _days_after(returned, 0) if returned else told_at + timedelta(days=20)
    reason = dice.choices(*REASONS)[0] if state in ASKED else None
    stage.add(
        ChurnCase,
        vehicle_id=car.id,
        state=state,
        selected_at=_past(stage, selected_at) or stage.days_ago(1).replace(microsecond=0),
        last_visit_on=date.fromordinal(last),
        asked_at=_past(stage, asked_at) if state in ASKED else None,
        reason=reason,
        reason_words=reason and REASON_WORDS[reason],
        told_at=_past(stage, told_at) if state in TOLD else None,
        ended_at=_past(stage, ended_at) if state in ("won_back", "lost") else None,
    )


def _days_after(day: int, days: int) -> datetime:
    return moment(date.fromordinal(day + days), 9 * 60 + 40)


def _past(stage: Stage, at: datetime) -> datetime | None:
    return at if at <= stage.as_of else None
