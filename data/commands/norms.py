"""The figures of the house that people with that right may change."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import Conflict, Refused, command
from data.defaults import NORMS
from data.events import record_setting
from data.models import AdminEvent, Norm
from data.person import Right

MOST = {  # of each part of a customer's value
    "service_a_year_fen": 100_000_000,
    "years": 100,
    "cars": 100,
    "car_fen": 10_000_000_000,
}


@command(Right.SET_TARGETS)
def set_customer_value(
    session: Session,
    *,
    version: int,
    now: datetime,
    service_a_year_fen: int | None,
    years: int | None,
    cars: int | None,
    car_fen: int | None,
) -> None:
    """Keep another formula of a customer's lifetime value, for everybody (norm customer_value)."""
    given = (service_a_year_fen, years, cars, car_fen)
    parts = {name: _part(name, said) for name, said in zip(MOST, given, strict=True)}
    _keep(session, "customer_value", version, now, parts)


def _part(name: str, said: int | None) -> int:
    if said is None or not 0 <= said <= MOST[name]:
        raise Refused("Please give every figure of the formula as a number, none below zero.")
    return said


def _keep(session: Session, code: str, version: int, now: datetime, value: dict[str, Any]) -> None:
    """Write the norm unless somebody else did since `version`; the log has it before and after."""
    row = session.scalar(select(Norm).where(Norm.code == code).with_for_update())
    past = _history(session, code)
    if _already(session, past):
        return
    if version != (row.version if row else 0):
        raise _overtaken(session, past, row, version)
    before = NORMS[code] | (row.value if row else {})
    if row is None:
        session.add(Norm(code=code, value=value))
    elif value != row.value:
        row.value = value
    key = {"key": session.info["key"]} if session.info.get("key") else {}
    said = {"from": before, "to": value, **key}
    record_setting(session, f"norm {code}", "norm_set", at=now, version=version, **said)
    session.flush()


def _history(session: Session, code: str) -> list[AdminEvent]:
    query = select(AdminEvent).where(AdminEvent.subject == f"norm {code}")
    return list(session.scalars(query.order_by(AdminEvent.at, AdminEvent.id)))


def _already(session: Session, past: list[AdminEvent]) -> bool:
    key = session.info.get("key")
    return key is not None and any(entry.data.get("key") == key for entry in past)


def _overtaken(
    session: Session, past: list[AdminEvent], row: Norm | None, version: int
) -> Conflict:
    since = [entry for entry in past if entry.data.get("version", 0) >= version]
    for entry in since:
        session.expunge(entry)  # they are to be read after this transaction is undone
    return Conflict(since, version=row.version if row else 0)
