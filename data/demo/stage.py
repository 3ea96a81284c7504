"""Where the play takes place: one store, its days, its people and what all stores share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import Calendar
from data.demo import stories
from data.demo.bulk import Book
from data.models import ComplaintCategory, FollowupRule, Question, Questionnaire, SlaPolicy

ZONE = "Asia/Shanghai"
LOCAL = ZoneInfo(ZONE)


@dataclass(frozen=True, slots=True)
class Shared:
    """The rows all stores share: ids by code, and the time limits."""

    categories: Mapping[str, int]
    parents: Mapping[str, str]  # level-1 code by level-2 code
    policies: Mapping[str, SlaPolicy]
    rules: Mapping[str, FollowupRule]
    questionnaire: int
    questions: Mapping[str, int]
    required: frozenset[int]

    @classmethod
    def read(cls, session: Session) -> "Shared":
        """What the defaults filled in."""
        categories = session.scalars(select(ComplaintCategory)).all()
        codes = {row.id: row.code for row in categories}
        return cls(
            categories={row.code: row.id for row in categories},
            parents={row.code: codes[row.parent_id] for row in categories if row.parent_id},
            policies={row.severity: row for row in session.scalars(select(SlaPolicy))},
            rules={row.code: row for row in session.scalars(select(FollowupRule))},
            questionnaire=session.scalars(select(Questionnaire.id)).one(),
            questions=_questions(session),
            required=frozenset(session.scalars(select(Question.id).where(Question.required))),
        )


def _questions(session: Session) -> dict[str, int]:
    rows = session.scalars(select(Question).order_by(Question.position))
    return {row.code: row.id for row in rows}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the store."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One store's play: `index` counts from 1, `start` is the first day with orders."""

    book: Book
    shared: Shared
    calendar: Calendar
    seed: int
    as_of: datetime
    start: date
    index: int
    store_id: int
    code: str
    people: dict[str, list[Colleague]] = field(default_factory=dict)

    def dice(self, part: str) -> Random:
        """Chance for one part of the play, so that a change in one leaves the others alone."""
        return Random(f"{self.seed}/{self.code}/{part}")

    def add(self, model: Any, /, **values: Any) -> int:
        """Note a row of this store."""
        return self.book.add(model, store_id=self.store_id, **values)

    @property
    def slow(self) -> bool:
        """Whether this is the store that is slow to reply."""
        return self.index == stories.SLOW_STORE

    @property
    def today(self) -> date:
        """The local day the data speak for."""
        return local_day(self.as_of)

    def days_ago(self, days: float) -> datetime:
        """The moment so many days before the data speak."""
        return self.as_of - timedelta(days=days)

    def works(self, day: date) -> bool:
        """Whether the store is open on `day`."""
        return bool(self.calendar.hours(day))


def moment(day: date, minutes: float) -> datetime:
    """So many minutes after local midnight of `day`, to the second, in UTC."""
    local = datetime.combine(day, time(), LOCAL) + timedelta(minutes=minutes)
    return local.replace(microsecond=0).astimezone(UTC)


def local_day(at: datetime) -> date:
    """The local day of a moment."""
    return at.astimezone(LOCAL).date()
