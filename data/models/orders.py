"""Repair orders, and how many were delivered a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned
from data.models.keys import Code, Id, Note, owned, shared

_AGAIN: dict[str, Any] = {
    "sqlite_where": text("rework = 1 OR rework_of_id IS NOT NULL"),
    "postgresql_where": text("rework OR rework_of_id IS NOT NULL"),
}


class RepairOrder(StoreOwned, Base):
    """One stay in the workshop (维修工单). Amounts are fen; `opened_on` and `delivered_on` are
    the local days of the store."""

    __tablename__ = "repair_order"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "delivered_on"),
        Index(None, "store_id", "vehicle_id", "opened_on"),
        Index(None, "store_id", "customer_id"),
        Index("ix_repair_order_again", "store_id", "rework_of_id", **_AGAIN),
        vehicle_id="vehicle",
        customer_id="customer",
        adviser_id="employee",
        technician_id="employee",
        rework_of_id="repair_order",
    )
    id: Mapped[Id]
    number: Mapped[Code]
    vehicle_id: Mapped[int]
    customer_id: Mapped[int | None]
    brought_by: Mapped[str | None]
    brought_by_phone: Mapped[Code | None]
    adviser_id: Mapped[int | None]
    technician_id: Mapped[int | None]
    kind: Mapped[Code | None]
    opened_at: Mapped[datetime]
    opened_on: Mapped[date]
    delivered_at: Mapped[datetime | None]
    delivered_on: Mapped[date | None]
    odometer_km: Mapped[int | None]
    labour_fen: Mapped[int | None]
    parts_fen: Mapped[int | None]
    total_fen: Mapped[int | None]
    rework: Mapped[bool] = mapped_column(default=False)
    rework_of_id: Mapped[int | None]
    note: Mapped[Note | None]


class DeliveredDay(Base, StoreOwned):
    """How many orders a store delivered on a local day: the sum of `repair_order`, kept with it."""

    __tablename__ = "delivered_day"
    store_id: Mapped[int] = mapped_column(shared("store"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int]
