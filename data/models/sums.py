"""Daily sums: what the metrics add up, kept by store and local day so that history costs nothing.

They are worked out by `data.sums` from the rows, never written otherwise. Counts and sums only.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned
from data.models.keys import Code, Id, Small, owned


def by_day(day: str) -> tuple[Any, ...]:
    """The table arguments of sums, which are read store by store in the order of days."""
    return owned(Index(None, "store_id", day))


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
    __table_args__ = owned(Index(None, "ledger", "store_id", "day"))
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


class HeardDay(StoreOwned, Base):
    """Sums of the calls by the day they are due, rule and agent.

    Of the completed ones: how many were `timed`, of a `proper` length, `short` with full marks;
    of how many the caller and the adviser are known (`named`), and are two people (`apart`); `n`
    overall answers. Of the matured ones: how many were `reached` (`waiting`: of the others),
    `replied`, were `scored` and `satisfied`, or remain `unreached`. The questions of all answers:
    `asked`, and left `blank`.
    """

    __tablename__ = "heard_day"
    __table_args__ = by_day("due_on")
    id: Mapped[Id]
    due_on: Mapped[date]
    rule_id: Mapped[int | None]
    agent_id: Mapped[int | None]
    completed: Mapped[Small]
    timed: Mapped[Small]
    proper: Mapped[Small]
    short: Mapped[Small]
    named: Mapped[Small]
    apart: Mapped[Small]
    n: Mapped[Small]
    content: Mapped[Small]
    top: Mapped[Small]
    matured: Mapped[Small]
    reached: Mapped[Small]
    replied: Mapped[Small]
    scored: Mapped[Small]
    satisfied: Mapped[Small]
    unreached: Mapped[Small]
    waiting: Mapped[Small]
    seconds: Mapped[Small]
    seconds_squared: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[Small]
    squares: Mapped[Small]
    blank: Mapped[Small]
    asked: Mapped[Small]


class UnreachedDay(StoreOwned, Base):
    """How often nobody was reached, by what came of the try, the rule and the day the call is due;
    also of calls that were called off."""

    __tablename__ = "unreached_day"
    __table_args__ = by_day("due_on")
    id: Mapped[Id]
    due_on: Mapped[date]
    rule_id: Mapped[int | None]
    result: Mapped[Code]
    tries: Mapped[Small]


class TriedDay(StoreOwned, Base):
    """How often customers were tried on a day, by the hour and the rule of the call, and how often
    somebody answered."""

    __tablename__ = "tried_day"
    __table_args__ = by_day("tried_on")
    id: Mapped[Id]
    tried_on: Mapped[date]
    hour: Mapped[Small]
    rule_id: Mapped[int | None]
    tries: Mapped[Small]
    connected: Mapped[Small]


class AnswerSums(StoreOwned):
    """Sums of the answers of a day: how many were `given`, `worded` with words besides, `n` with an
    overall mark, `asked_nps` with whether one would recommend us."""

    id: Mapped[Id]
    answered_on: Mapped[date]
    given: Mapped[Small]
    worded: Mapped[Small]
    n: Mapped[Small]
    content: Mapped[Small]
    top: Mapped[Small]
    discontent: Mapped[Small]
    asked_nps: Mapped[Small]
    promoters: Mapped[Small]
    detractors: Mapped[Small]


class AnswerDay(AnswerSums, Base):
    """Sums of the answers by the rule and the agent of the call, where there was one."""

    __tablename__ = "answer_day"
    __table_args__ = by_day("answered_on")
    rule_id: Mapped[int | None]
    agent_id: Mapped[int | None]


class AnswerAdviserDay(AnswerSums, Base):
    """The same by the service adviser of the order, where there was one."""

    __tablename__ = "answer_adviser_day"
    __table_args__ = by_day("answered_on")
    adviser_id: Mapped[int | None]


class ScoreDay(Base, StoreOwned):
    """Sums of the scores of a question on a day: how many, their sum and squares, how many are
    content; and of those with an overall answer too (`pairs`) of the score x and the overall y."""

    __tablename__ = "score_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    answered_on: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[Small]
    total: Mapped[Small]
    squares: Mapped[Small]
    content: Mapped[Small]
    pairs: Mapped[Small]
    x: Mapped[Small]
    xx: Mapped[Small]
    y: Mapped[Small]
    yy: Mapped[Small]
    xy: Mapped[Small]


class InvitedDay(Base, StoreOwned):
    """What came of the invitations due on a day: how many were called, not called, and of these
    held out by lot; and of each how many came in time, which is `Norm` "solicitation"."""

    __tablename__ = "invited_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    called: Mapped[Small]
    called_came: Mapped[Small]
    not_called: Mapped[Small]
    not_called_came: Mapped[Small]
    held_out: Mapped[Small]
    held_out_came: Mapped[Small]


class CoveredDay(Base, StoreOwned):
    """Of the orders delivered on a day that should have a callback: how many were to be `called`
    about, for how many that was `expected` by then, and how many were `waiting` for it."""

    __tablename__ = "covered_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    delivered_on: Mapped[date] = mapped_column(primary_key=True)
    called: Mapped[Small]
    expected: Mapped[Small]
    waiting: Mapped[Small]


class RepairedDay(Base, StoreOwned):
    """How many orders were delivered on a day, and how many of them are rework."""

    __tablename__ = "repaired_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    delivered_on: Mapped[date] = mapped_column(primary_key=True)
    delivered: Mapped[Small]
    reworked: Mapped[Small]


class FaultyOrderDay(Base, StoreOwned):
    """How many orders were delivered on a day, and what is wrong with them, by codes of faults."""

    __tablename__ = "faulty_order_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    delivered_on: Mapped[date] = mapped_column(primary_key=True)
    records: Mapped[Small]
    no_phone: Mapped[Small]
    no_adviser: Mapped[Small]
    delivered_before_arrival: Mapped[Small]


class FaultyCallDay(Base, StoreOwned):
    """How many of the calls due on a day are completed, and what is wrong with them."""

    __tablename__ = "faulty_call_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    records: Mapped[Small]
    completed_before_planned: Mapped[Small]


class FaultyAnswerDay(Base, StoreOwned):
    """How many answers about orders were given on a day, and what is wrong with them."""

    __tablename__ = "faulty_answer_day"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    answered_on: Mapped[date] = mapped_column(primary_key=True)
    records: Mapped[Small]
    answered_before_delivery: Mapped[Small]
