"""The figures of the house that an administrator may change; unset, as in `defaults`."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.defaults import NORMS
from data.models import Norm


def norm(session: Session, code: str) -> dict[str, Any]:
    """The norm `code`, for example "call_length": least_s, most_s, short_s (seconds)."""
    kept = session.scalar(select(Norm.value).where(Norm.code == code))
    return NORMS[code] | (kept or {})
