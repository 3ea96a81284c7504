"""A process that writes promises, one transaction each, and says which are kept.

Run as `python -m tests.torture.promising URL COUNT NOTES` it notes what the disk was asked to do,
and ("kept", n) after the n-th promise was acknowledged. A fourth word replaces `synchronous=FULL`.
With a fifth, a result code of SQLite, the disk refuses to write from some moment of each promise
on: then it notes ("refused", n, trouble), and tries again when the disk writes as ever.
"""

import pickle
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from data import db, embedded
from data.commands import complaints
from data.installing import open_database
from data.models import Complaint
from data.person import SYSTEM, Person, Role
from data.trouble import trouble
from tests import factories
from tests.torture import recorder

DESK = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset({1}))
MOMENTS = 40  # more than a promise has writes: some are refused in the checkpoint after it
NOON = factories.at("2026-03-16 12:00")


def prepare(url: str) -> None:
    """A database with one complaint that can be promised about."""
    open_database(url)
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        factories.complaint(session, store, "2026-03-16 09:00", state="new")
    db.close()


def promise(number: int, who: str = "promise") -> None:
    """Keep one more promise, `number`, as the desk of the case does."""
    with db.writing(by=DESK, key=f"attempt-{who}-{number}") as session:
        case = session.scalars(select(Complaint)).one()
        complaints.promise(
            session,
            complaint_id=case.id,
            version=case.version,
            now=NOON,
            said=f"{who} {number} " + "x" * 500,
            due_at=NOON + timedelta(days=1),
        )


def main(url: str, count: int, notes: str, synchronous: str = "FULL", code: str = "0") -> None:
    """Write promises while somebody reads now and then, so that checkpoints find all kinds."""
    ear = recorder.Ear(recorder.shared_sqlite())
    settings = [one for one in embedded.SETTINGS if not one.startswith("synchronous")]
    embedded.SETTINGS = (*settings, f"synchronous={synchronous}", "wal_autocheckpoint=150")
    db.connect(url)
    for first in range(0, count, 10):
        with ExitStack() as readers:
            if first % 20:
                session = readers.enter_context(db.reading(as_=SYSTEM))
                session.scalars(select(Complaint)).all()
            for number in range(first, first + 10):
                if int(code):
                    refuse_once(ear, number, int(code))
                promise(number)
                ear.notes.append(("kept", number))
    Path(notes).write_bytes(pickle.dumps(ear.notes))


def refuse_once(ear: recorder.Ear, number: int, code: int) -> None:
    """Try to keep a promise while the disk does not write any more, from a moment on."""
    until = len(ear.notes) + number % MOMENTS
    ear.refuse = lambda notes: code if notes >= until else 0
    try:
        promise(number)
    except DBAPIError as error:
        found = trouble(error)
        ear.notes.append(("refused", number, found and found.code))
    ear.refuse = lambda _notes: 0


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
