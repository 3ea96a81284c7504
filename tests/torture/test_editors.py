"""Fifty people edit one record, twenty times each: what one of them was told is saved, stays.

Each reads the record, counts its number up by one, and saves; who is told that somebody else was
quicker reads again. Were one acknowledged edit lost, the number would be too small in the end.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic

import pytest
from sqlalchemy import select

from data import db, events
from data.commands import Conflict, complaints
from data.migrations import upgrade
from data.models import Complaint
from data.person import SYSTEM
from tests import factories
from tests.conftest import fresh
from tests.examples.house import NOW, PEOPLE, fill, person
from tests.torture.conftest import rounds

EDITORS, EDITS = rounds(8, 50), rounds(5, 20)
SERVED = 8  # at once, as by a process of the server


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    """A database of its own with one case that is being worked on."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'editors.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_editors")
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        fill(session)
        store = factories.store(session, "S3")
        working = {"state": "in_progress", "interim_solution": "0"}
        factories.complaint(session, store, "2026-03-13T09:00", **working)
    yield request.param
    engine.dispose()


class Editor:
    """Somebody who edits the case; knows how long each answer took."""

    def __init__(self, number, server):
        self.took, self.name, self.server = [], f"{number}", server
        with db.reading(as_=SYSTEM) as session:
            self.who = person(session, PEOPLE[0], None)
            self.case = session.scalars(select(Complaint.id)).one()

    def edit(self, number):
        """Count up by one, however often somebody else is quicker."""
        while not self._asked(f"{self.name}-{number}-{len(self.took)}"):
            pass

    def _asked(self, key):
        began = monotonic()
        try:
            return self.server.submit(self._saved, key).result()
        finally:
            self.took.append(monotonic() - began)

    def _saved(self, key):
        with db.reading(as_=self.who) as session:
            seen = session.get_one(Complaint, self.case)
            typed = str(int(seen.interim_solution) + 1)
            given = {"complaint_id": self.case, "version": seen.version, "now": NOW}
        try:
            with db.writing(by=self.who, key=key) as session:
                complaints.interim(session, solution=typed, **given)
        except Conflict:
            return False
        return True


def all_edit():
    """How long each attempt of everybody took."""
    with ThreadPoolExecutor(SERVED) as server, ThreadPoolExecutor(EDITORS) as people:
        return [
            second for some in people.map(partial(edits, server), range(EDITORS)) for second in some
        ]


def edits(server, number):
    editor = Editor(number, server)
    for edit in range(EDITS):
        editor.edit(edit)
    return editor.took


def test_no_acknowledged_edit_of_one_record_is_lost(house, measured):
    took = all_edit()
    acknowledged = EDITORS * EDITS
    with db.reading(as_=SYSTEM) as session:
        case = session.scalars(select(Complaint)).one()
        assert case.interim_solution == str(acknowledged)
        log = [
            (entry.data["version"], entry.data["words"]) for entry in events.history(session, case)
        ]
    assert log == [(n, str(n)) for n in range(1, acknowledged + 1)]
    measured(
        gate=f"{EDITORS} people edit one record, {EDITS} times each",
        aim="0 acknowledged edits lost, 0 × 5xx, slowest ≤ 5 s",
        figure=f"0 of {acknowledged} lost in {len(took)} attempts, slowest {max(took):.1f} s",
        database=house,
    )
