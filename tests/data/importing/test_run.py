"""Imports as a whole: batches, rejects, dry runs, deaths half-way."""

import csv

import pytest
from sqlalchemy import event

from data import db, served
from data.commands import Forbidden, NotFound
from data.importing import run
from data.importing.reasons import FileRefused
from data.importing.rejects import harmless
from data.models import Event, ImportBatch, ImportReject, RepairOrder
from data.person import Person, Role
from tests.data.importing.conftest import NOW, outcome

HEADER = "工单号,接待日期,车牌号,备注\n"


def orders(first: int, last: int) -> str:
    return "".join(f"RO{n},2025-03-05,粤BE{n:04},x\n" for n in range(first, last + 1))


def test_a_batch_keeps_file_counts_and_an_event(dealer) -> None:
    content = HEADER + orders(1, 3) + "RO4,2025-02-30,粤BE0004,x\n\n合计,,,\n"
    result = dealer.read("repair-orders", content, name="三月.csv")
    (batch,) = dealer.rows(ImportBatch)
    (event,) = dealer.rows(Event)
    counts = {"read": 4, "added": 3, "changed": 0, "unchanged": 0, "refused": 1}
    assert result.counts() == {**counts, "duplicates": 0, "warnings": 0}
    assert (batch.kind, batch.file, batch.actor, batch.at) == (
        "repair-orders",
        "三月.csv",
        "system",
        NOW,
    )
    assert batch.counts == {
        **result.counts(),
        "skipped": {"blank": 1, "total": 1},
        "complete": True,
    }
    assert len(batch.sha256) == 64
    assert (event.subject, event.subject_id, event.kind) == ("import_batch", batch.id, "imported")
    assert event.data["added"] == 3
    assert result.batch == batch.id


def test_rejects_are_kept_with_their_original_words(dealer) -> None:
    dealer.read("repair-orders", HEADER + "RO4,2025-02-30,粤X,=1+1\0\n" + orders(1, 1))
    (reject,) = dealer.rows(ImportReject)
    assert (reject.line, reject.column) == (2, "接待日期")
    assert reject.reason.startswith("There is no such day in the calendar. This is not a number")
    cells = [["工单号", "RO4"], ["接待日期", "2025-02-30"], ["车牌号", "粤X"], ["备注", "=1+1�"]]
    assert reject.row["cells"] == cells
    assert [one["column"] for one in reject.row["problems"]] == ["接待日期", "车牌号"]


def test_the_rejects_file_can_be_mended_and_read_again(dealer, tmp_path) -> None:
    rejects = tmp_path / "rejects.csv"
    bad = "RO4,2025-02-30,粤BE0004,=1+1\nRO5,2025-03-05\n"
    dealer.read("repair-orders", HEADER + orders(1, 1) + bad, rejects=rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [
        *("refused_line", "refused_column", "refused_because"),
        *("工单号", "接待日期", "车牌号", "备注"),
    ]
    assert rows[1][:3] == ["3", "接待日期", "There is no such day in the calendar."]
    assert rows[1][6] == "'=1+1"
    assert rows[2][2:] == ["The row stops after 2 fields; the header has 4.", "RO5", "2025-03-05"]
    written = rejects.read_text(encoding="utf-8-sig")
    assert ',"2025-02-30","粤BE0004","\'=1+1"\n' in written
    mended = written.replace("2025-02-30", "2025-02-28")
    assert outcome(dealer.read("repair-orders", mended)) == "read 2 added 1 refused 1"
    assert dealer.rows(RepairOrder, "number", "note") == [("RO1", "x"), ("RO4", "=1+1")]


@pytest.mark.parametrize("text", ["=1", "+a", "-a", "@a", "\ta", "\ra", "＝1"])
def test_no_reject_is_taken_for_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+8619900000001", "a=1", "", "-1,234.50"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_dry_run_counts_the_same_and_writes_nothing(dealer, monkeypatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
    stolen = (
        "RO9,2025-03-05,粤BE0001,LZZAB12C1RT000001\nRO10,2025-03-05,粤BE0001,LZZAB12C3RT000002\n"
    )
    rows = "".join(f"RO{n},2025-03-05,粤BE{n % 3:04},\n" for n in range(5)) + stolen
    content = "工单号,接待日期,车牌号,车架号\n" + rows
    before = dealer.all()
    dry = dealer.read("repair-orders", content, dry_run=True)
    assert dealer.all() == before
    assert dry.batch is None
    wet = dealer.read("repair-orders", content)
    assert outcome(dry) == outcome(wet) == "read 7 added 6 refused 1"
    again = dealer.read("repair-orders", content, dry_run=True)
    assert outcome(again) == "read 7 unchanged 6 refused 1"


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("customers", "客户编号,客户名称,车牌号\nK1,张,粤BE0001\n", "read 1 added 1"),
        ("employees", "工号,姓名\nE1,张\n", "read 1 added 1"),
        ("complaints", "投诉编号,投诉时间,级别,责任人\nT1,2025-03-05,一般,张\n", "read 1 added 1"),
    ],
)
def test_every_kind_can_be_tried_dry(dealer, kind: str, content: str, expected: str) -> None:
    before = dealer.all()
    assert outcome(dealer.read(kind, content, dry_run=True)) == expected
    assert dealer.all() == before
    dealer.read(kind, content)
    stored = dealer.all()
    changed = content.replace("张", "李").replace("一般", "重大")
    assert outcome(dealer.read(kind, changed, dry_run=True)) == "read 1 changed 1"
    assert dealer.all() == stored


