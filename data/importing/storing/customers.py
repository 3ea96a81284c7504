"""Customers and their vehicles into the database.

The dealer's customer file is the master of what it says: it overwrites, but an empty cell leaves
what is known. Refused for a person to look at: a vehicle that belongs to another customer, a plate
with two VINs, a telephone that another customer has (unless the mapping allows shared ones).
"""

from collections.abc import Sequence
from typing import Any

from data import visits
from data.importing.rows import Row
from data.importing.storing.desk import Contradiction, Desk
from data.importing.storing.parties import Parties, known_vehicle
from data.importing.storing.shelf import Held

PERSON = (
    *("number", "name", "phone", "second_phone", "kind", "value_class", "birthday"),
    *("do_not_call", "purchase_reason"),
)
CAR = (
    *("vin", "plate", "model", "sold_on", "warranty_until", "insurance_until"),
    *("inspection_due_on", "next_service_on"),
)


class Customers:
    """Writes rows of customers."""

    def __init__(self, desk: Desk) -> None:
        self.parties = Parties(desk)
        self.customers, self.vehicles = self.parties.customers, self.parties.vehicles
        self.shared_phones = desk.shared_phones
        self.desk = desk
        self.other_sale: set[int] = set()  # vehicles that were sold on another day than was known

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may meet."""
        self.parties.load(rows, "number", "name")

    def flush(self) -> None:
        """Write, and what is kept of the day a vehicle was sold."""
        self.parties.flush()
        if self.other_sale and not self.desk.dry:
            visits.refresh(self.desk.session.connection(), self.desk.store_id, self.other_sale)
        self.other_sale.clear()

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        values = row.values
        person, vehicle = self._person(values), self._vehicle(values)
        self._check_owner(values, person, vehicle)
        self._check_phone(values, person)
        before = self.customers.changes + self.vehicles.changes
        added = person is None or (vehicle is None and _has_car(values))
        person = self._put_person(person, values)
        self._put_vehicle(vehicle, person, values)
        changed = self.customers.changes + self.vehicles.changes > before
        return "added" if added else "changed" if changed else "unchanged"

    def _person(self, values: dict[str, Any]) -> Held | None:
        """By number; else somebody without a number whom a repair order has named."""
        found = self.customers.first("number", values["number"])
        if found is not None:
            return found
        alike = self.customers.find("phone", values.get("phone"))
        nameless = (one for one in alike if not one["number"] and one["name"] == values["name"])
        return next(nameless, None)

    def _vehicle(self, values: dict[str, Any]) -> Held | None:
        if values.get("vin") or values.get("plate"):
            return known_vehicle(self.vehicles, values.get("vin"), values.get("plate"))
        return self.vehicles.first("number", values.get("vehicle_number"))

    def _check_owner(
        self, values: dict[str, Any], person: Held | None, vehicle: Held | None
    ) -> None:
        owner = vehicle and self.parties.owner(vehicle)
        if vehicle is None or owner is None or owner is person:
            return
        gaps = {"owner": owner["name"], "number": owner["number"] or "-"}
        if (owner["name"], owner["phone"]) != (values["name"], values.get("phone")):
            raise Contradiction("name", OWNER_CHANGED, **gaps)
        plate = values.get("plate")
        if plate and vehicle["plate"] and plate != vehicle["plate"]:
            raise Contradiction("plate", PLATE_CHANGED, known=vehicle["plate"], **gaps)
        raise Contradiction("number", SAME_AGAIN, **gaps)

    def _check_phone(self, values: dict[str, Any], person: Held | None) -> None:
        others = [
            held for held in self.customers.find("phone", values.get("phone")) if held is not person
        ]
        if others and not self.shared_phones:
            other = others[0]
            raise Contradiction(
                "phone", SHARED_PHONE, owner=other["name"], number=other["number"] or "-"
            )

    def _put_person(self, person: Held | None, values: dict[str, Any]) -> Held:
        said = {name: values.get(name) for name in PERSON}
        if person is None:
            return self.customers.add(said)
        for name, value in said.items():
            self.customers.set(person, name, value)
        return person

    def _put_vehicle(self, vehicle: Held | None, person: Held, values: dict[str, Any]) -> None:
        if vehicle is None and not _has_car(values):
            return
        said = {name: values.get(name) for name in CAR}
        if not (said["vin"] or said["plate"]):
            said["number"] = values["vehicle_number"]
        if vehicle and vehicle.id and said["sold_on"] not in (None, vehicle["sold_on"]):
            self.other_sale.add(vehicle.id)
        vehicle = vehicle or self.vehicles.add(said)
        for name, value in said.items():
            self.vehicles.set(vehicle, name, value)
        driven = values.get("odometer_km")
        if driven is not None and driven > (vehicle["odometer_km"] or -1):
            self.vehicles.set(vehicle, "odometer_km", driven)
        self.vehicles.link(vehicle, "customer_id", person)


def _has_car(values: dict[str, Any]) -> bool:
    return any(values.get(name) for name in ("vin", "plate", "vehicle_number"))


OWNER_CHANGED = (
    "This vehicle belongs to {owner} (customer {number}). If it was sold, change the owner in "
    "the customer file."
)
PLATE_CHANGED = (
    "This vehicle belongs to {owner} (customer {number}) and is known with the plate {known}. "
    "Decide which plate and which customer number are right."
)
SAME_AGAIN = (
    "This vehicle and its owner are known already: {owner} (customer {number}), in another "
    "spelling or under another number."
)
SHARED_PHONE = (
    "{owner} (customer {number}) has this telephone number already. If it is one person, use one "
    "customer number; if a family shares it, allow it in the mapping: [rules] shared_phones = true."
)
