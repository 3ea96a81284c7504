"""Who gets a store's reports by mail (报告订阅)."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events, outbox
from data.commands import Conflict, NotFound, Refused, command
from data.models import Event, Store, Subscription
from data.person import Right

REPORTS = ("weekly", "monthly")
LANGUAGES = ("zh", "en")
FORMATS = ("xlsx", "docx")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
LONGEST = 200


@command(Right.ADMINISTER)
def subscribe(
    session: Session,
    *,
    store: str,
    report: str,
    address: str,
    language: str,
    format: str,
    now: datetime,
) -> int:
    """Let an address get a report of a store (by code) each time one is due; the subscription's id.

    An address that got it before gets it in this language and format from now on.
    """
    at_store = _store(session, store)
    if before := events.earlier_at_store(session, at_store.id):
        return int(before.data["subscription_id"])
    manner = {
        "language": _one_of(LANGUAGES, language),
        "format": _one_of(FORMATS, format),
        "active": True,
    }
    row = _subscription(session, at_store.id, _one_of(REPORTS, report), _fit(address))
    if all(getattr(row, name) == value for name, value in manner.items()):
        raise Refused("{address} gets this report already.", address=row.address)
    for name, value in manner.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _note(session, row, "subscribed", now)
    return row.id


@command(Right.ADMINISTER)
def unsubscribe(session: Session, *, subscription_id: int, version: int, now: datetime) -> None:
    """End a subscription; what still waits to be sent for it is withdrawn."""
    row = session.get(Subscription, subscription_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such subscription in your stores.")
    if events.earlier_at_store(session, row.store_id):
        return
    if row.version != version:
        raise Conflict(_since(session, row, version), version=row.version)
    if not row.active:
        raise Refused("This subscription has ended already.")
    row.active = False
    begins = outbox.of_subscription(row.id)
    outbox.withdraw(session, store_id=row.store_id, begins=begins, now=now)
    session.flush()
    _note(session, row, "unsubscribed", now)


def _store(session: Session, code: str) -> Store:
    found = session.scalar(select(Store).where(Store.code == code))
    if found is None:
        raise NotFound("There is no store {code}.", code=code)
    return found


def _subscription(session: Session, store_id: int, report: str, address: str) -> Subscription:
    """The subscription of this address, locked, or a new one."""
    known = (
        Subscription.store_id == store_id,
        Subscription.report == report,
        Subscription.address == address,
    )
    found = session.scalar(select(Subscription).where(*known).with_for_update())
    return found or Subscription(store_id=store_id, report=report, address=address)


def _one_of(known: tuple[str, ...], value: str) -> str:
    if value not in known:
        raise Refused("Choose one of: {kinds}.", kinds=list(known))
    return value


def _fit(address: str) -> str:
    cleaned = address.strip().lower()
    if not ADDRESS.fullmatch(cleaned) or len(cleaned) > LONGEST:
        raise Refused(
            "{address} is no mail address such as care@example.com.", address=cleaned[:80]
        )
    return cleaned


def _note(session: Session, row: Subscription, kind: str, now: datetime) -> None:
    said = {"report": row.report, "address": row.address, "language": row.language}
    more = {"format": row.format, "version": row.version, "subscription_id": row.id}
    events.record_at_store(session, row.store_id, kind, at=now, **said, **more)


def _since(session: Session, row: Subscription, version: int) -> list[Event]:
    """What was done to a subscription, oldest first; readable when this transaction is undone."""
    query = select(Event).where(
        Event.store_id == row.store_id,
        Event.subject == "store",
        Event.kind.in_(("subscribed", "unsubscribed")),
    )
    every = session.scalars(query.order_by(Event.at, Event.id)).all()
    own = [entry for entry in every if entry.data["subscription_id"] == row.id]
    since = [entry for entry in own if entry.data["version"] > version]
    for entry in since:
        session.expunge(entry)
    return since
