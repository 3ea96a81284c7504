"""What customers are promised: mostly kept in time, sometimes explained, sometimes broken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from data.demo import words
from data.demo.case import Case, Step
from data.demo.stage import Stage
from data.models import Promise

KEPT, EXPLAINED, KEPT_LATE = 0.78, 0.87, 0.95  # up to here in a throw of the dice; else broken


def promise(case: Case, dice: Random, at: datetime, *, broken: bool = False) -> Iterator[Step]:
    """A promise made in the course of a case, and what became of it."""
    if at > case.stage.as_of:
        return
    made, values = add_promise(case.stage, dice, at, broken=broken, complaint_id=case.row.id)
    said, due_at = values["words"], values["due_at"]
    data = {"promise_id": made, "words": said, "due_at": due_at.isoformat()}
    yield Step("promised", at, data, {})
    if values["explained_at"]:
        told = {"promise_id": made, "words": "配件延期，已向客户说明新的时间。"}
        case.aside("promise_explained", values["explained_at"], told)
    if values["kept_at"]:
        case.aside("promise_kept", values["kept_at"], {"promise_id": made})


def add_promise(
    stage: Stage, dice: Random, at: datetime, *, broken: bool = False, **about: int | None
) -> tuple[int, dict[str, Any]]:
    """Note a promise made at this moment; its id and its values."""
    due_at = at + timedelta(days=dice.randint(1, 6))
    luck, said = 1.0 if broken else dice.random(), dice.choice(words.PROMISES)
    explained_at = at + (due_at - at) * 0.8 if KEPT <= luck < EXPLAINED else None
    values = {
        "words": said,
        "made_at": at,
        "due_at": due_at,
        "kept_at": _past(stage, _kept_at(dice, at, due_at, luck)),
        "explained_at": _past(stage, explained_at),
    }
    return stage.add(Promise, **values, **about), values


def _kept_at(dice: Random, at: datetime, due_at: datetime, luck: float) -> datetime | None:
    if luck < KEPT:
        return at + (due_at - at) * dice.uniform(0.2, 0.98)
    late = due_at + timedelta(hours=dice.uniform(3, 60))
    return late if luck < KEPT_LATE else None


def _past(stage: Stage, at: datetime | None) -> datetime | None:
    """The moment to the second, if it lies before the data speak."""
    return at.replace(microsecond=0) if at and at <= stage.as_of else None
