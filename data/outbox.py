"""What leaves the house is written down first, in the transaction of what it tells (发件箱).

A message is claimed, and that is kept, before anybody sends it: so no two workers send the same.
One whose sender died is not sent again by itself, for nobody knows whether it arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from data.models import Message, MessageChannel, Store
from data.scope import Scope
from data.sql import insert_new

WAITS = tuple(timedelta(minutes=wait) for wait in (5, 5, 10, 20, 40, 60, 120, 240, 480, 480))
LEASE = timedelta(minutes=10)  # who has not said how it went by then has died
LONGEST = 200
WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that somebody has claimed and is about to send."""

    id: int
    store: str
    store_name: str
    key: str
    channel: str
    kind: str
    address: str | None
    data: dict[str, Any]
    created_at: datetime
    claimed_at: datetime
    tries: int

    @property
    def name(self) -> str:
        """What it is called at every try, in plain letters: whoever gets it twice can tell."""
        return sha256(f"{self.store}:{self.key}".encode()).hexdigest()[:32]


def put(
    session: Session,
    *,
    store_id: int,
    key: str,
    channel: MessageChannel,
    kind: str,
    data: dict[str, Any],
    now: datetime,
    address: str | None = None,
) -> bool:
    """Write a message down in the transaction of `session`; False if `key` was told before."""
    table: Any = Message.__table__
    row = {"store_id": store_id, "key": key, "channel": channel, "kind": kind, "data": data}
    times = {"address": address, "created_at": now, "next_try_at": now}
    new = insert_new(session, table).on_conflict_do_nothing(index_elements=("store_id", "key"))
    return session.scalar(new.returning(table.c.id), row | times) is not None


def due(
    session: Session, *, now: datetime, channels: Collection[str], most: int
) -> Sequence[tuple[int, str]]:
    """Id and channel of the messages to be sent now, those that have waited longest first."""
    query = (
        select(Message.id, Message.channel)
        .where(*_free(now), Message.channel.in_(channels))
        .order_by(Message.next_try_at, Message.id)
        .limit(most)
    )
    return [(id_, channel) for id_, channel in session.execute(query)]


def claim(session: Session, message_id: int, *, now: datetime) -> Letter | None:
    """Take a message to send it; None if somebody else has, or it is not due. Commit, then send."""
    taken = update(Message).where(Message.id == message_id, *_free(now))
    values = {"claimed_at": now, "tries": Message.tries + 1, "trouble": None}
    if session.scalar(taken.values(values).returning(Message.id)) is None:
        return None
    query = (
        select(Message, Store.code, Store.name)
        .join(Store, Store.id == Message.store_id)
        .where(Message.id == message_id)
        .execution_options(populate_existing=True)
    )
    message, store, store_name = session.execute(query).one()
    return Letter(
        id=message.id,
        store=store,
        store_name=store_name,
        key=message.key,
        channel=message.channel,
        kind=message.kind,
        address=message.address,
        data=message.data,
        created_at=message.created_at,
        claimed_at=now,
        tries=message.tries,
    )


def sent(session: Session, letter: Letter, *, now: datetime) -> None:
    """Note that the other side has taken it."""
    _mark(session, letter, sent_at=now)


def failed(
    session: Session, letter: Letter, *, now: datetime, trouble: str, final: bool = False
) -> None:
    """Note that it surely did not arrive: it is tried again later, at last after a day or so.

    final: trying again would not help. After that it is given up, until somebody sends it again.
    """
    over = final or letter.tries > len(WAITS)
    next_step = {"given_up_at": now} if over else {"next_try_at": now + WAITS[letter.tries - 1]}
    _mark(session, letter, claimed_at=None, trouble=trouble[:LONGEST], **next_step)


def uncertain(session: Session, letter: Letter, *, trouble: str) -> None:
    """Note that nobody knows whether it arrived: it is not sent again by itself."""
    _mark(session, letter, trouble=trouble[:LONGEST])


def again(message: Message, *, now: datetime) -> None:
    """Let a message be sent once more, from now on, as if it had not been tried."""
    message.claimed_at, message.given_up_at, message.trouble = None, None, None
    message.next_try_at, message.tries = now, 0


def withdraw(session: Session, *, store_id: int, begins: str, now: datetime) -> None:
    """Give up, for good, what still waits and whose key begins so."""
    waiting = (
        Message.store_id == store_id,
        Message.key.startswith(begins, autoescape=True),
        Message.claimed_at.is_(None),
        *_open(),
    )
    values = {"given_up_at": now, "trouble": WITHDRAWN}
    session.execute(update(Message).where(*waiting).values(values))


def of_subscription(subscription_id: int) -> str:
    """How the keys of a subscription's messages begin."""
    return f"report:{subscription_id}:"


def standing(message: Message, now: datetime) -> Standing:
    """How far a message is at `now`."""
    if message.sent_at:
        return Standing.SENT
    if message.given_up_at:
        return Standing.GIVEN_UP
    if message.claimed_at is None:
        return Standing.WAITING
    dead = message.trouble is not None or message.claimed_at <= now - LEASE
    return Standing.UNCERTAIN if dead else Standing.SENDING


def listing(
    session: Session, scope: Scope, *, start: int = 0, count: int = 100, stuck: bool = False
) -> tuple[list[dict[str, Any]], int]:
    """The messages of the stores in scope, the newest first, and how many there are.

    stuck: only those that will not be sent unless somebody says so. Rows: id, store, key, channel,
    kind, address, data, standing, tries, created_at, next_try_at (None unless waiting), sent_at,
    trouble.
    """
    wanted = [*scope.where(Message), *([_stuck(scope.as_of)] if stuck else [])]
    total = session.scalar(select(func.count(Message.id)).where(*wanted)) or 0
    query = (
        select(Message, Store.code)
        .join(Store, Store.id == Message.store_id)
        .where(*wanted)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .offset(start)
        .limit(count)
    )
    return [_row(message, code, scope.as_of) for message, code in session.execute(query)], total


def _row(message: Message, store: str, now: datetime) -> dict[str, Any]:
    how = standing(message, now)
    names = ("id", "key", "channel", "kind", "address", "data", "tries", "created_at", "sent_at")
    waits = message.next_try_at if how is Standing.WAITING else None
    told = {"store": store, "standing": how, "next_try_at": waits, "trouble": message.trouble}
    return {name: getattr(message, name) for name in names} | told


def _open() -> tuple[ColumnElement[bool], ...]:
    return Message.sent_at.is_(None), Message.given_up_at.is_(None)


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return *_open(), Message.claimed_at.is_(None), Message.next_try_at <= now


def _stuck(now: datetime) -> ColumnElement[bool]:
    dead = or_(Message.trouble.is_not(None), Message.claimed_at <= now - LEASE)
    lost = and_(Message.sent_at.is_(None), Message.claimed_at.is_not(None), dead)
    wanted = func.coalesce(Message.trouble, "") != WITHDRAWN
    return or_(and_(Message.given_up_at.is_not(None), wanted), lost)


def _mark(session: Session, letter: Letter, **values: Any) -> None:
    """Write how it went, unless the message was taken from whoever claimed it then."""
    mine = (Message.id == letter.id, Message.claimed_at == letter.claimed_at, *_open())
    session.execute(update(Message).where(*mine).values(values))
