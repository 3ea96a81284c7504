"""What was measured is told in a table, the last of each test."""

import json

import pytest

from tests.torture import table

LINE = {
    "gate": "power cut", "aim": "0 lost", "figure": "40 cuts: 0 lost", "database": "sqlite",
    "test": "test_power", "long": True, "day": "2026-11-23", "seconds": 130,
}  # fmt: skip


@pytest.fixture
def report(tmp_path):
    def write(*lines):
        file = tmp_path / "report"
        file.write_text("".join(f"{json.dumps(LINE | line)}\n" for line in lines))
        return file

    return write


def test_a_row_tells_what_was_aimed_at_and_what_was_found(report):
    row = table.table(table.lines(report({}))).splitlines()[-1]
    assert row == "| power cut | 0 lost | 40 cuts: 0 lost | sqlite | 2026-11-23 | 2 min |"


def test_the_last_run_of_a_test_is_told(report):
    found = table.lines(report({"figure": "old"}, {"gate": "clicks"}, {"figure": "new"}))
    assert [line["figure"] for line in found] == ["new", LINE["figure"]]


def test_rows_of_a_gate_stand_together(report):
    found = report({"test": "a"}, {"test": "b", "gate": "clicks"}, {"test": "c"})
    rows = table.table(table.lines(found)).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| power cut", "| power cut", "| clicks"]


def test_a_short_run_is_printed_and_not_written_down(report, tmp_path, capsys):
    document = tmp_path / "trust.md"
    document.write_text(f"before {table.BEGIN} old {table.END} after")
    lines = report({"figure": "few", "long": False, "test": "a"}, {"figure": "many"})
    table.main(str(lines), str(document))
    assert "few (short form)" in capsys.readouterr().out
    written = document.read_text()
    assert "many" in written
    assert not {"few", "old"} & {*written.split()}
    assert written.startswith("before")
    assert written.endswith("after")


def test_a_document_without_its_marks_is_left_alone(report, tmp_path):
    document = tmp_path / "trust.md"
    document.write_text("words")
    with pytest.raises(SystemExit, match="measured"):
        table.main(str(report({})), str(document))
    assert document.read_text() == "words"
