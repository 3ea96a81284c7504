"""The staff that rows name: advisers, technicians, owners of cases."""

from data.importing.storing.desk import Desk
from data.importing.storing.shelf import Held, Shelf
from data.models import Employee


class People:
    """The employees of a store; somebody named for the first time is added under the name."""

    def __init__(self, desk: Desk) -> None:
        self.shelf = Shelf(desk, Employee, ("number", "name"))
        self.shelf.load_all()

    def named(self, name: str | None, role: str) -> Held | None:
        """The employee called `name`, preferably of this role; None where nobody is named."""
        if name is None:
            return None
        found = self.shelf.find("name", name) or self.shelf.find("number", name[:40])
        if not found:
            return self.shelf.add({"number": name[:40], "name": name, "role": role})
        return min(found, key=lambda held: held["role"] != role)
