"""Complaints into the database.

What people do with a case here is not undone by reading the dealer's file again: of a case that is
known, only what the file says differently than the last time is taken. The last time is kept in
the case's own history.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import events, sla
from data.commands.cases import FACTS
from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.desk import Desk
from data.importing.storing.parties import Parties
from data.importing.storing.people import People
from data.importing.storing.shelf import Held, Shelf
from data.models import (
    Complaint,
    ComplaintCategory,
    ComplaintPast,
    ComplaintState,
    EmployeeRole,
    Event,
    RepairOrder,
    Severity,
)
from data.sql import among

IMPORTED = "imported"
PLAIN = {"department": "department", "channel": "channel", "content": "content"}
PLAIN |= {"solution": "solution", "reopened": "reopened", "first_response_at": "replied_at"}
PLAIN |= {"resolved_at": "resolved_at", "closed_at": "closed_at"}
# these carry their own date: as the case stood before, they are simply not there yet
DATED = {"replied_at", "resolved_at", "closed_at", "state"}
UNDATED = [name for name in FACTS if name not in DATED and name not in ("since", "store_id")]
HALF, WARNING = 0.5, 0.75


class Complaints:
    """Writes rows of complaints."""

    def __init__(self, desk: Desk) -> None:
        self.session, self.store_id, self.dry = desk.session, desk.store_id, desk.dry
        self.doubt, self.zone, self.now = desk.doubt, desk.zone, desk.now
        self.parties, self.people = Parties(desk), People(desk)
        self.orders = Shelf(desk, RepairOrder, ("number",))
        self.categories = category_words(desk.session)
        self.cases: dict[str, Complaint] = {}
        self.said: dict[int, Mapping[str, Any]] = {}
        self.waiting: list[_Written] = []

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may meet, and what the file said of these cases the last time."""
        self.parties.load(rows, "customer_number", "customer")
        self.orders.load("number", [row.values.get("order_number") for row in rows])
        numbers = [row.values["number"] for row in rows]
        query = select(Complaint).where(
            Complaint.store_id == self.store_id, among(Complaint.number, numbers)
        )
        self.cases = {case.number: case for case in self.session.scalars(query)}
        self.said = self._last_time([case.id for case in self.cases.values()])
        self.parties.customers.load("id", [case.customer_id for case in self.cases.values()])

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        values = row.values
        case = self.cases.get(values["number"])
        if case is not None:
            self.parties.leave_out(row, self.parties.customers.by_id.get(case.customer_id or 0))
        said = {key: _plain(value) for key, value in values.items() if value is not None}
        before = self.said.get(case.id, {}) if case else {}
        fresh = {key: values[key] for key in said if said[key] != before.get(key)}
        if case and not fresh:
            return "unchanged"
        one = _Written(case or self._new(values), {**before, **said}, self._links(row))
        one.past = None if case is None else _facts(case)
        one.new_owner = "owner" in fresh
        self._apply(one.case, fresh, row)
        self.waiting.append(one)
        return "changed" if case else "added"

    def flush(self) -> None:
        """Write: people, customers, vehicles, then the cases with their past and their history."""
        self.people.shelf.flush()
        self.parties.flush()
        if self.dry:
            self.session.expunge_all()
        else:
            for one in self.waiting:
                self._keep(one)
            self.session.flush()
            for one in self.waiting:
                self._log(one)
        self.waiting = []

    def _keep(self, one: "_Written") -> None:
        case, owner = one.case, one.links["first_contact_id"]
        for column, held in one.links.items():
            if held is not None and getattr(case, column) is None:
                setattr(case, column, held.id)
        if owner is not None and one.new_owner and case.owner_id != owner.id:
            case.hand_offs += case.owner_id is not None
            case.owner_id = owner.id
        self.session.add(case)
        if one.past and any(one.past[name] != getattr(one.case, name) for name in UNDATED):
            self.session.add(ComplaintPast(complaint_id=one.case.id, until=self.now, **one.past))
            one.case.since = self.now

    def _log(self, one: "_Written") -> None:
        version = one.case.version - 1
        events.record(self.session, one.case, IMPORTED, at=self.now, version=version, said=one.said)

    def _new(self, values: Mapping[str, Any]) -> Complaint:
        opened = values["opened_at"]
        return Complaint(
            store_id=self.store_id,
            number=values["number"],
            state=ComplaintState.NEW,
            opened_at=opened,
            opened_on=opened.astimezone(self.zone).date(),
            since=opened,
            clock_from=opened,
            reopened=0,
            hand_offs=0,
        )

    def _links(self, row: Row) -> dict[str, Held | None]:
        """Whom and what the case is about; an order that is known says it too."""
        values = row.values
        order = self.orders.first("number", values.get("order_number"))
        if values.get("order_number") and order is None:
            self.doubt(row, "order_number", Reason("There is no repair order of this number."))
        vehicle = self.parties.vehicle(row)
        if vehicle is None and order is not None:
            self.parties.vehicles.load("id", [order["vehicle_id"]])
            self.parties.load_owners()
            vehicle = self.parties.vehicles.by_id.get(order["vehicle_id"])
        owner = self.people.named(values.get("owner"), EmployeeRole.OTHER.value)
        return {
            "vehicle_id": vehicle,
            "customer_id": self.parties.customer(row, vehicle),
            "order_id": order,
            "first_contact_id": owner,
        }

    def _apply(self, case: Complaint, fresh: Mapping[str, Any], row: Row) -> None:
        for field, column in PLAIN.items():
            if field in fresh:
                setattr(case, column, fresh[field])
        if "opened_at" in fresh:
            case.opened_at = fresh["opened_at"]
            case.opened_on = case.opened_at.astimezone(self.zone).date()
        if case.closed_at and not case.resolved_at:
            case.resolved_at = case.closed_at  # closed without a solution's time: then
        self._classify(case, fresh)
        if fresh.keys() & {"due_at", "severity", "opened_at"}:
            _set_clocks(case, row.values.get("due_at"))
        if fresh.keys() & {"first_response_at", "resolved_at", "closed_at"} or not case.id:
            case.state = _state(case, owned=bool(row.values.get("owner")))

    def _classify(self, case: Complaint, fresh: Mapping[str, Any]) -> None:
        if "category" in fresh:
            case.category_id = self.categories.get(fresh["category"].lower())
            case.category_words = None if case.category_id else fresh["category"]
        if "severity" in fresh and fresh["severity"] not in set(Severity):
            case.severity_words = fresh["severity"]
        elif "severity" in fresh:
            case.severity_words = None
            self._judge(case, Severity(fresh["severity"]))

    def _judge(self, case: Complaint, severity: Severity) -> None:
        if case.id is None:
            case.severity = severity
            sla.start(self.session, case)
        elif not self.dry and case.severity != severity:
            sla.mark_breaches(case, now=self.now)
            sla.change(self.session, case, severity, now=self.now)

    def _last_time(self, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        query = (
            select(Event.subject_id, Event.data)
            .where(
                Event.store_id == self.store_id,
                Event.subject == Complaint.__tablename__,
                among(Event.subject_id, ids),
                Event.kind == IMPORTED,
            )
            .order_by(Event.id)
        )
        return {id_: data.get("said", {}) for id_, data in self.session.execute(query)}


class _Written:
    """A case that waits for its vehicle, customer and staff to be written."""

    past: dict[str, Any] | None = None
    new_owner = False

    def __init__(
        self, case: Complaint, said: dict[str, Any], links: dict[str, Held | None]
    ) -> None:
        self.case, self.said, self.links = case, said, links


def _set_clocks(case: Complaint, due_at: datetime | None) -> None:
    """A deadline in the file goes before that of the policy."""
    if due_at is None:
        return
    length = due_at - case.opened_at
    case.close_due_at = due_at
    case.close_half_at = case.opened_at + HALF * length
    case.close_warn_at = case.opened_at + WARNING * length
    case.close_amount = case.close_unit = None


def _facts(case: Complaint) -> dict[str, Any]:
    return {name: getattr(case, name) for name in FACTS}


def _state(case: Complaint, *, owned: bool) -> ComplaintState:
    if case.closed_at:
        return ComplaintState.CLOSED
    if case.resolved_at:
        return ComplaintState.RESOLVED
    if case.replied_at:
        return ComplaintState.IN_PROGRESS if owned else ComplaintState.REPLIED
    return ComplaintState.NEW


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def category_words(session: Session) -> dict[str, int]:
    """The id of each category by its code and its names, in small letters."""
    names: dict[str, int] = {}
    for category in session.scalars(
        select(ComplaintCategory).order_by(ComplaintCategory.id.desc())
    ):
        for word in (category.code, category.name, category.name_zh):
            names[word.lower()] = category.id
    return names
