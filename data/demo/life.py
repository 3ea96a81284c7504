"""How a case is dealt with: in time or late, once or again, or left lying."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from data.demo import stories, words
from data.demo.case import Case, Step
from data.demo.grievances import Grievance
from data.demo.promises import promise
from data.demo.stage import Colleague, Stage, local_day, moment

HAND_OFFS = ((0, 1, 2, 3), (68, 20, 8, 4))
BREACH_CAUSES = (
    ("parts", "maker_approval", "customer_unreachable", "staff", "unknown"),
    (32, 18, 16, 26, 8),
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a case. `lingers` names the point where it is left lying, if it is."""

    reply_in_time: bool
    close_in_time: bool
    lingers: str | None
    kind: str  # the level-1 category, for the words


def fate(stage: Stage, dice: Random, one: Grievance) -> Fate:
    """Decide it by the store's manners, the severity and the age."""
    kind = stage.shared.parents[one.category]
    reply = stories.REPLY_IN_TIME_SLOW if stage.slow else stories.REPLY_IN_TIME
    close = stories.CLOSE_IN_TIME[one.severity] - 0.12 * (kind == "parts")
    age = (stage.as_of - one.opened_at).days
    left = one.waits or dice.random() < _chance_to_linger(one.severity, age)
    lingers = _where(dice, age) if left else None
    return Fate(dice.random() < reply, dice.random() < close, lingers, kind)


def _chance_to_linger(severity: str, age: int) -> float:
    chance = next((chance for days, chance in stories.LINGERING if age < days), 0.0)
    short = severity != "general" and age > 7
    return chance * stories.LINGERING_GRAVE if short else chance


def _where(dice: Random, age: int) -> str:
    if age < 1:
        return "opened"
    places = ("opened", "assigned", "replied", "working", "waiting", "resolved")
    weights = (45, 25, 20, 10, 0, 0) if age < 3 else (2, 3, 27, 46, 14, 8)
    return dice.choices(places, weights)[0]


def life(case: Case, dice: Random, fate: Fate) -> Iterator[Step]:
    """The steps of a case after its opening, each worked out when the one before is done."""
    if fate.lingers == "opened":
        return
    yield _assign(case, dice, _soon(case, dice, 0.02, 2))
    if fate.lingers == "assigned":
        yield _put_off(case, dice)
        return
    yield _reply(case, dice, fate)
    if fate.lingers == "replied":
        return
    yield from _work(case, dice, fate)
    if fate.lingers == "waiting" and case.row.state != "waiting_customer":
        yield _wait(case, dice)
    if fate.lingers == "working" and dice.random() < stories.FORGOTTEN_PROMISES:
        yield from promise(case, dice, _soon(case, dice, 0.2, 8), broken=True)
    if fate.lingers in ("working", "waiting"):
        return
    yield from _solve(case, dice, fate, _solved_at(case, dice, fate))
    if not fate.lingers:
        yield from _again(case, dice, fate)


def _assign(case: Case, dice: Random, at: datetime) -> Step:
    row, people = case.row, _owners(case.stage)
    owner = dice.choice([one for one in people if one.id != row.owner_id])
    before = next((one.name for one in people if one.id == row.owner_id), None)
    moved = row.owner_id is not None
    due_on = row.assigned_due_on or _due_on(case, dice, at)
    data = {
        "owner_id": owner.id,
        "owner": owner.name,
        "from_owner": before,
        "due_on": due_on.isoformat(),
        "from_due_on": row.assigned_due_on and row.assigned_due_on.isoformat(),
        "reason": "",
    }
    changes = {
        "owner_id": owner.id,
        "first_contact_id": row.first_contact_id or owner.id,
        "assigned_due_on": due_on,
        "hand_offs": row.hand_offs + moved,
        "state": "in_progress" if row.state == "replied" else row.state,
    }
    return Step("assigned", at, data, changes)


