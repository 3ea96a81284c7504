"""The rules that make callbacks due, and which of them are in force."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import FollowupRule


def listed(session: Session) -> Sequence[FollowupRule]:
    """Every rule, in the order they were made."""
    return session.scalars(select(FollowupRule).order_by(FollowupRule.id)).all()
