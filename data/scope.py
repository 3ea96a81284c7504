"""Scope: the slice of the business a question is asked about."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from data.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which stores (by code; none named means all one may see), which local days, as of when.

    `start` and `end` are inclusive; None leaves that side open. `drill` narrows further, as
    pairs of a key and its value, for example (("severity", "critical"),). `live` is what speaks of
    the present: an answer of a few minutes ago will do if nothing was written since.
    """

    as_of: datetime
    stores: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    drill: tuple[tuple[str, str], ...] = ()
    zone: str = "Asia/Shanghai"
    live: bool = False

    def where(self, model: Any, day: Any = None) -> list[ColumnElement[bool]]:
        """The conditions that keep rows of `model` in these stores and, by `day`, these days."""
        wanted = [model.store_id.in_(self._store_ids())] if self.stores else []
        if day is not None and self.start is not None:
            wanted.append(day >= self.start)
        if day is not None and self.end is not None:
            wanted.append(day <= self.end)
        return wanted

    def _store_ids(self) -> Any:
        return select(Store.id).where(Store.code.in_(self.stores))

    def asked(self, key: str) -> tuple[str, ...]:
        """The values `drill` asks for under `key`."""
        return tuple(value for name, value in self.drill if name == key)

    @property
    def today(self) -> date:
        """The local day `as_of` falls on."""
        return self.as_of.astimezone(ZoneInfo(self.zone)).date()

    def local_midnight(self, day: date) -> datetime:
        """The moment `day` begins, in UTC."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def days_ago(self, days: float) -> datetime:
        """The moment that lies this many times 24 hours before `as_of`."""
        return self.as_of - timedelta(days=days)
