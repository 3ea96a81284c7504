"""/report: what may stand in its address, and what the file is called."""

from urllib.parse import quote

import pytest

from data import db
from data.models import Store
from data.person import SYSTEM
from tests.torture.asking import Asker

pytestmark = pytest.mark.usefixtures("standing_still")


@pytest.fixture(scope="module")
def url(demo_in, tmp_path_factory):
    """Two dealerships, one of which is called in Chinese."""
    made = demo_in(tmp_path_factory.mktemp("reports"))
    engine = db.connect(made)
    with db.writing(by=SYSTEM) as session:
        session.query(Store).filter_by(code="S2").one().code = "浦东"
    engine.dispose()
    return made


@pytest.fixture
def reader(application):
    return Asker(application.server, "principal").client


def named(answer):
    return answer.headers["Content-Disposition"]


def test_a_file_is_called_by_its_kind_its_time_and_its_store(reader):
    month = reader.get("/report/monthly/2026-02.xlsx?store=S1")
    assert named(month) == "attachment; filename=aftercare-month-2026-02-S1.xlsx"
    week = reader.get("/report/weekly/2026-W10.docx?store=S1")
    assert named(week) == "attachment; filename=aftercare-week-2026-W10-S1.docx"


def test_a_store_called_in_chinese_is_in_the_name(reader):
    answer = reader.get(f"/report/weekly/2026-W10.xlsx?store={quote('浦东')}")
    assert answer.status_code == 200
    said = "filename*=UTF-8''aftercare-week-2026-W10-%E6%B5%A6%E4%B8%9C.xlsx"
    assert named(answer) == f"attachment; filename=aftercare-week-2026-W10-.xlsx; {said}"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "weekly/２０２６-W10.xlsx",
        "weekly/2026-W１０.docx",
        "weekly/0001-W01.docx",
        "weekly/0001-W02.docx",
        "weekly/9999-W52.docx",
        "monthly/２０２６-02.docx",
        "monthly/2026-٠2.xlsx",
        "monthly/2026-2.xlsx",
        "monthly/0001-01.xlsx",
        "monthly/9999-12.xlsx",
    ],
)
def test_a_time_that_nobody_writes_so_or_has_data_of_is_not_found(reader, path):
    assert reader.get(f"/report/{path}?store=S1").status_code == 404


@pytest.mark.parametrize("path", ["weekly/1900-W01.docx", "monthly/1990-01.xlsx"])
def test_the_earliest_there_is_has_its_report(reader, path):
    assert reader.get(f"/report/{path}?store=S1").status_code == 200
