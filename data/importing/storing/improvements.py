"""Improvement actions into the database.

As with complaints, what people do with an action here is not undone by reading the dealer's file
again: of one that is known, only what the file says differently than the last time is taken. What
it says is told in the action's history, so that figures of earlier days stand.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from data import events
from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.complaints import IMPORTED, category_words
from data.importing.storing.desk import Contradiction, Desk
from data.importing.storing.people import People
from data.importing.storing.shelf import Held
from data.models import Complaint, EmployeeRole, Event, Improvement, ImprovementComplaint
from data.models import ImprovementKind as Kind
from data.models import ImprovementState as State
from data.sql import among

APART = re.compile(r"[,，;；、\s]+")
PLAIN = ("title", "kind", "cause")
MORNING, EVENING = time(9), time(18)
Told = tuple[str, datetime, dict[str, Any]]


class Improvements:
    """Writes rows of improvement actions."""

    def __init__(self, desk: Desk) -> None:
        self.session, self.store_id, self.dry = desk.session, desk.store_id, desk.dry
        self.doubt, self.zone, self.now = desk.doubt, desk.zone, desk.now
        self.people, self.categories = People(desk), category_words(desk.session)
        self.known: dict[str, Improvement] = {}
        self.said: dict[int, Mapping[str, Any]] = {}
        self.complaints: dict[str, int] = {}
        self.waiting: list[_Written] = []

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch the actions and complaints that the rows name, and what was said the last time."""
        mine = Improvement.store_id == self.store_id
        numbers = [row.values["number"] for row in rows]
        found = self.session.scalars(
            select(Improvement).where(mine, among(Improvement.number, numbers))
        )
        self.known = {action.number: action for action in found}
        self.said = self._last_time([action.id for action in self.known.values()])
        named = {number for row in rows for number in _numbers(row.values.get("complaints"))}
        cases = select(Complaint.number, Complaint.id).where(
            Complaint.store_id == self.store_id, among(Complaint.number, named)
        )
        self.complaints = {number: id_ for number, id_ in self.session.execute(cases)}  # noqa: C416

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        values = row.values
        action = self.known.get(values["number"])
        said = {key: _plain(value) for key, value in values.items() if value is not None}
        before = self.said.get(action.id, {}) if action else {}
        fresh = {key: values[key] for key in said if said[key] != before.get(key)}
        if action and not fresh:
            return "unchanged"
        if action and action.state in (State.EFFECTIVE, State.NOT_EFFECTIVE) and "done_on" in fresh:
            raise Contradiction("done_on", "Its effect has been verified here; reopen it first.")
        owner = self.people.named(values["owner"], EmployeeRole.OTHER.value)
        one = _Written(action or self._new(values), {**before, **said}, fresh, owner)
        one.new = action is None
        one.complaints = self._linked(row, fresh)
        self._classify(one.action, fresh, row)
        self.waiting.append(one)
        return "changed" if action else "added"

    def flush(self) -> None:
        """Write: people, then the actions with what happened to them and their complaints."""
        self.people.shelf.flush()
        if self.dry:
            self.session.expunge_all()
        else:
            for one in self.waiting:
                self._keep(one)
        self.waiting = []

    def _new(self, values: Mapping[str, Any]) -> Improvement:
        return Improvement(
            store_id=self.store_id,
            number=values["number"],
            kind=Kind.CORRECTIVE,
            created_at=self._at(values["opened_on"], MORNING),
            original_due_on=values["due_on"],
            due_on=values["due_on"],
            state=State.OPEN,
        )

    def _classify(self, action: Improvement, fresh: Mapping[str, Any], row: Row) -> None:
        for name in PLAIN:
            if name in fresh:
                setattr(action, name, fresh[name])
        if "category" in fresh:
            action.category_id = self.categories.get(fresh["category"].lower())
            if action.category_id is None:
                why = Reason("There is no category “{word}”; map it.", word=fresh["category"])
                self.doubt(row, "category", why)

    def _linked(self, row: Row, fresh: Mapping[str, Any]) -> list[int]:
        """The complaints that are named anew; one that is not there is said."""
        named = _numbers(fresh.get("complaints"))
        missing = [number for number in named if number not in self.complaints]
        if missing:
            why = Reason("There is no complaint {numbers}.", numbers=", ".join(missing))
            self.doubt(row, "complaints", why)
        return [self.complaints[number] for number in named if number in self.complaints]

    def _keep(self, one: "_Written") -> None:
        """Write an action with its events: each with the moment at which it happened."""
        action, fresh = one.action, one.fresh
        version = 0 if one.new else action.version
        happened = [*self._assigned(one), *self._moved(one), *self._state(one)]
        self.session.add(action)
        self.session.flush()
        if one.new:
            opened = {"owner_id": action.owner_id, "due_on": fresh["due_on"].isoformat()}
            happened.insert(0, ("opened", action.created_at, opened))
        for kind, at, data in happened:
            events.record(self.session, action, kind, at=at, version=version, **data)
        events.record(self.session, action, IMPORTED, at=self.now, version=version, said=one.said)
        self._link(action, one.complaints)
        self.session.flush()

    def _assigned(self, one: "_Written") -> list[Told]:
        before, owner_id = one.action.owner_id, one.owner.id
        assert owner_id is not None  # the people are written
        if "owner" not in one.fresh or before == owner_id:
            return []
        one.action.owner_id = owner_id
        said = {"from_owner_id": before, "owner_id": owner_id}
        return [] if one.new else [("assigned", self.now, said)]

    def _moved(self, one: "_Written") -> list[Told]:
        due, before = one.fresh.get("due_on"), one.action.due_on
        if one.new or due is None or due == before:
            return []
        one.action.due_on = due
        days = {"from_due_on": before.isoformat(), "due_on": due.isoformat()}
        return [("put_off", self.now, {**days, "reason": IMPORTED})]

    def _state(self, one: "_Written") -> list[Told]:
        """What the file newly says of where the action stands."""
        action, fresh = one.action, one.fresh
        if (done_on := fresh.get("done_on")) is not None:
            done_at = max(self._at(done_on, EVENING), action.created_at)
            action.state, action.done_at = State.DONE, min(done_at, self.now)
            return [("done", action.done_at, {"done_at": action.done_at.isoformat()})]
        if fresh.get("state") == State.CANCELLED:
            action.state, action.cancelled_at = State.CANCELLED, self.now
            return [("cancelled", self.now, {"reason": IMPORTED})]
        if fresh.get("state") == State.IN_PROGRESS and action.state == State.OPEN:
            at = action.created_at if one.new else self.now
            action.state, action.started_at = State.IN_PROGRESS, at
            return [("started", at, {})]
        return []

    def _link(self, action: Improvement, complaints: Sequence[int]) -> None:
        link = ImprovementComplaint
        mine = (link.store_id == self.store_id, link.action_id == action.id)
        there = set(self.session.scalars(select(link.complaint_id).where(*mine)))
        for number in dict.fromkeys(complaints):
            if number not in there:
                self.session.add(
                    link(store_id=self.store_id, action_id=action.id, complaint_id=number)
                )

    def _last_time(self, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        query = (
            select(Event.subject_id, Event.data)
            .where(Event.store_id == self.store_id, Event.subject == Improvement.__tablename__)
            .where(among(Event.subject_id, ids), Event.kind == IMPORTED)
            .order_by(Event.id)
        )
        return {id_: data.get("said", {}) for id_, data in self.session.execute(query)}

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)


class _Written:
    """An action that waits for its owner to be written."""

    new = False

    def __init__(
        self,
        action: Improvement,
        said: dict[str, Any],
        fresh: Mapping[str, Any],
        owner: Held | None,
    ) -> None:
        assert owner is not None  # the row names one
        self.action, self.said, self.fresh, self.owner = action, said, fresh, owner
        self.complaints: list[int] = []


def _numbers(said: str | None) -> list[str]:
    return [number for number in APART.split(said or "") if number]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
