"""Whether improvement actions helped: counted, never declared."""

from datetime import timedelta
from typing import Any

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data import norms
from data.effect import interval
from data.improvements.measuring import Measured, measure
from data.metrics import Answer, metric
from data.metrics.improvements.standing import Standing, standings
from data.metrics.matters import ACTIONS, CASES
from data.models import ComplaintCategory, EffectVerdict, Event, Improvement
from data.models import ImprovementState as State
from data.scope import Scope
from data.stats import rate

COLUMNS = (
    "number", "store", "title", "category", "unit", "before", "orders_before", "after",
    "orders_after", "rate_before", "rate_after", "ratio", "p", "verdict", "further", "verified",
    "before_low", "before_high", "after_low", "after_high",
)  # fmt: skip
RECURRED = ("number", "store", "title", "effective_at", "recurred")
ALL_TIMES = {"state", "verdict", "due"}


@metric("action_effectiveness", "Actions that helped", unit="share", reads=ACTIONS | CASES)
def action_effectiveness(session: Session, scope: Scope) -> Answer:
    """Actions found effective ÷ actions whose verification is due: done ninety days ago or more, or
    verified. For each, what it is to lessen is counted per order before it and after it; given how
    much there was in all, few after are put to a one-sided conditional test: effective if p < 0.05;
    not effective if the rate did not fall; else not yet proven, with the number of further orders
    that would prove it in four cases of five at the rate seen. The period does not narrow them.
    """
    known = [one for one in standings(session, scope) if one.state != State.CANCELLED]
    done = [one for one in known if one.done_at]
    found = measure(session, done, as_of=scope.as_of)
    names = _categories(session)
    rows = [_row(one, found[one.id], names) for one in done if one.id in found]
    due = _due(session, done, scope)
    helped = sum(_verdict(one, found) == EffectVerdict.EFFECTIVE for one in due)
    verdicts = [_verdict(one, found) for one in done if one.id in found]
    counts = {str(each): verdicts.count(each) for each in EffectVerdict}
    summary = {**rate(helped, len(due), len(done) - len(due)), **counts, "done": len(done)}
    return Answer(DataFrame(rows, columns=list(COLUMNS)), summary)


@metric("action_recurrence", "Causes that came back", unit="share", reads=ACTIONS)
def action_recurrence(session: Session, scope: Scope) -> Answer:
    """Actions found effective whose cause came back within ninety days ÷ actions found effective
    at least so long ago, or whose cause came back. It came back when a complaint of the category
    was linked to the action, or was found to have the same root cause; the action is then taken up
    again. The period does not narrow them.
    """
    days = timedelta(days=norms.norm(session, "effect")["recurs_within_days"])
    known = {one.id: one for one in standings(session, scope)}
    effective = _effective(session, scope)
    found = [(known[number], at, again) for number, at, again in effective if number in known]
    back = sum(again for _, _, again in found)
    matured = sum(again or at + days <= scope.as_of for _, at, again in found)
    rows = [(one.number, one.store, one.title, at, again) for one, at, again in found]
    frame = DataFrame(rows, columns=list(RECURRED))
    return Answer(frame, {**rate(back, matured, len(found) - matured)})


def _row(one: Standing, found: Measured, names: dict[int, str]) -> tuple[Any, ...]:
    effect = found.effect
    return (
        one.number,
        one.store,
        one.title,
        names.get(one.category_id or 0),
        found.unit,
        effect.before,
        effect.orders_before,
        effect.after,
        effect.orders_after,
        effect.rate_before,
        effect.rate_after,
        effect.ratio,
        effect.p,
        str(effect.verdict),
        effect.further,
        one.verified_at is not None,
        *interval(effect.before, effect.orders_before),
        *interval(effect.after, effect.orders_after),
    )


def _verdict(one: Standing, found: dict[int, Measured]) -> str | None:
    """What was verified stays; else what the figures say now."""
    if one.verified_at is not None:
        return one.verdict
    return found[one.id].effect.verdict if one.id in found else None


def _due(session: Session, done: list[Standing], scope: Scope) -> list[Standing]:
    last = max(norms.norm(session, "effect")["checks"])
    return [one for one in done if one.verified_at or _age(one, scope) >= last]


def _age(one: Standing, scope: Scope) -> int:
    assert one.done_on is not None
    return (one.today - one.done_on).days


def _categories(session: Session) -> dict[int, str]:
    rows = session.execute(select(ComplaintCategory.id, ComplaintCategory.code))
    return {number: code for number, code in rows}  # noqa: C416  (rows are not pairs to mypy)


def _effective(session: Session, scope: Scope) -> list[tuple[int, Any, bool]]:
    """Each time an action was found effective by then: its id, when, and whether it came back."""
    query = (
        select(Event.subject_id, Event.kind, Event.at, Event.data)
        .where(*scope.where(Event), Event.subject == Improvement.__tablename__)
        .where(Event.kind.in_(("verified", "reopened", "linked")), Event.at <= scope.as_of)
        .order_by(Event.at, Event.id)
    )
    found: list[tuple[int, Any, bool]] = []
    standing: dict[int, int] = {}
    for number, kind, at, data in session.execute(query):
        if kind == "verified" and data.get("verdict") == EffectVerdict.EFFECTIVE:
            standing[number] = len(found)
            found.append((number, at, False))
        elif data.get("recurred") and number in standing:
            place = standing.pop(number)
            found[place] = (number, found[place][1], True)
        elif kind == "reopened":
            standing.pop(number, None)
    return found
