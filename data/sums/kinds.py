"""What a kind of sums is: said once, for what is kept and for what is read from the rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from data.db import Instant

NOW: Any = bindparam("as_of", type_=Instant)  # the moment, told when the question is asked


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of sums.

    `kept` is the table that holds them, with columns named as in `keys` and `sums`. `keys` are the
    columns to add up by, the store first, then the day; `rows` names the tables.
    `sums` and `where` say what is added up of which rows, as it stood at a moment.
    """

    kept: Any
    keys: Mapping[str, Any]
    rows: Callable[[Select[Any]], Select[Any]]
    where: Callable[[datetime], Sequence[ColumnElement[bool]]]
    sums: Callable[[datetime], Mapping[str, Any]]

    @property
    def day(self) -> str:
        """The name of the key that is the day."""
        return list(self.keys)[1]

    @property
    def columns(self) -> list[str]:
        """The names of the columns of `kept`, the keys first."""
        return [*self.keys, *(c.name for c in self.kept.__table__.c if self._is_sum(c.name))]

    def sums_by(self, as_of: datetime) -> Mapping[str, Any]:
        """What is added up; by `NOW` it is put together once, since that costs more than asking."""
        return _by_now(self) if as_of is NOW else self.sums(as_of)

    def _is_sum(self, name: str) -> bool:
        return name != "id" and name not in self.keys

    def from_rows(
        self, as_of: datetime, keys: Sequence[str], names: Sequence[str], *conditions: Any
    ) -> Select[Any]:
        """These sums by these keys, of the rows for which the conditions hold."""
        sums, columns = self.sums_by(as_of), [self.keys[key] for key in keys]
        counted = (sums[name].label(name) for name in names)
        return self.rows(select(*columns, *counted)).where(*conditions).group_by(*columns)

    def whole(self, as_of: datetime, *conditions: Any) -> Select[Any]:
        """All of its sums by all of its keys, in their order, as the rows of `kept` are."""
        keys, names = list(self.keys), self.columns[len(self.keys) :]
        found = self.from_rows(as_of, keys, names, *self.where(as_of), *conditions)
        by = list(found.selected_columns)[: len(keys)]
        return found.order_by(*(key.nulls_first() for key in by))


@cache
def _by_now(kind: Kind) -> Mapping[str, Any]:
    return kind.sums(NOW)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The kinds of sums by one day of the same rows, which are kept and worked out together.

    `later` is the condition of rows that will count differently after a moment although nobody
    writes them: their days are not done with.
    """

    name: str
    store: Any
    day: Any
    later: Callable[[datetime], ColumnElement[bool]]
    kinds: tuple[Kind, ...]
