"""Whether improvement actions are done when it was said, and how long they take to come."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import norms
from data.improvements.counting import below
from data.metrics import Answer, metric
from data.metrics.improvements.standing import Standing, standings
from data.metrics.improvements.status import KEYS
from data.metrics.matters import ACTIONS, CASES, STAFF
from data.metrics.trend import GRAINS, by_key, rates
from data.models import Complaint, Employee, Event, Improvement, ImprovementComplaint
from data.models import ImprovementState as State
from data.scope import Scope
from data.stats import rate

BY = ("period", "owner", "kind", "store")
SLIPPED = ["number", "store", "title", "owner", "times", "days", "reasons"]
TAKEN = ["number", "store", "title", "days_to_action", "days_to_done"]


@metric(
    "action_on_time",
    "Actions done on time",
    unit="share",
    reads=ACTIONS | STAFF,
    by=BY,
    grain=GRAINS,
)
def action_on_time(
    session: Session, scope: Scope, *, by: str = "period", grain: str = "month"
) -> Answer:
    """Actions done by their ORIGINAL deadline ÷ actions whose original deadline has passed or that
    are done; by that deadline. Putting it off does not help, and open past it is a miss. Cancelled
    ones do not count.
    """
    found = [one for one in _due_within(session, scope) if one.state != State.CANCELLED]
    judged = [(one, _judged(one)) for one in found]
    summary = rate(*summed(counts for _, counts in judged))
    if by == "period":
        days = [(one.original_due_on, counts) for one, counts in judged]
        return Answer(rates(days, scope, grain), {**summary})
    frame = by_key([(str(KEYS[by](one)), *counts) for one, counts in judged])
    if by == "owner":
        names = owners(session, found)
        frame["name"] = [names.get(int(key)) for key in frame["key"]]
    return Answer(frame, {**summary})


@metric("action_slippage", "Deadlines put off", unit="days", reads=ACTIONS | STAFF)
def action_slippage(session: Session, scope: Scope) -> Answer:
    """How often and by how many days the deadlines of actions were moved, each time with a reason;
    of all actions whose original deadline lies in the period. Longest first.
    """
    found = _due_within(session, scope)
    moved = sorted((one for one in found if one.put_off), key=_slipped, reverse=True)
    reasons, names = _reasons(session, scope), owners(session, moved)
    days = [_slipped(one) for one in moved]
    rows = [
        {
            "number": one.number,
            "store": one.store,
            "title": one.title,
            "owner": names.get(one.owner_id),
            "times": one.put_off,
            "days": late,
            "reasons": reasons.get(one.id, ""),
        }
        for one, late in zip(moved, days, strict=True)
    ]
    summary = {
        "actions": len(found),
        "put_off": len(moved),
        "times": sum(one.put_off for one in moved),
        "days": sum(days),
        "median_days": _median(days),
    }
    return Answer(DataFrame(rows, columns=SLIPPED), summary)


@metric(
    "time_to_action", "From the first complaint to the action", unit="days", reads=ACTIONS | CASES
)
def time_to_action(session: Session, scope: Scope) -> Answer:
    """Days from the first complaint of the cluster to the action, and from the action to its being
    done; of actions opened in the period. The first complaint is the earliest one linked to the
    action; where none is, the earliest of its category in the half year before it.
    """
    found = [one for one in standings(session, scope) if _in_period(_opened_on(one), scope)]
    first = _first_of_category(session, scope, found) | _first_linked(session, scope)
    to_action = [_days(first.get(one.id), _opened_on(one)) for one in found]
    to_done = [_days(_opened_on(one), one.done_on) for one in found]
    named = ((one.number, one.store, one.title) for one in found)
    rows = [(*name, *days) for name, *days in zip(named, to_action, to_done, strict=True)]
    medians = {"median_to_action": _median(to_action), "median_to_done": _median(to_done)}
    return Answer(DataFrame(rows, columns=TAKEN), {"actions": len(found), **medians})


def owners(session: Session, ones: Iterable[Standing]) -> dict[int, str]:
    """The names of those who have these actions, by their id."""
    wanted = Employee.id.in_({one.owner_id for one in ones})
    rows = session.execute(select(Employee.id, Employee.name).where(wanted))
    return {number: name for number, name in rows}  # noqa: C416  (rows are not pairs to mypy)


def summed(counts: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Met, matured and not due, over all of them."""
    met, matured, not_due = map(sum, zip((0, 0, 0), *counts, strict=True))
    return met, matured, not_due


