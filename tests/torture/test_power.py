"""The power fails at any moment, and no promise that was acknowledged is lost.

What is real: the application writes promises through its commands, and every write, shortening and
sync that SQLite asks of the disk for it is recorded, in order, with the acknowledgements between.
What is simulated: the cut. At a moment drawn by lot, what was synced is on the disk; of what was
not, each write is there, is not, or is there up to a sector of 512 bytes, whatever came before or
after it. The shared memory of the journal is gone. What is then left is opened as it is.
"""

import json
import pickle
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data import db
from data.disk import look_through
from data.migrations import head, upgrade
from tests.torture import doing, promising, recorder
from tests.torture.conftest import rounds

ROOT = Path(__file__).parents[2]
PROMISES = 100
SECTOR = 512

Note = tuple[Any, ...]


class Disk:
    """What a disk holds for good, and what it was asked to write and may not have written yet."""

    def __init__(self, name: str, content: bytes) -> None:
        self.safe = {name: bytearray(content)}
        self.waiting: dict[str, list[Note]] = {}

    def take(self, note: Note) -> None:
        kind, name = note[:2]
        if kind in ("write", "cut"):
            self.waiting.setdefault(name, []).append(note)
        elif kind == "sync":
            for each in self.waiting.pop(name, []):
                apply(each, self.safe.setdefault(name, bytearray()))
        elif kind == "gone":
            self.safe.pop(name, None)
            self.waiting.pop(name, None)

    def after_a_cut(self, chance: random.Random) -> dict[str, bytearray]:
        left = {name: bytearray(content) for name, content in self.safe.items()}
        for name, notes in self.waiting.items():
            for note in notes:
                if chance.random() < 0.67:
                    apply(torn(note, chance), left.setdefault(name, bytearray()))
        return left


def torn(note: Note, chance: random.Random) -> Note:
    """The whole write, or as many of its sectors as were reached."""
    if note[0] == "cut" or chance.random() < 0.5:
        return note
    kind, name, offset, data = note
    return (kind, name, offset, data[: SECTOR * chance.randrange(len(data) // SECTOR + 1)])


def apply(note: Note, content: bytearray) -> None:
    if note[0] == "cut":
        del content[note[2] :]
        return
    _, _, offset, data = note
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def recorded(folder: Path, synchronous: str) -> tuple[bytes, list[Note]]:
    """The database before, and all that was asked of the disk while promises were written."""
    if recorder.shared_sqlite() is None:
        pytest.skip("Python has an SQLite of its own, whose writes cannot be listened to")
    file, notes = folder / "care.db", folder / "notes"
    promising.prepare(f"sqlite:///{file}")
    before = file.read_bytes()
    words = (f"sqlite:///{file}", str(PROMISES), str(notes), synchronous)
    command = (sys.executable, "-m", "tests.torture.promising", *words)
    subprocess.run(command, cwd=ROOT, check=True)
    return before, pickle.loads(notes.read_bytes())


def cuts(before: bytes, notes: list[Note], count: int, folder: Path) -> dict[str, int]:
    """How many of `count` cuts lost a promise, doubled one, broke the file."""
    chance, disk, kept = random.Random(4), Disk("care.db", before), 0
    moments = sorted(chance.randrange(len(notes)) for _ in range(count))
    found = {"lost": 0, "wrong": 0, "corrupt": 0}
    for number, note in enumerate(notes):
        while moments and moments[0] == number:
            moments.pop(0)
            for fault in faults(disk.after_a_cut(chance), kept, folder):
                found[fault] += 1
        kept += note[0] == "kept"
        disk.take(note)
    return found


def put(left: dict[str, bytearray], folder: Path) -> Path:
    """Lay what is left on the disk into a folder, as the next start finds it."""
    for name in ("care.db", "care.db-wal"):
        (folder / name).unlink(missing_ok=True)
        if name in left:
            (folder / name).write_bytes(left[name])
    return folder / "care.db"


def faults(left: dict[str, bytearray], kept: int, folder: Path) -> list[str]:
    """What is wrong with what is `left` on the disk after `kept` promises were acknowledged."""
    try:
        with closing(sqlite3.connect(put(left, folder))) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone()[0]
            promises = database.execute("SELECT id, words FROM promise ORDER BY id").fetchall()
            logged = database.execute("SELECT data FROM event WHERE kind = 'promised'").fetchall()
    except sqlite3.DatabaseError:
        return ["corrupt"]
    said = [int(words.split()[1]) for _, words in promises]
    told = sorted(json.loads(data)["promise_id"] for (data,) in logged)
    checks = {
        "lost": said[:kept] == list(range(kept)),
        "wrong": len(said) <= kept + 1 and told == [number for number, _ in promises],
        "corrupt": whole == "ok",
    }
    return [fault for fault, fine in checks.items() if not fine]


def test_no_acknowledged_promise_is_lost_when_the_power_fails(tmp_path, measured):
    before, notes = recorded(tmp_path, "FULL")
    assert ("sync", "care.db") in notes  # there were checkpoints, the other moment of danger
    (place := tmp_path / "after").mkdir()
    count = rounds(40, 1000)
    found = cuts(before, notes, count, place)
    assert found == {"lost": 0, "wrong": 0, "corrupt": 0}
    measured(
        gate="power cut",
        aim="1,000 cuts: 0 lost, 0 corrupt",
        figure=f"{count:,} cuts: 0 lost, 0 corrupt",
        database="sqlite",
    )


def test_the_same_cuts_do_lose_promises_where_not_each_is_synced(tmp_path):
    """What the test above would say of a database that promises too early."""
    before, notes = recorded(tmp_path, "NORMAL")
    (place := tmp_path / "after").mkdir()
    assert cuts(before, notes, 20, place)["lost"] > 0


def test_an_upgrade_has_happened_or_not_when_the_power_fails_and_can_be_run_again(
    tmp_path, measured
):
    if recorder.shared_sqlite() is None:
        pytest.skip("Python has an SQLite of its own, whose writes cannot be listened to")
    file, notes, count = tmp_path / "care.db", tmp_path / "notes", rounds(5, 200)
    upgrade(db.connect(f"sqlite:///{file}"), "0001")
    db.close()
    before = file.read_bytes()
    doing.seconds(doing.listened, f"sqlite:///{file}", str(notes))
    (place := tmp_path / "after").mkdir()
    steps = Counter(upgrades(before, pickle.loads(notes.read_bytes()), count, place))
    assert set(steps) == {"0001", head()}
    measured(
        gate="power cut in an upgrade",
        aim="happened or not, and can be run again",
        figure=f"{steps.total()} cuts: {steps['0001']} not, {steps[head()]} happened, 0 half",
        database="sqlite",
    )


def upgrades(before: bytes, notes: list[Note], count: int, folder: Path) -> Iterator[str | None]:
    """The step that the database stands at after each cut; each is then upgraded to the end."""
    chance, disk = random.Random(4), Disk("care.db", before)
    moments = {chance.randrange(len(notes)) for _ in range(count)} | {len(notes) - 1}
    for number, note in enumerate(notes):
        if number in moments:
            yield upgraded(put(disk.after_a_cut(chance), folder))
        disk.take(note)


def upgraded(file: Path) -> str | None:
    found = look_through(file)
    doing.prepare(f"sqlite:///{file}")
    assert look_through(file) == head()
    return found
