"""The tries: how many it takes, when somebody answers, and why nobody did."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pandas import DataFrame
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, Owed, any_of, whole_numbers
from data.metrics.matters import CALLS
from data.metrics.trend import GRAINS, RATE, gather, with_limits
from data.models import CallAttempt, CallResult, Followup, FollowupRule, Store
from data.scope import Scope
from data.spc import xmr_chart
from data.sql import quarter_hours
from data.stats import rate
from data.sums.unreached import IN_VAIN, UNREACHED

QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@metric(
    "attempts_per_completion",
    "Attempts per completed call",
    unit="attempts",
    reads=CALLS,
    grain=GRAINS,
)
def attempts_per_completion(session: Session, scope: Scope, *, grain: str = "week") -> Answer:
    """Attempts of matured callbacks ÷ completed callbacks. `first_attempt_share` is the share of
    the completed ones that took a single attempt. Limits are those of an XmR chart. By the day
    they are due.
    """
    names = ("tries", "done", "first", "due", "matured")
    found = [
        (*row, due - matured)
        for *row, due, matured in Owed(scope).added_up(session, "period", *names)
    ]
    periods = gather([(day, tuple(counts)) for day, *counts in found], scope, grain)
    rows = [
        {"period": start, "finished": over, **_ratio(*counts)} for start, over, counts in periods
    ]
    sums = [sum(row[place] for row in found) for place in (1, 2, 3, 4)]
    columns = ["period", "finished", "value", "numerator", "denominator", "not_due"]
    first = {"first_attempt_share": sums[2] / sums[1] if sums[1] else None}
    limits = xmr_chart([row["value"] if row["finished"] else None for row in rows])
    told = with_limits(DataFrame(rows, columns=columns), limits)
    return Answer(told, _ratio(*sums) | first)


def _ratio(tries: int, done: int, _first: int, waiting: int) -> dict[str, Any]:
    value = tries / done if done else None
    return {"value": value, "numerator": tries, "denominator": done, "not_due": waiting}


@metric("reach_by_hour", "Reached by weekday and hour", unit="share", reads=CALLS)
def reach_by_hour(session: Session, scope: Scope) -> Answer:
    """Connected calls ÷ attempts by the weekday (0 is Monday) and hour of the attempt on the
    clocks of its store. By the local day of the attempt.
    """
    tried, reached = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for zone, quarter, attempts, connected in _by_quarter(session, scope):
        local = (EPOCH + quarter * QUARTER).astimezone(ZoneInfo(zone))
        day, field = local.date(), (local.weekday(), local.hour)
        if (scope.start is None or day >= scope.start) and (scope.end is None or day <= scope.end):
            tried[field] += attempts
            reached[field] += connected
    rows = [
        {"weekday": field[0], "hour": field[1], **rate(reached[field], tried[field])}
        for field in sorted(tried)
    ]
    summary = {**rate(reached.total(), tried.total())}
    return Answer(DataFrame(rows, columns=["weekday", "hour", *RATE]), summary)


def _by_quarter(session: Session, scope: Scope) -> Any:
    """Attempts and those connected by the clocks of the store and the quarter of an hour.

    A quarter of an hour lies within one local hour everywhere; the days are looked at again, since
    no clock is more than a day from that of the scope.
    """
    attempt = CallAttempt
    query = (
        select(
            Store.zone,
            quarter_hours(attempt.at),
            func.count(),
            func.count().filter(attempt.result == CallResult.CONNECTED),
        )
        .select_from(attempt)
        .join(Store, Store.id == attempt.store_id)
        .where(*scope.where(attempt), *_moments(scope), *_drilled(scope))
        .group_by(Store.zone, quarter_hours(attempt.at))
    )
    return session.execute(query)


def _moments(scope: Scope) -> list[ColumnElement[bool]]:
    at = CallAttempt.at
    wanted: list[ColumnElement[bool]] = [
        CallAttempt.store_id.in_(select(Store.id)),
        at <= scope.as_of,
    ]
    if scope.start is not None:
        wanted.append(at >= scope.local_midnight(scope.start) - DAY)
    if scope.end is not None:
        wanted.append(at < scope.local_midnight(scope.end) + 2 * DAY)
    return wanted


def _drilled(scope: Scope) -> list[ColumnElement[bool]]:
    """As of the calls themselves: who made it, on what, what came of it; and of which rule."""
    attempt, wanted = CallAttempt, []
    if asked := scope.asked("agent"):
        wanted.append(any_of(attempt.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("channel"):
        wanted.append(attempt.channel.in_(asked))
    if asked := scope.asked("result"):
        wanted.append(attempt.result.in_(asked))
    if asked := scope.asked("rule"):
        ids = select(FollowupRule.id).where(FollowupRule.code.in_(asked))
        of_rule = select(Followup.id).where(
            Followup.store_id == attempt.store_id,
            Followup.id == attempt.callback_id,
            any_of(Followup.rule_id, ids, NONE in asked),
        )
        wanted.append(of_rule.exists())
    return wanted


@metric("unreached_reasons", "Why nobody was reached", unit="attempts", reads=CALLS)
def unreached_reasons(session: Session, scope: Scope) -> Answer:
    """Attempts that reached nobody by what came of them, most frequent first, with their share:
    of callbacks due in the period, also of those called off afterwards (the car was sold).
    """
    owed = Owed(scope, called_off=True)
    tried = owed.sums(session, UNREACHED, ["result"], "tries", only=[IN_VAIN])
    found = sorted((row for row in tried if row[1]), key=lambda row: (-row[1], row[0]))
    rows, total = DataFrame(found, columns=["result", "count"]), sum(count for _, count in found)
    return Answer(rows.assign(share=rows["count"] / (total or 1)), {"count": total})
