"""Calling customers: at which hours, how often, and whether somebody answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from data.demo.stage import LOCAL, local_day, moment

HOURS = range(9, 20)
CALLED_AT = (13, 18, 12, 3, 4, 15, 16, 10, 5, 3, 1)  # when agents call, 9 o'clock first
ANSWERED_AT = (0.44, 0.5, 0.6, 0.56, 0.42, 0.47, 0.5, 0.57, 0.68, 0.74, 0.68)  # when people answer
WEEKEND_ANSWERS, MONDAY_ANSWERS = 1.12, 0.92
FEWER_CALLS_AT_WEEKENDS = 0.5
MOST_ATTEMPTS, TRIES_AGAIN = 5, 0.82
UNREACHED = (
    ("no_answer", "busy", "switched_off", "unreachable", "away", "suspended", "empty_number",
     "other"),
    (50, 15, 13, 9, 5, 2, 3, 3),
)  # fmt: skip
DEAD_NUMBERS = ("suspended", "empty_number")
ENDINGS = (("connected", "refused", "car_sold"), (93, 5, 2))


@dataclass(frozen=True, slots=True)
class Call:
    """One try: when, what came of it, and how long it took."""

    at: datetime
    result: str
    seconds: int | None


def calls(dice: Random, planned_at: datetime, until: datetime, length: int) -> Iterator[Call]:
    """Tries from `planned_at` on, over by `until`; a call that connects takes about `length`."""
    at = planned_at
    for _ in range(MOST_ATTEMPTS):
        at = _next_try(dice, at)
        result = _result(dice, at)
        seconds = _seconds(dice, result, length)
        if at + timedelta(seconds=seconds or 0) > until:
            return
        yield Call(at, result, seconds)
        if result in (*ENDINGS[0], *DEAD_NUMBERS) or dice.random() > TRIES_AGAIN:
            return


def _next_try(dice: Random, after: datetime) -> datetime:
    day = local_day(after)
    for throw in range(12):
        hour = dice.choices(HOURS, CALLED_AT)[0]
        at = moment(day, hour * 60 + dice.randrange(60))
        quiet = day.weekday() >= 5 and dice.random() < FEWER_CALLS_AT_WEEKENDS
        if at > after + timedelta(hours=1) and not quiet:
            return at
        day += timedelta(days=throw % 2)  # each day has two chances
    return at


def _result(dice: Random, at: datetime) -> str:
    if dice.random() < _chance(at):
        return dice.choices(*ENDINGS)[0]
    return dice.choices(*UNREACHED)[0]


def _chance(at: datetime) -> float:
    local = at.astimezone(LOCAL)
    of_the_day = {0: MONDAY_ANSWERS, 5: WEEKEND_ANSWERS, 6: WEEKEND_ANSWERS}
    return ANSWERED_AT[local.hour - HOURS[0]] * of_the_day.get(local.weekday(), 1.0)


def _seconds(dice: Random, result: str, length: int) -> int | None:
    if result == "connected":
        return round(length * dice.lognormvariate(0, 0.35))
    return dice.randint(15, 60) if result in ENDINGS[0] else None
