"""Customers and their vehicles."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned


class Customer(Versioned, StoreOwned, Base):
    """A person or company that owns vehicles (客户). `number` is the dealer's key, where given."""

    __tablename__ = "customer"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "phone"),
        Index(None, "store_id", "name"),
    )
    id: Mapped[Id]
    number: Mapped[Code | None]
    name: Mapped[str]
    phone: Mapped[Code | None]
    second_phone: Mapped[Code | None]
    kind: Mapped[Code] = mapped_column(default="person")
    value_class: Mapped[Code | None]
    birthday: Mapped[date | None]
    preferred_channel: Mapped[Code | None]
    call_window: Mapped[Code | None]
    do_not_call: Mapped[bool] = mapped_column(default=False)
    purchase_reason: Mapped[Note | None]
    our_promise: Mapped[Note | None]
    anonymised_at: Mapped[datetime | None]


class Vehicle(StoreOwned, Base):
    """A car (车辆), the unit of visits and retention.

    Known by VIN; where there is none by plate; else by `number`, the dealer's own key.
    """

    __tablename__ = "vehicle"
    __table_args__ = owned(
        UniqueConstraint("store_id", "vin"),
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "plate"),
        Index(None, "store_id", "customer_id"),
        Index(None, "store_id", "sold_on"),
        customer_id="customer",
    )
    id: Mapped[Id]
    customer_id: Mapped[int | None]
    vin: Mapped[Code | None]
    plate: Mapped[Code | None]
    number: Mapped[Code | None]
    model: Mapped[str | None]
    sold_on: Mapped[date | None]
    fleet: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    warranty_until: Mapped[date | None]
    insurance_until: Mapped[date | None]
    inspection_due_on: Mapped[date | None]
    next_service_on: Mapped[date | None]
    next_service_km: Mapped[int | None]
    odometer_km: Mapped[int | None]