def _put_off(case: Case, dice: Random) -> Step:
    """The day is moved although nobody has answered the customer."""
    row, at = case.row, _soon(case, dice, 2, 30)
    assert row.assigned_due_on is not None
    later = row.assigned_due_on + timedelta(days=dice.randint(3, 7))
    owner = next(one for one in _owners(case.stage) if one.id == row.owner_id)
    data = {
        "owner_id": owner.id,
        "owner": owner.name,
        "from_owner": owner.name,
        "due_on": later.isoformat(),
        "from_due_on": row.assigned_due_on.isoformat(),
        "reason": dice.choice(words.NOTES),
    }
    return Step("assigned", at, data, {"assigned_due_on": later})


def _owners(stage: Stage) -> list[Colleague]:
    return [*stage.people["manager"], *stage.people["other"], *stage.people["adviser"][:3]]


def _due_on(case: Case, dice: Random, at: datetime) -> date:
    assert case.row.close_due_at is not None
    share = dice.uniform(0.5, 0.9)
    return max(local_day(at), local_day(at + (case.row.close_due_at - at) * share))


def _reply(case: Case, dice: Random, fate: Fate) -> Step:
    row = case.row
    assert row.reply_due_at is not None
    allowed = row.reply_due_at - row.opened_at
    late = 1.05 + dice.expovariate(1.1)
    wanted = row.opened_at + allowed * (dice.uniform(0.08, 0.9) if fate.reply_in_time else late)
    at = _by_day(dice, max(wanted, case.last + timedelta(minutes=2)), row.reply_due_at)
    state = "in_progress" if row.owner_id else "replied"
    return Step("replied", at, _said(dice, words.REPLIES), {"replied_at": at, "state": state})


def _work(case: Case, dice: Random, fate: Fate) -> Iterator[Step]:
    for _ in range(dice.choices(*HAND_OFFS)[0]):
        yield _assign(case, dice, _soon(case, dice, 0.1, 20))
    if case.row.severity == "general" and dice.random() < 0.04:
        yield _graver(dice, _soon(case, dice, 1, 20))
    if dice.random() < 0.15:
        yield Step("note", _soon(case, dice, 0.5, 10), _said(dice, words.NOTES), {})
    if dice.random() < (0.5 if fate.kind == "parts" else 0.08):
        at = _soon(case, dice, 0.5, 24)
        said = _said(dice, words.INTERIMS)
        yield Step("interim", at, said, {"interim_solution": said["words"], "interim_at": at})
    if dice.random() < 0.12:
        yield from promise(case, dice, _soon(case, dice, 0.2, 8))
    if dice.random() < 0.09:
        yield from _pause(case, dice)


def _graver(dice: Random, at: datetime) -> Step:
    reason = dice.choice(words.NOTES)
    data = {"from": "general", "to": "escalated", "reason": reason}
    return Step("severity_changed", at, data, {"severity": "escalated"})


def _pause(case: Case, dice: Random) -> Iterator[Step]:
    at = _soon(case, dice, 1, 30)
    until = at + timedelta(days=dice.randint(3, 9))
    yield _paused(dice, at, until)
    if dice.random() < 0.75:
        back = _by_day(dice, at + (until - at) * dice.uniform(0.3, 0.95), until)
        yield Step("resumed", back, {}, {"state": "in_progress", "pause_until": None})


def _wait(case: Case, dice: Random) -> Step:
    """Left waiting for the customer, since a few days."""
    at = max(case.last, case.stage.days_ago(dice.uniform(0.5, 4))) + timedelta(minutes=3)
    return _paused(dice, at, at + timedelta(days=dice.randint(5, 12)))


def _paused(dice: Random, at: datetime, until: datetime) -> Step:
    data = {"reason": dice.choice(words.PAUSES), "until": until.isoformat()}
    return Step("paused", at, data, {"state": "waiting_customer", "pause_until": until})


