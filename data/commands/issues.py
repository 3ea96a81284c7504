"""The issue library: what is known, how it is answered, and how often that was of use."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.commands import NotFound
from data.models import KnownIssue


def note_use(session: Session, issue_ids: Sequence[int]) -> list[str]:
    """Count that these issues were of use on a call; their codes.

    Counted in the database, in one order, so that calls at the same moment neither lose a count
    nor wait for each other in a circle; it is no edit and leaves the version alone.
    """
    wanted = sorted(set(issue_ids))
    query = select(KnownIssue.code).where(KnownIssue.id.in_(wanted)).order_by(KnownIssue.id)
    codes = list(session.scalars(query))
    if len(codes) < len(wanted):
        raise NotFound("There is no such known issue.")
    for issue_id in wanted:
        counted = update(KnownIssue).values(uses=KnownIssue.uses + 1)
        session.execute(counted.where(KnownIssue.id == issue_id))
    return codes
