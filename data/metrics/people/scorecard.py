"""A scorecard: a row for each person and measure, beside what is usual in the person's store."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer
from data.metrics.people import chance
from data.models import Employee, Store
from data.scope import Scope
from data.stats import rate

ENOUGH = 30  # counted, before anybody is said to differ
SURE = 1.96
ALL = "all"
COLUMNS = (
    "key", "name", "name_zh", "store", "measure", "unit", "value", "numerator", "denominator",
    "not_due", "ci_low", "ci_high", "centre", "lower", "upper", "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted of one person: in shares and counts `above` of `below`; in means the sum
    of `below` values and of their squares."""

    above: float
    below: int
    not_due: int = 0
    squares: float = 0.0


Counts = Mapping[int, Found]  # by employee id


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure: its value with an interval, and the reach of chance around the usual."""

    worth: Callable[[Found], dict[str, Any]]
    limits: Callable[[Sequence[Found], Found], chance.Reach]
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: its code, its unit, its kind and what was counted.

    `usual` is what the usual of a store comes from, where that is not all that was counted.
    """

    code: str
    unit: str
    kind: Kind
    counts: Counts
    usual: Counts | None = None


def whole_store(scope: Scope, key: str) -> Scope:
    """The scope without its narrowing to single people: what is usual is everybody's."""
    return replace(scope, drill=tuple(pair for pair in scope.drill if pair[0] != key))


def answer(session: Session, scope: Scope, key: str, measures: Sequence[Measure]) -> Answer:
    """The scorecard of all these measures, by the names of the people.

    `key` is the drill key that names single people: then only their rows are given, with the
    limits of their store. The summary counts the people, those with enough counted to be judged,
    and those beyond the limits in any measure.
    """
    people = _people(session, scope, {id_ for each in measures for id_ in each.counts})
    asked, usual = scope.asked(key), [_by_store(people, measure) for measure in measures]
    rows = [
        _row(person, measure, of_stores[person.store_id])
        for person in people
        for measure, of_stores in zip(measures, usual, strict=True)
        if (not asked or str(person.id) in asked) and person.id in measure.counts
    ]
    return Answer(DataFrame(rows, columns=list(COLUMNS), dtype=object), summary(rows))


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many people there are, are judged, and lie beyond chance in any measure."""
    judged = [row for row in rows if row["verdict"]]
    beyond = [row for row in judged if row["verdict"] != "within"]
    return {
        "people": len({row["key"] for row in rows}),
        "judged": len({row["key"] for row in judged}),
        "compared": len(judged),
        "beyond": len({row["key"] for row in beyond}),
    }


def _people(session: Session, scope: Scope, ids: set[int]) -> list[Any]:
    query = (
        select(Employee.id, Employee.name, Employee.store_id, Store.code.label("store"))
        .join(Store, Store.id == Employee.store_id)
        .where(*scope.where(Employee))
        .order_by(Store.code, Employee.name, Employee.id)
    )
    return [row for row in session.execute(query) if row.id in ids]


def _by_store(people: Sequence[Any], measure: Measure) -> Mapping[int, Sequence[Found]]:
    """What the usual of each store comes from."""
    usual = measure.counts if measure.usual is None else measure.usual
    of_stores: dict[int, list[Found]] = defaultdict(list)
    for person in people:
        if person.id in usual:
            of_stores[person.store_id].append(usual[person.id])
    return of_stores


def _row(person: Any, measure: Measure, store: Sequence[Found]) -> dict[str, Any]:
    found, kind = measure.counts[person.id], measure.kind
    worth, limits = kind.worth(found), _limits(kind, store, found)
    return {
        "key": str(person.id),
        "name": person.name,
        "name_zh": person.name,
        "store": person.store,
        "measure": measure.code,
        "unit": measure.unit,
        **worth,
        **limits,
        "verdict": verdict(worth["value"], found.below, limits["lower"], limits["upper"]),
    }


def _limits(kind: Kind, store: Sequence[Found], own: Found) -> dict[str, float | None]:
    below = sum(each.below for each in store)
    if not own.below or not below:
        return {"centre": None, "lower": None, "upper": None}
    usual = sum(each.above for each in store) / below
    low, high = kind.limits(store, own)
    return {
        "centre": usual * kind.scale,
        "lower": low * kind.scale,
        "upper": high * kind.scale,
    }


def verdict(value: float | None, of: int, lower: float | None, upper: float | None) -> str | None:
    """above, within or below what chance allows; None where too little was counted to say."""
    if value is None or lower is None or upper is None or of < ENOUGH:
        return None
    if value > upper + 1e-9:
        return "above"
    return "below" if value < lower - 1e-9 else "within"


def _usual(store: Sequence[Found]) -> float:
    return sum(each.above for each in store) / sum(each.below for each in store)


def _share(found: Found) -> dict[str, Any]:
    return {**rate(int(found.above), found.below, found.not_due)}


def _per_1000(found: Found) -> dict[str, Any]:
    counted: dict[str, Any] = {**rate(int(found.above), found.below, found.not_due)}
    large = ("value", "ci_low", "ci_high")
    return counted | {name: counted[name] and counted[name] * 1000 for name in large}


def _mean(found: Found) -> dict[str, Any]:
    n = found.below
    if not n:
        return {**rate(0, 0)}
    value = found.above / n
    reach = SURE * _spread([found]) / sqrt(n)
    ends = {"ci_low": value - reach, "ci_high": value + reach}
    return {"value": value, "numerator": found.above, "denominator": n, "not_due": 0, **ends}


def _spread(store: Sequence[Found]) -> float:
    n = sum(each.below for each in store)
    mean = _usual(store)
    return sqrt(max(sum(each.squares for each in store) / n - mean * mean, 0.0))


SHARE = Kind(_share, lambda store, own: chance.of_share(_usual(store), own.below))
PER_1000 = Kind(_per_1000, lambda store, own: chance.of_count(_usual(store), own.below), 1000.0)
MEAN = Kind(_mean, lambda store, own: chance.of_mean(_usual(store), _spread(store), own.below))
