"""Visits: the days on which a vehicle came in, kept from the repair orders; and its insurance."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned
from data.models.keys import Id, Small, owned

LAST: dict[str, Any] = {
    f"{database}_where": text("next_on IS NULL") for database in ("sqlite", "postgresql")
}


class Visit(Base, StoreOwned):
    """A local day on which a vehicle came in (到店), however many orders were opened that day.

    Kept from `repair_order` by `data.visits`, never written otherwise. `number` counts the
    vehicle's visits from 1; `age_days` have passed since the first, `gap_days` since the one
    before. Months are numbered year × 12 + month − 1. `spend_fen` is what was paid that day,
    `year_fen` in the 365 days that end with it. `sold_month` is that of the car's sale, if it is
    known. A vehicle stands at its last visit by a day:
    `day` <= that day, and `next_on` later or none.
    """

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        ForeignKeyConstraint(["store_id", "vehicle_id"], ["vehicle.store_id", "vehicle.id"]),
        Index(  # in the order in which they are counted: nothing is sorted
            "ix_visit_months",
            *("store_id", "month", "first_month", "previous_month", "day", "next_on"),
        ),
        # with `next_on`, though it is empty: else SQLite looks into the row for it
        Index("ix_visit_last", "store_id", "day", "next_on", **LAST),
        Index("ix_visit_last_spent", "year_fen", "store_id", **LAST),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    month: Mapped[Small]
    number: Mapped[Small]
    first_month: Mapped[Small]
    sold_month: Mapped[Small | None]
    age_days: Mapped[Small]
    previous_on: Mapped[date | None]
    previous_month: Mapped[Small | None]
    gap_days: Mapped[Small | None]
    next_on: Mapped[date | None]
    spend_fen: Mapped[int]
    year_fen: Mapped[int]


class VisitMonth(Base, StoreOwned):
    """Of the vehicles that first came to a store in one month, how many `came` in another.

    Of these, `first_in_quarter` had not come in the same quarter before, and `last_seen` have not
    come since that month. Kept with the visits by `data.visits`, never written otherwise.
    """

    __tablename__ = "visit_month"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        {"sqlite_with_rowid": False},
    )
    store_id: Mapped[int] = mapped_column(primary_key=True)
    first_month: Mapped[Small] = mapped_column(primary_key=True)
    month: Mapped[Small] = mapped_column(primary_key=True)
    came: Mapped[Small]
    first_in_quarter: Mapped[Small]
    last_seen: Mapped[Small]


class InsurancePolicy(StoreOwned, Base):
    """A car's insurance (保单) by the day it ends.

    `next_ends_on` is when the one after it ends, if that is known, since `next_noted_at`; both are
    kept by `data.policies`.
    """

    __tablename__ = "insurance_policy"
    __table_args__ = owned(
        UniqueConstraint("store_id", "vehicle_id", "ends_on"),
        Index(
            "ix_insurance_policy_ends",
            *("store_id", "ends_on", "next_ends_on", "next_noted_at", "noted_at"),
        ),
        vehicle_id="vehicle",
    )
    id: Mapped[Id]
    vehicle_id: Mapped[int]
    ends_on: Mapped[date]
    noted_at: Mapped[datetime]
    next_ends_on: Mapped[date | None]
    next_noted_at: Mapped[datetime | None]
