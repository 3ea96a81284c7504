"""What the orders of each service adviser and technician come to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.metrics import Answer, metric
from data.metrics.matters import CALLS, CASES, STAFF
from data.metrics.people.scorecard import (
    ALL,
    PER_1000,
    SHARE,
    Counts,
    Found,
    Kind,
    Measure,
    answer,
)
from data.metrics.satisfaction.answers import Answers
from data.models import Complaint, Followup, RepairOrder, Store, SurveyResponse
from data.norms import norm
from data.scope import Scope
from data.sums.followups import VALID

CONTENT = 4
MEASURES = ("satisfied", "complaints", "rework")


@metric(
    "adviser_scorecard",
    "Scorecard of the service advisers",
    unit="share",
    reads=CALLS | CASES | STAFF,
    measure=(ALL, *MEASURES),
)
def adviser_scorecard(session: Session, scope: Scope, *, measure: str = ALL) -> Answer:
    """For each service adviser: the share of 4s and 5s among the answers to their orders (by the
    day of the answer), complaints about their orders per 1,000 orders delivered, and orders that
    came back as rework within the norm ÷ orders delivered longer ago than that. Each beside the
    limits of chance (three standard deviations for the adviser's own number) around what is usual
    in their store: `verdict` says above, within or below, and nothing under 30.
    """
    return _scorecard(session, scope, "adviser", RepairOrder.adviser_id, measure)


@metric(
    "technician_scorecard",
    "Scorecard of the technicians",
    unit="share",
    reads=CALLS | CASES | STAFF,
    measure=(ALL, *MEASURES),
)
def technician_scorecard(session: Session, scope: Scope, *, measure: str = ALL) -> Answer:
    """For each technician: the share of 4s and 5s among the answers to their orders (by the day of
    the answer), complaints about their orders per 1,000 orders delivered, and orders that came
    back as rework within the norm ÷ orders delivered longer ago than that. Each beside the limits
    of chance (three standard deviations for the technician's own number) around what is usual in
    their store: `verdict` says above, within or below, and nothing under 30.
    """
    return _scorecard(session, scope, "technician", RepairOrder.technician_id, measure)


def _scorecard(session: Session, scope: Scope, key: str, who: Any, measure: str) -> Answer:
    wanted = MEASURES if measure == ALL else (measure,)
    measures = [
        Measure(code, unit, kind, counted(session, scope, who))
        for code, unit, kind, counted in _measures()
        if code in wanted
    ]
    return answer(session, scope, key, measures)


def _measures() -> tuple[tuple[str, str, Kind, Callable[..., Counts]], ...]:
    return (
        ("satisfied", "share", SHARE, _satisfied),
        ("complaints", "per_1000", PER_1000, _complaints),
        ("rework", "share", SHARE, _rework),
    )


def _orders(session: Session, scope: Scope, who: Any) -> Counter[int]:
    """Orders delivered in the period by person."""
    query = select(who, func.count()).where(*_delivered(scope), who.is_not(None)).group_by(who)
    return _counter(session, query)


def _counter(session: Session, query: Any) -> Counter[int]:
    found: dict[int, int] = dict(session.execute(query).all())
    return Counter(found)


def _delivered(scope: Scope) -> list[ColumnElement[bool]]:
    order = RepairOrder
    days = scope.where(order, order.delivered_on)
    return [order.store_id.in_(select(Store.id)), *days, order.delivered_at <= scope.as_of]


def _satisfied(session: Session, scope: Scope, who: Any) -> dict[int, Found]:
    """Overall answers to somebody's orders, of those who were served or own the car."""
    if who is not RepairOrder.adviser_id:
        return _answers(session, scope, who)
    sums = Answers(replace(scope, drill=())).added_up(session, "adviser", "content", "n")
    return {id_: Found(content, n) for id_, content, n in sums if id_ and n}


def _answers(session: Session, scope: Scope, who: Any) -> dict[int, Found]:
    """The same from the rows: technicians have no sums of answers."""
    said, order, call = SurveyResponse, RepairOrder, Followup
    query = (
        select(who, func.count(), func.count().filter(said.overall >= CONTENT))
        .select_from(said)
        .join(order, (order.store_id == said.store_id) & (order.id == said.order_id))
        .outerjoin(call, (call.store_id == said.store_id) & (call.id == said.callback_id))
        .where(
            said.store_id.in_(select(Store.id)),
            *scope.where(said, said.answered_on),
            said.answered_at <= scope.as_of,
            said.overall.is_not(None),
            or_(call.respondent.is_(None), call.respondent.in_(VALID)),
            who.is_not(None),
        )
        .group_by(who)
    )
    return {id_: Found(content, n) for id_, n, content in session.execute(query)}


def _complaints(session: Session, scope: Scope, who: Any) -> dict[int, Found]:
    """Complaints about somebody's orders, opened in the period, of the orders delivered in it."""
    case, order = Complaint, RepairOrder
    query = (
        select(who, func.count())
        .select_from(case)
        .join(order, (order.store_id == case.store_id) & (order.id == case.order_id))
        .where(
            case.store_id.in_(select(Store.id)),
            *scope.where(case, case.opened_on),
            case.opened_at <= scope.as_of,
            who.is_not(None),
        )
        .group_by(who)
    )
    found, orders = _counter(session, query), _orders(session, scope, who)
    return {id_: Found(found[id_], count) for id_, count in orders.items()}


def _rework(session: Session, scope: Scope, who: Any) -> dict[int, Found]:
    """Somebody's orders that came back, of those delivered long enough ago to have come back."""
    within = norm(session, "rework")["within_days"]
    order, last = RepairOrder, scope.today - timedelta(days=within)
    query = (
        select(
            who,
            func.count().filter(order.delivered_on <= last),
            func.count().filter(order.delivered_on > last),
        )
        .where(*_delivered(scope), who.is_not(None))
        .group_by(who)
    )
    came_back = _came_back(session, scope, who, within)
    return {id_: Found(came_back[id_], old, young) for id_, old, young in session.execute(query)}


def _came_back(session: Session, scope: Scope, who: Any, within: int) -> Counter[int]:
    """By person, the orders after which the car came back as rework: the order that the rework
    names or, if it names none, those of the same car within the days of the norm before it."""
    order, again = RepairOrder, aliased(RepairOrder)
    query = (
        select(order.id, who, order.delivered_on, again.opened_on)
        .select_from(order)
        .join(again, (again.store_id == order.store_id) & (again.vehicle_id == order.vehicle_id))
        .where(
            *_delivered(scope),
            order.delivered_on <= scope.today - timedelta(days=within),
            who.is_not(None),
            again.rework.is_(True),
            again.id != order.id,
            again.opened_at >= order.delivered_at,
            again.opened_at <= scope.as_of,
            or_(again.rework_of_id.is_(None), again.rework_of_id == order.id),
        )
    )
    soon = timedelta(days=within)
    found = {
        id_: person
        for id_, person, delivered, opened in session.execute(query)
        if opened - delivered <= soon
    }
    return Counter(found.values())
