"""The answers of a scope: by the local day they were given, from who was served or owns the car."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer
from data.metrics.followups.owed import NONE, share_of, whole_numbers
from data.models import Followup, FollowupRule, RepairOrder, Respondent, Store, SurveyResponse
from data.scope import Scope

BY = ("period", "store", "adviser", "agent", "rule")
KEYS: dict[str, Any] = {
    "period": SurveyResponse.answered_on,
    "store": SurveyResponse.store_id,
    "adviser": RepairOrder.adviser_id,
    "agent": Followup.agent_id,
    "rule": Followup.rule_id,
}
CONTENT, TOP, DISCONTENT = 4, 5, 2
PROMOTER, DETRACTOR = 9, 6
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
            SurveyResponse.answered_at <= scope.as_of,
            *drilled(scope),
        ]
        if not of_others:
            self.where.append(~of_call(lambda call: call.respondent == Respondent.OTHER))

    def counted(
        self, session: Session, by: str, *sums: Any, only: Sequence[ColumnElement[bool]] = ()
    ) -> Counted:
        """Sums of the answers by the key `by` stands for: (key, sum, …)."""
        query = joined(select(KEYS[by], *sums).select_from(SurveyResponse), by)
        found = session.execute(query.where(*self.where, *only).group_by(KEYS[by]))
        return [(key, *(int(each or 0) for each in row)) for key, *row in found]

    def share(self, session: Session, met: ColumnElement[bool], *, grain: str, by: str) -> Answer:
        """The share of the overall answers with `met`; a blank is no answer."""
        asked = SurveyResponse.overall.is_not(None)
        met_of_all = (func.count().filter(met), func.count())
        found = [(*row, 0) for row in self.counted(session, by, *met_of_all, only=(asked,))]
        return shared(session, found, self.scope, grain, by)


def shared(session: Session, found: Counted, scope: Scope, grain: str, by: str) -> Answer:
    """The answer of a rate, from (key, met, matured, not due); people are named by their ids."""
    return share_of(session, found, scope, grain, "agent" if by in PEOPLE else by)


def joined(query: Select[Any], by: str) -> Select[Any]:
    """The query with the table that holds the key `by`."""
    response = SurveyResponse
    if by == "adviser":
        same = RepairOrder.id == response.order_id
        return query.outerjoin(RepairOrder, and_(RepairOrder.store_id == response.store_id, same))
    if by in ("agent", "rule"):
        same = Followup.id == response.callback_id
        return query.outerjoin(Followup, and_(Followup.store_id == response.store_id, same))
    return query


def drilled(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the people of the order, agents and rules the scope drills into."""
    wanted = of_order(SurveyResponse, scope)
    if asked := scope.asked("agent"):
        wanted.append(_called(lambda call: call.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("rule"):
        codes = select(FollowupRule.id).where(FollowupRule.code.in_(asked))
        wanted.append(_called(lambda call: call.rule_id, codes, NONE in asked))
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


def of_call(condition: Callable[[Any], Any]) -> ColumnElement[bool]:
    """Answers given on a call for which `condition`, a function of the call, holds."""
    call = aliased(Followup)
    own = select(call.id).where(
        call.store_id == SurveyResponse.store_id,
        call.id == SurveyResponse.callback_id,
        condition(call),
    )
    return exists(own)


def alarming() -> ColumnElement[bool]:
    """An answer of 1 or 2 to anything asked on five points, or of 6 and less on ten."""
    lowest, nps = SurveyResponse.lowest, SurveyResponse.nps
    return or_(
        and_(lowest.is_not(None), lowest <= DISCONTENT), and_(nps.is_not(None), nps <= DETRACTOR)
    )
