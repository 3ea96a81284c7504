"""Employees into the database: known by number, or until then by name."""

from collections.abc import Sequence
from typing import Any

from data.importing.rows import Row
from data.importing.storing.desk import Desk
from data.importing.storing.people import People
from data.importing.storing.shelf import Held
from data.models import EmployeeRole

FIELDS = ("number", "name", "role", "department", "active")


class Employees:
    """Writes rows of employees."""

    def __init__(self, desk: Desk) -> None:
        self.people = People(desk)

    def load(self, rows: Sequence[Row]) -> None:
        """Everybody is fetched at once: a store has few."""

    def flush(self) -> None:
        """Write."""
        self.people.shelf.flush()

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged"."""
        shelf, values = self.people.shelf, row.values
        found = self._known(values)
        if found is None:
            said = {name: values.get(name) for name in FIELDS}
            shelf.add({**said, "role": said["role"] or EmployeeRole.OTHER.value})
            return "added"
        before = shelf.changes
        numbered = values["number"] != values["name"][:40]
        for name in FIELDS:
            if name != "number" or numbered:
                shelf.set(found, name, values.get(name))
        return "changed" if shelf.changes > before else "unchanged"

    def _known(self, values: dict[str, Any]) -> Held | None:
        """By number; else whom other tables have named so far, who then gets the number."""
        found = self.people.shelf.first("number", values["number"])
        if found is not None:
            return found
        alike = self.people.shelf.find("name", values["name"])
        if values["number"] == values["name"][:40]:
            return alike[0] if len(alike) == 1 else None
        return next((one for one in alike if one["number"] == one["name"][:40]), None)
