"""What is done about it: improvement actions, churn cases, weekly reviews and targets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned, shared


class Improvement(Versioned, StoreOwned, Base):
    """An improvement action (整改措施): an owner and a date from the first day, then its effect."""

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
    """A vehicle that stays away, and the six steps to win it back (流失个案)."""

    __tablename__ = "churn_case"
    __table_args__ = owned(
        UniqueConstraint("store_id", "vehicle_id", "selected_at"),
        vehicle_id="vehicle",
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


class Review(Versioned, StoreOwned, Base):
    """A weekly review (周例会) with its numbers frozen at closing."""

    __tablename__ = "review"
    __table_args__ = owned(UniqueConstraint("store_id", "week"))
    id: Mapped[Id]
    week: Mapped[Code]
    state: Mapped[Code]
    closed_at: Mapped[datetime | None]
    frozen: Mapped[dict[str, Any] | None]


class ReviewItem(Versioned, StoreOwned, Base):
    """A decision of a weekly review, with who does it until when."""

    __tablename__ = "review_item"
    __table_args__ = owned(review_id="review", owner_id="employee", action_id="action")
    id: Mapped[Id]
    review_id: Mapped[int]
    position: Mapped[int]
    words: Mapped[Note]
    owner_id: Mapped[int | None]
    action_id: Mapped[int | None]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]


class Target(Base):
    """What a metric should reach (目标), for one store or for all."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("metric", "store", "valid_from"),)
    id: Mapped[Id]
    metric: Mapped[Code]
    store: Mapped[int | None] = mapped_column(shared("store"))
    value: Mapped[float]
    direction: Mapped[Code]
    valid_from: Mapped[date]


class Norm(Base):
    """A figure of the house that an administrator may change, such as how long a call may take."""

    __tablename__ = "norm"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    value: Mapped[dict[str, Any]]
