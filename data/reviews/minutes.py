"""A weekly review as its page, its print and its report show it, in the order of the agenda."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events, lookups
from data.lookups import Target
from data.metrics import Answer, improvements
from data.metrics.complaints import listing as cases
from data.metrics.improvements import listing as actions
from data.models import AppUser, Complaint, Employee, Event, Improvement, Review, ReviewItem, Store
from data.models import ReviewState as State
from data.refusals import NotFound
from data.reviews import freezing, weeks
from data.reviews.freezing import Compared
from data.reviews.numbers import (
    AT_STAKE,
    NUMBERS,
    REASONS,
    Number,
    answer,
    ask,
    scope_of,
    trend,
)
from data.reviews.weeks import Week
from data.scope import Scope

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A number of the week: its summary (frozen once the review is closed) and what to judge it by.

    `trend` is the same by week over half a year, None where there is none; `compared` says what
    became of the number of the week before since that was frozen.
    """

    number: Number
    summary: Mapping[str, Any]
    trend: Answer | None
    target: Target | None
    compared: Compared | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision with who does it; the complaint or action it is about."""

    row: ReviewItem
    owner: Employee | None
    complaint: Complaint | None
    action: Improvement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """A review: `review` is None while nobody has begun it, `before` is the one of the week before.

    `decided_before` are the decisions of the review before; `late` are the complaints past their
    deadline, `overdue` the actions; `reasons` is why customers stay away,
    asked in the week, and `at_stake` what those who stay away brought.
    """

    store: Store
    week: Week
    as_of: datetime
    over: bool
    review: Review | None
    before: Review | None
    numbers: Sequence[Shown]
    decided_before: Sequence[Decision]
    late: Sequence[Mapping[str, Any]]
    overdue: Sequence[Mapping[str, Any]]
    reasons: Answer
    at_stake: Answer
    effects: Answer
    decisions: Sequence[Decision]
    people: Sequence[Employee]
    history: Sequence[Event]
    actors: Mapping[str, str]

    @property
    def asked_at(self) -> datetime:
        """The moment its lists speak of: the closing, else the moment it is looked at."""
        return _asked_at(self.review, self.as_of)

    @property
    def closed(self) -> bool:
        """Whether its numbers are frozen."""
        return self.review is not None and self.review.state == State.CLOSED


def minutes(
    session: Session, store_code: str, week_name: str, *, as_of: datetime
) -> Minutes | None:
    """The review of this week of this store; None if there is no such store or week to be seen."""
    store = session.scalar(select(Store).where(Store.code == store_code))
    week = weeks.read(week_name)
    if store is None or week is None:
        return None
    today = as_of.astimezone(ZoneInfo(store.zone)).date()
    if week.monday > today:
        return None
    review, before = (_review(session, store, which) for which in (week, week.before))
    scope = scope_of(store.code, store.zone, week, as_of=as_of)
    then = replace(scope, as_of=_asked_at(review, as_of))
    history = _history(session, review) if review else []
    return Minutes(
        store=store,
        week=week,
        as_of=as_of,
        over=week.over(today),
        review=review,
        before=before,
        numbers=_numbers(session, scope, review, before),
        decided_before=_decisions(session, before),
        late=_late(session, then),
        overdue=_overdue(session, then),
        reasons=_answer(session, review, REASONS, then),
        at_stake=_answer(session, review, AT_STAKE, then),
        effects=improvements.action_effectiveness(session, then),
        decisions=_decisions(session, review),
        people=_people(session, store),
        history=history,
        actors=_named(session, history, review),
    )


def held(session: Session, scope: Scope) -> Sequence[tuple[Store, Review]]:
    """The reviews of the stores in scope, latest week first."""
    query = select(Store, Review).join(Review, Review.store_id == Store.id)
    query = query.where(*scope.where(Review)).order_by(Review.week.desc(), Store.code)
    return [(store, review) for store, review in session.execute(query)]


def find(session: Session, store_code: str, week: str) -> tuple[Store, Review | None]:
    """The store and its review of the week, if somebody has begun it."""
    store = session.scalar(select(Store).where(Store.code == store_code))
    if store is None:
        raise NotFound("There is no such store among yours.")
    known = (Review.store_id == store.id, Review.week == week)
    return store, session.scalar(select(Review).where(*known))


def _review(session: Session, store: Store, week: Week) -> Review | None:
    known = (Review.store_id == store.id, Review.week == str(week))
    return session.scalar(select(Review).where(*known))


def _history(session: Session, review: Review) -> list[Event]:
    """What happened to the review and to its decisions, dropped ones too."""
    own = events.history(session, review)
    items = [entry.data["item_id"] for entry in own if entry.kind == "decided"]
    query = select(Event).where(
        Event.store_id == review.store_id,
        Event.subject == ReviewItem.__tablename__,
        Event.subject_id.in_(items),
    )
    return sorted([*own, *session.scalars(query)], key=lambda entry: (entry.at, entry.id))


def _named(session: Session, history: Sequence[Event], review: Review | None) -> Mapping[str, str]:
    """The names of those who wrote the history, and of who closed the review."""
    closer = review.closed_by if review else None
    known = session.execute(select(AppUser.login, AppUser.name).where(AppUser.login == closer))
    return {**lookups.actors(session, history), **{row.login: row.name for row in known}}


def _numbers(
    session: Session, scope: Scope, review: Review | None, before: Review | None
) -> list[Shown]:
    kept: Mapping[str, Any] = _frozen(review)
    targets = lookups.targets(session, scope)
    compared = {one.number.code: one for one in _since(session, before, scope.as_of)}
    scope = replace(scope, as_of=_asked_at(review, scope.as_of))
    return [
        Shown(
            number=number,
            summary=_kept(kept, number) or ask(session, number, scope),
            trend=trend(session, number, scope),
            target=targets.get(number.metric.code) if number.value == "value" else None,
            compared=compared.get(number.code),
        )
        for number in NUMBERS
    ]


def _asked_at(review: Review | None, as_of: datetime) -> datetime:
    """The moment a review speaks of: its closing, else the moment it is looked at."""
    closed = review is not None and review.state == State.CLOSED
    return (review.closed_at or as_of) if review is not None and closed else as_of


def _answer(session: Session, review: Review | None, number: Number, scope: Scope) -> Answer:
    """What a number's metric says with its rows: as frozen, else as asked of that moment."""
    kept = _frozen(review).get(number.code)
    return freezing.frozen_answer(kept) if kept else answer(session, number, scope)