def _due_within(session: Session, scope: Scope) -> list[Standing]:
    """The actions whose original deadline lies in the period."""
    return [one for one in standings(session, scope) if _in_period(one.original_due_on, scope)]


def _in_period(day: date, scope: Scope) -> bool:
    after = scope.start is None or day >= scope.start
    return after and (scope.end is None or day <= scope.end)


def _judged(one: Standing) -> tuple[int, int, int]:
    """Done in time, matured, not due."""
    done_on = one.done_on
    due = done_on is not None or one.original_due_on < one.today
    return int(done_on is not None and done_on <= one.original_due_on), int(due), int(not due)


def _slipped(one: Standing) -> int:
    return (one.due_on - one.original_due_on).days


def _reasons(session: Session, scope: Scope) -> dict[int, str]:
    """Why deadlines were moved by then, by action, in order."""
    query = select(Event.subject_id, Event.data).where(
        *scope.where(Event),
        Event.subject == Improvement.__tablename__,
        Event.kind.in_(("put_off", "assigned")),
        Event.at <= scope.as_of,
    )
    found: dict[int, list[str]] = {}
    for number, data in session.execute(query.order_by(Event.at, Event.id)):
        if data.get("from_due_on"):
            found.setdefault(number, []).append(data.get("reason", ""))
    return {number: "; ".join(said) for number, said in found.items()}


def _opened_on(one: Standing) -> date:
    return one.created_at.astimezone(one.zone).date()


def _first_linked(session: Session, scope: Scope) -> dict[int, date]:
    link, one = ImprovementComplaint, Complaint
    query = (
        select(link.action_id, func.min(one.opened_on))
        .join(one, (one.store_id == link.store_id) & (one.id == link.complaint_id))
        .where(*scope.where(link), one.opened_at <= scope.as_of)
        .group_by(link.action_id)
    )
    return {number: day for number, day in session.execute(query)}  # noqa: C416


def _first_of_category(session: Session, scope: Scope, found: list[Standing]) -> dict[int, date]:
    """The first complaint of each action's category in the half year before it."""
    aimed = [action for action in found if action.category_id is not None]
    if not aimed:
        return {}
    span = timedelta(days=norms.norm(session, "effect")["baseline_days"])
    one, earliest = Complaint, min(map(_opened_on, aimed)) - span
    query = select(one.store_id, one.category_id, one.opened_on).where(
        *scope.where(one), one.opened_on >= earliest, one.opened_at <= scope.as_of
    )
    days: dict[tuple[int, int | None], list[date]] = defaultdict(list)
    for store, category, day in session.execute(query.order_by(one.opened_on)):
        days[store, category].append(day)
    known, first = below(session), dict[int, date]()
    for action in aimed:
        opened = _opened_on(action)
        lists = (days[action.store_id, number] for number in known[action.category_id])
        begun = [_from(mine, opened - span) or date.max for mine in lists]
        if (earliest_day := min(begun, default=date.max)) <= opened:
            first[action.id] = earliest_day
    return first


def _from(days: list[date], start: date) -> date | None:
    """The first of these days, which are in order, that is not before `start`."""
    place = bisect_left(days, start)
    return days[place] if place < len(days) else None


def _days(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else max((end - start).days, 0)


def _median(values: Iterable[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None
