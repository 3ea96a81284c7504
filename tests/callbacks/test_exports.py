"""/export gives the rows of the screen as a file: all of them, one's own alone, in one's words."""

import csv
from io import BytesIO, StringIO

import pytest
from flask import Flask
from flask_bootstrap import Bootstrap5
from openpyxl import load_workbook

from callbacks import clock, exports
from dashboard import i18n, security
from dashboard.settings import Settings
from data import db
from data.demo.stores import PASSWORD
from pages import CHARTS, TABLES, overview

pytestmark = pytest.mark.usefixtures("standing_still")

DECISIONS = f"/export/{overview.DECISIONS.name}.csv"


@pytest.fixture(scope="module")
def url(demo_in, tmp_path_factory):
    return demo_in(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def server():
    made = Flask("dashboard")
    Bootstrap5(made)
    i18n.init(made, None)
    security.init(made, Settings(secret_key="s" * 32))
    exports.init(made)
    made.config[clock.ZONE] = "Asia/Shanghai"
    return made


def as_(server, login):
    visitor = server.test_client()
    visitor.get("/login")
    token = visitor.get_cookie("_csrf_token").value
    form = {"login": login, "password": PASSWORD, "csrf_token": token}
    assert visitor.post("/login", data=form).status_code == 303
    return visitor


@pytest.fixture
def principal(server):
    return as_(server, "principal")


def rows(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_nobody_gets_a_file_without_a_login(server):
    assert server.test_client().get(DECISIONS).status_code == 401


def test_a_table_has_its_columns_and_all_its_rows(principal):
    found = rows(principal.get(DECISIONS))
    assert list(found[0]) == [
        "Number", "Why", "Severity", "What it is about", "Store", "Owner", "Deadline",
    ]  # fmt: skip
    assert {row["Store"] for row in found} == {"S1", "S2"}
    assert "Escalated" in {row["Severity"] for row in found}


def test_a_long_table_is_asked_for_piece_by_piece_and_comes_whole(principal, monkeypatch):
    whole = rows(principal.get(DECISIONS))
    monkeypatch.setattr(exports, "PIECE", 3)
    assert rows(principal.get(DECISIONS)) == whole
    assert len(whole) > 3


def test_the_file_obeys_the_filters_of_the_page(principal):
    whole, narrowed = rows(principal.get(DECISIONS)), rows(principal.get(f"{DECISIONS}?store=S1"))
    assert narrowed == [row for row in whole if row["Store"] == "S1"]


def test_a_person_gets_the_rows_of_their_stores_alone(server, principal):
    manager = as_(server, "manager1")
    mine = rows(manager.get(DECISIONS))
    assert mine == rows(principal.get(f"{DECISIONS}?store=S1"))
    assert rows(manager.get(f"{DECISIONS}?store=S2")) == []


class Marked:
    """A translation that can be told from the original."""

    def gettext(self, sentence: str) -> str:
        return f"«{sentence}»"


def test_the_file_speaks_the_readers_language(principal, monkeypatch):
    monkeypatch.setattr(i18n, "catalog", lambda _language: Marked())
    first = rows(principal.get(DECISIONS))[0]
    assert {title[0] for title in first} == {"«"}
    assert first["«Severity»"].startswith("«")


def test_a_file_has_a_plain_name_with_the_day(principal):
    answer = principal.get(DECISIONS)
    assert answer.mimetype == "text/csv"
    named = 'attachment; filename="overview-decisions-2026-03-16.csv"'
    assert answer.headers["Content-Disposition"] == named


def test_every_chart_and_table_is_given_in_both_shapes(server):
    everybody = [as_(server, login) for login in ("principal", "manager1", "admin")]
    for widget in (*CHARTS, *TABLES):
        csv_path, xlsx_path = (f"/export/{widget.name}.{ending}" for ending in ("csv", "xlsx"))
        reader = next(visitor for visitor in everybody if visitor.get(csv_path).status_code == 200)
        header, *lines = csv.reader(StringIO(reader.get(csv_path).text.removeprefix("\ufeff")))
        book = load_workbook(BytesIO(reader.get(xlsx_path).data))
        sheet = list(book.active.values)
        assert header == list(sheet[0])
        assert len(lines) == len(sheet) - 1


@pytest.mark.parametrize("path", ["nothing.csv", "overview-decisions.pdf", "..%2fx.csv", ".csv"])
def test_what_is_not_there_is_404(principal, path):
    assert principal.get(f"/export/{path}").status_code == 404


def test_a_role_that_may_not_see_figures_gets_no_file(server):
    assert as_(server, "agent1").get(DECISIONS).status_code == 404


def fails(*_args):
    raise OSError("the database went away")


def test_a_question_that_fails_is_an_error_and_no_broken_file(principal, monkeypatch):
    monkeypatch.setattr(exports, "_of_table", fails)
    assert principal.get(DECISIONS).status_code == 500


def test_the_database_is_let_go_when_the_reader_leaves_early(principal):
    answer = principal.get(DECISIONS, buffered=False)
    next(answer.iter_encoded())
    answer.close()
    assert db.engine().pool.checkedout() == 0
