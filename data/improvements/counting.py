"""The counts behind improvement actions: what each is to lessen, and among how many, by day."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from itertools import accumulate
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from data.models import (
    ChurnCase,
    Complaint,
    ComplaintCategory,
    DeliveredDay,
    Question,
    RepairOrder,
    Store,
    SurveyAnswer,
    SurveyResponse,
)

LOW = 2  # an answer up to this is a bad one
Action = Any  # an Improvement, or how it stood at some time: the same names
Days = dict[date, int]


class Tally:
    """Counts by day that can be added up between any two days."""

    def __init__(self, days: Days) -> None:
        """Add them up once."""
        self.days = sorted(days)
        self.sums = [0, *accumulate(days[day] for day in self.days)]

    def between(self, start: date, end: date) -> int:
        """How many there were from the one day to the other, both included."""
        first, last = bisect_left(self.days, start), bisect_right(self.days, end)
        return self.sums[max(first, last)] - self.sums[first]


Counts = tuple[Tally, Tally]  # what the action is to lessen, and among how many


class Aim(NamedTuple):
    """What an action is to lessen, in one store."""

    store_id: int
    category_id: int | None
    adviser_id: int | None
    technician_id: int | None
    reason: str | None
    dimension: str | None

    @property
    def unit(self) -> str | None:
        """Per what it is counted; None if the action is aimed at nothing that is."""
        if self.category_id is not None:
            return "orders"
        return "cases" if self.reason else "answers" if self.dimension else None


def aim_of(action: Action) -> Aim:
    """What the action is aimed at."""
    return Aim(
        action.store_id,
        action.category_id,
        action.adviser_id,
        action.technician_id,
        action.churn_reason,
        action.dimension,
    )


class Counting:
    """The counts by day behind some actions, each asked for once."""

    def __init__(
        self,
        session: Session,
        stores: Collection[int],
        days: tuple[date, date],
        as_of: datetime,
    ) -> None:
        self.session, self.stores, self.as_of = session, sorted(stores), as_of
        self.start, self.end = days
        self.known: dict[Any, Any] = {}
        self.tallies: dict[Aim, Counts] = {}

    def of(self, aim: Aim) -> Counts:
        """What the aim names by day, and among how many."""
        if aim not in self.tallies:
            found, among = self._counted(aim)
            self.tallies[aim] = Tally(found), Tally(among)
        return self.tallies[aim]

    def _counted(self, aim: Aim) -> tuple[Days, Days]:
        if aim.category_id is not None:
            return self._complaints(aim), self._orders(aim)
        if aim.reason:
            cases = self._once(self._cases)
            return cases[aim.store_id, aim.reason], cases[aim.store_id, None]
        low, all_answers = self._once(self._answers)
        return low[aim.store_id, aim.dimension], all_answers[aim.store_id, aim.dimension]

    def _once(self, ask: Callable[[], Any]) -> Any:
        if ask.__name__ not in self.known:
            self.known[ask.__name__] = ask()
        return self.known[ask.__name__]

    def _complaints(self, aim: Aim) -> Days:
        below = self._once(self._below)[aim.category_id]
        rows = self._once(self._all_complaints)[aim.store_id]
        return _by_day(
            (day, count)
            for category, adviser, technician, day, count in rows
            if category in below
            and aim.adviser_id in (None, adviser)
            and aim.technician_id in (None, technician)
        )

    def _orders(self, aim: Aim) -> Days:
        if aim.adviser_id is None and aim.technician_id is None:
            days: Days = self._once(self._delivered)[aim.store_id]
            return days
        rows = self._once(self._delivered_by)[aim.store_id]
        return _by_day(
            (day, count)
            for adviser, technician, day, count in rows
            if aim.adviser_id in (None, adviser) and aim.technician_id in (None, technician)
        )

    def _below(self) -> dict[int | None, set[int]]:
        return below(self.session)

    def _all_complaints(self) -> dict[int, list[tuple[Any, ...]]]:
        one, order = Complaint, RepairOrder
        keys = (one.category_id, order.adviser_id, order.technician_id, one.opened_on)
        query = (
            select(one.store_id, *keys, func.count())
            .outerjoin(order, (order.store_id == one.store_id) & (order.id == one.order_id))
            .where(*self._within(one, one.opened_on), one.opened_at <= self.as_of)
            .group_by(one.store_id, *keys)
        )
        return _by_store(self.session.execute(query))

    def _delivered(self) -> dict[int, Days]:
        table = DeliveredDay
        query = select(table.store_id, table.day, table.orders).where(
            *self._within(table, table.day)
        )
        found: dict[int, Days] = defaultdict(dict)
        for store, day, orders in self.session.execute(query):
            found[store][day] = orders
        return found

    def _delivered_by(self) -> dict[int, list[tuple[Any, ...]]]:
        order = RepairOrder
        keys = (order.adviser_id, order.technician_id, order.delivered_on)
        query = (
            select(order.store_id, *keys, func.count())
            .where(*self._within(order, order.delivered_on), order.delivered_at <= self.as_of)
            .group_by(order.store_id, *keys)
        )
        return _by_store(self.session.execute(query))

    def _cases(self) -> dict[tuple[int, str | None], Days]:
        """Churn cases asked by store and reason, and by store alone."""
        one = ChurnCase
        query = (
            select(one.store_id, Store.zone, one.reason, one.asked_at)
            .join(Store, Store.id == one.store_id)
            .where(one.store_id.in_(self.stores), one.asked_at <= self.as_of)
        )
        found: dict[tuple[int, str | None], Days] = defaultdict(lambda: defaultdict(int))
        for store, zone, reason, asked_at in self.session.execute(query):
            assert asked_at is not None  # it was asked for
            day = asked_at.astimezone(ZoneInfo(zone)).date()
            for key in {reason, None}:
                found[store, key][day] += 1
        return found

    def _answers(self) -> tuple[dict[tuple[int, str], Days], dict[tuple[int, str], Days]]:
        """Bad answers, and all, by store and dimension."""
        answer, said = SurveyAnswer, SurveyResponse
        bad = func.sum(case((answer.score <= LOW, 1), else_=0))
        keys = (answer.store_id, Question.dimension, said.answered_on)
        query = (
            select(*keys, bad, func.count())
            .join(said, (said.store_id == answer.store_id) & (said.id == answer.response_id))
            .join(Question, Question.id == answer.question_id)
            .where(*self._within(said, said.answered_on), said.answered_at <= self.as_of)
            .where(answer.score.is_not(None))
            .group_by(*keys)
        )
        low: dict[tuple[int, str], Days] = defaultdict(dict)
        all_answers: dict[tuple[int, str], Days] = defaultdict(dict)
        for store, dimension, day, bad_ones, count in self.session.execute(query):
            low[store, dimension][day], all_answers[store, dimension][day] = int(bad_ones), count
        return low, all_answers

    def _within(self, model: Any, day: Any) -> list[Any]:
        return [model.store_id.in_(self.stores), day.between(self.start, self.end)]


def below(session: Session) -> dict[int | None, set[int]]:
    """Each category with itself and those below it, by its id."""
    found: dict[int | None, set[int]] = defaultdict(set)
    query = select(ComplaintCategory.id, ComplaintCategory.parent_id)
    for number, parent in session.execute(query):
        found[number].add(number)
        if parent is not None:
            found[parent].add(number)
    return found


def _by_day(rows: Iterable[tuple[date, int]]) -> Days:
    found: Days = defaultdict(int)
    for day, count in rows:
        found[day] += count
    return found


def _by_store(rows: Iterable[Any]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for store, *row in rows:
        found[store].append(tuple(row))
    return found
