"""The calls owed to customers as they stood at `as_of`: what happened later is not seen."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from data.metrics import Answer
from data.metrics.trend import by_key, in_order, rates
from data.models import (
    CallAttempt,
    Employee,
    Followup,
    FollowupRule,
    Store,
)
from data.scope import Scope
from data.stats import rate
from data.sums.due import DUE
from data.sums.followups import BY_AGENT, BY_RULE, Calls
from data.sums.kinds import Kind
from data.sums.reading import Question, added_up

BY = ("period", "store", "rule", "agent", "channel")
KEYS = {
    "period": "due_on",
    "store": "store_id",
    "rule": "rule_id",
    "agent": "agent_id",
    "channel": "rule_id",
}
NONE = "none"

Counted = list[tuple[Any, ...]]


class Owed(Calls):
    """The calls of a scope by the local day they are due, and what had come of them.

    `where` says which count at all: planned by then, the customer not excluded, and not called off
    (unless those are asked for too). `rules` are the numbers of rules, None for any.
    """

    def __init__(
        self, scope: Scope, *, called_off: bool = False, period: bool = True, rules: Any = None
    ) -> None:
        super().__init__(scope.as_of)
        self.scope, self.rules, self.kept = scope, rules, not scope.asked("result")
        self.where: list[ColumnElement[bool]] = [
            # said even of all stores: so the databases read store by store, in the order of days
            Followup.store_id.in_(select(Store.id)),
            *scope.where(Followup, Followup.due_on if period else None),
            *drilled(scope),
            *self.counting,
        ]
        if not called_off:
            self.where.append(self.not_called_off)
        if rules is not None:
            self.where.append(Followup.rule_id.in_(rules))

    def narrow(self, *conditions: ColumnElement[bool]) -> None:
        """Let fewer of them count; which, no sums can tell."""
        self.where += conditions
        self.kept = self.kept and not conditions

    def added_up(self, session: Session, by: str, *names: str) -> Counted:
        """The daily sums of these names by the key `by` stands for: (key, sum, …)."""
        fine = by == "agent" or bool(self.scope.asked("agent"))
        return self.sums(session, BY_AGENT if fine else BY_RULE, [KEYS[by]], *names)

    def sums(
        self, session: Session, kind: Kind, keys: Sequence[str], *names: str, only: Any = ()
    ) -> Counted:
        """The daily sums of a kind by these keys; all rows that it counts are `only` such."""
        rows = [*self.where, *only]
        asked = Question(DUE, kind, keys, names, rows, self._of_kept(kind))
        return added_up(session, self.scope, asked)

    def _of_kept(self, kind: Kind) -> list[ColumnElement[bool]] | None:
        """The conditions for sums of this kind; None if they cannot tell."""
        if not self.kept or (self.scope.asked("agent") and "agent_id" not in kind.keys):
            return None
        of_rules = [] if self.rules is None else [kind.kept.rule_id.in_(self.rules)]
        return [*drilled(self.scope, kind.kept), *of_rules]

    def share(self, session: Session, met: str, *, grain: str, by: str) -> Answer:
        """The share of the matured calls with `met`; what has not matured stands beside it."""
        found = self.added_up(session, by, met, "matured", "due")
        counted = [(key, yes, matured, due - matured) for key, yes, matured, due in found]
        return share_of(session, counted, self.scope, grain, by)


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


def drilled(scope: Scope, model: Any = Followup) -> list[ColumnElement[bool]]:
    """The conditions for the rules, agents, channels and results that the scope drills into.

    `model` are the calls, or their sums by rule and agent; those know no results.
    """
    rule = FollowupRule
    conditions: list[ColumnElement[bool]] = []
    if asked := scope.asked("rule"):
        ids = select(rule.id).where(rule.code.in_(asked))
        conditions.append(any_of(model.rule_id, ids, NONE in asked))
    if asked := scope.asked("channel"):
        ids = select(rule.id).where(rule.channel.in_(asked))
        conditions.append(any_of(model.rule_id, ids, NONE in asked))
    if asked := scope.asked("agent"):
        conditions.append(any_of(model.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("result"):
        conditions.append(_tried(scope, asked))
    return conditions


def _tried(scope: Scope, results: Sequence[str]) -> ColumnElement[bool]:
    attempt = CallAttempt
    tried = select(attempt.id).where(
        attempt.store_id == Followup.store_id,
        attempt.callback_id == Followup.id,
        attempt.result.in_(results),
        attempt.at <= scope.as_of,
    )
    return exists(tried.correlate(Followup))  # of tries of its own, also beside other tries


def any_of(column: Any, values: Any, missing: bool) -> ColumnElement[bool]:
    """The column holds one of these values, or nothing if that was asked for."""
    found: ColumnElement[bool] = column.in_(values)
    return or_(found, column.is_(None)) if missing else found


def whole_numbers(asked: Sequence[str]) -> list[int]:
    """The ids among these words."""
    return [int(word) for word in asked if word.isdecimal() and len(word) < 18]
