"""Small lists that screens need beside the figures: stores, people, targets, and what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Session  # screens import nothing of sqlalchemy

from data.models import (
    AdminEvent,
    AppUser,
    ComplaintCategory,
    Employee,
    Event,
    FollowupRule,
    Store,
)
from data.models import Target as TargetRow
from data.scope import Scope

PEOPLE = ("owner", "agent", "adviser", "technician")  # drill keys that hold the id of a person
NAMED = {"category", "rule", *PEOPLE}  # drill keys whose values have names


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach; `up` says that more is better."""

    value: float
    up: bool

    def met(self, value: float) -> bool:
        """Whether `value` is at least as good."""
        return value >= self.value if self.up else value <= self.value


def stores(session: Session) -> Sequence[tuple[str, str]]:
    """Code and name of every store the person may see, by code."""
    rows = session.execute(select(Store.code, Store.name).order_by(Store.code))
    return [(code, name) for code, name in rows]


def first_store(session: Session) -> int | None:
    """The lowest number of a store; None if there are none."""
    return session.scalar(select(Store.id).order_by(Store.id).limit(1))


def zone(session: Session, store: str | None) -> str | None:
    """Whose clocks a store goes by, by its code; None if there is no such store to be seen."""
    return session.scalar(select(Store.zone).where(Store.code == store))


def people(session: Session, scope: Scope) -> Sequence[tuple[int, str]]:
    """Id and name of everybody who works at the stores in scope now, by name."""
    query = select(Employee.id, Employee.name).where(Employee.active, *scope.where(Employee))
    return [(id_, name) for id_, name in session.execute(query.order_by(Employee.name))]


def actors(session: Session, history: Sequence[Event | AdminEvent]) -> dict[str, str]:
    """The names of those who wrote a history, by login."""
    logins = {entry.actor for entry in history}
    rows = session.execute(select(AppUser.login, AppUser.name).where(AppUser.login.in_(logins)))
    return {login: name for login, name in rows}  # noqa: C416  (rows are not pairs to mypy)


def names(session: Session, *, language: str) -> dict[tuple[str, str], str]:
    """What to call the categories and rules (by code) and people (by id) of an address."""
    found: dict[tuple[str, str], str] = {}
    for key, model in (("category", ComplaintCategory), ("rule", FollowupRule)):
        words = model.name_zh if language == "zh" else model.name
        rows = session.execute(select(model.code, words))
        found |= {(key, code): name for code, name in rows}
    people = [(str(id_), name) for id_, name in session.execute(select(Employee.id, Employee.name))]
    return found | {(key, id_): name for key in PEOPLE for id_, name in people}


def targets(session: Session, scope: Scope, *metrics: str) -> dict[str, Target]:
    """The targets in force at the scope's end, by metric; a single store's own go first.

    metrics: the codes of those asked about, all if there are none. Somebody who sees one store
    alone need not choose it for that.
    """
    row = TargetRow
    query = (
        select(row.metric, row.value, row.direction, row.store, Store.code)
        .outerjoin(Store, Store.id == row.store)
        .where(row.valid_from <= scope.today, *([row.metric.in_(metrics)] if metrics else []))
        .order_by(row.store.is_not(None), row.valid_from)
    )
    found = session.execute(query).all()
    only = _only(session, scope) if any(one.store for one in found) else None
    return {
        one.metric: Target(one.value, one.direction == "up")
        for one in found if one.store is None or (only and only == one.code)
    }  # fmt: skip


def _only(session: Session, scope: Scope) -> str | None:
    """The code of the store in scope, if it is one alone."""
    codes = scope.stores or [code for code, _name in stores(session)]
    return codes[0] if len(codes) == 1 else None


def written(session: Session) -> datetime | None:
    """When the newest thing the person may see was written down; None if there is nothing."""
    # by number, not by time: that one the database finds at once
    return session.scalar(select(Event.recorded_at).order_by(Event.id.desc()).limit(1))
