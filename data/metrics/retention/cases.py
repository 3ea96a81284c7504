"""The churn cases: where they stand, why customers stay away, and who is won back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pandas import DataFrame
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS, CARS, CHURN
from data.metrics.retention.keeping import age_at, warranty_at
from data.metrics.trend import by_key, rates
from data.models import ChurnCase, ChurnReason, ChurnState, Followup, Store, Vehicle
from data.scope import Scope
from data.stats import rate
from data.steps import step_at

INTERNAL = (
    ChurnReason.PRICE,
    ChurnReason.SKILL,
    ChurnReason.WAITING,
    ChurnReason.ATTITUDE,
)
ENDS = (ChurnState.WON_BACK, ChurnState.RETURNED, ChurnState.LOST)
FEN = 100
WATCHED = timedelta(days=90)
NONE = "none"


@metric("churn_steps", "Steps of winning back", unit="vehicles", reads=CHURN)
def churn_steps(session: Session, scope: Scope) -> Answer:
    """Churn cases by the step they stand at: selected, looked at, asked, counted, acted on; won
    back after a call, returned by itself, or lost. Those held out are not among them.
    """
    step = step_at(scope.as_of)
    query = select(step, ChurnCase.held_out, func.count()).where(*_selected(scope))
    counts: Counter[str] = Counter()
    aside = 0
    for at, held_out, count in session.execute(query.group_by(step, ChurnCase.held_out)):
        counts[at] += 0 if held_out else count
        aside += count if held_out else 0
    rows = [(one.value, counts[one.value]) for one in ChurnState]
    open_ = sum(count for one, count in rows if one not in ENDS)
    frame = DataFrame(rows, columns=["step", "count"])
    return Answer(frame, {"open": open_, "held_out": aside, "cases": counts.total()})


@metric(
    "churn_reasons",
    "Why they stay away",
    unit="vehicles",
    reads=CHURN | CARS,
    by=("reason", "warranty", "age", "store"),
)
def churn_reasons(session: Session, scope: Scope, *, by: str = "reason") -> Answer:
    """Churn cases by the one main reason the customer gave, asked in the period. Price, skill,
    waiting and attitude are ours to mend; distance, an own garage, a car that was sold or is little
    driven are not. Or the cases asked by warranty, age of the car, or store.
    """
    found = list(_asked(session, scope, by))
    counts: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    ours = 0
    for key, reason, count, brought in found:
        counts[key] += count
        fen[key] += brought
        ours += count if reason in INTERNAL else 0
    whole = counts.total()
    keys = [one.value for one in ChurnReason] if by == "reason" and whole else sorted(counts)
    rows = [
        (key, _nature(key) if by == "reason" else None, counts[key], counts[key] / whole, fen[key])
        for key in keys
    ]
    frame = DataFrame(rows, columns=["key", "kind", "count", "share", "year_yuan"])
    frame["year_yuan"] = frame["year_yuan"] / FEN
    return Answer(frame, {"cases": whole, **rate(ours, whole)})


@metric(
    "case_win_back_rate",
    "Won back after a call",
    unit="share",
    reads=CALLS,
    by=("period", "reason", "rule", "list"),
)
def case_win_back_rate(session: Session, scope: Scope, *, by: str = "period") -> Answer:
    """Churn cases whose vehicle came within 90 days of the first call ÷ churn cases called whose 90
    days are over, or that have ended; by the day of the first call. Beside them those held out:
    how many came within 90 days of being selected.
    """
    known = [(one.key(by), one.since, one.counts(scope)) for one in _called(session, scope)]
    over = [one.counts(scope) for one in _held_out(session, scope)]
    summary = {
        **rate(*(sum(counts[place] for _, _, counts in known) for place in range(3))),
        "held_out": sum(counts[1] for counts in over),
        "held_out_back": sum(counts[0] for counts in over),
    }
    if by == "period":
        return Answer(rates([(day, counts) for _, day, counts in known], scope, "month"), summary)
    return Answer(by_key(sorted((key, *counts) for key, _, counts in known)), summary)


@dataclass(frozen=True, slots=True)
class Watched:
    """A case watched from a day on: when it ended, and when the vehicle came again."""

    since: date
    ended_at: datetime | None
    returned_on: date | None
    reason: str | None
    rule: str | None
    list_code: str | None

    def key(self, by: str) -> str:
        """What it is counted under."""
        return {"reason": self.reason, "rule": self.rule, "list": self.list_code}.get(by) or NONE

    def counts(self, scope: Scope) -> tuple[int, int, int]:
        """Came in time; is over; is not over yet."""
        ended = self.ended_at is not None and self.ended_at <= scope.as_of
        over = ended or self.since + WATCHED < scope.today
        back = self.returned_on if ended else None
        came = back is not None and self.since <= back <= self.since + WATCHED
        return int(over and came), int(over), int(not over)


def _selected(scope: Scope) -> list[Any]:
    return [*scope.where(ChurnCase), ChurnCase.selected_at <= scope.as_of]


def _nature(reason: str) -> str:
    return "internal" if reason in INTERNAL else "external"


def _asked(session: Session, scope: Scope, by: str) -> Iterator[tuple[str, str, int, int]]:
    """Key, reason, cases and what their vehicles brought, of those asked in the period."""
    own = ChurnCase
    asked = [*_selected(scope), own.asked_at <= scope.as_of]
    if scope.start:
        asked.append(own.asked_at >= scope.local_midnight(scope.start))
    if scope.end:
        asked.append(own.asked_at < scope.local_midnight(scope.end + timedelta(days=1)))
    column: Any = {
        "reason": own.reason,
        "store": own.store_id,
        "age": Vehicle.sold_on,
        "warranty": Vehicle.warranty_until,
    }[by]
    same = and_(Vehicle.store_id == own.store_id, Vehicle.id == own.vehicle_id)
    sums = (func.count(), func.coalesce(func.sum(own.year_fen), 0))
    query = select(column, own.reason, *sums).select_from(own).join(Vehicle, same)
    key = _key(session, scope, by)
    for at, reason, count, fen in session.execute(query.where(*asked).group_by(column, own.reason)):
        yield key(at), reason, count, int(fen)


def _key(session: Session, scope: Scope, by: str) -> Any:
    if by == "store":
        codes = dict(session.execute(select(Store.id, Store.code)).all())
        return codes.__getitem__
    return {"age": age_at(scope.today), "warranty": warranty_at(scope)}.get(by, lambda at: at)


def _called(session: Session, scope: Scope) -> Iterator[Watched]:
    """The cases whose first call was tried, from the day of that."""
    same = and_(Followup.store_id == ChurnCase.store_id, Followup.id == ChurnCase.ask_id)
    tried = Followup.first_attempt_at
    query = _facts(tried).join(Followup, same).where(*_selected(scope), tried <= scope.as_of)
    return _watched(session, scope, query.where(~ChurnCase.held_out))


def _held_out(session: Session, scope: Scope) -> Iterator[Watched]:
    """The cases that are not called, from the day of their selection."""
    query = _facts(ChurnCase.selected_at).where(*_selected(scope), ChurnCase.held_out)
    return _watched(session, scope, query)


def _facts(since: Any) -> Any:
    own = ChurnCase
    facts = (own.ended_at, own.returned_on, own.reason, own.rule, own.list_code)
    return select(since, *facts).select_from(own)


def _watched(session: Session, scope: Scope, query: Any) -> Iterator[Watched]:
    zone = ZoneInfo(scope.zone)
    found: Sequence[Any] = session.execute(query).all()
    return (Watched(since.astimezone(zone).date(), *facts) for since, *facts in found)
