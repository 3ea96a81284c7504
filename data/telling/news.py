"""A piece of news, and what those about assignments have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.models import Employee, Event, Store

NEWS = timedelta(days=1)  # what is older is told no more


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: the key makes it once, the data are what is said."""

    kind: str
    key: str
    data: dict[str, Any]
    address: str | None = None


def happened(
    store: Store, subject: str, kinds: tuple[str, ...], now: datetime
) -> tuple[ColumnElement[bool], ...]:
    """The conditions for what was done in the last day to subjects of this store."""
    return (
        Event.store_id == store.id,
        Event.at > now - NEWS,
        Event.at <= now,
        Event.subject == subject,
        Event.kind.in_(kinds),
    )


def names(session: Session, store: Store, entries: Iterable[Event]) -> dict[int, str]:
    """The names of those whom these entries gave something to."""
    ids = {entry.data["owner_id"] for entry in entries if entry.data.get("owner_id")}
    wanted = (Employee.store_id == store.id, Employee.id.in_(ids))
    rows = session.execute(select(Employee.id, Employee.name).where(*wanted))
    return {row.id: row.name for row in rows}


def given(entry: Event, names: dict[int, str]) -> dict[str, Any]:
    """To whom, when, and until when, as the entry says it."""
    due_on = entry.data.get("due_on")
    owner = names.get(entry.data.get("owner_id") or 0)
    return {"owner": owner, "at": entry.at.isoformat(), **({"due_on": due_on} if due_on else {})}
