"""A case that moves: each step leaves its event, and the past as it stood before."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from data import sla
from data.clock import Term, Unit, moment_at
from data.commands.cases import CLOCK_MOVERS, FACTS
from data.demo.stage import Stage
from data.models import Complaint, ComplaintPast, Event, Severity, SlaPolicy
from data.moves import COMPLAINT_MOVES

QUIET = {move.event for move in COMPLAINT_MOVES.values() if move.quiet}


class Step(NamedTuple):
    """What somebody did to a case, and what it changes of it."""

    kind: str
    at: datetime
    data: dict[str, Any]
    changes: dict[str, Any]


class Case:
    """A complaint on its way; `row` is how it stands."""

    def __init__(self, stage: Stage, actor: str, row: Complaint) -> None:
        """Open the case: its clocks start."""
        self.stage, self.actor, self.row = stage, actor, row
        row.id, row.store_id, row.version = stage.book.next_id(Complaint), stage.store_id, 0
        row.reopened = row.hand_offs = 0
        self.events: list[Event] = []
        self._start(row.opened_at)

    def live(self, steps: Iterator[Step], opened: dict[str, Any]) -> None:
        """Go through life until the data speak, and note everything."""
        self._log("opened", self.row.opened_at, opened)
        for step in steps:
            if step.at > self.stage.as_of:
                break
            self._go(step)
        values = {name: getattr(self.row, name) for name in _COLUMNS}
        self.stage.book.add(Complaint, **values)

    def _go(self, step: Step) -> None:
        sla.mark_breaches(self.row, now=step.at)
        quiet = step.kind in QUIET
        if not quiet:
            facts = {name: getattr(self.row, name) for name in FACTS}
            self.stage.book.add(ComplaintPast, complaint_id=self.row.id, until=step.at, **facts)
        severity = self.row.severity
        for name, value in step.changes.items():
            setattr(self.row, name, value)
        self._log(step.kind, step.at, step.data, bump=not quiet)
        if self.row.severity != severity:
            self._graver(step.at)
        if step.kind in CLOCK_MOVERS:
            self._restart()
        if not quiet:
            self.row.since = step.at

    def _log(self, kind: str, at: datetime, data: dict[str, Any], *, bump: bool = True) -> None:
        data = {**data, "version": self.row.version}
        self.row.version += bump
        self.events.append(Event(kind=kind, at=at, data=data))
        self._note(kind, at, data)

    def _note(self, kind: str, at: datetime, data: dict[str, Any]) -> None:
        self.stage.book.put(
            Event,
            store_id=self.stage.store_id,
            at=at,
            recorded_at=at,
            actor=self.actor,
            subject="complaint",
            subject_id=self.row.id,
            kind=kind,
            data=data,
        )

    @property
    def last(self) -> datetime:
        """When somebody last did something."""
        return self.events[-1].at

    def aside(self, kind: str, at: datetime, data: dict[str, Any]) -> None:
        """Log something that changes no figure, beside the steps."""
        version = max(entry.data["version"] for entry in self.events if entry.at <= at)
        self._note(kind, at, {**data, "version": version})

    @property
    def _policy(self) -> SlaPolicy:
        return self.stage.shared.policies[Severity(self.row.severity or "")]

    def _start(self, clock_from: datetime) -> None:
        policy, row = self._policy, self.row
        reply = Term(policy.reply_amount, Unit(policy.reply_unit))
        row.reply_amount, row.reply_unit = policy.reply_amount, policy.reply_unit
        row.close_amount, row.close_unit = policy.close_amount, policy.close_unit
        row.clock_from = clock_from
        calendar, warn = self.stage.calendar, policy.warning_share
        row.reply_warn_at = moment_at(calendar, clock_from, reply, warn)
        row.reply_due_at = moment_at(calendar, clock_from, reply, 1)
        self._restart()

    def _restart(self) -> None:
        """Work out the closing clock: it stands still while the customer is waited for."""
        row, policy = self.row, self._policy
        assert row.close_amount
        assert row.close_unit
        term, pauses = Term(row.close_amount, Unit(row.close_unit)), sla.pauses_in(self.events)
        row.close_half_at, row.close_warn_at, row.close_due_at = (
            moment_at(self.stage.calendar, row.clock_from, term, share, pauses)
            for share in (sla.HALF, policy.warning_share, 1)
        )

    def _graver(self, now: datetime) -> None:
        """Count from now, unless the deadline in force is nearer."""
        before = {name: getattr(self.row, name) for name in (*sla.REPLY, *sla.CLOSING)}
        self._start(now)
        for names in (sla.REPLY, sla.CLOSING):
            if before[names[0]] < getattr(self.row, names[0]):
                for name in names:
                    setattr(self.row, name, before[name])


_COLUMNS = [column.key for column in Complaint.__mapper__.column_attrs]
