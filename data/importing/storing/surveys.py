"""Answers that came without a recorded call, or belong to one, into the database."""

from collections.abc import Sequence

from data.importing.reasons import Reason
from data.importing.rows import Row
from data.importing.storing.about import About, Matter
from data.importing.storing.answers import Answers
from data.importing.storing.desk import Contradiction, Desk
from data.importing.storing.shelf import Held, Shelf
from data.models import Followup


class Surveys:
    """Writes rows of answers."""

    def __init__(self, desk: Desk) -> None:
        self.doubt, self.dry = desk.doubt, desk.dry
        self.about, self.answers = About(desk), Answers(desk)
        self.tasks = Shelf(desk, Followup, ("number",))

    def load(self, rows: Sequence[Row]) -> None:
        """Fetch what the rows may meet."""
        self.about.load(rows)
        self.tasks.load("number", [row.values.get("callback_number") for row in rows])
        self.about.load_customers(self.tasks)
        self.answers.load("callback_id", list(self.tasks.by_id))
        self.answers.load("number", [row.values["number"] for row in rows])

    def write(self, row: Row) -> str:
        """Take one row; "added", "changed" or "unchanged". Contradiction refuses it."""
        values = row.values
        known = self.answers.responses.first("number", values["number"])
        task = self._task(row)
        self._refuse_second(task, known)
        matter, before = self._matter(row, task), self.answers.changes
        kept = self.answers.put(
            known, values, number=values["number"], answered_at=values["answered_at"]
        )
        self._link(kept, task, matter)
        if known is None:
            return "added"
        return "changed" if self.answers.changes > before else "unchanged"

    def flush(self) -> None:
        """Write."""
        self.about.flush()
        self.answers.flush()
        if self.dry:
            self.tasks.forget()

    def _task(self, row: Row) -> Held | None:
        number = row.values.get("callback_number")
        task = self.tasks.first("number", number)
        if number and task is None:
            why = Reason("There is no callback of this number; the answers stand alone.")
            self.doubt(row, "callback_number", why)
        return task

    def _refuse_second(self, task: Held | None, known: Held | None) -> None:
        there = self.answers.responses.find("callback_id", task.id) if task else ()
        if task and any(one is not known for one in there):
            raise Contradiction(
                "callback_number",
                "The callback {number} has answers already. Decide which hold.",
                number=task["number"],
            )

    def _matter(self, row: Row, task: Held | None) -> Matter:
        """A callback that is known says what it is about."""
        says = ("order_number", "vin", "plate", "vehicle_number", "customer_number", "phone")
        if task is None or any(row.values.get(name) for name in says):
            return self.about.of(row)
        self.about.leave_out(row, task)
        return Matter(None, None, None)

    def _link(self, kept: Held, task: Held | None, matter: Matter) -> None:
        shelf = self.answers.responses
        if task is not None:
            shelf.set(kept, "callback_id", task.id)
        for column, held in (("order_id", matter.order), ("vehicle_id", matter.vehicle)):
            if kept[column] is not None or column in kept.links:
                continue
            if task is not None and task[column] is not None:
                shelf.set(kept, column, task[column])
            else:
                shelf.link(kept, column, held)
