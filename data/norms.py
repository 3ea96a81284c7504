"""The figures of the house that an administrator may change; unset, as in `defaults`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.defaults import DIMENSIONS, NORMS
from data.models import Norm

WHOLE, DECIMAL, YES_NO, LIST = "whole", "decimal", "yes_no", "list"
Bound = tuple[str, float, float]
BOUNDS: dict[str, dict[str, Bound]] = {  # of each figure: what it is, its least and its most
    "call_length": {
        "least_s": (WHOLE, 1, 3_600),
        "most_s": (WHOLE, 1, 4 * 3_600),
        "short_s": (WHOLE, 1, 3_600),
    },
    "calls_a_day": {"each_agent": (WHOLE, 1, 500)},
    "csi_weights": {code: (DECIMAL, 0, 100) for code, *_ in DIMENSIONS},
    "rework": {"within_days": (WHOLE, 1, 365)},
    "strikes": {"counted": (YES_NO, 0, 1), "months": (WHOLE, 1, 60)},
    "gap_classes": {
        "at_risk": (WHOLE, 1, 60),
        "dormant": (WHOLE, 1, 60),
        "lost": (WHOLE, 1, 60),
    },
    "churn_rules": {"own_times": (DECIMAL, 1, 10), "back_within_months": (WHOLE, 1, 24)},
    "solicitation": {"within_days": (WHOLE, 1, 365)},
    "effect": {
        "baseline_days": (WHOLE, 28, 730),
        "after_days": (WHOLE, 28, 730),
        "checks": (LIST, 1, 365),
        "recurs_within_days": (WHOLE, 1, 365),
    },
    "customer_value": {
        "service_a_year_fen": (WHOLE, 0, 100_000_000),
        "years": (WHOLE, 0, 100),
        "cars": (WHOLE, 0, 100),
        "car_fen": (WHOLE, 0, 10_000_000_000),
    },
}
ASCENDING = {  # each of these is less than the next
    "call_length": ("least_s", "most_s"),
    "gap_classes": ("at_risk", "dormant", "lost"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A norm as it holds now, and the version it is kept at (0: as it came)."""

    code: str
    value: dict[str, Any]
    version: int


def norm(session: Session, code: str) -> dict[str, Any]:
    """The norm `code`, for example "call_length": least_s, most_s, short_s (seconds)."""
    kept = session.scalar(select(Norm.value).where(Norm.code == code))
    return NORMS[code] | (kept or {})


def listed(session: Session) -> Sequence[Kept]:
    """Every norm that may be changed, in the order of `BOUNDS`."""
    rows = {row.code: row for row in session.scalars(select(Norm))}
    return [
        Kept(
            code,
            NORMS[code] | (rows[code].value if code in rows else {}),
            rows[code].version if code in rows else 0,
        )
        for code in BOUNDS
    ]
