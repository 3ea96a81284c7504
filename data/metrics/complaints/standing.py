"""Complaints as they stood at `as_of`: what happened later is not seen.

Today's rows hold what stands since `since`; `complaint_past` holds what stood before. Of the two,
exactly one row per complaint covers any moment. Times within a row that lie after `as_of` count
as not there yet.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, union_all

from data.models import Complaint, ComplaintCategory, ComplaintPast
from data.scope import Scope

TIMES = (
    "reply_due_at",
    "reply_breached_at",
    "replied_at",
    "close_due_at",
    "close_breached_at",
    "resolved_at",
    "closed_at",
)


UNJUDGED = "unjudged"  # a severity nobody has given yet


class Which(Enum):
    """Which complaints: those opened on the scope's days, or these, whenever they were opened."""

    OPENED = auto()
    UNSOLVED = auto()
    UNCLOSED = auto()
    ALL = auto()


class Standing:
    """The complaints of a scope at its `as_of`; `c` holds the columns that were asked for."""

    def __init__(self, scope: Scope, *names: str, which: Which = Which.OPENED) -> None:
        self.scope = scope
        wanted = [*dict.fromkeys((*TIMES, *names))]
        live = self._rows(Complaint, Complaint.id, wanted, which)
        past = self._rows(ComplaintPast, ComplaintPast.complaint_id, wanted, which)
        past = past.where(ComplaintPast.until > scope.as_of)
        self.rows: Subquery = union_all(*_found(live, which, scope), past).subquery("stood")
        self.c: Any = self.rows.c

    def _rows(self, model: Any, number: Any, names: list[str], which: Which) -> Select[Any]:
        scope = self.scope
        days = _days(model, scope) if which is Which.OPENED else scope.where(model)
        columns = [getattr(model, name) for name in names]
        return select(number.label("complaint_id"), model.store_id, *columns).where(
            model.opened_at <= scope.as_of,
            model.since <= scope.as_of,
            *days,
            *drilled(model, scope),
        )

    @property
    def ended_at(self) -> ColumnElement[Any]:
        """When the customer had the solution; closed without one counts from the closing."""
        return func.coalesce(self.c.resolved_at, self.c.closed_at)

    @property
    def resolved(self) -> ColumnElement[bool]:
        """The customer has the solution."""
        return and_(self.ended_at.is_not(None), self.ended_at <= self.scope.as_of)

    @property
    def open(self) -> ColumnElement[bool]:
        """The customer waits for a solution."""
        return or_(self.ended_at.is_(None), self.ended_at > self.scope.as_of)

    @property
    def awaiting(self) -> ColumnElement[bool]:
        """The customer has the solution, the case is not over: they are to be called again."""
        unclosed = or_(self.c.closed_at.is_(None), self.c.closed_at > self.scope.as_of)
        return and_(self.c.resolved_at <= self.scope.as_of, unclosed)

    @property
    def closed(self) -> ColumnElement[bool]:
        """The case is over."""
        return self.by_now(self.c.closed_at)

    @property
    def replied(self) -> ColumnElement[bool]:
        """The customer was answered once."""
        return self.by_now(self.c.replied_at)

    @property
    def reply_late(self) -> ColumnElement[bool]:
        """The first answer came late, or is late now."""
        return self._late(self.c.reply_breached_at, self.c.reply_due_at, self.c.replied_at)

    @property
    def late(self) -> ColumnElement[bool]:
        """The solution came late, or is late now, or was late before the case came back."""
        return self._late(self.c.close_breached_at, self.c.close_due_at, self.ended_at)

    def by_now(self, moment: Any) -> ColumnElement[bool]:
        """Whether `moment` has come."""
        return and_(moment.is_not(None), moment <= self.scope.as_of)

    def _late(self, breached: Any, due: Any, done: Any) -> ColumnElement[bool]:
        stopped = case((self.by_now(done), done), else_=self.scope.as_of)
        # strictly before: at the very moment of the deadline nothing is late yet
        before = and_(breached.is_not(None), breached < self.scope.as_of)
        return or_(before, and_(due.is_not(None), due < stopped))


def _found(live: Select[Any], which: Which, scope: Scope) -> Iterator[Select[Any]]:
    """Today's rows. Those that are not over at `as_of` in two questions, because SQLite answers
    each from its index, and one with "or" by reading everything."""
    over = {Which.UNSOLVED: Complaint.resolved_at, Which.UNCLOSED: Complaint.closed_at}.get(which)
    if over is None:
        yield live
    else:
        yield from (live.where(over.is_(None)), live.where(over > scope.as_of))


def _days(model: Any, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the scope's stores and days.

    Without a last day they say what holds anyway (no clock is two days ahead of another): with it
    the databases read the rows in the order of their index by day.
    """
    latest = [model.opened_on <= scope.today + timedelta(days=2)] if scope.end is None else []
    return [*scope.where(model, model.opened_on), *latest]


def drilled(model: Any, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions for the severities, categories and owners that the scope drills into."""
    conditions = []
    if asked := scope.asked("severity"):
        conditions.append(_any_of(model.severity, asked, UNJUDGED in asked))
    if asked := scope.asked("category"):
        conditions.append(model.category_id.in_(categories_below(asked)))
    if asked := scope.asked("owner"):
        numbers = [int(owner) for owner in asked if owner.isdecimal() and len(owner) < 18]
        conditions.append(_any_of(model.owner_id, numbers, "none" in asked))
    return conditions


def _any_of(column: Any, values: Sequence[Any], missing: bool) -> Any:
    return or_(column.in_(values), column.is_(None)) if missing else column.in_(values)


def categories_below(codes: tuple[str, ...]) -> Select[Any]:
    """Categories with one of these codes, and those below them."""
    named = select(ComplaintCategory.id).where(ComplaintCategory.code.in_(codes))
    return select(ComplaintCategory.id).where(
        or_(ComplaintCategory.id.in_(named), ComplaintCategory.parent_id.in_(named))
    )
