"""The calls owed to customers as they stood at `as_of`: what happened later is not seen."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer
from data.metrics.trend import by_key, in_order, rates
from data.models import (
    CallAttempt,
    Employee,
    Followup,
    FollowupRule,
    FollowupState,
    Respondent,
    Store,
)
from data.scope import Scope
from data.stats import rate

BY = ("period", "store", "rule", "agent", "channel")
KEYS: dict[str, Any] = {
    "period": Followup.due_on,
    "store": Followup.store_id,
    "rule": Followup.rule_id,
    "agent": Followup.agent_id,
    "channel": Followup.rule_id,
}
VALID = (Respondent.PERSON_SERVED.value, Respondent.OWNER.value)
NONE = "none"

Counted = list[tuple[Any, ...]]
Joins = Sequence[tuple[Any, Any]]


class Owed:
    """The calls of a scope by the local day they are due, and what had come of them.

    `where` says which count at all: planned by then, the customer not excluded, and not called off
    (unless those are asked for too).
    """

    def __init__(self, scope: Scope, *, called_off: bool = False, period: bool = True) -> None:
        self.scope = scope
        self.where: list[ColumnElement[bool]] = [
            # said even of all stores: so the databases read store by store, in the order of days
            Followup.store_id.in_(select(Store.id)),
            *scope.where(Followup, Followup.due_on if period else None),
            *drilled(scope),
            Followup.planned_at <= scope.as_of,
            Followup.excluded.is_(None),
        ]
        if not called_off:
            self.where.append(or_(Followup.state != FollowupState.CANCELLED, ~self.ended))

    @property
    def ended(self) -> ColumnElement[bool]:
        """It is over, however it ended."""
        return self.by_now(Followup.ended_at)

    @property
    def matured(self) -> ColumnElement[bool]:
        """Its deadline has passed, or it is over."""
        return or_(Followup.due_at <= self.scope.as_of, self.ended)

    @property
    def attempted(self) -> ColumnElement[bool]:
        """Somebody tried."""
        return self.by_now(Followup.first_attempt_at)

    @property
    def connected(self) -> ColumnElement[bool]:
        """Somebody answered."""
        return self.by_now(Followup.connected_at)

    @property
    def completed(self) -> ColumnElement[bool]:
        """The person served or the owner answered the questions."""
        valid = and_(Followup.respondent.is_not(None), Followup.respondent.in_(VALID))
        return and_(self.by_now(Followup.completed_at), valid)

    @property
    def on_time(self) -> ColumnElement[bool]:
        """Completed by the deadline; at that very moment is in time."""
        return and_(self.completed, Followup.completed_at <= Followup.due_at)

    def by_now(self, moment: Any) -> ColumnElement[bool]:
        """Whether `moment` has come."""
        return and_(moment.is_not(None), moment <= self.scope.as_of)

    def counted(
        self, session: Session, by: str, *columns: Any, joins: Joins = (), only: Sequence[Any] = ()
    ) -> Counted:
        """Sums of the calls by the key `by` stands for: (key, sum, …)."""
        query = select(KEYS[by], *columns).select_from(Followup)
        for model, same in joins:
            query = query.outerjoin(model, same)
        found = session.execute(query.where(*self.where, *only).group_by(KEYS[by]))
        return [(key, *(int(each or 0) for each in sums)) for key, *sums in found]

    def share(self, session: Session, met: ColumnElement[bool], *, grain: str, by: str) -> Answer:
        """The share of the matured calls with `met`; what has not matured stands beside it."""
        found = self.counted(
            session,
            by,
            func.count().filter(and_(met, self.matured)),
            func.count().filter(self.matured),
            func.count().filter(~self.matured),
        )
        return share_of(session, found, self.scope, grain, by)


def share_of(session: Session, found: Counted, scope: Scope, grain: str, by: str) -> Answer:
    """The answer of a rate, from (key, met, matured, not due)."""
    sums = [sum(row[place] for row in found) for place in (1, 2, 3)]
    summary = {**rate(*sums)}
    if by == "period":
        days = [(day, tuple(counts)) for day, *counts in found]
        return Answer(rates(days, scope, grain), summary)
    names = named(session, by)
    codes = [(names.get(key, (NONE, None, None))[0], *counts) for key, *counts in found]
    return Answer(with_names(by_key(in_order(codes)), names), summary)


def with_names(rows: DataFrame, names: dict[Any, tuple[str, Any, Any]]) -> DataFrame:
    """The rows with `name` and `name_zh` of their `key`; None where a code says enough."""
    known = {code: (name, name_zh) for code, name, name_zh in names.values()}
    for place, column in enumerate(("name", "name_zh")):
        words = [known.get(key, (None, None))[place] for key in rows["key"]]
        rows[column] = Series(words, index=rows.index, dtype=object)
    return rows


def named(session: Session, by: str) -> dict[Any, tuple[str, Any, Any]]:
    """Code, name and Chinese name by id: of stores, rules and people, or the channel of a rule."""
    if by == "store":
        rows = session.execute(select(Store.id, Store.code))
        return {id_: (code, None, None) for id_, code in rows}
    if by == "agent":
        rows = session.execute(select(Employee.id, Employee.name))
        return {id_: (str(id_), name, name) for id_, name in rows}
    rule = FollowupRule
    rules = session.execute(select(rule.id, rule.code, rule.channel, rule.name, rule.name_zh))
    if by == "channel":
        return {id_: (channel, None, None) for id_, _, channel, _, _ in rules}
    return {id_: (code, name, name_zh) for id_, code, _, name, name_zh in rules}


def drilled(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the rules, agents, channels and results that the scope drills into."""
    rule, attempt = FollowupRule, CallAttempt
    conditions: list[ColumnElement[bool]] = []
    if asked := scope.asked("rule"):
        ids = select(rule.id).where(rule.code.in_(asked))
        conditions.append(any_of(Followup.rule_id, ids, NONE in asked))
    if asked := scope.asked("channel"):
        ids = select(rule.id).where(rule.channel.in_(asked))
        conditions.append(any_of(Followup.rule_id, ids, NONE in asked))
    if asked := scope.asked("agent"):
        conditions.append(any_of(Followup.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("result"):
        tried = select(attempt.id).where(
            attempt.store_id == Followup.store_id,
            attempt.callback_id == Followup.id,
            attempt.result.in_(asked),
            attempt.at <= scope.as_of,
        )
        conditions.append(exists(tried))
    return conditions


def any_of(column: Any, values: Any, missing: bool) -> ColumnElement[bool]:
    """The column holds one of these values, or nothing if that was asked for."""
    found: ColumnElement[bool] = column.in_(values)
    return or_(found, column.is_(None)) if missing else found


def whole_numbers(asked: Sequence[str]) -> list[int]:
    """The ids among these words."""
    return [int(word) for word in asked if word.isdecimal() and len(word) < 18]
