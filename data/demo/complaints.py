"""The complaints of a store, each opened and lived through."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from data.demo import words
from data.demo.case import Case
from data.demo.grievances import Grievance, grievances
from data.demo.life import fate, life
from data.demo.orders import Order
from data.demo.stage import Stage, local_day
from data.models import Complaint

MOTIVES = (("suggestion", "respect", "venting", "compensation"), (20, 30, 20, 30))
ORIGINS = {
    "repair_quality": ("people", "process"),
    "vehicle": ("product", "product", "misuse"),
    "waiting": ("process",),
    "attitude": ("people",),
    "price": ("process", "people"),
    "parts": ("parts",),
}
DEPARTMENTS = {"repair_quality": "维修车间", "vehicle": "技术部", "parts": "配件部"}


@dataclass(frozen=True, slots=True)
class Told:
    """A complaint as the rest of the play needs it."""

    grievance: Grievance
    row: Complaint


def add_complaints(stage: Stage, orders: list[Order], per_order: float) -> list[Told]:
    """Note every complaint of a store with its history."""
    dice, numbers = stage.dice("complaints"), Counter[str]()
    return [
        Told(one, _live(stage, dice, one, numbers)) for one in grievances(stage, orders, per_order)
    ]


def _live(stage: Stage, dice: Random, one: Grievance, numbers: Counter[str]) -> Complaint:
    day = f"C{local_day(one.opened_at):%y%m%d}"
    numbers[day] += 1
    row = _opened(stage, dice, one, f"{day}-{numbers[day]:02}")
    case = Case(stage, _actor(stage, dice), row)
    opened = {
        "severity": one.severity,
        "category": one.category,
        "channel": one.channel,
        "words": row.content,
    }
    case.live(life(case, dice, fate(stage, dice, one)), opened)
    return row


def _opened(stage: Stage, dice: Random, one: Grievance, number: str) -> Complaint:
    kind = stage.shared.parents[one.category]
    blamed = one.category == "adviser_attitude"
    return Complaint(
        number=number,
        vehicle_id=one.order.car.id,
        customer_id=one.order.car.customer_id,
        order_id=one.order.id,
        category_id=stage.shared.categories[one.category],
        severity=one.severity,
        channel=one.channel,
        motive=dice.choices(*MOTIVES)[0],
        origin=dice.choice(ORIGINS[kind]),
        department=DEPARTMENTS.get(kind, "服务部"),
        content=words.complaint(dice, one.category, one.order.car.model),
        first_contact_id=dice.choice(stage.people["agent"]).id,
        person_complained_id=one.order.adviser.id if blamed else None,
        person_verified=blamed and dice.random() < 0.4,
        state="new",
        opened_at=one.opened_at,
        opened_on=local_day(one.opened_at),
        since=one.opened_at,
    )


def _actor(stage: Stage, dice: Random) -> str:
    own = f"manager{stage.index}" if stage.index <= 2 else "principal"
    return dice.choice((own, own, "quality"))
