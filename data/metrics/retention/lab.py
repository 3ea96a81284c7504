"""Which churn rule to believe: what each calls lost, and how often it was wrong a year ago."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pandas import DataFrame
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, matters, metric
from data.metrics.retention.standing import back, standing
from data.models import Followup, FollowupRule, FollowupTrigger, Visit
from data.months import months_after
from data.norms import norm
from data.scope import Scope
from data.sql import days_between
from data.stats import wilson

MONTHS = {"3": 3, "6": 6, "12": 12}
LONGEST_FIRST = sorted(MONTHS.values(), reverse=True)
OWN = "own"
RULES = (*MONTHS, OWN)
YEAR = 12
DAY = timedelta(days=1)
ENOUGH = 30
BELIEVED = 1 / 3  # false alarms surely below one in three
CALLS = (FollowupTrigger.VISIT_GAP, FollowupTrigger.CHURN)
COLUMNS = [
    *("rule", "vehicles", "flagged", "share", "flagged_then", "back", "called"),
    *("false_alarms", "ci_low", "ci_high", "at_stake_yuan"),
]


@metric("churn_rule_lab", "Which churn rule to believe", unit="vehicles", reads=matters.CALLS)
def churn_rule_lab(session: Session, scope: Scope) -> Answer:
    """Vehicles that the rules call lost: three, six or twelve months without a visit, or one and a
    half times their own usual interval. False alarms: of those each rule named a year ago, the
    share that came within six months without having been called. At stake: what the vehicles named
    brought in the year up to their last visit.
    """
    settings = norm(session, "churn_rules")
    now = _seen(session, scope, Look(scope.today, scope.today, settings["own_times"]))
    past = back(scope, YEAR)
    until = min(months_after(past, settings["back_within_months"]), scope.today)
    then = Look(past, until, settings["own_times"])
    before, called = _seen(session, scope, then), _called(session, scope, then)
    rows = [_row(rule, scope.today, now, then, before, called) for rule in RULES]
    frame = DataFrame(rows, columns=COLUMNS)
    return Answer(frame, {"believe": _believed(rows), "vehicles": sum(day.count for day in now)})


@dataclass(frozen=True, slots=True)
class Look:
    """A day on which vehicles are judged, the last day they may come back, and the own rule."""

    day: date
    until: date
    times: float

    def flags(self, rule: str, seen: "Seen") -> bool:
        """Whether a rule of months names those last seen on that day."""
        return seen.day < months_after(self.day, -MONTHS[rule])


@dataclass(frozen=True, slots=True)
class Seen:
    """Vehicles last seen up to a day, of which each rule of months names all or none: all, those
    that can be judged by their own interval, those that it names; what they brought; how many came
    back, of all and of those it names.
    """

    day: date
    count: int
    judged: int
    named: int
    fen: int
    named_fen: int
    came: int
    named_came: int

    def flagged(self, look: Look, rule: str) -> tuple[int, int, int]:
        """How many the rule names, what they brought, how many of them came back."""
        if rule == OWN:
            return self.named, self.named_fen, self.named_came
        named = look.flags(rule, self)
        return (self.count, self.fen, self.came) if named else (0, 0, 0)


def _seen(session: Session, scope: Scope, look: Look) -> list[Seen]:
    """The vehicles as they stood on the day of the look, by the rules of months that name them."""
    own = away_for_long(look)
    came = and_(Visit.next_on.is_not(None), Visit.next_on <= look.until)
    query = select(
        func.max(Visit.day),
        func.count(),
        func.count().filter(Visit.number > 1),
        func.count().filter(own),
        func.sum(Visit.year_fen),
        func.coalesce(func.sum(Visit.year_fen).filter(own), 0),
        func.count().filter(came),
        func.count().filter(own, came),
    )
    named = case(
        *((Visit.day < months_after(look.day, -months), months) for months in LONGEST_FIRST),
        else_=0,
    )
    found = session.execute(query.where(*standing(session, scope, look.day)).group_by(named))
    return [Seen(day, *(int(value) for value in values)) for day, *values in found]


def away_for_long(look: Look) -> Any:
    """Away for longer than so many times the vehicle's own mean interval."""
    away = days_between(Visit.day, look.day)
    return and_(Visit.number > 1, away * (Visit.number - 1) > look.times * Visit.age_days)


def _called(session: Session, scope: Scope, look: Look) -> list[Seen]:
    """Those who were called about staying away before they came: they prove nothing."""
    found = []
    for _, _, first_try, day, number, age, following in _tried(session, scope, look):
        end = min(following or look.until, look.until)
        tried = first_try.astimezone(ZoneInfo(scope.zone)).date()
        if look.day < tried <= end:
            named = int(number > 1 and (look.day - day).days * (number - 1) > look.times * age)
            came = int(following is not None and following <= look.until)
            found.append(Seen(day, 1, int(number > 1), named, 0, 0, came, named * came))
    return found


def _tried(session: Session, scope: Scope, look: Look) -> Iterator[Any]:
    """The vehicles called then, with the first try of any such call."""
    task = Followup
    rules = session.scalars(select(FollowupRule.id).where(FollowupRule.trigger.in_(CALLS))).all()
    since, until = (scope.local_midnight(day + DAY) for day in (look.day, look.until))
    columns = (Visit.day, Visit.number, Visit.age_days, Visit.next_on)
    same = and_(Visit.store_id == task.store_id, Visit.vehicle_id == task.vehicle_id)
    query = (
        select(task.store_id, task.vehicle_id, task.first_attempt_at, *columns)
        .select_from(task)
        .join(Visit, same)
        .where(
            *scope.where(task),
            task.rule_id.in_(rules),
            task.first_attempt_at >= since,
            task.first_attempt_at < until,
            *standing(session, scope, look.day),
        )
    )
    first: dict[tuple[int, int], Any] = {}
    for row in session.execute(query):
        key = (row.store_id, row.vehicle_id)
        first[key] = min(first.get(key, row), row, key=lambda one: one.first_attempt_at)
    return iter(first.values())


def _row(
    rule: str,
    today: date,
    now: Sequence[Seen],
    then: Look,
    before: Sequence[Seen],
    called: Sequence[Seen],
) -> tuple[Any, ...]:
    look = Look(today, today, then.times)
    vehicles = sum(day.judged if rule == OWN else day.count for day in now)
    flagged, fen, _ = _sums(look, rule, now)
    named, _, came = _sums(then, rule, before)
    left_out, _, came_called = _sums(then, rule, called)
    n, k = named - left_out, came - came_called
    share = flagged / vehicles if vehicles else None
    return (
        rule,
        vehicles,
        flagged,
        share,
        n,
        k,
        left_out,
        k / n if n else None,
        *wilson(k, n),
        fen / 100,
    )


def _sums(look: Look, rule: str, days: Sequence[Seen]) -> tuple[int, int, int]:
    flagged = [day.flagged(look, rule) for day in days]
    return (
        sum(one[0] for one in flagged),
        sum(one[1] for one in flagged),
        sum(one[2] for one in flagged),
    )


def _believed(rows: Sequence[tuple[Any, ...]]) -> str | None:
    """The rule that names the most among those surely right, else the one least often wrong."""
    judged = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    judged = [row for row in judged if row["flagged_then"] >= ENOUGH]
    sure = [row for row in judged if row["ci_high"] <= BELIEVED]
    if sure:
        return str(max(sure, key=lambda row: row["flagged"])["rule"])
    return str(min(judged, key=lambda row: row["false_alarms"])["rule"]) if judged else None
