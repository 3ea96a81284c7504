"""Rows about customers whose personal data were taken out: they are counted, and not named again.

The keys of such a row are made up as those in the database were, so it finds its vehicle and its
customer; its words and further data are left out.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.shelf import Held
from data.veil import Veil

if TYPE_CHECKING:
    from data.importing.storing.parties import Parties

LEFT_OUT = (
    *("second_phone", "birthday", "purchase_reason", "brought_by", "brought_by_phone"),
    *("content", "solution", "comment", "note"),
)


class Veiled:
    """Knows the rows of a file that are about somebody who was made anonymous."""

    def __init__(self, veil: Veil, parties: "Parties", number: str, name: str) -> None:
        self.veil, self.number, self.name = veil, number, name
        self.vehicles, self.customers = parties.vehicles, parties.customers
        self.parties = parties

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may speak of under made-up keys."""
        said = [row.values for row in rows]
        for column in ("vin", "plate"):
            self.vehicles.load(column, [self._key(values.get(column)) for values in said])
        own = [f"@{key}" for v in said if (key := self._key(v.get("phone")))]
        self.vehicles.load("number", own)
        phones = [v.get(name) for v in said for name in ("phone", "brought_by_phone")]
        self.customers.load("phone", [self._key(phone) for phone in phones])
        self.customers.load("name", [self._key(v.get(self.name)) for v in said])
        self.customers.load("number", [self._key(v.get(self.number)) for v in said])

    def hide(self, row: Row) -> None:
        """Give a row made-up keys where the database has them, and leave the person out."""
        values = row.values
        for column in ("vin", "plate"):
            key = self._key(values.get(column))
            if self.vehicles.find(column, key):
                values[column] = key
        if self.customers.find("phone", self._key(values.get("brought_by_phone"))):
            values["brought_by"] = values["brought_by_phone"] = None
        person = self._person(values)
        if person is not None:
            self.hush(row, person)

    def hush(self, row: Row, person: Held) -> None:
        """Leave out of a row what is personal; `person` says under which keys it is known."""
        values = row.values
        for name, kept in ((self.name, person["name"]), ("phone", person["phone"])):
            if values.get(name) and values[name] != kept:
                values[name] = kept
                self.parties.doubt(row, name, Reason(LEFT))
        if values.get(self.number):
            values[self.number] = person["number"] or values[self.number]
        for column in ("vin", "plate"):
            if values.get(column) and not self.vehicles.find(column, values[column]):
                values[column] = self.veil(values[column])
        values.update({name: None for name in LEFT_OUT if name in values})

    def _key(self, said: str | None) -> str | None:
        return self.veil(said) if said else None

    def _person(self, values: dict[str, Any]) -> Held | None:
        """The anonymous customer a row speaks of; one who is known by name goes first."""
        number, phone, name = (values.get(one) for one in (self.number, "phone", self.name))
        found = self.customers.first("number", number)
        if found is not None:
            return found if found["anonymised_at"] else None
        if any(one["name"] == name for one in self.customers.find("phone", phone)):
            return None
        by_phone = self.customers.first("phone", self._key(phone))
        return (
            self.customers.first("number", self._key(number))
            or by_phone
            or self._owner(values, phone, name)
            or (None if phone or number else self._nameless(name))
        )

    def _owner(self, values: dict[str, Any], phone: str | None, name: str | None) -> Held | None:
        """The owner of the car, unless the row names somebody else with a number of their own."""
        vehicle = (
            self.vehicles.first("vin", values.get("vin"))
            or self.vehicles.first("plate", values.get("plate"))
            or self.vehicles.first("number", values.get("vehicle_number"))
        )
        owner = vehicle and self.parties.owner(vehicle)
        if owner is None or not owner["anonymised_at"]:
            return None
        return owner if phone is None or self._key(name) == owner["name"] else None

    def _nameless(self, name: str | None) -> Held | None:
        """Somebody who was known by name alone."""
        found = self.customers.find("name", self._key(name))
        return next((one for one in found if not one["phone"] and one["anonymised_at"]), None)


LEFT = (
    "The personal data of this customer were taken out. The row was taken; who it is was left out."
)