class Death(Exception):
    pass


def test_an_import_that_dies_is_completed_by_reading_again(dealer, monkeypatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 10)
    job = dealer.job("repair-orders", HEADER + orders(1, 35))

    def die(done: int, total: int) -> None:
        assert total == 36
        if done > 25:
            raise Death

    with pytest.raises(Death):
        run.import_file(job, die)
    assert len(dealer.rows(RepairOrder)) == 30
    (dead,) = dealer.rows(ImportBatch)
    assert (dead.counts["added"], dead.counts["complete"]) == (30, False)
    result = run.import_file(job, lambda done, total: None)
    assert outcome(result) == "read 35 added 5 unchanged 30"
    assert len(dealer.rows(RepairOrder)) == 35


def test_a_refused_file_leaves_nothing_behind(dealer) -> None:
    before = dealer.all()
    for content in ("", HEADER, "foo,bar\n1,2\n"):
        with pytest.raises(FileRefused):
            dealer.read("repair-orders", content)
    assert dealer.all() == before


def person(role: Role, stores: frozenset[int] | None) -> Person:
    return Person(login="li", name="Li", role=role, stores=stores)


def test_only_who_administers_the_store_may_import(dealer) -> None:
    content = HEADER + orders(1, 1)
    with pytest.raises(NotFound, match="no store S9"):
        dealer.read("repair-orders", content, store_code="S9")
    with pytest.raises(Forbidden):
        dealer.read("repair-orders", content, by=person(Role.MANAGER, None))
    with pytest.raises(NotFound, match="no store S1"):
        dealer.read("repair-orders", content, by=person(Role.ADMIN, frozenset({2})))
    admin = person(Role.ADMIN, frozenset({1}))
    for kind, table in (
        ("repair-orders", content),
        ("customers", "客户编号,客户名称,车牌号\nK1,张,粤BE0001\n"),
        ("employees", "工号,姓名\nE1,张\n"),
        ("complaints", "投诉编号,投诉时间,级别,责任人\nT1,2025-03-05,一般,张\n"),
    ):
        assert dealer.read(kind, table, by=admin).refused == 0
    assert {batch.actor for batch in dealer.rows(ImportBatch)} == {"li"}


def test_while_much_is_read_postgresql_looks_at_the_new_tables(dealer, monkeypatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
    assert dealer.read("repair-orders", HEADER + orders(1, 3)).added == 3
    if db.engine().dialect.name == "postgresql":
        with db.engine().connect() as connection:
            new = connection.scalars(served.NEVER_LOOKED_AT).all()
        assert {"repair_order", "vehicle", "visit"}.isdisjoint(new)


def test_it_looks_at_a_new_table_before_rows_refer_to_it_and_not_again(dealer) -> None:
    heard: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *given: heard.append(given[2]))
    dealer.read("repair-orders", HEADER.replace("备注", "客户名称") + orders(1, 2))
    served_here = db.engine().dialect.name == "postgresql"
    looks = [one for one in heard if one.startswith("ANALYZE (SKIP_LOCKED)")]
    new = ["customer", "vehicle", "repair_order"] if served_here else []
    assert looks == [f"ANALYZE (SKIP_LOCKED) {table}" for table in new]
    visits = next(place for place, one in enumerate(heard) if one.startswith("INSERT INTO visit"))
    assert all(heard.index(look) < visits for look in looks)
    dealer.read("repair-orders", HEADER.replace("备注", "客户名称") + orders(3, 4))
    assert len([one for one in heard if one.startswith("ANALYZE (SKIP_LOCKED)")]) == len(looks)
