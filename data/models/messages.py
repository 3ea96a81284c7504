"""What leaves the house: reports that are mailed, and messages to another system."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned


class MessageChannel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Subscription(Versioned, StoreOwned, Base):
    """Somebody who gets a store's report by mail, each time one is due (报告订阅)."""

    __tablename__ = "subscription"
    __table_args__ = owned(UniqueConstraint("store_id", "report", "address"))
    id: Mapped[Id]
    report: Mapped[Code]
    address: Mapped[str]
    language: Mapped[Code]
    format: Mapped[Code]
    active: Mapped[bool] = mapped_column(default=True)


class Message(StoreOwned, Base):
    """A message on its way (外发消息), written in the transaction of what it tells.

    `key` says what it is about, so that the same is never sent twice. `claimed_at` is when somebody
    began to send it: if that process died, nobody knows whether it arrived, and it is not repeated.
    """

    __tablename__ = "message"
    __table_args__ = owned(
        UniqueConstraint("store_id", "key"),
        Index(None, "sent_at", "given_up_at", "next_try_at"),
    )
    id: Mapped[Id]
    key: Mapped[str]
    channel: Mapped[Code]
    kind: Mapped[Code]
    address: Mapped[str | None]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    trouble: Mapped[Note | None]
