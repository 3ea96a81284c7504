"""Repair orders into the database, with their vehicles, customers and staff."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from data import visits
from data.importing.kinds.keys import MADE_UP
from data.importing.rows import Row
from data.importing.storing.desk import Desk
from data.importing.storing.parties import Parties
from data.importing.storing.people import People
from data.importing.storing.shelf import Held, Shelf
from data.models import DeliveredDay, EmployeeRole, RepairOrder

SAID = (
    *("number", "brought_by", "brought_by_phone", "kind", "opened_at", "delivered_at"),
    *("odometer_km", "labour_fen", "parts_fen", "total_fen", "rework", "note"),
)


class Orders:
    """Writes rows of repair orders."""

    def __init__(self, desk: Desk) -> None:
        self.session, self.store_id, self.dry = desk.session, desk.store_id, desk.dry
        self.zone = desk.zone
        self.parties, self.people = Parties(desk), People(desk)
        self.orders = Shelf(desk, RepairOrder, ("number", "vehicle_id"))
        self.some_without_number = self._some_without_number()
        self.days: Counter[date] = Counter()
        self.came: list[Mapping[str, Any] | Held] = []  # orders as they were and as they are

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may meet."""
        self.parties.load(rows, "customer_number", "customer")
        self.orders.load("number", [row.values["number"] for row in rows])
        if self.some_without_number or not all(row.values["numbered"] for row in rows):
            self.orders.load("vehicle_id", list(self.parties.vehicles.by_id))

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        values = row.values
        vehicle = self.parties.vehicle(row)
        customer = self.parties.customer(row, vehicle)
        self.parties.leave_out(row, customer)
        found = self.orders.first("number", values["number"]) or self._same_visit(vehicle, row)
        before = self.orders.changes
        was = dict(found.values) if found else None
        order = self._put(found, row)
        self.orders.link(order, "vehicle_id", vehicle)
        self.orders.link(order, "customer_id", customer)
        for name, role in (
            ("adviser", EmployeeRole.ADVISER),
            ("technician", EmployeeRole.TECHNICIAN),
        ):
            someone = self.people.named(values.get(name), role.value)
            self.orders.link(order, f"{name}_id", someone)
        self._count_day(was["delivered_on"] if was else None, order["delivered_on"])
        if self.orders.changes > before:
            self.came += [order] if was is None else [order, was]
        if found is None:
            return "added"
        return "changed" if self.orders.changes > before else "unchanged"

    def flush(self) -> None:
        """Write, parents before children."""
        self.people.shelf.flush()
        self.parties.flush()
        self.orders.flush()
        self._write_days()
        self._write_visits()
        if self.dry:
            self.orders.forget()  # every number comes once only, and there may be millions

    def _put(self, found: Held | None, row: Row) -> Held:
        said: dict[str, Any] = {name: row.values.get(name) for name in SAID}
        said["opened_on"] = said["opened_at"].astimezone(self.zone).date()
        if said["delivered_at"] is not None:
            said["delivered_on"] = said["delivered_at"].astimezone(self.zone).date()
        if found is None:
            return self.orders.add(said)
        if not row.values["numbered"]:
            del said["number"]
        for name, value in said.items():
            self.orders.set(found, name, value)
        return found

    def _same_visit(self, vehicle: Held | None, row: Row) -> Held | None:
        """The order of the same vehicle and arrival, where one of the two has no number."""
        values = row.values
        if vehicle is None or vehicle.id is None:
            return None
        for held in self.orders.find("vehicle_id", vehicle.id):
            one_without = not values["numbered"] or MADE_UP in held["number"]
            if one_without and held["opened_at"] == values["opened_at"]:
                return held
        return None

    def _some_without_number(self) -> bool:
        query = select(func.count(RepairOrder.id)).where(
            RepairOrder.store_id == self.store_id, RepairOrder.number.contains(MADE_UP)
        )
        return bool(self.session.scalar(query))

    def _count_day(self, before: date | None, after: date | None) -> None:
        if before != after:
            self.days.update({day: change for day, change in ((before, -1), (after, 1)) if day})

    def _write_visits(self) -> None:
        cars, days = ({one[name] for one in self.came} for name in ("vehicle_id", "opened_on"))
        self.came.clear()
        if cars and not self.dry:
            visits.refresh(self.session.connection(), self.store_id, cars, min(days))

    def _write_days(self) -> None:
        changes = {day: change for day, change in self.days.items() if change}
        self.days.clear()
        if self.dry or not changes:
            return
        days: Any = DeliveredDay.__table__
        here = (days.c.store_id == self.store_id, days.c.day.in_(list(changes)))
        connection = self.session.connection()
        known = set(connection.scalars(select(days.c.day).where(*here)))
        more = update(days).where(days.c.store_id == self.store_id, days.c.day == bindparam("on"))
        more = more.values(orders=days.c.orders + bindparam("change"))
        _each(connection, more, [{"on": day, "change": changes[day]} for day in known])
        fresh = [(day, change) for day, change in changes.items() if day not in known]
        rows = [{"store_id": self.store_id, "day": day, "orders": orders} for day, orders in fresh]
        _each(connection, insert(days), rows)


def _each(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
