"""The weekly review: prepared, decided, closed with its numbers frozen, reopened by the principal.

A decision is added to a review whatever others add at the same time; closing needs the review as
one saw it, with all its decisions.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from data import events
from data.commands import Forbidden, NotFound, Refused, cases, command, improving, require
from data.commands.cases import words
from data.commands.improvements import open_improvement
from data.db import person_of
from data.models import (
    Complaint,
    ComplaintCategory,
    Employee,
    Improvement,
    Review,
    ReviewItem,
    ReviewState,
    Store,
)
from data.person import Right, Role
from data.reviews import freezing, weeks
from data.reviews.weeks import Week

MOST_DECISIONS = 50

Write = Callable[..., dict[str, Any]]


@command(Right.PREPARE_REVIEW)
def begin(session: Session, *, store_id: int, week: str, now: datetime) -> int:
    """Open the review of a week of a store; its id. One that is there already is found."""
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("There is no such store among yours.")
    week = str(_week(week))
    known = (Review.store_id == store_id, Review.week == week)
    if (there := session.scalar(select(Review.id).where(*known))) is not None:
        return there
    _week_begun(week, improving.today_at(session, store_id, now))
    made = Review(store_id=store_id, week=week, state=ReviewState.OPEN)
    session.add(made)
    session.flush()
    events.record(session, made, "opened", at=now, version=0, week=week)
    return made.id


@command(Right.PREPARE_REVIEW)
def decide(
    session: Session,
    *,
    review_id: int,
    now: datetime,
    words: str,
    owner_id: int | None = None,
    due_on: date | None = None,
    complaint_id: int | None = None,
    action_id: int | None = None,
) -> int:
    """Add a decision; its id. Who may only prepare writes it down, without owner and date."""
    review = _found(session, review_id)
    if before := events.earlier(session, review):
        return int(before.data["item_id"])
    _refuse_unless_open(review)
    count = _count(session, review)
    if count >= MOST_DECISIONS:
        raise Refused("A review has at most {most} decisions.", most=MOST_DECISIONS)
    made = ReviewItem(
        store_id=review.store_id,
        review_id=review.id,
        position=count + 1,
        words=_decision(words),
        complaint_id=_of_store(session, Complaint, complaint_id, review),
        action_id=_of_store(session, Improvement, action_id, review),
        **_given(session, review, owner_id, due_on, now),
    )
    session.add(made)
    _touch(session, review)
    said = {"item_id": made.id, "words": made.words, **_who_when(session, made)}
    events.record(session, review, "decided", at=now, version=review.version, **said)
    return made.id


def change(run: Write) -> Callable[..., dict[str, Any]]:
    """Declare a write on a decision; who may do it and what it is called stands in CHANGES.

    The function gets the review and its decision, and answers what the event says. Callers give
    `item_id`, the `version` their form was opened with, and `now`.
    """
    right, kind, needs_open = CHANGES[run.__name__]

    @command(right)
    @wraps(run)
    def changed(
        session: Session, *, item_id: int, version: int, now: datetime, **values: Any
    ) -> dict[str, Any]:
        item = session.get(ReviewItem, item_id)
        if item is None:
            return _dropped(session, item_id)
        review = _found(session, item.review_id)
        session.refresh(item, with_for_update=True)

        def write() -> dict[str, Any]:
            if needs_open:
                _refuse_unless_open(review)
                _touch(session, review)
            return run(session, review, item, now=now, **values)

        return cases.once(session, item, kind, write, version=version, now=now)

    return changed


CHANGES = {  # who may, what the history calls it, and whether the review must still be open
    "give": (Right.DECIDE_REVIEW, "given", True),
    "reword": (Right.PREPARE_REVIEW, "reworded", True),
    "drop": (Right.PREPARE_REVIEW, "dropped", True),
    "act": (Right.DECIDE_REVIEW, "made_action", True),
    "tick": (Right.PREPARE_REVIEW, "ticked", False),
    "move": (Right.DECIDE_REVIEW, "moved", False),
}


@change
def give(
    session: Session,
    review: Review,
    item: ReviewItem,
    *,
    now: datetime,
    owner_id: int | None,
    due_on: date | None,
) -> dict[str, Any]:
    """Say who does it, and until when."""
    for name, value in _given(session, review, owner_id, due_on, now).items():
        setattr(item, name, value)
    return _who_when(session, item)


@change
def reword(
    session: Session, review: Review, item: ReviewItem, *, now: datetime, words: str
) -> dict[str, Any]:
    """Say it better."""
    item.words = _decision(words)
    return {"words": item.words}


@change
def drop(session: Session, review: Review, item: ReviewItem, *, now: datetime) -> dict[str, Any]:
    """It is no decision after all; the history keeps its words."""
    session.delete(item)
    return {"words": item.words, **_who_when(session, item)}


@change
def act(session: Session, review: Review, item: ReviewItem, *, now: datetime) -> dict[str, Any]:
    """Make it an improvement action of the same owner and date, aimed at what its complaint is
    about; its number.
    """
    if item.action_id is not None:
        raise Refused("This is an improvement action already.")
    if not item.owner_id or not item.due_on:
        raise Refused("Say first who does it, and until when.")
    number = open_improvement(
        session,
        store_id=review.store_id,
        title=item.words[: improving.LONGEST_TITLE],
        owner_id=item.owner_id,
        due_on=item.due_on,
        now=now,
        **_aim(session, item),
    )
    known = (Improvement.store_id == review.store_id, Improvement.number == number)
    item.action_id = session.scalar(select(Improvement.id).where(*known))
    return {"action": number, "words": item.words}


@change
def tick(session: Session, review: Review, item: ReviewItem, *, now: datetime) -> dict[str, Any]:
    """It is done."""
    if item.done_at is not None:
        raise Refused("This is done already.")
    item.done_at = now
    return {}


@change
def move(
    session: Session,
    review: Review,
    item: ReviewItem,
    *,
    now: datetime,
    due_on: date | None,
    reason: str,
) -> dict[str, Any]:
    """Put it off, with the reason."""
    if item.done_at is not None:
        raise Refused("This is done already.")
    due = improving.due_of(due_on, improving.today_at(session, review.store_id, now))
    before, item.due_on = item.due_on, due
    said = {"from_due_on": before and before.isoformat(), "due_on": due.isoformat()}
    return {**said, "reason": words(reason, "why the deadline moves")}


@command(Right.DECIDE_REVIEW)
def close(session: Session, *, review_id: int, version: int, now: datetime) -> dict[str, Any]:
    """Close the review: each decision has an owner and a date, and every number is frozen."""
    review = _found(session, review_id)

    def write() -> dict[str, Any]:
        _refuse_unless_open(review)
        _refuse_half_decided(session, review)
        store, week = session.get_one(Store, review.store_id), _week(review.week)
        review.frozen = freezing.freeze(session, store.code, store.zone, week, as_of=now)
        review.state, review.closed_at = ReviewState.CLOSED, now
        review.closed_by = person_of(session).login
        return {}

    return cases.once(session, review, "closed", write, version=version, now=now)


@command(Right.DECIDE_REVIEW)
def reopen(
    session: Session, *, review_id: int, version: int, now: datetime, reason: str
) -> dict[str, Any]:
    """Open a closed review again; only the principal may, and the log keeps what was frozen."""
    if person_of(session).role is not Role.PRINCIPAL:
        raise Forbidden("Only the principal may reopen a closed review.")
    review = _found(session, review_id)

    def write() -> dict[str, Any]:
        if review.state != ReviewState.CLOSED:
            raise Refused("The review is open.")
        said = {"reason": words(reason, "why it is opened again"), "frozen": review.frozen}
        review.state, review.closed_at, review.closed_by = ReviewState.OPEN, None, None
        return said

    return cases.once(session, review, "reopened", write, version=version, now=now)


def _found(session: Session, review_id: int) -> Review:
    review = session.get(Review, review_id, with_for_update=True)
    if review is None:
        raise NotFound("There is no such review among your stores.")
    return review


def _dropped(session: Session, item_id: int) -> dict[str, Any]:
    """What dropping a decision said, for the attempt that did it."""
    if before := events.earlier_of(session, ReviewItem, item_id):
        return before.data
    raise NotFound("There is no such decision among your stores.")


def _refuse_unless_open(review: Review) -> None:
    if review.state != ReviewState.OPEN:
        raise Refused("The review is closed. The principal can open it again.")


def _refuse_half_decided(session: Session, review: Review) -> None:
    query = select(ReviewItem).where(
        ReviewItem.store_id == review.store_id, ReviewItem.review_id == review.id
    )
    half = [item for item in session.scalars(query) if not item.owner_id or not item.due_on]
    if half:
        raise Refused("Without owner and date: {words}", words=[item.words for item in half])


def _given(
    session: Session, review: Review, owner_id: int | None, due_on: date | None, now: datetime
) -> dict[str, Any]:
    """Owner and date: both or, while it is only prepared, neither."""
    if owner_id is None and due_on is None:
        return {}
    require(session, Right.DECIDE_REVIEW)
    today = improving.today_at(session, review.store_id, now)
    owner = improving.owner_of(session, review.store_id, owner_id)
    return {"owner_id": owner.id, "due_on": improving.due_of(due_on, today)}


def _aim(session: Session, item: ReviewItem) -> dict[str, Any]:
    """The complaint a decision is about, and its category, for an action to be aimed at."""
    case = session.get(Complaint, item.complaint_id) if item.complaint_id else None
    if case is None:
        return {}
    category = session.get(ComplaintCategory, case.category_id) if case.category_id else None
    return {"complaints": [case.id], "category": category and category.code}


def _who_when(session: Session, item: ReviewItem) -> dict[str, Any]:
    owner = session.get(Employee, item.owner_id) if item.owner_id else None
    due_on = item.due_on and item.due_on.isoformat()
    return {"owner_id": item.owner_id, "owner": owner and owner.name, "due_on": due_on}


def _of_store(session: Session, model: Any, number: int | None, review: Review) -> int | None:
    """The complaint or action it is about, of the review's own store."""
    if number is None:
        return None
    row = session.get(model, number)
    if row is None or row.store_id != review.store_id:
        raise NotFound("There is no such record in your stores.")
    return number


def _touch(session: Session, review: Review) -> None:
    """Whoever has the review open has not seen it as it is now."""
    flag_modified(review, "state")
    session.flush()


def _count(session: Session, review: Review) -> int:
    mine = (ReviewItem.store_id == review.store_id, ReviewItem.review_id == review.id)
    return session.scalar(select(func.max(ReviewItem.position)).where(*mine)) or 0


def _decision(said: str) -> str:
    return words(said, "what is decided")


def _week(name: str) -> Week:
    week = weeks.read(name)
    if week is None:
        raise Refused("{week} is not a week. Write it as 2026-W47.", week=name[:20])
    return week


def _week_begun(name: str, today: date) -> Week:
    week = _week(name)
    if week.monday > today:
        raise Refused("The week {week} has not begun.", week=name)
    return week
