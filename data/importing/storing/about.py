"""What calls and answers are about: the order, its vehicle and its customer."""

from collections.abc import Sequence
from typing import NamedTuple

from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.desk import Desk
from data.importing.storing.parties import Parties
from data.importing.storing.shelf import Held, Shelf
from data.models import RepairOrder


class Matter(NamedTuple):
    """What a row is about, as far as it says."""

    order: Held | None
    vehicle: Held | None
    customer: Held | None


class About:
    """Finds what rows are about; vehicles and customers that nobody knows are added."""

    def __init__(self, desk: Desk) -> None:
        self.doubt, self.parties = desk.doubt, Parties(desk)
        self.orders = Shelf(desk, RepairOrder, ("number",))

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may speak of."""
        self.orders.load("number", [row.values.get("order_number") for row in rows])
        alone = [row for row in rows if not _says_whose(self._order(row))]
        self.parties.load(alone, "customer_number", "customer")
        orders = self.orders.by_id.values()
        self.parties.vehicles.load("id", [order["vehicle_id"] for order in orders])
        self.parties.customers.load("id", [order["customer_id"] for order in orders])
        self.parties.load_owners()

    def load_customers(self, tasks: Shelf) -> None:
        """Fetch whom these callbacks were made to."""
        called = [task["customer_id"] for task in tasks.by_id.values()]
        self.parties.customers.load("id", called)

    def leave_out(self, row: Row, task: Held) -> None:
        """Forget the words of a row about a call to somebody who was made anonymous."""
        self.parties.leave_out(row, self.parties.customers.by_id.get(task["customer_id"]))

    def flush(self) -> None:
        """Write customers and vehicles."""
        self.parties.flush()

    def of(self, row: Row) -> Matter:
        """What the row is about, and whether it may say of whom."""
        matter = self._of(row)
        self.parties.leave_out(row, matter.customer)
        return matter

    def _of(self, row: Row) -> Matter:
        """An order that is known says whose car it was; else the row itself must."""
        order = self._order(row)
        if order is None and row.values.get("order_number"):
            self.doubt(row, "order_number", Reason("There is no repair order of this number."))
        if order is None or not _says_whose(order):
            vehicle = self.parties.vehicle(row)
            return Matter(order, vehicle, self.parties.customer(row, vehicle))
        vehicle = self.parties.vehicles.by_id[order["vehicle_id"]]
        self._compare(row, vehicle)
        customer = self.parties.customers.by_id.get(order["customer_id"])
        return Matter(order, vehicle, customer or self.parties.owner(vehicle))

    def _order(self, row: Row) -> Held | None:
        return self.orders.first("number", row.values.get("order_number"))

    def _compare(self, row: Row, vehicle: Held) -> None:
        for field in ("vin", "plate"):
            said = row.values.get(field)
            if said and vehicle[field] and said != vehicle[field]:
                why = Reason(
                    "The repair order is of the vehicle {known}; the row was taken for that one.",
                    known=vehicle[field],
                )
                return self.doubt(row, field, why)


def _says_whose(order: Held | None) -> bool:
    return order is not None and order["vehicle_id"] is not None
