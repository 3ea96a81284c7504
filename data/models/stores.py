"""Dealerships, their working calendars, their people and the accounts that may look at them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, owned, shared


class WorkCalendar(Versioned, Base):
    """When a dealership works (工作日历).

    `week` maps a weekday ("0" is Monday) to its intervals, for example
    {"0": [["08:30", "12:00"], ["13:30", "18:00"]]}; public holidays of `country` apply to it.
    """

    __tablename__ = "calendar"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    country: Mapped[str | None]
    week: Mapped[dict[str, Any]]
    loaded_until: Mapped[date | None]


class CalendarException(Base):
    """A day that differs from its week: closed, or worked although it would be free (调休)."""

    __tablename__ = "calendar_exception"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)
    id: Mapped[Id]
    calendar_id: Mapped[int] = mapped_column(shared("calendar"))
    day: Mapped[date]
    working: Mapped[bool]
    reason: Mapped[str]


class Store(Base):
    """A dealership (门店)."""

    __tablename__ = "store"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    group: Mapped[str | None]
    zone: Mapped[str] = mapped_column("timezone")
    calendar_id: Mapped[int] = mapped_column(shared("calendar"))


class EmployeeRole(StrEnum):
    """What an employee does at the dealership."""

    ADVISER = "adviser"
    TECHNICIAN = "technician"
    AGENT = "agent"
    MANAGER = "manager"
    OTHER = "other"


class Employee(StoreOwned, Base):
    """Somebody who works at a dealership (员工); `number` is the dealer's key, else the name.

    `user_id` is the account they sign in with, where they have one.
    """

    __tablename__ = "employee"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index("uq_employee_store_id_user_id", "store_id", "user_id", unique=True),
    )
    id: Mapped[Id]
    number: Mapped[Code]
    name: Mapped[str]
    role: Mapped[str]
    department: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    user_id: Mapped[int | None] = mapped_column(shared("app_user"))


class AppUser(Versioned, Base):
    """An account (用户). `all_stores` sees every store there is and will be.

    `subject` is who they are to the house's sign-in provider, once they came by it.
    """

    __tablename__ = "app_user"
    __table_args__ = (Index("uq_app_user_subject", "subject", unique=True),)
    id: Mapped[Id]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    all_stores: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str | None]


class UserStore(Base):
    """A store an account may see."""

    __tablename__ = "user_store"
    user_id: Mapped[int] = mapped_column(shared("app_user"), primary_key=True)
    store: Mapped[int] = mapped_column(shared("store"), primary_key=True)


class ScreenToken(Versioned, Base):
    """A wall screen's read-only, revocable key (大屏令牌); only hashes of secrets are kept.

    Whoever opens its link first, before `link_until`, becomes the screen: the link is used up
    (`linked_at`), and `token_hash` is of the key the browser got. It shows `store`, or all.
    `opens` and `closes` are local ("08:00"); `language` is "zh", "en" or "both" in turn.
    """

    __tablename__ = "screen_token"
    id: Mapped[Id]
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    store: Mapped[int | None] = mapped_column(shared("store"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    link_hash: Mapped[str | None]
    link_until: Mapped[datetime | None]
    linked_at: Mapped[datetime | None]
    opens: Mapped[Code] = mapped_column(default="08:00", server_default="08:00")
    closes: Mapped[Code] = mapped_column(default="20:00", server_default="20:00")
    language: Mapped[Code] = mapped_column(default="both", server_default="both")
