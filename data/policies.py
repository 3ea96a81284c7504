"""Keeping the insurance policies: what each car was insured until, as far as it was heard of."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from data.models import InsurancePolicy, Vehicle
from data.sql import insert_new

AT_ONCE = 5_000


def note(session: Session, store_id: int, vehicles: Collection[int], *, now: datetime) -> None:
    """Remember until when these vehicles of a store are insured; what is known stays as it is."""
    wanted = sorted(vehicles)
    for start in range(0, len(wanted), AT_ONCE):
        _note(session, store_id, wanted[start : start + AT_ONCE], now)


def _note(session: Session, store_id: int, vehicles: list[int], now: datetime) -> None:
    car: Any = Vehicle.__table__
    moment = bindparam("noted_at", now, type_=InsurancePolicy.noted_at.type)
    known = select(car.c.store_id, car.c.id, car.c.insurance_until, moment).where(
        car.c.store_id == store_id, car.c.id.in_(vehicles), car.c.insurance_until.is_not(None)
    )
    columns = ["store_id", "vehicle_id", "ends_on", "noted_at"]
    fresh = insert_new(session, InsurancePolicy.__table__).from_select(columns, known)
    session.connection().execute(fresh.on_conflict_do_nothing())
