"""Improvement actions: opened with an owner and a date from the first day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import events
from data.commands import NotFound, Refused, churn, command
from data.commands.cases import choice, text, words
from data.models import ChurnReason, Employee, Improvement, ImprovementKind, Store
from data.person import Right

LONGEST_TITLE = 200


@command(Right.RUN_IMPROVEMENTS)
def open_improvement(
    session: Session,
    *,
    store_id: int,
    reason: str,
    title: str,
    owner_id: int | None,
    due_on: date | None,
    now: datetime,
    cause: str = "",
    kind: str = ImprovementKind.CORRECTIVE,
) -> str:
    """Open what is done about a reason to stay away; its number. The cases of the reason are
    counted and linked to it.
    """
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("There is no such store among yours.")
    if before := events.earlier_at_store(session, store_id):
        return str(before.data["number"])
    why, today = choice(ChurnReason, reason), now.astimezone(ZoneInfo(store.zone)).date()
    made = Improvement(
        store_id=store_id,
        number=_next_number(session, store_id, f"A{today:%y%m}"),
        kind=choice(ImprovementKind, kind),
        title=_title(title),
        cause=text(cause) or None,
        owner_id=_owner(session, store_id, owner_id),
        created_at=now,
        original_due_on=_due(due_on, today),
        due_on=_due(due_on, today),
        state="open",
        churn_reason=why,
    )
    session.add(made)
    session.flush()
    said = {"owner_id": made.owner_id, "due_on": made.due_on.isoformat(), "reason": why}
    events.record(session, made, "opened", at=now, version=0, **said)
    counted = churn.count(session, store_id, why, now, action_id=made.id)
    told = {"number": made.number, "reason": why, "cases": counted}
    events.record_at_store(session, store_id, "improvement_opened", at=now, **told)
    return made.number


def _title(said: str) -> str:
    title = words(said, "what is to be done")
    if len(title) > LONGEST_TITLE:
        raise Refused("The title is too long: at most {most} characters.", most=LONGEST_TITLE)
    return title


def _owner(session: Session, store_id: int, owner_id: int | None) -> int:
    owner = session.get(Employee, owner_id) if owner_id else None
    if owner is None or owner.store_id != store_id or not owner.active:
        raise Refused("Choose who does it: somebody active in this store.")
    return owner.id


def _due(day: date | None, today: date) -> date:
    if day is None or day < today:
        raise Refused("Choose until when: today or later.")
    return day


def _next_number(session: Session, store_id: int, month: str) -> str:
    query = select(func.count(Improvement.id)).where(
        Improvement.store_id == store_id,
        Improvement.number.startswith(f"{month}-", autoescape=True),
    )
    return f"{month}-{(session.scalar(query) or 0) + 1:02}"
