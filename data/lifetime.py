"""What a customer is worth over a lifetime, by the formula of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Norm
from data.norms import norm

CODE = "customer_value"
PARTS = ("service_a_year_fen", "years", "cars", "car_fen")


@dataclass(frozen=True, slots=True)
class Formula:
    """The figures the house reckons with, and the version they are kept at."""

    parts: dict[str, int]
    version: int


@dataclass(frozen=True, slots=True)
class Worth:
    """A customer's value in fen: what the workshop earns, and what new cars bring."""

    service_fen: int
    cars_fen: int

    @property
    def whole_fen(self) -> int:
        """Both together."""
        return self.service_fen + self.cars_fen


def formula(session: Session) -> Formula:
    """The formula as it is kept; the usual one where none is."""
    version = session.scalar(select(Norm.version).where(Norm.code == CODE))
    parts = norm(session, CODE)
    return Formula({name: parts[name] for name in PARTS}, version or 0)


def worth(parts: Mapping[str, Any]) -> Worth:
    """2,400 yuan a year for 10 years with each of 3 cars, and 100,000 for each car: 372,000."""
    service = parts["service_a_year_fen"] * parts["years"] * parts["cars"]
    return Worth(service, parts["cars"] * parts["car_fen"])
