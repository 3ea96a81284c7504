"""The tries: how many it takes, when somebody answers, and why nobody did."""

from collections import Counter
from typing import Any

from pandas import DataFrame
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import NONE, Owed, any_of, whole_numbers
from data.metrics.matters import CALLS
from data.metrics.trend import GRAINS, RATE, gather, with_limits
from data.models import CallAttempt, Followup, FollowupRule, Store, TriedDay
from data.scope import Scope
from data.spc import xmr_chart
from data.stats import rate
from data.sums.reading import Question, added_up
from data.sums.tried import BY_HOUR, BY_RULE, TRIED, made_by
from data.sums.unreached import UNREACHED, in_vain


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
    for day, hour, tries, connected in _by_hour(session, scope):
        field = (day.weekday(), hour)
        tried[field] += tries
        reached[field] += connected
    rows = [
        {"weekday": field[0], "hour": field[1], **rate(reached[field], tried[field])}
        for field in sorted(tried)
    ]
    summary = {**rate(reached.total(), tried.total())}
    return Answer(DataFrame(rows, columns=["weekday", "hour", *RATE]), summary)


def _by_hour(session: Session, scope: Scope) -> Any:
    """Tries and those connected by day and hour."""
    attempt = CallAttempt
    rows = [
        # said even of all stores: so the databases read store by store, in the order of days
        attempt.store_id.in_(select(Store.id)),
        *scope.where(attempt, attempt.tried_on),
        *made_by(scope.as_of),
        *_of_call(scope),
        *_of_rules(scope, Followup),
    ]
    kept = None if _of_call(scope) else _of_rules(scope, TriedDay)
    kind = BY_RULE if scope.asked("rule") else BY_HOUR
    keys, names = ("tried_on", "hour"), ("tries", "connected")
    return added_up(session, scope, Question(TRIED, kind, keys, names, rows, kept))


def _of_call(scope: Scope) -> list[ColumnElement[bool]]:
    """As of the tries themselves: who made it, on what, what came of it; no sums can tell."""
    attempt, wanted = CallAttempt, []
    if asked := scope.asked("agent"):
        wanted.append(any_of(attempt.agent_id, whole_numbers(asked), NONE in asked))
    if asked := scope.asked("channel"):
        wanted.append(attempt.channel.in_(asked))
    if asked := scope.asked("result"):
        wanted.append(attempt.result.in_(asked))
    return wanted


def _of_rules(scope: Scope, model: Any) -> list[ColumnElement[bool]]:
    """Of calls, or sums, of these rules."""
    if not (asked := scope.asked("rule")):
        return []
    ids = select(FollowupRule.id).where(FollowupRule.code.in_(asked))
    return [any_of(model.rule_id, ids, NONE in asked)]


@metric("unreached_reasons", "Why nobody was reached", unit="attempts", reads=CALLS)
def unreached_reasons(session: Session, scope: Scope) -> Answer:
    """Attempts that reached nobody by what came of them, most frequent first, with their share:
    of callbacks due in the period, also of those called off afterwards (the car was sold).
    """
    owed = Owed(scope, called_off=True)
    tried = owed.sums(session, UNREACHED, ["result"], "tries", only=in_vain(scope.as_of))
    found = sorted((row for row in tried if row[1]), key=lambda row: (-row[1], row[0]))
    rows, total = DataFrame(found, columns=["result", "count"]), sum(count for _, count in found)
    return Answer(rows.assign(share=rows["count"] / (total or 1)), {"count": total})
