"""What calling brings: those called beside those not called of the same month."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import Any

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import CALLS
from data.metrics.trend import gather
from data.models import Followup, FollowupRule, InvitedDay
from data.norms import norm
from data.scope import Scope
from data.sql import embedded
from data.stats import difference, rate, wilson
from data.sums.invited import BY_DAY, IN_TIME, INVITED, NAMES, TRIGGERS, asked
from data.sums.reading import Question, added_up

SIDES = ("called", "not_called")
COLUMNS = [
    *("period", "finished"),
    *(f"{group}{what}" for group in SIDES for what in ("", "_came", "_rate")),
    *("lift", "low", "high"),
]

Counts = tuple[int, ...]  # called, of these came, not called, of these came, held out, came


@metric("solicitation_lift", "What calling brings", unit="share", reads=CALLS)
def solicitation_lift(session: Session, scope: Scope) -> Answer:
    """Vehicles invited by a call that came within 30 days ÷ vehicles called, beside the same share
    of those whose call was due in the same month and was not made, and the difference. For both
    the days count from the one the call was due, and only calls whose days are over count. The
    summary weighs each month by its called vehicles. Held out by lot are a part of those not
    called, and the fair comparison.
    """
    within = norm(session, IN_TIME)["within_days"]
    days = _days(session, scope, within)
    months = gather(days, scope, "month")
    rows = [(start, over, *_row(counts)) for start, over, counts in months]
    told = [counts for *_, counts in months]
    summary = {**_pooled(told), **_held_out(told), "not_due": _not_due(session, scope, within)}
    return Answer(DataFrame(rows, columns=COLUMNS), summary)


def _days(session: Session, scope: Scope, within: int) -> Iterator[tuple[date, Counts]]:
    """By the day the calls were due: how many were called, not called, held out, and came."""
    over = scope.today - timedelta(days=within)
    keys = ["store_id", "due_on"] if embedded(session) else ["due_on"]
    rows = [*_invited(session, scope), Followup.due_on <= over]
    question = Question(INVITED, BY_DAY, keys, NAMES, rows, [InvitedDay.due_on <= over])
    width = len(keys)
    return ((row[width - 1], row[width:]) for row in added_up(session, scope, question))


def _invited(session: Session, scope: Scope) -> list[Any]:
    """The calls that invite somebody, made or not; not those of customers who wish none."""
    rule, task = FollowupRule, Followup
    rules = session.scalars(select(rule.id).where(rule.trigger.in_(TRIGGERS))).all()
    return [*scope.where(task, task.due_on), task.rule_id.in_(rules), *asked()]


def _not_due(session: Session, scope: Scope, within: int) -> int:
    """How many calls are due whose days are not over."""
    task = Followup
    young = (task.due_on > scope.today - timedelta(days=within), task.due_at <= scope.as_of)
    query = select(func.count()).select_from(task)
    return session.scalar(query.where(*_invited(session, scope), *young)) or 0


def _row(counts: Counts) -> tuple[Any, ...]:
    called, came, others, others_came, *_ = counts
    shares = (
        *(called, came, came / called if called else None),
        *(others, others_came, others_came / others if others else None),
    )
    both = called and others
    lift = difference(came, called, others_came, others) if both else (None, None, None)
    return *shares, *lift


def _pooled(months: Sequence[Counts]) -> dict[str, Any]:
    """The months that have both kinds together, each weighing as many as were called in it.

    The interval puts the months' score intervals together as one month's are (Zou and Donner's
    way of recovering variances).
    """
    both = [counts for counts in months if counts[0] and counts[2]]
    called, came, others_all, others_came = (sum(c[place] for c in both) for place in range(4))
    lift, down, up, beside = 0.0, 0.0, 0.0, 0.0
    for n, k, others, back in (counts[:4] for counts in both):
        weight = n / called
        middle, low, high = difference(k, n, back, others)
        lift, beside = lift + weight * middle, beside + weight * back / others
        down, up = down + (weight * (middle - low)) ** 2, up + (weight * (high - middle)) ** 2
    called_low, called_high = wilson(came, called)
    return {
        "value": lift if both else None,
        "called": called,
        "called_came": came,
        "called_rate": came / called if called else None,
        "called_low": called_low,
        "called_high": called_high,
        "not_called": others_all,
        "not_called_came": others_came,
        "not_called_rate": beside if both else None,
        "left_out": sum(c[0] + c[2] for c in months) - called - others_all,
        "lift": lift if both else None,
        "low": lift - sqrt(down) if both else None,
        "high": lift + sqrt(up) if both else None,
    }


def _held_out(months: Sequence[Counts]) -> dict[str, Any]:
    """Those not called by lot, and by how much those called came more often."""
    drawn = [counts for counts in months if counts[4]]
    called, came, _, _, aside, back = (sum(c[place] for c in drawn) for place in range(6))
    gap = difference(came, called, back, aside) if called and aside else (None, None, None)
    share = rate(back, aside)["value"]
    told = {"held_out": aside, "held_out_came": back, "held_out_rate": share}
    return told | dict(zip(("held_out_lift", "held_out_low", "held_out_high"), gap, strict=True))
