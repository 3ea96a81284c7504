"""Who complains about what, and when: the causes, before anybody deals with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from data.commands.opening import REPEAT_DAYS
from data.demo import stories
from data.demo.orders import Order
from data.demo.stage import Stage, local_day, moment
from data.models import Channel

WEIGHTS = {
    "not_fixed": 10, "fault_came_back": 8, "damaged_in_workshop": 3, "not_clean": 4,
    "brakes": 3, "engine": 4, "transmission": 3, "electrical": 4, "air_conditioning": 4, "noise": 5,
    "reception_wait": 6, "late_delivery": 1, "booking": 3,
    "adviser_attitude": 5, "no_explanation": 1, "promise_broken": 4, "nobody_called": 3,
    "above_quote": 6, "unneeded_work": 4, "too_expensive": 6,
    "out_of_stock": 1, "wrong_part": 2, "part_failed": 4,
}  # fmt: skip
SUMMER, SUMMER_WEIGHT = (6, 7, 8), 5  # air conditioning
CHANNELS = (Channel.CALLBACK, Channel.PHONE, Channel.COUNTER, Channel.ONLINE, Channel.MAKER)
CHANNEL_WEIGHTS = (60, 20, 10, 6, 4)
GRAVE = {"brakes": (5, 20, 30, 45), "engine": (5, 50, 38, 7), "transmission": (5, 55, 36, 4)}
USUAL = (14, 68, 16, 2)
SEVERITIES = ("question", "general", "escalated", "critical")


@dataclass(frozen=True, slots=True)
class Grievance:
    """A reason to complain. `repeat` says how often this car complained of the same before."""

    order: Order
    category: str
    severity: str
    channel: str
    opened_at: datetime
    repeat: int = 0
    waits: bool = False  # whatever happens to others, this one is open


def grievances(stage: Stage, orders: list[Order], per_order: float) -> list[Grievance]:
    """Every complaint of a store, oldest first."""
    dice = stage.dice("grievances")
    delivered = [order for order in orders if order.delivered_at]
    usual = list(_usual(stage, dice, delivered, per_order))
    found = [
        *usual,
        *_repeated(stage, dice, usual),
        *_surges(stage, dice, delivered),
        *_fresh(stage, dice, delivered),
    ]
    told = (one for one in found if one.opened_at <= stage.as_of)
    return _judged(stage, sorted(told, key=lambda one: (one.opened_at, one.order.id)))


def _usual(
    stage: Stage, dice: Random, orders: list[Order], per_order: float
) -> Iterator[Grievance]:
    for order in orders:
        if dice.random() < per_order:
            weights = _weights(stage) | _of_the_season(order)
            category = dice.choices(list(weights), list(weights.values()))[0]
            yield _grievance(dice, order, category)


def _weights(stage: Stage) -> dict[str, int]:
    """What people complain of here; the store's own stories are told by the surges alone."""
    told = {measure.category: 0 for measure in stories.MEASURES if measure.store == stage.index}
    return WEIGHTS | told


def _of_the_season(order: Order) -> dict[str, int]:
    summer = order.opened_at.month in SUMMER
    return {"air_conditioning": WEIGHTS["air_conditioning"] * SUMMER_WEIGHT} if summer else {}


def _surges(stage: Stage, dice: Random, orders: list[Order]) -> Iterator[Grievance]:
    """Stories are counted out, not diced, so that they are there with every seed."""
    for surge in stories.SURGES:
        if surge.store == stage.index:
            since, until = (stage.days_ago(d) for d in (surge.from_days_ago, surge.until_days_ago))
            within = [order for order in orders if since <= order.opened_at < until]
            for order in within[surge.every // 2 :: surge.every]:
                yield _grievance(dice, order, surge.category, prompt=True)


def _fresh(stage: Stage, dice: Random, orders: list[Order]) -> Iterator[Grievance]:
    for store, hours, given in stories.FRESH:
        at = _awake(stage.days_ago(hours / 24))
        before = [order for order in orders if order.opened_at < at - timedelta(days=1)][-60:]
        if store == stage.index and before:
            weights = _weights(stage)
            category = given or dice.choices(list(weights), list(weights.values()))[0]
            made = _grievance(dice, dice.choice(before), category)
            yield replace(
                made, opened_at=at, waits=True, severity="critical" if given else "general"
            )


def _repeated(stage: Stage, dice: Random, found: list[Grievance]) -> Iterator[Grievance]:
    settled = [one for one in found if one.opened_at < stage.days_ago(20)]
    for first in dice.sample(settled, min(stories.REPEATERS, len(settled))):
        at = first.opened_at
        for _ in range(dice.randint(1, 3)):
            at = at + timedelta(days=dice.uniform(9, 40))
            yield replace(first, opened_at=_awake(at), channel=Channel.PHONE.value)


def _grievance(dice: Random, order: Order, category: str, *, prompt: bool = False) -> Grievance:
    assert order.delivered_at is not None
    severity = dice.choices(SEVERITIES, GRAVE.get(category, USUAL))[0]
    channel = dice.choices(CHANNELS, CHANNEL_WEIGHTS)[0].value
    after = (
        dice.uniform(0.9, 2.4) if prompt or channel == Channel.CALLBACK else dice.expovariate(1 / 5)
    )
    at = order.delivered_at + timedelta(days=after)
    return Grievance(order, category, severity, channel, _awake(at))


def _awake(at: datetime) -> datetime:
    """The moment itself in daytime, else about as far into the evening before."""
    minutes = (at - moment(local_day(at), 0)).total_seconds() / 60
    if 8 * 60 <= minutes < 20 * 60 + 30:
        return at.replace(microsecond=0)
    day = local_day(at) - timedelta(days=minutes < 8 * 60)
    return moment(day, 18 * 60 + minutes % 90)


def _judged(stage: Stage, told: list[Grievance]) -> list[Grievance]:
    """The second complaint of a car about one thing is at least escalated, the third critical."""
    before: dict[tuple[int, str], list[date]] = {}
    judged = []
    for one in told:
        today = local_day(one.opened_at)
        times = before.setdefault((one.order.car.id, stage.shared.parents[one.category]), [])
        repeat = sum((today - earlier).days <= REPEAT_DAYS for earlier in times)
        times.append(today)
        judged.append(replace(one, repeat=repeat, severity=_graver(one.severity, repeat)))
    return judged


def _graver(severity: str, repeat: int) -> str:
    if severity == "question" or not repeat:
        return severity
    least = "escalated" if repeat == 1 else "critical"
    return max(severity, least, key=SEVERITIES.index)
