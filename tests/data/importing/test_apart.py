"""Imports in a process of their own: results, refusals, limits."""

import gc
import json
import sys
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter

from data import db
from data.commands import NotFound
from data.importing import child
from data.importing.apart import Allowance, ImportFailed, preview, run_import
from data.importing.job import Job, job_as_json, job_from
from data.importing.reasons import FileRefused
from data.person import SYSTEM, Person, Role
from tests.data.importing.conftest import NOW, outcome

ORDERS = "工单号,接待日期,车牌号,天气\nRO1,2025-03-05,粤BE0001,晴\nRO2,2025-02-30,粤BE0001,雨\n"
IN = {"store_code": "S1", "by": SYSTEM, "now": NOW}


def test_an_import_reports_progress_and_its_result(dealer, write, tmp_path) -> None:
    heard: list[tuple[int, int]] = []
    result = run_import(
        "repair-orders",
        write(ORDERS, "upload.tmp"),
        name="三月.csv",
        rejects=tmp_path / "rejects.csv",
        on_progress=lambda done, total: heard.append((done, total)),
        **IN,
    )
    assert outcome(result) == "read 2 added 1 refused 1"
    assert str(result.refusals[0]) == "There is no such day in the calendar."
    assert heard == [(3, 3)]
    assert (tmp_path / "rejects.csv").exists()
    assert dealer.all()["repair_order"] == 1


def test_a_preview_shows_columns_and_rows_and_writes_nothing(dealer, write) -> None:
    before = dealer.all()
    shown = preview(write(ORDERS, encoding="gbk"), "repair-orders", **IN)
    assert shown.columns[:2] == [("工单号", "number"), ("接待日期", "opened_at")]
    assert (shown.encoding, shown.separator, shown.header_line) == ("gb18030", ",", 1)
    assert shown.unread == ["天气"]
    assert shown.rows == [
        (2, ["RO1", "2025-03-05", "粤BE0001", "晴"]),
        (3, ["RO2", "2025-02-30", "粤BE0001", "雨"]),
    ]
    assert dealer.all() == before


def test_refusals_arrive_as_they_were_said(dealer, write) -> None:
    with pytest.raises(FileRefused) as refused:
        run_import("repair-orders", write("a,b\x07\n1,2\n"), **IN)
    assert refused.value.sentence.startswith("No header was recognised")
    assert refused.value.gaps["words"] == "a | b�"
    with pytest.raises(NotFound, match="no store S9"):
        run_import("repair-orders", write(ORDERS), **{**IN, "store_code": "S9"})


def test_a_file_that_takes_too_long_is_stopped(dealer, write) -> None:
    with pytest.raises(FileRefused, match="stopped after 0 minutes"):
        run_import("repair-orders", write(ORDERS), allowance=Allowance(seconds=0.001), **IN)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory")
def test_a_file_that_takes_too_much_memory_does_not_take_the_server_with_it(dealer, write) -> None:
    path = write("", "bomb.xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工单号", "接待日期", "备注"])
        for row in range(1, 5_000):  # one text of 32 kB that every cell points to: 600 MB built
            sheet.write_row(row, 0, ["x" * 32_000] * 4)
    with pytest.raises(FileRefused, match="needs more memory"):
        run_import("repair-orders", path, allowance=Allowance(memory_bytes=700_000_000), **IN)


def test_what_is_not_the_files_fault_is_said_to_be_a_failure(dealer, write, tmp_path) -> None:
    nowhere = tmp_path / "no folder" / "rejects.csv"
    with pytest.raises(ImportFailed, match="FileNotFoundError"):
        run_import("repair-orders", write(ORDERS), rejects=nowhere, **IN)


def test_a_job_travels_unchanged() -> None:
    by = Person(login="li", name="Li", role=Role.ADMIN, stores=frozenset({2, 1}), id=7)
    job = Job(kind="customers", path=Path("a.csv"), store_code="S1", by=by, now=NOW, sheet="一")
    assert job_from(job_as_json(job)) == job


def test_a_process_for_a_file_looks_for_no_garbage_in_what_it_has_loaded(
    dealer, write, monkeypatch, capsys
) -> None:
    job = Job(kind="repair-orders", path=write(ORDERS), **IN)
    url = db.engine().url.render_as_string(hide_password=False)
    task = {"what": "import", "job": job_as_json(job), "memory_bytes": 0, "url": url}
    monkeypatch.setattr(sys, "stdin", StringIO(json.dumps(task)))
    monkeypatch.setattr(child, "limit_memory", lambda most: None)
    gc.unfreeze()
    child.main()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["result"]["added"] == 1
