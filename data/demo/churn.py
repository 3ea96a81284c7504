"""Cars that stayed away: the lists a manager made, the calls, why, and whether they came back."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from data.demo import stories
from data.demo.cars import Car
from data.demo.orders import Order
from data.demo.reminders import call
from data.demo.stage import Stage, local_day, moment
from data.models import ChurnCase, Event

AWAY_DAYS = range(184, 365)
LISTS = ((252, 16), (196, 16), (140, 16), (84, 16), (28, 16), (2, 6))  # days ago, cars on it
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
FOR_GOOD = ("sold", "own_garage")
COUNTED_AFTER = timedelta(days=45)
LOST_AFTER = timedelta(days=150)


@dataclass(frozen=True, slots=True)
class Away:
    """A car that stayed away when a list was made, and the day it came again."""

    car: Car
    last: int
    following: int | None


def add_churn_cases(
    stage: Stage, cars: list[Car], orders: list[Order], mended: Mapping[str, int]
) -> None:
    """Note the call lists of a store with what came of them; `mended` are the actions by reason."""
    dice, spent, listed = stage.dice("churn"), _spent(orders), set[int]()
    for days_ago, many in LISTS:
        day = stage.today - timedelta(days=days_ago)
        away = [one for one in _away(cars, day.toordinal()) if one.car.id not in listed]
        for one in dice.sample(away, min(many, len(away))):
            listed.add(one.car.id)
            _add(stage, dice, one, day, _year(spent[one.car.id], one.last), mended)


def _spent(orders: list[Order]) -> dict[int, list[tuple[int, int]]]:
    spent: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for order in orders:
        spent[order.car.id].append((local_day(order.opened_at).toordinal(), order.fen))
    return spent


def _year(spent: list[tuple[int, int]], last: int) -> int:
    return sum(fen for day, fen in spent if last - 365 < day <= last)


def _away(cars: list[Car], day: int) -> Iterator[Away]:
    """The cars away for long enough, but not for too long, on that day."""
    for car in cars:
        seen = bisect_right(car.days, day)
        if seen and not car.excluded and day - car.days[seen - 1] in AWAY_DAYS:
            yield Away(car, car.days[seen - 1], next(iter(car.days[seen:]), None))


def _add(
    stage: Stage, dice: Random, one: Away, day: date, year: int, mended: Mapping[str, int]
) -> None:
    soon = one.following is not None and one.following - day.toordinal() <= 90
    held_out = not _fresh(stage, day) and dice.random() < stories.HELD_OUT_IF_IT_CAME[soon]
    case = {
        "vehicle_id": one.car.id,
        "rule": "6",
        "list_code": f"L{day:%y%m%d}-1",
        "held_out": held_out,
        "selected_at": moment(day, 9 * 60),
        "last_visit_on": date.fromordinal(one.last),
        "year_fen": year,
    }
    asked = {"state": "selected"} if _fresh(stage, day) else _ask(stage, dice, one, day, held_out)
    case |= asked | _further(stage, dice, one, asked, mended)
    _log(stage, stage.add(ChurnCase, **case), case)


def _fresh(stage: Stage, day: date) -> bool:
    """Selected only lately: nobody has looked at it yet."""
    return (stage.today - day).days < 7


def _ask(stage: Stage, dice: Random, one: Away, day: date, held_out: bool) -> dict[str, Any]:
    """The first call: why do you stay away?"""
    rule = stage.shared.rules["churn_reason"]
    made, tries = call(stage, dice, rule, one.car, day, one.following, held_out)
    asked = {"ask_id": made, "state": "analysed"}
    if tries and tries[-1].result == "connected":
        reason = dice.choices(*REASONS)[0]
        words = {"reason": reason, "reason_words": REASON_WORDS[reason]}
        asked |= {"asked_at": tries[-1].at, "state": "asked", **words}
    back = one.following
    if back is None or back > stage.today.toordinal():
        return asked
    evening = moment(date.fromordinal(back), 20 * 60)
    came = {"returned_on": date.fromordinal(back), "ended_at": min(evening, stage.as_of)}
    return asked | came | {"state": "won_back" if tries else "returned"}


def _further(
    stage: Stage, dice: Random, one: Away, case: dict[str, Any], mended: Mapping[str, int]
) -> dict[str, Any]:
    """What followed the reason: counted, acted on and told, or given up."""
    asked_at: datetime | None = case.get("asked_at")
    age = stage.as_of - asked_at if asked_at else timedelta()
    if asked_at is None or case["state"] == "won_back" or age < COUNTED_AFTER:
        return {}
    if case["reason"] in FOR_GOOD or (age > LOST_AFTER and dice.random() < 0.5):
        words = REASON_WORDS[case["reason"]]
        lost_at = min(asked_at + LOST_AFTER, stage.days_ago(1))
        return {"state": "lost", "ended_at": lost_at, "lost_because": words}
    action = mended.get(case["reason"])
    counted = {"state": "counted", "action_id": action}
    return counted | (_tell(stage, dice, one, asked_at) if action else {})


def _tell(stage: Stage, dice: Random, one: Away, asked_at: datetime) -> dict[str, Any]:
    """The second call: it is mended."""
    rule = stage.shared.rules["churn_told"]
    made, tries = call(stage, dice, rule, one.car, local_day(asked_at + COUNTED_AFTER), None, False)
    told = bool(tries) and tries[-1].result == "connected"
    return {"tell_id": made} | ({"told_at": tries[-1].at, "state": "acted_on"} if told else {})


def _counted_at(case: dict[str, Any]) -> datetime | None:
    counted = case["state"] in ("counted", "acted_on")
    return case["asked_at"] + COUNTED_AFTER - timedelta(hours=8) if counted else None


def _log(stage: Stage, made: int, case: dict[str, Any]) -> None:
    """What happened to it, as the log tells it."""
    happened: tuple[tuple[str, datetime | None, dict[str, Any]], ...] = (
        ("selected", case["selected_at"], {"rule": case["rule"], "list": case["list_code"]}),
        (
            "held_out" if case["held_out"] else "analysed",
            case["selected_at"] if case.get("ask_id") else None,
            {},
        ),
        ("asked", case.get("asked_at"), {"reason": case.get("reason")}),
        ("counted", _counted_at(case), {"reason": case.get("reason")}),
        ("told", case.get("told_at"), {}),
        (case["state"], case.get("ended_at"), {"reason": case.get("lost_because")}),
    )
    for version, (kind, at, data) in enumerate(one for one in happened if one[1]):
        stage.book.put(
            Event,
            store_id=stage.store_id,
            at=at,
            recorded_at=at,
            actor="manager1",
            subject=ChurnCase.__tablename__,
            subject_id=made,
            kind=kind,
            data={**data, "version": version},
        )
