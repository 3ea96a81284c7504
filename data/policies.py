"""Keeping the insurance policies: what each car was insured until, as far as it was heard of."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from data.models import InsurancePolicy, Vehicle
from data.sql import insert_new

AT_ONCE = 5_000


def note(session: Session, store_id: int, vehicles: Collection[int], *, now: datetime) -> None:
    """Remember until when these vehicles of a store are insured; what is known stays as it is."""
    for some in _parts(vehicles):
        _note(session, store_id, some, now)
        link(session, store_id, some)


def link(session: Session, store_id: int, vehicles: Collection[int]) -> None:
    """Let each policy of these vehicles know the one after it."""
    policy: Any = InsurancePolicy.__table__
    later = policy.alias()
    following = (
        later.c.store_id == policy.c.store_id,
        later.c.vehicle_id == policy.c.vehicle_id,
        later.c.ends_on > policy.c.ends_on,
    )
    first = select(later.c.ends_on).where(*following).order_by(later.c.ends_on).limit(1)
    noted = select(later.c.noted_at).where(*following).order_by(later.c.ends_on).limit(1)
    mine = (policy.c.store_id == store_id, policy.c.vehicle_id.in_(list(vehicles)))
    found = {"next_ends_on": first.scalar_subquery(), "next_noted_at": noted.scalar_subquery()}
    session.connection().execute(update(policy).where(*mine).values(found))


def _parts(vehicles: Collection[int]) -> list[list[int]]:
    wanted = sorted(vehicles)
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]


def _note(session: Session, store_id: int, vehicles: list[int], now: datetime) -> None:
    car: Any = Vehicle.__table__
    moment = bindparam("noted_at", now, type_=InsurancePolicy.noted_at.type)
    known = select(car.c.store_id, car.c.id, car.c.insurance_until, moment).where(
        car.c.store_id == store_id, car.c.id.in_(vehicles), car.c.insurance_until.is_not(None)
    )
    columns = ["store_id", "vehicle_id", "ends_on", "noted_at"]
    fresh = insert_new(session, InsurancePolicy.__table__).from_select(columns, known)
    session.connection().execute(fresh.on_conflict_do_nothing())
