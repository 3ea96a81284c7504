"""Whose car it is: the vehicle and the customer that a row of another table speaks of.

Vehicles are known by VIN, then plate, then the dealer's key; what contradicts is refused for a
person to look at, and nothing is merged. Such rows complete what is known, they never overwrite.
"""

from collections.abc import Sequence
from typing import Any

from data import policies, veil
from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.desk import Contradiction, Desk
from data.importing.storing.shelf import Held, Shelf
from data.importing.storing.veiled import Veiled
from data.models import Customer, Vehicle

# of these the latest, or highest, is the true one
ADVANCING = (
    *("odometer_km", "next_service_km", "next_service_on", "insurance_until"),
    "inspection_due_on",
)


class Parties:
    """The vehicles and customers that a chunk of rows is about."""

    def __init__(self, desk: Desk) -> None:
        self.vehicles = Shelf(desk, Vehicle, ("vin", "plate", "number"))
        self.customers = Shelf(desk, Customer, ("number", "phone", "name"))
        self.desk, self.doubt = desk, desk.doubt
        self.made_up = veil.kept(desk.session)
        self.veiled: Veiled | None = None

    def load(self, rows: Sequence[Row], customer_number: str, name: str) -> None:
        """Fetch all that `rows` may speak of; the fields of number and name differ by kind."""
        said = [row.values for row in rows]
        self.vehicles.load("vin", [values.get("vin") for values in said])
        self.vehicles.load("plate", [values.get("plate") for values in said])
        self.vehicles.load("number", [vehicle_number(values) for values in said])
        self.customers.load("number", [values.get(customer_number) for values in said])
        self.customers.load("phone", [values.get("phone") for values in said])
        self.customers.load("name", [v.get(name) for v in said if not v.get("phone")])
        if self.made_up:
            self.veiled = Veiled(self.made_up, self, customer_number, name)
            self.veiled.load(rows)
        self.load_owners()
        if self.veiled:
            for row in rows:
                self.veiled.hide(row)

    def leave_out(self, row: Row, customer: Held | None) -> None:
        """Forget what a row says of a customer whose personal data were taken out."""
        if self.veiled and customer and customer["anonymised_at"]:
            self.veiled.hush(row, customer)

    def load_owners(self) -> None:
        """Fetch the owners of the vehicles fetched."""
        owners = [held.values["customer_id"] for held in self.vehicles.by_id.values()]
        self.customers.load("id", [one for one in owners if one not in self.customers.by_id])

    def owner(self, vehicle: Held) -> Held | None:
        """The customer a vehicle belongs to."""
        linked = vehicle.links.get("customer_id")
        return linked or self.customers.by_id.get(vehicle["customer_id"])

    def flush(self) -> None:
        """Write customers, then their vehicles."""
        self.customers.flush()
        cars = (*self.vehicles.new, *self.vehicles.changed)
        self.vehicles.flush()
        insured = [car.id for car in cars if car.id and car["insurance_until"]]
        if insured and not self.desk.dry:
            policies.note(self.desk.session, self.desk.store_id, insured, now=self.desk.now)

    def vehicle(self, row: Row) -> Held | None:
        """The vehicle of a row, a new one where it is not known; None where none is named."""
        values = row.values
        found = self._known(row)
        if found is None:
            found = self._new(values)
        if found is not None:
            self._complete(found, values)
        return found

    def _known(self, row: Row) -> Held | None:
        values = row.values
        if values.get("vin"):
            return self._by_vin(row, values["vin"], values.get("plate"))
        if values.get("plate"):
            return self._by_plate(values, values["plate"])
        return self.vehicles.first("number", vehicle_number(values))

    def _by_vin(self, row: Row, vin: str, plate: str | None) -> Held | None:
        found = known_vehicle(self.vehicles, vin, plate)
        if found is None:
            return None
        if plate and found["plate"] and found["plate"] != plate:
            self.doubt(row, "plate", _other_plate(found, plate))
        self.vehicles.set(found, "vin", vin)
        if not found["plate"]:
            self.vehicles.set(found, "plate", plate)
        return found

    def _by_plate(self, values: dict[str, Any], plate: str) -> Held | None:
        found = known_vehicle(self.vehicles, None, plate)
        owner = found and self.owner(found)
        if owner is None:
            return found
        named = [(values.get("customer"), owner["name"]), (values.get("phone"), owner["phone"])]
        if all(said and stored and said != stored for said, stored in named):
            raise Contradiction(
                "plate",
                "The plate {plate} belongs to {owner}; here somebody else has it. Decide whether "
                "the car or only the plate has changed hands, and give the VIN.",
                plate=plate,
                owner=owner["name"],
            )
        return found

    def _new(self, values: dict[str, Any]) -> Held | None:
        keys = {"vin": values.get("vin"), "plate": values.get("plate")}
        number = None if any(keys.values()) else vehicle_number(values)
        if not number and not any(keys.values()):
            return None
        return self.vehicles.add({**keys, "number": number})

    def _complete(self, vehicle: Held, values: dict[str, Any]) -> None:
        if not vehicle["model"]:
            self.vehicles.set(vehicle, "model", values.get("model"))
        for name in ADVANCING:
            said, stored = values.get(name), vehicle[name]
            if said is not None and (stored is None or said > stored):
                self.vehicles.set(vehicle, name, said)

    def customer(self, row: Row, vehicle: Held | None) -> Held | None:
        """The customer of a row: by number, else the vehicle's owner, else by telephone and name.

        One who is not known is added. Without any word of a customer it is the owner.
        """
        values = row.values
        owner = vehicle and self.owner(vehicle)
        if not any(values.get(name) for name in ("customer_number", "customer", "phone")):
            return owner
        found = self._numbered(row) or self._by_name(row, owner) or self._new_customer(row.values)
        self._fill(found, values)
        if vehicle and owner is None:
            self.vehicles.link(vehicle, "customer_id", found)
        elif owner is not None and owner is not found:
            self.doubt(row, "customer", _other_owner(owner))
        return found

    def _numbered(self, row: Row) -> Held | None:
        return self.customers.first("number", row.values.get("customer_number"))

    def _by_name(self, row: Row, owner: Held | None) -> Held | None:
        values = row.values
        if values.get("customer_number"):
            return None
        name, phone = values.get("customer"), values.get("phone")
        if owner is not None and (phone == owner["phone"] or name == owner["name"]):
            self._doubt_changes(row, owner)
            return owner
        for held in self.customers.find("phone", phone):
            if name is None or held["name"] == name:
                return held
        nameless = [one for one in self.customers.find("name", name) if not one["phone"]]
        return nameless[0] if nameless and not phone else None

    def _doubt_changes(self, row: Row, owner: Held) -> None:
        for field, column in (("customer", "name"), ("phone", "phone")):
            said = row.values.get(field)
            if said and owner[column] and said != owner[column]:
                self.doubt(row, field, _other_word(owner[column]))

    def _new_customer(self, values: dict[str, Any]) -> Held:
        number, phone = values.get("customer_number"), values.get("phone")
        name = values.get("customer") or number or phone
        return self.customers.add({"number": number, "name": name, "phone": phone})

    def _fill(self, customer: Held, values: dict[str, Any]) -> None:
        if not customer["phone"]:
            self.customers.set(customer, "phone", values.get("phone"))
        if customer["name"] in (customer["number"], customer["phone"]):
            self.customers.set(customer, "name", values.get("customer"))


