"""What every write on a case has in common: found, not repeated, not overtaken, allowed, logged."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from data import events, sla
from data.commands import Conflict, NotFound, Refused, command
from data.givens import check_text
from data.models import Complaint, ComplaintPast, Event
from data.moves import COMPLAINT_MOVES

OWN = ("id", "complaint_id", "until")
FACTS = [c.key for c in inspect(ComplaintPast).columns if c.key not in OWN]
CLOCK_MOVERS = {"paused", "resumed", "reopened"}

E = TypeVar("E", bound=StrEnum)
Write = Callable[..., dict[str, Any]]


def change(run: Write) -> Write:
    """Declare a write on a case; who may do it and when stands in `moves`, under its name.

    The function gets the case and answers what the event says. Callers give `complaint_id`, the
    `version` their form was opened with, and `now`.
    """
    move = COMPLAINT_MOVES[run.__name__]

    @command(move.right)
    @wraps(run)
    def changed(
        session: Session, *, complaint_id: int, version: int, now: datetime, **values: Any
    ) -> dict[str, Any]:
        case = _found(session, complaint_id)

        def write() -> dict[str, Any]:
            refuse_unless(case, move.states)
            sla.mark_breaches(case, now=now)
            if not move.quiet:
                session.add(_as_it_stands(case, now))
            data = run(session, case, now=now, **values)
            case.since = case.since if move.quiet else now
            return data

        def settle() -> None:
            if move.event in CLOCK_MOVERS:
                sla.restart(session, case)

        return once(session, case, move.event, write, version=version, now=now, then=settle)

    return changed


def once(
    session: Session,
    row: Any,
    kind: str,
    write: Callable[[], dict[str, Any] | None],
    *,
    version: int,
    now: datetime,
    then: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Do `write` to a row that is locked, and log it as `kind`; what the log says of it.

    A repeated attempt is answered as the first time; Conflict if somebody else saved since
    `version`. Nothing is logged when `write` answers None: it changed nothing.
    """
    if before := events.earlier(session, row):
        return before.data
    refuse_if_overtaken(session, row, version)
    with session.no_autoflush:  # so that a row is changed once, and all of it goes together
        data = write()
    if data is None:
        return {}
    entry = events.record(session, row, kind, at=now, version=version, **data)
    then()
    session.flush()
    return entry.data


def words(said: str, what: str) -> str:
    """What somebody wrote, cleaned; refused when there is nothing or too much of it."""
    cleaned = text(said)
    if not cleaned:
        raise Refused("Please write {what}.", what=what)
    return cleaned


def text(said: str) -> str:
    """Free words without surrounding space; refused when too long or not storable."""
    cleaned = said.strip()
    check_text(cleaned)
    return cleaned


def choice(kinds: type[E], value: str) -> E:
    """One of the values there are to choose from; anything else is refused."""
    if value not in set(kinds):
        raise Refused("Choose one of: {kinds}.", kinds=list(kinds))
    return kinds(value)


def _found(session: Session, complaint_id: int) -> Complaint:
    case = session.get(Complaint, complaint_id, with_for_update=True)
    if case is None:
        raise NotFound("There is no such complaint among your stores.")
    return case


def refuse_if_overtaken(session: Session, row: Any, version: int) -> None:
    """Raise Conflict, with what was done since, unless `row` is at this version."""
    if row.version != version:
        since = done_since(session, row, version)
        for entry in since:
            session.expunge(entry)  # they are to be read after this transaction is undone
        raise Conflict(since, version=row.version)


def done_since(session: Session, row: Any, version: int) -> list[Event]:
    """What was done to `row` from this version on, oldest first."""
    history = events.history(session, row)
    return [entry for entry in history if entry.data.get("version", 0) >= version]


def refuse_unless(case: Any, allowed: Sequence[StrEnum]) -> None:
    """Refuse what is not possible where the case stands."""
    if case.state not in allowed:
        raise Refused(
            "The case is {state}; this is possible only when it is {allowed}.",
            state=type(allowed[0])(case.state),
            allowed=list(allowed),
        )


def _as_it_stands(case: Complaint, now: datetime) -> ComplaintPast:
    facts = {name: getattr(case, name) for name in FACTS}
    return ComplaintPast(complaint_id=case.id, until=now, **facts)
