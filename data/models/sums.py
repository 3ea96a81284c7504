"""Daily sums: what the metrics add up, kept by store and local day so that history costs nothing.

They are worked out by `data.sums` from the rows, never written otherwise. Counts and sums only.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned
from data.models.keys import Code, Id
from data.models.visits import Small


def by_day(day: str) -> tuple[Any, ...]:
    """The table arguments of sums, which are read store by store in the order of days."""
    return (ForeignKeyConstraint(["store_id"], ["store.id"]), Index(None, "store_id", day))


class Ledger(Base):
    """How far the sums of one kind of day are kept: all days to `until`, as seen at `as_of`."""

    __tablename__ = "ledger"
    name: Mapped[Code] = mapped_column(primary_key=True)
    until: Mapped[date]
    as_of: Mapped[datetime]


class StaleDay(StoreOwned, Base):
    """A day of a store whose rows have changed since its sums were worked out.

    Written with the change, once or many times, and taken out by whoever works the day out anew.
    """

    __tablename__ = "stale_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        Index(None, "ledger", "store_id", "day"),
    )
    id: Mapped[Id]
    ledger: Mapped[Code]
    day: Mapped[date]


class FollowupSums(StoreOwned):
    """What came of the calls due on a day; all but `due`, `tries`, `done` and `first` of the
    matured ones."""

    id: Mapped[Id]
    due_on: Mapped[date]
    rule_id: Mapped[int | None]
    due: Mapped[Small]
    matured: Mapped[Small]
    attempted: Mapped[Small]
    connected: Mapped[Small]
    completed: Mapped[Small]
    on_time: Mapped[Small]
    tries: Mapped[Small]
    done: Mapped[Small]
    first: Mapped[Small]


class FollowupDay(FollowupSums, Base):
    """Sums of the calls by the day they are due, and rule."""

    __tablename__ = "followup_day"
    __table_args__ = by_day("due_on")


class FollowupAgentDay(FollowupSums, Base):
    """The same by agent too: few ask for it, and there are more."""

    __tablename__ = "followup_agent_day"
    __table_args__ = by_day("due_on")
    agent_id: Mapped[int | None]
