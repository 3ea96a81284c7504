"""Insurance policies, and the calls that remind of a service: some at random are not called."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from data import windows
from data.demo import stories
from data.demo.calls import DEAD_NUMBERS, MOST_ATTEMPTS, Call, calls
from data.demo.cars import SERVICE_DAYS, Car
from data.demo.stage import ZONE, Stage, local_day, moment
from data.models import CallAttempt, Followup, FollowupRule, InsurancePolicy

SOON = 30  # days after a service came due
LEAD = 7  # as the planning: on the list so many days before the call is due
SECONDS = 110
RULE = "next_service"


def add_policies(stage: Stage, cars: list[Car]) -> None:
    """Note the last year's insurances of each car: what ended, and what it was renewed to."""
    for car in cars:
        for ends_on, following in pairwise((*_policies(car, stage.today), None)):
            assert ends_on is not None
            stage.add(
                InsurancePolicy,
                vehicle_id=car.id,
                ends_on=ends_on,
                noted_at=_taken_out(ends_on),
                next_ends_on=following,
                next_noted_at=following and _taken_out(following),
            )


def _taken_out(ends_on: date) -> datetime:
    """A year's policy is taken out ten days before it begins."""
    return moment(ends_on - timedelta(days=375), 11 * 60)


def _policies(car: Car, today: date) -> Iterator[date]:
    """Until when it was insured, as far as that day lies within the last year or is to come."""
    for years in (1, 0):
        day = car.insured_until - timedelta(days=365 * years)
        if day > max(today - timedelta(days=365), date.fromordinal(car.sold)):
            yield day


def add_reminders(stage: Stage, cars: list[Car]) -> None:
    """Note the calls about services that came due since the rule began, with their tries.

    Who came before the call was on the list is not called. In the play some come because they were
    called: told from behind, fewer of those who came soon are among the held out.
    """
    dice, rule = stage.dice("reminders"), stage.shared.rules[RULE]
    assert rule.starts_on is not None
    first, ahead = rule.starts_on.toordinal(), LEAD - rule.delay_hours // 24
    for car in cars:
        for last, following in pairwise((*car.days, None)):
            assert last is not None
            due = last + SERVICE_DAYS
            listed = due - ahead
            if due < first or listed > stage.today.toordinal() or (following or due) < listed:
                continue
            soon = following is not None and following <= due + SOON
            held_out = dice.random() < stories.HELD_OUT_IF_IT_CAME[soon]
            call(stage, dice, rule, car, date.fromordinal(due), following, held_out)


def call(
    stage: Stage,
    dice: Random,
    rule: FollowupRule,
    car: Car,
    day: date,
    following: int | None,
    held_out: bool,
) -> tuple[int, list[Call]]:
    """Note a call anchored on `day`, tried until the car comes (`following`); its id and tries."""
    began_at = moment(day, 9 * 60)
    due_at = began_at + timedelta(hours=rule.delay_hours)
    expires_at = began_at + timedelta(days=rule.expires_days)
    ahead = due_at - timedelta(days=LEAD)
    planned_at = min(ahead if rule.delay_hours < 0 else began_at, stage.as_of)
    until = moment(date.fromordinal(following), 8 * 60) if following else expires_at
    excluded = car.excluded or ("hold_out" if held_out else None)
    tries = list(calls(dice, planned_at, min(until, expires_at, stage.as_of), SECONDS))
    tries = [] if excluded else tries
    done = tries[-1] if tries and tries[-1].result == "connected" else None
    state = "cancelled" if excluded else _state(stage, tries, expires_at)
    ended_at = planned_at if excluded else _ended(state, tries, expires_at)
    agent = dice.choice(stage.people["agent"]).id
    made = stage.add(
        Followup,
        number=f"H{day:%y%m%d}-{rule.id}V{car.id}",
        rule_id=rule.id,
        customer_id=car.customer_id,
        vehicle_id=car.id,
        agent_id=agent if tries else None,
        planned_at=planned_at,
        due_at=due_at,
        due_on=local_day(due_at),
        expires_at=expires_at,
        anchored_on=day,
        anchor=f"v{car.id} {day}",
        attempts=len(tries),
        first_attempt_at=tries[0].at if tries else None,
        connected_at=done and done.at,
        next_try_at=_again(rule, tries) if state == "due" else None,
        completed_at=ended_at if done else None,
        ended_at=ended_at,
        talk_s=done and done.seconds,
        state=state,
        excluded=excluded,
        respondent="owner" if done else None,
    )
    _add_tries(stage, made, agent, tries)
    return made, tries


def _state(stage: Stage, tries: list[Call], expires_at: datetime) -> str:
    last = tries[-1].result if tries else None
    if last in DEAD_NUMBERS:
        return "invalid_number"
    ends = {"connected": "completed", "refused": "refused", "car_sold": "cancelled"}
    if last in ends:
        return ends[last]
    if expires_at <= stage.as_of or len(tries) == MOST_ATTEMPTS:
        return "unreachable"
    return "due" if tries else "planned"


def _ended(state: str, tries: list[Call], expires_at: datetime) -> datetime | None:
    if state in ("planned", "due"):
        return None
    if state == "unreachable" and len(tries) < MOST_ATTEMPTS:
        return expires_at
    return tries[-1].at + timedelta(seconds=tries[-1].seconds or 0)


def _again(rule: FollowupRule, tries: list[Call]) -> datetime:
    again = tries[-1].at + timedelta(hours=rule.retry_hours)
    return windows.next_open(windows.chosen(rule.window), again, ZONE)


def _add_tries(stage: Stage, made: int, agent: int, tries: list[Call]) -> None:
    for one in tries:
        stage.add(
            CallAttempt,
            callback_id=made,
            agent_id=agent,
            channel="phone",
            result=one.result,
            duration_s=one.seconds,
            **windows.tried(one.at, ZONE),
        )