def _solved_at(case: Case, dice: Random, fate: Fate) -> datetime:
    row = case.row
    assert row.close_due_at is not None
    term = row.close_due_at - row.opened_at
    wanted = row.opened_at + term * dice.betavariate(1.2, 4.0)
    if not fate.close_in_time:
        wanted = row.close_due_at + term * (0.02 + dice.expovariate(3))
    earliest = case.last + timedelta(minutes=dice.randint(20, 90))
    return _by_day(dice, max(wanted, earliest), row.close_due_at)


def _solve(case: Case, dice: Random, fate: Fate, at: datetime) -> Iterator[Step]:
    solution = dice.choice(words.SOLUTIONS[fate.kind])
    cause = case.row.root_cause or dice.choice(words.ROOT_CAUSES[fate.kind])
    yield Step(
        "resolved",
        at,
        {"words": solution, "root_cause": cause},
        {
            "solution": solution,
            "root_cause": cause,
            "resolved_at": at,
            "pause_until": None,
            "state": "resolved",
        },
    )
    if fate.lingers:
        return
    if dice.random() < 0.93:
        yield _recontact(case, dice)
    yield _close(case, dice)


def _recontact(case: Case, dice: Random) -> Step:
    late = case.row.close_breached_at is not None
    satisfied = dice.random() < (stories.SATISFIED_IF_LATE if late else stories.SATISFIED)
    at = _by_day(dice, case.last + timedelta(days=dice.uniform(0.8, 4)))
    said = dice.choice(words.PRAISE if satisfied else words.BLAME)
    changes = {"recontacted_at": at, "satisfied": satisfied, "state": "recontacted"}
    return Step("recontacted", at, {"satisfied": satisfied, "words": said}, changes)


def _close(case: Case, dice: Random) -> Step:
    waits = (0.1, 1) if case.row.recontacted_at else (4, 10)
    at = _by_day(dice, case.last + timedelta(days=dice.uniform(*waits)))
    late = case.row.close_breached_at is not None
    cause = dice.choices(*BREACH_CAUSES)[0] if late else None
    data = {"satisfied": bool(case.row.satisfied), "breach_cause": cause, "words": ""}
    return Step("closed", at, data, {"closed_at": at, "state": "closed", "breach_cause": cause})


def _again(case: Case, dice: Random, fate: Fate) -> Iterator[Step]:
    """Now and then the solution did not hold."""
    if dice.random() >= (0.015 if case.row.satisfied else 0.4):
        return
    at = _by_day(dice, case.last + timedelta(days=dice.uniform(1, 6)))
    emptied = dict.fromkeys(("resolved_at", "recontacted_at", "closed_at", "satisfied"))
    taken_up = {"reopened": case.row.reopened + 1, "state": "in_progress"}
    yield Step("reopened", at, {"reason": dice.choice(words.REOPENINGS)}, {**emptied, **taken_up})
    solved_at = _by_day(dice, at + timedelta(days=dice.uniform(1, 6)))
    yield from _solve(case, dice, fate, solved_at)


def _said(dice: Random, choices: tuple[str, ...]) -> dict[str, str]:
    return {"words": dice.choice(choices)}


def _soon(case: Case, dice: Random, least: float, most: float) -> datetime:
    """Some hours after the last step; a case with little time is dealt with faster."""
    assert case.row.close_due_at is not None
    pace = min(1.0, (case.row.close_due_at - case.row.opened_at) / timedelta(days=10))
    at = case.last + timedelta(hours=dice.uniform(least, most) * pace)
    return _by_day(dice, at)


def _by_day(dice: Random, at: datetime, due_at: datetime | None = None) -> datetime:
    """The moment itself in daytime, else the next morning; unless that would make it late."""
    minutes = (at - moment(local_day(at), 0)).total_seconds() / 60
    if 8 * 60 <= minutes < 20 * 60:
        return at.replace(microsecond=0)
    day = local_day(at) + timedelta(days=minutes >= 20 * 60)
    morning = moment(day, 8 * 60 + dice.uniform(15, 90))
    in_time = due_at is None or at > due_at or morning <= due_at
    return morning if in_time else at.replace(microsecond=0)
