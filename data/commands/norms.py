"""The figures of the house that people with that right may change."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command, settings
from data.commands.settings import Figure
from data.defaults import NORMS
from data.models import Norm
from data.norms import ASCENDING, BOUNDS, DECIMAL, LIST, YES_NO
from data.person import Right

MOST_LOOKS = 6


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
    bounds = BOUNDS["customer_value"]
    given = (service_a_year_fen, years, cars, car_fen)
    parts = {name: _part(name, said) for name, said in zip(bounds, given, strict=True)}
    _keep(session, "customer_value", version, now, parts)


@command(Right.SET_TARGETS)
def set_norm(
    session: Session, *, code: str, version: int, now: datetime, values: Mapping[str, Any]
) -> None:
    """Keep other figures of a norm, for everybody; every figure of it is given, in its unit."""
    if code not in BOUNDS:
        raise NotFound("There is no norm {code}.", code=code)
    parts = {name: _fit(code, name, values.get(name)) for name in BOUNDS[code]}
    for lower, higher in pairwise(ASCENDING.get(code, ())):
        if not parts[lower] < parts[higher]:
            raise Refused(
                "“{lower}” has to be less than “{higher}”.",
                lower=Figure(lower),
                higher=Figure(higher),
            )
    if code == "csi_weights" and not any(parts.values()):
        raise Refused("At least one dimension needs a weight above zero.")
    _keep(session, code, version, now, parts)


def _part(name: str, said: int | None) -> int:
    _kind, least, most = BOUNDS["customer_value"][name]
    if said is None or not least <= said <= most:
        raise Refused("Please give every figure of the formula as a number, none below zero.")
    return said


def _fit(code: str, name: str, value: Any) -> Any:
    kind, least, most = BOUNDS[code][name]
    if kind == YES_NO:
        return bool(value)
    if kind == LIST:
        return _looks(name, value, least, most)
    if not _number(value, decimal=kind == DECIMAL) or not least <= value <= most:
        raise _beyond(name, least, most)
    return value


def _looks(name: str, value: Any, least: float, most: float) -> list[int]:
    """A few whole numbers, the smaller first."""
    days = sorted(set(value or ())) if all(_number(day) for day in value or ()) else []
    if not 1 <= len(days) <= MOST_LOOKS or not least <= days[0] <= days[-1] <= most:
        raise _beyond(name, least, most)
    return days


def _number(value: Any, *, decimal: bool = False) -> bool:
    return type(value) is int or (decimal and type(value) is float)


def _beyond(name: str, least: float, most: float) -> Refused:
    return Refused(
        "“{figure}” is a number from {least} to {most}.",
        figure=Figure(name),
        least=f"{least:g}",
        most=f"{most:.0f}",
    )


def _keep(session: Session, code: str, version: int, now: datetime, value: dict[str, Any]) -> None:
    """Write the norm unless somebody else did since `version`; the log has it before and after."""
    settings.for_everybody(session)
    settings.alone(session)
    subject = f"norm {code}"
    row = session.scalar(select(Norm).where(Norm.code == code).with_for_update())
    if settings.already(session, subject):
        return
    settings.check(session, subject, version, row.version if row else 0)
    before = NORMS[code] | (row.value if row else {})
    if row is None:
        session.add(Norm(code=code, value=value))
    elif value != row.value:
        row.value = value
    said = {"from": before, "to": value, "code": code}
    settings.note(session, subject, "norm_set", version=version, now=now, **said)
