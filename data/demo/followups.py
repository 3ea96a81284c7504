"""The calls a store owes its customers: after service, sale and complaint."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from data import windows
from data.demo import stories
from data.demo.calls import DEAD_NUMBERS, MOST_ATTEMPTS, Call, calls
from data.demo.cars import Car
from data.demo.complaints import Told
from data.demo.orders import Order
from data.demo.promises import add_promise
from data.demo.stage import ZONE, Colleague, Stage, local_day, moment
from data.demo.surveys import Surveys
from data.models import CallAttempt, Channel, Followup

FORGOTTEN = 0.004  # orders without a callback: a fault in the data
OWN_ADVISER = {1: 0.07}  # store 1 lets advisers call their own customers
OWN_ADVISER_ELSEWHERE = 0.015
RESPONDENTS = (("person_served", "owner", "other"), (66, 28, 6))
PROMISED = 0.03
IN_THE_POOL = 0.5  # of the calls nobody has tried yet
USUAL_SECONDS = 330
PERFECT_SECONDS = 36


@dataclass(frozen=True, slots=True)
class Task:
    """A call that is owed."""

    rule: str
    car: Car
    since: datetime
    order: Order | None = None
    told: Told | None = None
    response: int | None = None

    def anchor(self, day: date) -> str:
        """What made it due, in the words of the planning."""
        if self.rule == "complaint" and self.told:
            return f"c{self.told.row.id}"
        if self.response:
            return f"r{self.response}"
        return f"v{self.car.id} {day}"


class Desk:
    """The callback desk of a store."""

    def __init__(self, stage: Stage) -> None:
        """Take a seat."""
        self.stage, self.dice = stage, stage.dice("followups")
        self.surveys, self.pool = Surveys(stage), stage.dice("pool")
        self._numbers = Counter[date]()

    def work_off(self, tasks: list[Task]) -> None:
        """Note every task with its calls and answers, and those that follow from them."""
        for task in sorted(tasks, key=lambda task: (task.since, task.car.id, task.rule)):
            if low := self._work_off(task):
                self._work_off(low)

    def _work_off(self, task: Task) -> Task | None:
        tries, agent = self._tries(task)
        done = tries[-1] if tries and tries[-1].result == "connected" else None
        made = self._add(task, agent, tries, done)
        for one in tries:
            self._add_call(made, agent, one)
        if not done:
            return None
        if self.dice.random() < PROMISED:
            add_promise(self.stage, self.dice, done.at, followup_id=made, made_by_id=agent.id)
        return self._ask(task, made, agent, done)

    def _ask(self, task: Task, made: int, agent: Colleague, done: Call) -> Task | None:
        """Put the questions; an alarming answer gives a further task."""
        if task.rule not in ("service", "sale"):
            return None
        told = task.told if task.told and _has_complained(task.told, done) else None
        perfect = self._perfect(agent)
        hot = self.surveys.add(made, task.car, task.order, told, done.at, perfect)
        return Task("hot_alert", task.car, done.at, task.order, response=hot) if hot else None

    def _tries(self, task: Task) -> tuple[list[Call], Colleague]:
        agent = self._agent(task)
        if task.car.excluded:
            return [], agent
        length = PERFECT_SECONDS if self._perfect(agent) else USUAL_SECONDS
        if task.told and task.told.row.channel == Channel.CALLBACK and task.rule == "service":
            at = task.told.row.opened_at - timedelta(seconds=length)
            return [Call(at, "connected", length)], agent
        rule = self.stage.shared.rules[task.rule]
        first = task.since + timedelta(hours=max(0, rule.delay_hours - 22))
        until = min(self.stage.as_of, task.since + timedelta(days=rule.expires_days))
        return list(calls(self.dice, first, until, length)), agent

    def _agent(self, task: Task) -> Colleague:
        own = OWN_ADVISER.get(self.stage.index, OWN_ADVISER_ELSEWHERE)
        if task.order and self.dice.random() < own:
            return task.order.adviser
        return self.dice.choice(self.stage.people["agent"])

    def _perfect(self, agent: Colleague) -> bool:
        here = self.stage.index == stories.PERFECT_AGENT_STORE
        return here and agent == self.stage.people["agent"][1]

    def _add(self, task: Task, agent: Colleague, tries: list[Call], done: Call | None) -> int:
        stage, rule = self.stage, self.stage.shared.rules[task.rule]
        due_at = task.since + timedelta(hours=rule.delay_hours)
        expires_at = task.since + timedelta(days=rule.expires_days)
        day = local_day(task.since)
        self._numbers[day] += 1
        state = self._state(task, tries, done, expires_at)
        tried = tries or not self.pool.random() < IN_THE_POOL
        completed_at = done and done.at + timedelta(seconds=done.seconds or 0)
        return stage.add(
            Followup,
            number=f"H{day:%y%m%d}-{self._numbers[day]:03}",
            rule_id=rule.id,
            customer_id=task.car.customer_id,
            vehicle_id=task.car.id,
            order_id=task.order and task.order.id,
            complaint_id=task.told.row.id if task.told and task.rule == "complaint" else None,
            agent_id=agent.id if tried and not task.car.excluded else None,
            planned_at=task.since,
            due_at=due_at,
            expires_at=expires_at,
            due_on=local_day(due_at),
            anchored_on=day,
            anchor=task.anchor(day),
            attempts=len(tries),
            first_attempt_at=tries[0].at if tries else None,
            connected_at=done and done.at,
            next_try_at=self._next_try(task, tries[-1]) if state == "due" else None,
            ended_at=completed_at or _ended(task, state, tries, expires_at),
            talk_s=done and done.seconds,
            state=state,
            excluded=task.car.excluded,
            completed_at=completed_at,
            respondent=self.dice.choices(*RESPONDENTS)[0] if done else None,
        )

    def _state(
        self,
        task: Task,
        tries: list[Call],
        done: Call | None,
        expires_at: datetime,
    ) -> str:
        last = tries[-1].result if tries else None
        if task.car.excluded or last == "car_sold":
            return "cancelled"
        if done or last == "refused":
            return "completed" if done else "refused"
        if last in DEAD_NUMBERS:
            return "invalid_number"
        if expires_at <= self.stage.as_of or len(tries) == MOST_ATTEMPTS:
            return "unreachable"
        return "due" if tries else "planned"

    def _next_try(self, task: Task, last: Call) -> datetime:
        """Some hours after the last try, in the time of day when one may call."""
        rule = self.stage.shared.rules[task.rule]
        again = last.at + timedelta(hours=rule.retry_hours)
        return windows.next_open(windows.chosen(rule.window), again, ZONE)

    def _add_call(self, made: int, agent: Colleague, call: Call) -> None:
        self.stage.add(
            CallAttempt,
            callback_id=made,
            agent_id=agent.id,
            channel="phone",
            result=call.result,
            duration_s=call.seconds,
            **windows.tried(call.at, ZONE),
        )


def _has_complained(told: Told, done: Call) -> bool:
    """Whether the customer has complained by the end of the call."""
    return told.row.opened_at <= done.at + timedelta(seconds=done.seconds or 0)


def _ended(task: Task, state: str, tries: list[Call], expires_at: datetime) -> datetime | None:
    if state in ("planned", "due"):
        return None
    if task.car.excluded:
        return task.since
    given_up = state == "unreachable" and len(tries) < MOST_ATTEMPTS
    return expires_at if given_up or not tries else tries[-1].at


def add_followups(stage: Stage, cars: list[Car], orders: list[Order], told: list[Told]) -> None:
    """Note every callback of a store, with calls and answers."""
    dice = stage.dice("tasks")
    tasks = [*_after_service(dice, orders, told), *_after_sale(stage, cars), *_after_closing(told)]
    Desk(stage).work_off([task for task in tasks if task.since <= stage.as_of])


def _after_service(dice: Random, orders: list[Order], told: list[Told]) -> Iterator[Task]:
    """One for each car and day."""
    complaints: dict[int, Told] = {}
    for one in told:
        complaints.setdefault(one.grievance.order.id, one)
    seen: set[tuple[int, date | None]] = set()
    for order in orders:
        key = (order.car.id, order.delivered_on)
        if order.delivered_at and key not in seen and dice.random() >= FORGOTTEN:
            seen.add(key)
            yield Task("service", order.car, order.delivered_at, order, complaints.get(order.id))


def _after_sale(stage: Stage, cars: list[Car]) -> Iterator[Task]:
    for car in cars:
        if car.sold >= stage.start.toordinal():
            yield Task("sale", car, moment(date.fromordinal(car.sold), 9 * 60))


def _after_closing(told: list[Told]) -> Iterator[Task]:
    for one in told:
        if one.row.closed_at:
            order = one.grievance.order
            yield Task("complaint", order.car, one.row.closed_at, order, one)
