"""How many improvement actions there are, where they stand, and who has them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.improvements.standing import Standing, standings
from data.metrics.matters import ACTIONS, STAFF
from data.models import Employee, ImprovementKind
from data.models import ImprovementState as State
from data.scope import Scope

KEYS: dict[str, Callable[[Standing], Any]] = {
    "state": lambda one: one.state,
    "owner": lambda one: one.owner_id,
    "kind": lambda one: one.kind,
    "store": lambda one: one.store,
}
KNOWN: dict[str, tuple[str, ...]] = {"state": tuple(State), "kind": tuple(ImprovementKind)}
COLUMNS = ("key", "count", "overdue", "due_in_7_days")


@metric(
    "action_status", "Improvement actions", unit="actions", reads=ACTIONS | STAFF, by=tuple(KEYS)
)
def action_status(session: Session, scope: Scope, *, by: str = "state") -> Answer:
    """Improvement actions by where they stand: open, in progress, done, found effective or not
    effective, cancelled. Beside them those past their deadline and not done, those due within seven
    days, and those without an owner or a date, of which there must be none. The period does not
    narrow them.
    """
    found = standings(session, scope)
    groups = _groups(found, by)
    rows = [(key, *_counts(ones)) for key, ones in groups.items()]
    frame = DataFrame(rows, columns=list(COLUMNS))
    if by == "owner":
        names = _names(session, [key for key, *_ in rows])
        frame["name"] = [names.get(key) for key, *_ in rows]
        frame["key"] = frame["key"].astype(str)
    states = {str(state): sum(one.state == state for one in found) for state in State}
    total, overdue, soon = _counts(found)
    said = {"overdue": overdue, "due_in_7_days": soon, "unowned": _unowned(found), "total": total}
    return Answer(frame, states | said)


def _groups(found: list[Standing], by: str) -> dict[Any, list[Standing]]:
    known = KNOWN.get(by, ()) if found else ()
    groups: dict[Any, list[Standing]] = {str(key): [] for key in known}
    for one in found:
        groups.setdefault(KEYS[by](one), []).append(one)
    return groups


def _counts(ones: Iterable[Standing]) -> tuple[int, int, int]:
    """How many there are, how many are overdue, how many are due soon."""
    ones = list(ones)
    return len(ones), sum(one.overdue for one in ones), sum(one.soon for one in ones)


def _unowned(found: list[Standing]) -> int:
    return sum(not one.owner_id or not one.due_on for one in found)


def _names(session: Session, numbers: list[int]) -> dict[int, str]:
    rows = session.execute(select(Employee.id, Employee.name).where(Employee.id.in_(numbers)))
    names: dict[int, str] = defaultdict(str)
    names.update({number: name for number, name in rows})  # noqa: C416  (rows are not pairs)
    return names
