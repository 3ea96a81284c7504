"""Reports as files: the numbers of the metrics, in both languages, and no word that calculates."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from dashboard import reports
from dashboard.reports.monthly import NUMBERS, month_of, month_scope
from dashboard.reports.paper import document
from dashboard.reports.shape import Report, Section, Table
from dashboard.reports.weekly import moved
from data import db
from data.commands import NotFound, Refused
from data.exporting import Column
from data.metrics import complaints, followups, satisfaction
from data.models import Improvement, Store, SurveyResponse
from data.person import SYSTEM, Person, Role
from tests.conftest import NOW

EVIL = ("=1+1", "+49", "@SUM(A1)", "-2+3", "\t=1", "https://evil.example/x")  # fmt: skip
ASKED = {"store": "S1", "language": "en", "as_of": NOW}


@pytest.fixture(scope="module")
def group(demo_in, tmp_path_factory):
    """A small group's year, with words in it that a spreadsheet would calculate."""
    url = demo_in(tmp_path_factory.mktemp("reports"))
    engine = db.connect(url)
    with db.writing(by=SYSTEM) as session:
        first = session.query(Store).filter_by(code="S1").one().id
        answers = session.query(SurveyResponse).filter_by(store_id=first)
        latest = answers.order_by(SurveyResponse.answered_at.desc()).limit(len(EVIL)).all()
        for answer, said in zip(latest, EVIL, strict=True):
            answer.comment = said
        session.query(Improvement).filter_by(store_id=first).first().title = EVIL[0]
    engine.dispose()
    return url


@pytest.fixture
def database(group):
    engine = db.connect(group)
    yield engine
    engine.dispose()


def book(month="2026-02", **asked):
    made = reports.make("monthly", month, ending="xlsx", **ASKED | asked)
    return load_workbook(BytesIO(made.content))


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def row_of(sheet, title):
    """The values of the row that begins with `title`."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return next(row for row in rows if row[0] == title)


def words_of(document):
    """All words of a DOCX: its paragraphs, then its tables."""
    found = [paragraph.text for paragraph in document.paragraphs]
    return found + [c.text for t in document.tables for row in t.rows for c in row.cells]


def test_the_month_says_what_the_metrics_say_with_their_denominators(database):
    scope = month_scope(date(2026, 2, 1), stores=["S1"], zone="Asia/Shanghai", as_of=NOW)
    summary = book()["Summary"]
    with db.reading(as_=SYSTEM) as session:
        for metric in (followups.completion_rate, satisfaction.csat_t2b):
            said = metric(session, scope).summary
            row = row_of(summary, metric.title)
            assert row[1] == f"{said['value'] * 100:.1f}%"
            assert row[2:5] == [said["numerator"], said["denominator"], said["not_due"]]
    assert len([c for c in cells(summary) if c.column == 1]) >= len(NUMBERS)


def test_charts_are_native_and_of_the_rows_beside_them(database):
    charts = [chart for sheet in book().worksheets for chart in sheet._charts]
    assert len(charts) == 4
    for chart in charts:
        for series in chart.series:
            assert "!$" in (series.val.numRef.f)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_is_a_formula_or_a_link(database, language):
    said = []
    for sheet in book("2026-03", language=language).worksheets:
        said += [str(cell.value) for cell in cells(sheet)]
        assert not [cell for cell in cells(sheet) if cell.data_type == "f" or cell.hyperlink]
    assert set(EVIL) - {"\t=1"} <= set(said)


def test_it_ends_in_corrective_and_preventive_measures_with_owners_and_dates(database):
    made = reports.make("monthly", "2026-02", ending="docx", **ASKED)
    document = Document(BytesIO(made.content))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[-1] == "Corrective and preventive measures"
    last = document.tables[-1]
    assert [cell.text for cell in last.rows[0].cells][4:] == ["Owner", "Until", "State"]
    assert all(row.cells[4].text and row.cells[5].text for row in last.rows[1:])
    page = document.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == (
        pytest.approx(210, 0.01),
        pytest.approx(297, 0.01),
    )


def test_in_chinese_every_style_has_a_chinese_font(database):
    made = reports.make("weekly", "2026-W10", ending="docx", **ASKED | {"language": "zh"})
    document = Document(BytesIO(made.content))
    assert "周例会 2026-W10" in words_of(document)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia")


def test_a_paper_leaves_out_what_no_xml_may_hold():
    words = "a\0\x0b\x1f\ud800\udfff\ufffe\uffffb \ufffd\ue000 好😀"
    table = Table("T", [Column("said", "Said")], [{"said": words}], "")
    report = Report("R", (words,), "UTC", (Section("S", (words,), (table,)),))
    told = words_of(Document(BytesIO(document(report))))
    assert told.count("ab \ufffd\ue000 好😀") == 3


def test_a_month_that_is_not_over_says_so(database):
    made = reports.make("monthly", "2026-03", ending="docx", **ASKED)
    assert "This month is not over: its figures will change." in words_of(
        Document(BytesIO(made.content))
    )


def test_the_week_shows_what_became_of_the_frozen_numbers(database):
    made = reports.make("weekly", "2026-W11", ending="xlsx", **ASKED)
    sheet = load_workbook(BytesIO(made.content))["What really changed"]
    heads = ["Last week, frozen", "Last week, now", "By late entries", "By new ones"]
    assert row_of(sheet, "Indicator")[5:9] == heads
    assert all(row_of(sheet, complaints.complaints_per_1000_orders.title)[5:9])


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [
        (None, "share", "–"),
        (0.0, "share", "none"),
        (-0.008, "share", "−0.8 points"),
        (3.0, "count", "+3"),
        (-1.25, "points", "−1.2"),
    ],
)
def test_a_change_is_said_in_its_unit(change, unit, said):
    assert moved(change, unit) == said


def test_somebody_gets_their_own_stores_alone(database):
    mine = Person(login="m", name="M", role=Role.MANAGER, stores=frozenset({1}))
    whole = book(store=None, person=mine)
    alone = book(store="S1", person=mine)
    assert [c.value for c in cells(whole["Callbacks"])][2:] == [
        c.value for c in cells(alone["Callbacks"])
    ][2:]
    with pytest.raises(NotFound):
        book(store="S2", person=mine)
    with pytest.raises(NotFound):
        reports.make("weekly", "2026-W10", ending="docx", person=mine, **ASKED | {"store": "S2"})


@pytest.mark.parametrize(
    ("kind", "period", "words"),
    [
        ("monthly", "2026-13", "not a month"),
        ("monthly", "2027-01", "has not begun"),
        ("weekly", "2026-W60", "not a week"),
    ],
)
def test_a_period_that_is_none_is_refused(database, kind, period, words):
    with pytest.raises(Refused, match=words):
        reports.make(kind, period, ending="xlsx", **ASKED)


def test_a_week_of_several_stores_wants_one_named(database):
    with pytest.raises(Refused, match="name the store"):
        reports.make("weekly", "2026-W10", ending="xlsx", **ASKED | {"store": None})


WRONG = ("2026", "10-2026", "", "2026-00", "2026-1", "２０２６-10", "0001-01", "2100-01")


def test_months_are_read_as_they_are_written():
    assert month_of("2026-10") == date(2026, 10, 1)
    assert [month_of(text) for text in WRONG] == [None] * len(WRONG)