def vehicle_number(values: dict[str, Any]) -> str | None:
    """The key of a vehicle without VIN and plate: the dealer's own, else its customer's."""
    if values.get("vin") or values.get("plate"):
        return None
    owner = values.get("customer_number") or values.get("phone")
    return values.get("vehicle_number") or (f"@{owner}"[:40] if owner else None)


def known_vehicle(vehicles: Shelf, vin: str | None, plate: str | None) -> Held | None:
    """The vehicle with this VIN, else with this plate; Contradiction where they do not agree."""
    found = vehicles.first("vin", vin)
    others = [held for held in vehicles.find("plate", plate) if held is not found]
    rivals = others if found else [held for held in others if held["vin"]]
    if vin and rivals:
        raise Contradiction(
            "plate",
            "The plate {plate} belongs to another vehicle ({other}); here it stands with {vin}. "
            "Decide which vehicle has it.",
            plate=plate,
            other=rivals[0]["vin"] or "-",
            vin=vin,
        )
    if len(others) > 1:
        raise Contradiction(
            "plate", "Several vehicles have the plate {plate}. Give the VIN.", plate=plate
        )
    if found is None and others:
        return others[0]
    return found


def _other_plate(vehicle: Held, plate: str) -> Reason:
    return Reason(
        "The vehicle {vehicle} is known with the plate {known}, not {plate}. The row was taken; "
        "the plate was not changed.",
        vehicle=vehicle["vin"],
        known=vehicle["plate"],
        plate=plate,
    )


def _other_owner(owner: Held) -> Reason:
    return Reason(
        "The vehicle belongs to {owner}. The row was taken for the customer it names; the owner "
        "was not changed.",
        owner=owner["name"],
    )


def _other_word(known: str) -> Reason:
    return Reason("The customer is known with {known} here; that was not changed.", known=known)
