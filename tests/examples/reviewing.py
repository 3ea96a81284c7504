"""Writes on weekly reviews and their decisions."""

from datetime import date

from data.commands import reviews  # noqa: F401  (all commands are declared)
from data.models import Review, ReviewItem
from data.person import Role
from tests.examples.house import NOW, SOON, example
from tests.examples.improving import action

WEEK = "2026-W11"


def review(house, **more):
    """A review, as its row."""
    row = Review(store_id=house.store.id, week=WEEK, **{"state": "open"} | more)
    house.session.add(row)
    house.session.flush()
    return row


def of(house, **more):
    row = review(house, **more)
    return {"review_id": row.id, "version": row.version, "now": NOW}


def decision(house, **more):
    given = {"position": 1, "words": "Call every late customer", "owner_id": house.li.id}
    given |= {"due_on": SOON, "complaint_id": house.complaint().id}
    row = ReviewItem(store_id=house.store.id, review_id=review(house).id, **given | more)
    house.session.add(row)
    house.session.flush()
    return {"item_id": row.id, "version": row.version, "now": NOW}


@example("reviews.begin")
def begin(house):
    return {"store_id": house.store.id, "week": WEEK, "now": NOW}


@example("reviews.decide")
def decide(house):
    about = {"complaint_id": house.complaint().id, "action_id": action(house).id}
    who = {"owner_id": house.li.id, "due_on": SOON}
    said = {"review_id": review(house).id, "now": NOW, "words": "Call every late customer"}
    return said | who | about


@example("reviews.give")
def give(house):
    return decision(house) | {"owner_id": house.employee("Wang").id, "due_on": date(2026, 4, 1)}


@example("reviews.reword")
def reword(house):
    return decision(house) | {"words": "Call every customer who waited"}


@example("reviews.drop")
def drop(house):
    return decision(house)


@example("reviews.act")
def act(house):
    return decision(house)


@example("reviews.tick")
def tick(house):
    return decision(house)


@example("reviews.move")
def move(house):
    return decision(house) | {"due_on": date(2026, 4, 1), "reason": "Too few people"}


@example("reviews.close")
def close(house):
    return of(house)


@example("reviews.reopen", role=Role.PRINCIPAL)
def reopen(house):
    return of(house, state="closed", closed_at=NOW, closed_by="boss") | {"reason": "One is missing"}
