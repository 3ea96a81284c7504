"""Who is signed in where, and how often somebody tried in vain."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base
from data.models.keys import Id, shared


class LoginSession(Base):
    """Somebody signed in at a browser; it holds the key, we only its hash.

    It ends by signing out, with the password, with the account, and when nobody did anything
    for a while after `seen_at`.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index(None, "user_id"), Index(None, "seen_at"))
    id: Mapped[Id]
    key_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(shared("app_user"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginTry(Base):
    """Sign-ins that failed since a moment, by whom they came from; `key` is a hash, no name."""

    __tablename__ = "login_try"
    __table_args__ = (Index(None, "since"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int]
    since: Mapped[datetime]
