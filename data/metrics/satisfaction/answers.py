"""The answers of a scope: by the local day they were given, from who was served or owns the car."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer
from data.metrics.followups.owed import NONE, any_of, share_of, whole_numbers
from data.models import FollowupRule, RepairOrder, Store, SurveyResponse
from data.scope import Scope
from data.sums import answers as said
from data.sums.answered import ANSWERED
from data.sums.answers import BY_CALL, BY_ORDER, DETRACTOR, DISCONTENT, of_call
from data.sums.kinds import Kind
from data.sums.reading import Question, added_up

BY = ("period", "store", "adviser", "agent", "rule")
KEYS = {
    "period": "answered_on",
    "store": "store_id",
    "adviser": "adviser_id",
    "agent": "agent_id",
    "rule": "rule_id",
}
PEOPLE = ("adviser", "agent", "technician")

Counted = list[tuple[Any, ...]]


class Answers:
    """The answers given by `as_of` on the scope's days; `where` says which.

    Those of somebody who was neither served nor owns the car are left out unless asked for.
    """

    def __init__(self, scope: Scope, *, of_others: bool = False) -> None:
        self.scope = scope
        self.where: list[ColumnElement[bool]] = [
            # said even of all stores: so the databases read store by store, in the order of days
            SurveyResponse.store_id.in_(select(Store.id)),
            *scope.where(SurveyResponse, SurveyResponse.answered_on),
            said.given_by(scope.as_of),
            *drilled(scope),
        ]
        if not of_others:
            self.where.append(~said.of_others())

    def counted(
        self, session: Session, by: str, *sums: Any, only: Sequence[ColumnElement[bool]] = ()
    ) -> Counted:
        """Sums of the answers by the key `by` stands for: (key, sum, …)."""
        key = _kind(by).keys[KEYS[by]]
        query = _kind(by).rows(select(key, *sums))
        found = session.execute(query.where(*self.where, *only).group_by(key))
        return [(key, *(int(each or 0) for each in row)) for key, *row in found]

    def added_up(self, session: Session, by: str, *names: str) -> Counted:
        """The daily sums of these names by the key `by` stands for, where there are any."""
        kind = _kind(by)
        asked = Question(ANSWERED, kind, [KEYS[by]], names, self.where, kept(self.scope, kind))
        return [row for row in added_up(session, self.scope, asked) if any(row[1:])]

    def share(self, session: Session, met: str, *, grain: str, by: str) -> Answer:
        """The share of the overall answers with `met`; a blank is no answer."""
        found = [(*row, 0) for row in self.added_up(session, by, met, "n")]
        return shared(session, found, self.scope, grain, by)


def _kind(by: str) -> Kind:
    return BY_ORDER if by == "adviser" else BY_CALL


def kept(scope: Scope, kind: Kind) -> list[ColumnElement[bool]] | None:
    """The conditions for the people and rules the scope drills into, of the kept sums; None if they
    cannot tell."""
    asked = [key for key in ("adviser", "technician", "agent", "rule") if scope.asked(key)]
    if any(f"{key}_id" not in kind.keys for key in asked):
        return None
    conditions = []
    for key in ("adviser", "agent"):
        if people := scope.asked(key):
            column = getattr(kind.kept, f"{key}_id")
            conditions.append(any_of(column, whole_numbers(people), NONE in people))
    if rules := scope.asked("rule"):
        conditions.append(any_of(kind.kept.rule_id, of_codes(rules), NONE in rules))
    return conditions


def of_codes(codes: Sequence[str]) -> Any:
    """The numbers of the rules with these codes."""
    return select(FollowupRule.id).where(FollowupRule.code.in_(codes))


def shared(session: Session, found: Counted, scope: Scope, grain: str, by: str) -> Answer:
    """The answer of a rate, from (key, met, matured, not due); people are named by their ids."""
    return share_of(session, found, scope, grain, "agent" if by in PEOPLE else by)


def drilled(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the people of the order, agents and rules the scope drills into."""
    wanted = of_order(SurveyResponse, scope)
    if asked := scope.asked("agent"):
        wanted.append(_called(lambda call: call.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("rule"):
        wanted.append(_called(lambda call: call.rule_id, of_codes(asked), NONE in asked))
    return wanted


def _called(column: Callable[[Any], Any], values: Any, missing: bool) -> ColumnElement[bool]:
    """Answers of calls with one of these values, or without any if that was asked for."""
    those = of_call(lambda call: column(call).in_(values))
    return or_(those, ~of_call(lambda call: column(call).is_not(None))) if missing else those


def of_order(model: Any, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for rows of `model`, which have an order, by who wrote or did the order."""
    people = {"adviser": "adviser_id", "technician": "technician_id"}
    return [
        _by_person(model, column, asked)
        for key, column in people.items()
        if (asked := scope.asked(key))
    ]


def _by_person(model: Any, column: str, asked: Sequence[str]) -> ColumnElement[bool]:
    order = aliased(RepairOrder)
    person = getattr(order, column)
    same = and_(order.store_id == model.store_id, order.id == model.order_id)
    own = select(order.id).where(same, person.in_(whole_numbers(asked)))
    anybody = select(order.id).where(same, person.is_not(None))
    return or_(exists(own), ~exists(anybody)) if NONE in asked else exists(own)


def alarming() -> ColumnElement[bool]:
    """An answer of 1 or 2 to anything asked on five points, or of 6 and less on ten."""
    lowest, nps = SurveyResponse.lowest, SurveyResponse.nps
    return or_(
        and_(lowest.is_not(None), lowest <= DISCONTENT), and_(nps.is_not(None), nps <= DETRACTOR)
    )
