"""Complaints, how long they may take, and what was promised."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned, shared


class Severity(StrEnum):
    """How grave a case is, least first."""

    QUESTION = "question"
    GENERAL = "general"
    ESCALATED = "escalated"
    CRITICAL = "critical"


class ComplaintState(StrEnum):
    """Where a case stands."""

    NEW = "new"
    REPLIED = "replied"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    RESOLVED = "resolved"
    RECONTACTED = "recontacted"
    CLOSED = "closed"


class Channel(StrEnum):
    """How a complaint reached the dealership."""

    CALLBACK = "callback"
    PHONE = "phone"
    COUNTER = "counter"
    ONLINE = "online"
    MAKER = "maker"


class Motive(StrEnum):
    """What a customer who complains wants."""

    SUGGESTION = "suggestion"
    RESPECT = "respect"
    VENTING = "venting"
    COMPENSATION = "compensation"


class Origin(StrEnum):
    """Where a complaint comes from."""

    PRODUCT = "product"
    PROCESS = "process"
    PEOPLE = "people"
    PARTS = "parts"
    MISUSE = "misuse"


class BreachCause(StrEnum):
    """Why a case missed its deadline."""

    PARTS = "parts"
    MAKER_APPROVAL = "maker_approval"
    CUSTOMER_UNREACHABLE = "customer_unreachable"
    STAFF = "staff"
    UNKNOWN = "unknown"


class ComplaintCategory(Versioned, Base):
    """What complaints are about (投诉类别): a tree of two levels, in both languages.

    One that is not `active` any more keeps its cases and gets no new ones.
    """

    __tablename__ = "complaint_category"
    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(shared("complaint_category"))
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_zh: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())


class SlaPolicy(Versioned, Base):
    """How long a case of this severity may take (时限标准), for new cases from now on."""

    __tablename__ = "sla_policy"
    id: Mapped[Id]
    severity: Mapped[Code] = mapped_column(unique=True)
    reply_amount: Mapped[int]
    reply_unit: Mapped[Code]
    close_amount: Mapped[int]
    close_unit: Mapped[Code]
    warning_share: Mapped[float]
    max_pause_days: Mapped[int]


class ComplaintFacts(StoreOwned):
    """What the figures read of a case: the same columns for today's truth and for the past's.

    Every `*_due_at` is a definite moment: pauses, planned ones included, are already in it.
    `since` is from when the row stands so; `opened_on` is the store's local day.
    """

    since: Mapped[datetime]
    vehicle_id: Mapped[int | None]
    category_id: Mapped[int | None]
    severity: Mapped[Code | None]
    owner_id: Mapped[int | None]
    first_contact_id: Mapped[int | None]
    state: Mapped[Code]
    origin: Mapped[Code | None]
    opened_at: Mapped[datetime]
    opened_on: Mapped[date]
    reply_due_at: Mapped[datetime | None]
    reply_warn_at: Mapped[datetime | None]
    close_half_at: Mapped[datetime | None]
    close_warn_at: Mapped[datetime | None]
    close_due_at: Mapped[datetime | None]
    reply_breached_at: Mapped[datetime | None]
    close_breached_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    recontacted_at: Mapped[datetime | None]
    satisfied: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    assigned_due_on: Mapped[date | None]
    reopened: Mapped[int] = mapped_column(default=0)
    hand_offs: Mapped[int] = mapped_column(default=0)
    breach_cause: Mapped[Code | None]


MOMENTS = (  # what tells whether a case was in time: a server reads it from the index, in order
    *("opened_at", "since", "reply_due_at", "reply_breached_at", "replied_at"),
    *("close_due_at", "close_breached_at", "resolved_at", "closed_at"),
)


class Complaint(Versioned, ComplaintFacts, Base):
    """A case (投诉) as it stands now."""

    __tablename__ = "complaint"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "opened_on", postgresql_include=MOMENTS),
        # what is not over is found by either; both columns in both, as SQLite may take any
        Index(None, "store_id", "resolved_at", "closed_at"),
        Index(None, "store_id", "closed_at", "resolved_at"),
        Index(None, "store_id", "vehicle_id", "opened_at"),
        Index(None, "store_id", "customer_id"),
        customer_id="customer",
        vehicle_id="vehicle",
        order_id="repair_order",
        owner_id="employee",
        first_contact_id="employee",
        person_complained_id="employee",
    )
    id: Mapped[Id]
    number: Mapped[Code]
    customer_id: Mapped[int | None]
    order_id: Mapped[int | None]
    category_id: Mapped[int | None] = mapped_column(shared("complaint_category"))
    category_words: Mapped[str | None]
    severity_words: Mapped[str | None]
    department: Mapped[str | None]
    channel: Mapped[Code | None]
    motive: Mapped[Code | None]
    common: Mapped[bool | None]
    content: Mapped[Note | None]
    person_complained_id: Mapped[int | None]
    person_verified: Mapped[bool] = mapped_column(default=False)
    clock_from: Mapped[datetime]
    reply_amount: Mapped[int | None]
    reply_unit: Mapped[Code | None]
    close_amount: Mapped[int | None]
    close_unit: Mapped[Code | None]
    pause_until: Mapped[datetime | None]
    interim_solution: Mapped[Note | None]
    interim_at: Mapped[datetime | None]
    solution: Mapped[Note | None]
    root_cause: Mapped[Note | None]


class ComplaintPast(ComplaintFacts, Base):
    """A case as it stood from `since` until `until`, when a command changed it."""

    __tablename__ = "complaint_past"
    __table_args__ = owned(
        Index(None, "store_id", "complaint_id", "until"),
        Index(None, "store_id", "until", "since"),
        complaint_id="complaint",
    )
    id: Mapped[Id]
    complaint_id: Mapped[int]
    until: Mapped[datetime]


class Promise(Versioned, StoreOwned, Base):
    """Something a customer was promised (承诺): kept, explained in time, or broken."""

    __tablename__ = "promise"
    __table_args__ = owned(
        Index(None, "store_id", "complaint_id"),
        complaint_id="complaint",
        followup_id="callback",
        made_by_id="employee",
    )
    id: Mapped[Id]
    complaint_id: Mapped[int | None]
    followup_id: Mapped[int | None]
    made_by_id: Mapped[int | None]
    words: Mapped[Note]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]
    explained_at: Mapped[datetime | None]