def _kept(kept: Mapping[str, Any], number: Number) -> Mapping[str, Any] | None:
    frozen = kept.get(number.code)
    return frozen["summary"] if frozen else None


def _frozen(review: Review | None) -> Mapping[str, Any]:
    closed = review is not None and review.state == State.CLOSED
    return (review.frozen or {}) if review is not None and closed else {}


def _since(session: Session, before: Review | None, now: datetime) -> Sequence[Compared]:
    frozen = _frozen(before)
    return list(freezing.then_and_now(session, frozen, now=now)) if frozen else []


def _decisions(session: Session, review: Review | None) -> list[Decision]:
    if review is None:
        return []
    item = ReviewItem
    query = select(item).where(item.store_id == review.store_id, item.review_id == review.id)
    return [
        Decision(
            row=row,
            owner=_one(session, Employee, row.owner_id),
            complaint=_one(session, Complaint, row.complaint_id),
            action=_one(session, Improvement, row.action_id),
        )
        for row in session.scalars(query.order_by(item.position, item.id))
    ]


def _one(session: Session, model: Any, number: int | None) -> Any:
    return session.get(model, number) if number else None


def _late(session: Session, scope: Scope) -> list[dict[str, Any]]:
    narrow = replace(scope, drill=(("target", "breached"),))
    return cases.foremost(session, narrow, MOST, (("close_due_at", False),))


def _overdue(session: Session, scope: Scope) -> list[dict[str, Any]]:
    rows, _total = actions.listing(session, replace(scope, drill=(("due", "overdue"),)), count=MOST)
    return rows


def _people(session: Session, store: Store) -> Sequence[Employee]:
    query = select(Employee).where(Employee.store_id == store.id, Employee.active)
    return session.scalars(query.order_by(Employee.role, Employee.name)).all()
