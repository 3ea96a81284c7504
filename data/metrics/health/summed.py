"""Faults counted from the daily sums: of orders, of completed calls and of answers about orders."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Followup, RepairOrder, Store, SurveyResponse
from data.scope import Scope
from data.sums.answered import ANSWERED
from data.sums.answers import given_by
from data.sums.covered import COVERED, wanted
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.faulty import FAULTY_ANSWERS, FAULTY_CALLS, FAULTY_ORDERS, completed_by
from data.sums.kinds import Kind, Ledger
from data.sums.reading import Added, Question, added_up
from data.sums.repaired import handed_back


class Found(NamedTuple):
    """How often a fault was found, in how many records, and the newest day."""

    faulty: int
    of: int
    newest: date | None


def counted(session: Session, scope: Scope) -> dict[str, Found]:
    """The faults that have sums, by their codes."""
    order, call, answer = RepairOrder, Followup, SurveyResponse
    asked = (
        (DELIVERED, FAULTY_ORDERS, order, handed_back(scope.as_of)),
        (DUE, FAULTY_CALLS, call, completed_by(scope.as_of)),
        (ANSWERED, FAULTY_ANSWERS, answer, [given_by(scope.as_of)]),
    )
    found = {"no_callback": _uncovered(session, scope)}
    for ledger, kind, model, known in asked:
        names = kind.columns[len(kind.keys) :]
        days = _by_day(session, scope, ledger, kind, names, model, known)
        found |= dict(_faults(names, days))
    return found


def _uncovered(session: Session, scope: Scope) -> Found:
    """Orders whose callback should be planned by now, and is not."""
    names, known = ["called", "expected"], wanted(scope.as_of)
    days = _by_day(session, scope, DELIVERED, COVERED, names, RepairOrder, known)
    return _fault([(day, expected, expected - called) for day, called, expected in days], 2)


def _by_day(
    session: Session,
    scope: Scope,
    ledger: Ledger,
    kind: Kind,
    names: list[str],
    model: Any,
    known: Any,
) -> Added:
    everywhere = model.store_id.in_(select(Store.id))  # store by store, in the order of days
    rows = [everywhere, *scope.where(model, getattr(model, kind.day)), *known]
    return added_up(session, scope, Question(ledger, kind, [kind.day], names, rows, []))


def _faults(names: list[str], days: Added) -> Iterator[tuple[str, Found]]:
    """Each fault by its code; first among the names is that of how many records there are."""
    for place, code in enumerate(names[1:], start=2):
        yield code, _fault(days, place)


def _fault(days: Added, place: int) -> Found:
    newest = max((row[0] for row in days if row[place]), default=None)
    return Found(sum(row[place] for row in days), sum(row[1] for row in days), newest)
