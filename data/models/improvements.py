"""What is done about it: improvement actions, churn cases, weekly reviews and targets."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned, shared


class ChurnState(StrEnum):
    """Where a churn case stands: six steps, the last with three ends."""

    SELECTED = "selected"
    ANALYSED = "analysed"
    ASKED = "asked"
    COUNTED = "counted"
    ACTED_ON = "acted_on"
    WON_BACK = "won_back"
    RETURNED = "returned"
    LOST = "lost"


class ChurnReason(StrEnum):
    """The main reason to stay away; the first four are ours to mend."""

    PRICE = "price"
    SKILL = "skill"
    WAITING = "waiting"
    ATTITUDE = "attitude"
    DISTANCE = "distance"
    OWN_GARAGE = "own_garage"
    SOLD = "sold"
    LITTLE_DRIVEN = "little_driven"


class ImprovementKind(StrEnum):
    """What an improvement action is."""

    IMMEDIATE = "immediate"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    IMPROVEMENT = "improvement"
    TRAINING = "training"


class ImprovementState(StrEnum):
    """Where an improvement action stands; `done` waits for its effect to be seen."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    CANCELLED = "cancelled"


class EffectVerdict(StrEnum):
    """What the figures say of an action; never declared by anybody."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    NOT_YET_PROVEN = "not_yet_proven"


class ReviewState(StrEnum):
    """Whether the numbers of a weekly review still move."""

    OPEN = "open"
    CLOSED = "closed"


class Improvement(Versioned, StoreOwned, Base):
    """An improvement action (整改措施): an owner and a date from the first day, then its effect.

    What it is aimed at: a category of complaints (of an adviser or a technician, if they are
    named), a reason to stay away, or a dimension of satisfaction. `verdict` is what the latest
    look at the figures found. `training` holds the 6W1H of a training by WHO_WHAT_WHEN.
    """

    __tablename__ = "action"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "due_on"),
        owner_id="employee",
        adviser_id="employee",
        technician_id="employee",
    )
    id: Mapped[Id]
    number: Mapped[Code]
    kind: Mapped[Code]
    title: Mapped[str]
    cause: Mapped[Note | None]
    category_id: Mapped[int | None] = mapped_column(shared("complaint_category"))
    adviser_id: Mapped[int | None]
    technician_id: Mapped[int | None]
    owner_id: Mapped[int]
    created_at: Mapped[datetime]
    original_due_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[Code]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    baseline_from: Mapped[date | None]
    baseline_until: Mapped[date | None]
    verdict: Mapped[Code | None]
    churn_reason: Mapped[Code | None]
    dimension: Mapped[Code | None]
    training: Mapped[dict[str, Any] | None]
    created_by: Mapped[Code | None]
    cancelled_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")


WHO_WHAT_WHEN = ("who", "whom", "what", "why", "when", "where", "how")


class ImprovementCheck(StoreOwned, Base):
    """One look at the effect of an action, so many days after it was done (整改验证).

    `numbers` is what was counted: {"before", "orders_before", "after", "orders_after", "p",
    "further"}.
    """

    __tablename__ = "action_check"
    __table_args__ = owned(
        UniqueConstraint("store_id", "action_id", "done_on", "days"), action_id="action"
    )
    id: Mapped[Id]
    action_id: Mapped[int]
    done_on: Mapped[date]
    days: Mapped[int]
    checked_at: Mapped[datetime]
    verdict: Mapped[Code]
    numbers: Mapped[dict[str, Any]]


class ImprovementComplaint(StoreOwned, Base):
    """Which complaints an action answers, and whether that customer has been told."""

    __tablename__ = "action_complaint"
    __table_args__ = owned(
        UniqueConstraint("store_id", "action_id", "complaint_id"),
        action_id="action",
        complaint_id="complaint",
    )
    id: Mapped[Id]
    action_id: Mapped[int]
    complaint_id: Mapped[int]
    informed_at: Mapped[datetime | None]


class ChurnCase(Versioned, StoreOwned, Base):
    """A vehicle that stays away, and the six steps to win it back (流失个案).

    `rule` says what selected it ("3", "6" or "12" months, "own" interval, "list" by hand);
    `list_code` names the call list it is on; those held out are not called, to be compared with.
    `year_fen` is what the vehicle brought in the year up to its last visit. `ask_id` and `tell_id`
    are the two calls; `action_id` is what is done about the reason. `returned_on` is the day it
    came again: won back if it had been called before, else returned by itself.
    """

    __tablename__ = "churn_case"
    __table_args__ = owned(
        UniqueConstraint("store_id", "vehicle_id", "selected_at"),
        Index(None, "store_id", "selected_at"),
        vehicle_id="vehicle",
        ask_id="callback",
        tell_id="callback",
        action_id="action",
    )
    id: Mapped[Id]
    vehicle_id: Mapped[int]
    state: Mapped[Code]
    selected_at: Mapped[datetime]
    last_visit_on: Mapped[date | None]
    asked_at: Mapped[datetime | None]
    reason: Mapped[Code | None]
    reason_words: Mapped[Note | None]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rule: Mapped[Code | None]
    list_code: Mapped[Code | None]
    held_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    year_fen: Mapped[int | None]
    analysis: Mapped[Note | None]
    ask_id: Mapped[int | None]
    tell_id: Mapped[int | None]
    action_id: Mapped[int | None]
    returned_on: Mapped[date | None]
    lost_because: Mapped[Note | None]


class Review(Versioned, StoreOwned, Base):
    """A weekly review (周例会) with its numbers frozen at closing."""

    __tablename__ = "review"
    __table_args__ = owned(UniqueConstraint("store_id", "week"))
    id: Mapped[Id]
    week: Mapped[Code]
    state: Mapped[Code]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Code | None]
    frozen: Mapped[dict[str, Any] | None]


class ReviewItem(Versioned, StoreOwned, Base):
    """A decision of a weekly review, with who does it until when; a complaint or an action it is
    about.
    """

    __tablename__ = "review_item"
    __table_args__ = owned(
        review_id="review", owner_id="employee", action_id="action", complaint_id="complaint"
    )
    id: Mapped[Id]
    review_id: Mapped[int]
    position: Mapped[int]
    words: Mapped[Note]
    owner_id: Mapped[int | None]
    action_id: Mapped[int | None]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    complaint_id: Mapped[int | None]


class Target(Versioned, Base):
    """What a metric should reach (目标), for one store or for all, from a day on."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("metric", "store", "valid_from"),)
    id: Mapped[Id]
    metric: Mapped[Code]
    store: Mapped[int | None] = mapped_column(shared("store"))
    value: Mapped[float]
    direction: Mapped[Code]
    valid_from: Mapped[date]


class Norm(Versioned, Base):
    """A figure of the house that an administrator may change, such as how long a call may take."""

    __tablename__ = "norm"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    value: Mapped[dict[str, Any]]
