"""Calls into the database: the callback, its tries, and what was answered.

A call after service is the one the planning would make for that car and day, so that it is not made
twice. What people have recorded here stays as they recorded it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from data import windows
from data.importing.kinds.followups import NOT_MADE, noted, talked
from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing import tasks
from data.importing.storing.about import About, Matter
from data.importing.storing.answers import Answers
from data.importing.storing.desk import Contradiction, Desk
from data.importing.storing.people import People
from data.importing.storing.shelf import Held, Shelf
from data.models import (
    CallAttempt,
    EmployeeRole,
    Event,
    Followup,
    FollowupState,
)
from data.moves import FOLLOWUP_MOVES
from data.sql import among

BY_HAND = tuple(FOLLOWUP_MOVES[move].event for move in ("record", "attempt", "cancel"))
Tries = dict[datetime, Held]


class Followups:
    """Writes rows of calls."""

    def __init__(self, desk: Desk) -> None:
        self.session, self.store_id, self.dry = desk.session, desk.store_id, desk.dry
        self.doubt, self.zone, self.now = desk.doubt, desk.zone, desk.now
        self.about, self.people, self.answers = About(desk), People(desk), Answers(desk)
        self.tasks = Shelf(desk, Followup, ("number", "anchor"))
        self.attempts = Shelf(desk, CallAttempt, ("callback_id",))
        self.rule = tasks.service_rule(desk.session)
        self.anchors: dict[int, str | None] = {}
        self.by_hand: set[int] = set()
        self.tries: dict[int, Tries] = {}
        self.responses: dict[int, Held] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may meet."""
        self.about.load(rows)
        self.tasks.load("number", [row.values["number"] for row in rows])
        self.anchors = {row.line: self._anchor(row) for row in rows}
        if self.rule is not None:
            mine = Followup.rule_id == self.rule.id
            self.tasks.load("anchor", list(self.anchors.values()), mine)
        known = [task.id for row in rows if (task := self._known(row)) and task.id]
        self.attempts.load("callback_id", known)
        self.answers.load("callback_id", known)
        self.by_hand = self._recorded_here(known)

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        matter, task = self.about.of(row), self._known(row)
        if task is not None and task.id in self.by_hand:
            return self._left_alone(row, task)
        self._check_answers(row, task)
        before = self._changes()
        kept = task or self._new(row, matter.order)
        self._say(row, kept, matter)
        self._try(row, kept, is_new=task is None)
        self._answer(row, kept)
        if task is None:
            return "added"
        return "changed" if self._changes() > before else "unchanged"

    def flush(self) -> None:
        """Write, parents before children."""
        self.people.shelf.flush()
        self.about.flush()
        self.tasks.flush()
        self.attempts.flush()
        self.answers.flush()
        self.tries.clear()
        self.responses.clear()
        if self.dry:
            self.tasks.forget()
            self.attempts.forget()

    def _changes(self) -> int:
        return self.tasks.changes + self.attempts.changes + self.answers.changes

    def _known(self, row: Row) -> Held | None:
        """The callback of this number, else the one the planning has made for car and day."""
        found = self.tasks.first("number", row.values["number"])
        if found is not None or self.rule is None:
            return found
        alike = self.tasks.find("anchor", self.anchors[row.line])
        return next((one for one in alike if one["rule_id"] == self.rule.id), None)

    def _anchor(self, row: Row) -> str | None:
        order = self.about.orders.first("number", row.values.get("order_number"))
        return tasks.anchor(order, row.values.get("called_at"), self.zone)

    def _left_alone(self, row: Row, task: Held) -> str:
        """What people recorded here stays; a call they know nothing of is worth a look."""
        at = row.values.get("called_at")
        if at is not None and at not in self._tries(task):
            self.doubt(row, "called_at", Reason(RECORDED_HERE, number=task["number"]))
        return "unchanged"

    def _check_answers(self, row: Row, task: Held | None) -> None:
        at, response = row.values.get("called_at"), task and self._response(task)
        if response and at and talked(row.values) and response["answered_at"] != at:
            day = response["answered_on"].isoformat()
            raise Contradiction("overall", ANSWERED_BEFORE, day=day)

    def _new(self, row: Row, order: Held | None) -> Held:
        values, anchor = row.values, self.anchors[row.line]
        since = order["delivered_at"] if order and anchor else None
        rule = self.rule if anchor else None
        called_at = values.get("called_at")
        when = tasks.terms(self.rule, since, called_at, values.get("due_at"), self.zone)
        made = {
            "number": values["number"],
            "state": FollowupState.PLANNED.value,
            **when._asdict(),
            "due_on": when.due_at.astimezone(self.zone).date(),
            "rule_id": rule and rule.id,
            "anchor": rule and anchor,
            "anchored_on": order["delivered_on"] if rule and order else None,
        }
        return self.tasks.add(made)

    def _say(self, row: Row, task: Held, matter: Matter) -> None:
        """Complete what is known of the call; what it is about does not change."""
        order = matter.order
        if order and task["order_id"] not in (None, order.id):
            self.doubt(row, "order_number", Reason(OTHER_ORDER, number=task["number"]))
        for column, held in zip(("order_id", "vehicle_id", "customer_id"), matter, strict=True):
            if task[column] is None and column not in task.links:
                self.tasks.link(task, column, held)
        self.tasks.set(task, "respondent", row.values.get("respondent"))
        if task["agent_id"] is None and "agent_id" not in task.links:
            self.tasks.link(task, "agent_id", self._caller(row))
        self._exclude(task, matter)

    def _exclude(self, task: Held, matter: Matter) -> None:
        """Nobody is to be called about a fleet car, unless it has been done."""
        why = tasks.excluded(matter.vehicle, matter.customer)
        if why and task.id is None and not self._tries(task):
            self.tasks.put(task, "excluded", why.value)

    def _caller(self, row: Row) -> Held | None:
        return self.people.named(row.values.get("caller"), EmployeeRole.AGENT.value)

    def _try(self, row: Row, task: Held, *, is_new: bool) -> None:
        values, before = row.values, self.attempts.changes
        if values["result"] != NOT_MADE:
            self._note(row, task)
        if is_new or self.attempts.changes > before:
            self._settle(task)

    def _note(self, row: Row, task: Held) -> None:
        values, tries = row.values, self._tries(task)
        at = values["called_at"]
        said = {
            **windows.tried(at, self.zone.key),
            "channel": values.get("channel") or "phone",
            "result": values["result"],
            "duration_s": values.get("talk_s"),
            "note": noted(values),
        }
        if at not in tries:
            tries[at] = self.attempts.add(said)
            self.attempts.link(tries[at], "callback_id", task)
        for name, value in said.items():
            self.attempts.set(tries[at], name, value)
        self.attempts.link(tries[at], "agent_id", self._caller(row))

    def _settle(self, task: Held) -> None:
        """Work out how the callback stands; who had the talk has the callback."""
        tries = self._tries(task).values()
        if tries:
            self.tasks.put(task, "excluded", None)
        if task["excluded"]:
            over = {"state": FollowupState.CANCELLED.value, "ended_at": task["planned_at"]}
        else:
            over = tasks.standing(task, tries, self.rule, self.zone, self.now)
        for column, value in over.items():
            self.tasks.put(task, column, value)
        talk = next((one for one in tries if one["at"] == task["connected_at"]), None)
        if talk is not None:
            self._hand_to(task, talk)

    def _hand_to(self, task: Held, talk: Held) -> None:
        if caller := talk.links.get("agent_id"):
            self.tasks.link(task, "agent_id", caller)
        else:
            self.tasks.set(task, "agent_id", talk["agent_id"])

    def _answer(self, row: Row, task: Held) -> None:
        values = row.values
        if not talked(values):
            return
        known = self._response(task)
        kept = self.answers.put(known, values, answered_at=values["called_at"])
        self.responses[id(task)] = kept
        if known is None:
            for column in ("vehicle_id", "order_id"):
                self._copy(kept, column, task)
            self.answers.responses.link(kept, "callback_id", task)

    def _copy(self, kept: Held, column: str, task: Held) -> None:
        if other := task.links.get(column):
            self.answers.responses.link(kept, column, other)
        else:
            self.answers.responses.set(kept, column, task[column])

    def _response(self, task: Held) -> Held | None:
        held = self.responses.get(id(task))
        return held or self.answers.responses.first("callback_id", task.id)

    def _tries(self, task: Held) -> Tries:
        """The tries by their moment; those of rows before this one are not stored yet."""
        if id(task) not in self.tries:
            stored = self.attempts.find("callback_id", task.id)
            self.tries[id(task)] = {one["at"]: one for one in stored}
        return self.tries[id(task)]

    def _recorded_here(self, ids: Collection[int]) -> set[int]:
        query = select(Event.subject_id).where(
            Event.store_id == self.store_id,
            Event.subject == Followup.__tablename__,
            among(Event.subject_id, ids),
            Event.kind.in_(BY_HAND),
        )
        return set(self.session.scalars(query))


RECORDED_HERE = (
    "The callback {number} was recorded here; what the file says of another call was not taken."
)
ANSWERED_BEFORE = (
    "This callback has answers of {day} already. Decide which hold, and leave the others out."
)
OTHER_ORDER = "The callback {number} is known for another repair order; that was not changed."
