"""What people edit has a version, so that no save can go over another one unseen."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from data.db import Base, Versioned
from tests.examples import EXAMPLES
from tests.examples.desk import never_kept

HELD = {  # what is changed only while the row that it is part of is locked, at a known version
    "action_complaint": "its action",
    "calendar_exception": "its calendar",
    "vehicle": "its customer",
}
UNEDITED = {"message": "it is sent by one, who claimed it"}
MODELS = {mapper.local_table.name: mapper for mapper in Base.registry.mappers}


@pytest.fixture
def changed():
    """The tables of which a row was changed by the commands that run meanwhile."""
    seen = set()

    def note(session, *_):
        if session.info["key"]:
            rows = (row for row in session.dirty if session.is_modified(row))
            seen.update(row.__tablename__ for row in (*rows, *session.deleted))

    event.listen(Session, "before_flush", note)
    yield seen
    event.remove(Session, "before_flush", note)


def test_every_row_that_a_command_changes_has_a_version_or_is_part_of_one(sqlite_house, changed):
    for name in sorted(EXAMPLES.keys() - {"customers.anonymise"}):
        with never_kept(sqlite_house) as desk:
            desk.do(name, desk.example(name), desk.person(name))
    without = {name for name in changed if MODELS[name].version_id_col is None}
    assert without == HELD.keys() | UNEDITED.keys()


def test_a_version_is_minded_wherever_there_is_one():
    versioned = {name for name, one in MODELS.items() if issubclass(one.class_, Versioned)}
    minded = {name for name, one in MODELS.items() if one.version_id_col is not None}
    assert versioned == minded
    assert minded
