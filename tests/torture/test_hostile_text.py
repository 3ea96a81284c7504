"""Hostile text in every column, on every page, in every file: it is read, and does nothing."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from data import db
from data.demo import load
from data.installing import open_database
from data.models import (
    AppUser,
    ChurnCase,
    Complaint,
    Customer,
    Followup,
    Improvement,
    KnownIssue,
    Store,
)
from data.person import RIGHTS, SYSTEM, Role
from pages import CHARTS, PAGES, TABLES, find, right_of_page
from tests.e2e.conftest import Visit, browser_type_launch_args, enter  # noqa: F401
from tests.torture.asking import Asker
from tests.torture.conftest import LONG
from tests.torture.hostile import ELSEWHERE, SIGN, SPARED, TEXTS, called, columns, plant
from tests.torture.house import house

RECORDS = (Complaint, Followup, Improvement, ChurnCase, Customer)
LOGINS = {"manager1": Role.MANAGER, "admin": Role.ADMIN}
ALWAYS = {"/complaints/<number>", "/customers/<number>", "/actions/<number>", "/issues/<code>"}
CERTAIN = {  # pages that show what was planted whatever the day
    "manager1": ALWAYS | {"/callbacks/<number>", "/retention/cases/<number>"},
    "admin": ALWAYS | {"/admin/users/<login>"},
}
LOOKS = [("en", "light"), ("zh", "dark")] if LONG else [("en", "light")]
SHORT_TEXT = 200  # signs; what is longer holds what people wrote
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LEADS = """() => [...document.querySelectorAll('*')].flatMap(one => [...one.attributes])
    .filter(one => /^(on.*|srcdoc)$/i.test(one.name)
        || /^(href|src|action|formaction|xlink:href)$/i.test(one.name)
        && !['', location.host].includes(new URL(one.value, location.href).host)
        || /^(href|src|action|formaction|xlink:href)$/i.test(one.name)
        && !/^(https?|data|blob):$/.test(new URL(one.value, location.href).protocol))
    .map(one => `${one.name}=${one.value}`)"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    made = f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'demo.db'}"
    engine = open_database(made)
    load(engine, stores=2, years=1, as_of=datetime.now(UTC))
    plant()
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def site(url, tmp_path_factory):
    with house(url, tmp_path_factory.mktemp("site")) as running:
        yield running


def _of_the_first(model):
    return select(model).where(model.store_id == 1)


def addresses(url: str, role: Role) -> list[str]:
    """Every page that is open to the role, those of a record with the first that there is."""
    engine = db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        first = {model: session.scalars(_of_the_first(model)).first() for model in RECORDS}
        store = session.scalars(select(Store.code)).first()
        issue = session.scalars(select(KnownIssue.code)).first()
        login = session.scalars(select(AppUser.login)).first()
    engine.dispose()
    named = {
        "/complaints/<number>": first[Complaint].number,
        "/callbacks/<number>": first[Followup].number,
        "/actions/<number>": first[Improvement].number,
        "/retention/cases/<number>": str(first[ChurnCase].id),
        "/customers/<number>": str(first[Customer].id),
        "/issues/<code>": issue,
        "/review/<week>": "2026-W12",
        "/admin/users/<login>": login,
        "/admin/import/<batch>": "1",
    }
    assert {*named} == {page.PATH for page in PAGES if "<" in page.PATH}
    mine = [page.PATH for page in PAGES if right_of_page(page) in {None, *RIGHTS[role]}]
    return [
        f"{path.partition('<')[0]}{quote(str(named[path]), safe='')}?store={store}"
        if path in named
        else path
        for path in mine
    ]


def test_it_stands_in_every_column_that_holds_words():
    found = {f"{column.table.name}.{column.name}" for column in columns()}
    assert {"customer.name", "complaint.content", "vehicle.plate", "promise.words"} <= found
    assert {"customer.phone", "vehicle.vin", "churn_case.list_code"} <= found
    assert len(found) > 50


def test_what_is_spared_is_there_and_no_long_text():
    every = [each for table in db.Base.metadata.sorted_tables for each in table.c]
    named = {name for column in every for name in called(column)}
    spared = set().union(*SPARED.values())
    assert spared <= named
    long = [each for each in every if (getattr(each.type, "length", 0) or 0) > SHORT_TEXT]
    assert [name for each in long for name in called(each) if name in spared] == []


@pytest.mark.e2e
@pytest.mark.parametrize(("lang", "theme"), LOOKS)
@pytest.mark.parametrize("login", LOGINS)
def test_it_does_nothing_on_any_page(browser: Browser, site, url, login, lang, theme, measured):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    cookies = {"lang": lang, "theme": theme}
    context.add_cookies([{"name": k, "value": v, "url": site.address} for k, v in cookies.items()])
    enter(context, site.address, login)
    seen = Visit(context.new_page(), site.address)
    asked: list[str] = []
    seen.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    paths, shown, wrong = addresses(url, LOGINS[login]), set(), {}
    for path in paths:
        if faults := looked_at(seen, path):
            wrong[path] = faults
        pattern = find(path.partition("?")[0])[0].PATH
        if pattern in CERTAIN[login]:
            expect(seen.page.locator("#content")).to_contain_text(SIGN)
        if SIGN in seen.page.inner_text("body"):
            shown.add(pattern)
    context.close()
    assert wrong == {}
    assert asked == []
    assert shown >= CERTAIN[login]
    measured(
        gate="hostile text", aim="nothing runs, links out or leaves; 0 violations, 0 errors",
        figure=f"{login}, {lang}, {theme}: {len(TEXTS)} texts in {len(list(columns()))} columns, "
        f"{len(paths)} pages, {len(shown)} of which show them: nothing",
        database="sqlite",
    )  # fmt: skip


def looked_at(seen: Visit, path: str) -> list[str]:
    """What a hostile text did on the page, if it did anything."""
    seen.problems.clear()
    page = seen.open(path) if "?" in path else seen.go(path)  # a single record: nothing loads on it
    expect(page.locator(".is-loading")).to_have_count(0, timeout=30_000)
    hurt = page.evaluate("window.hurt ? ['it ran'] : []")
    planted = ["it is markup"] * page.locator(".planted").count()
    said = ("page:", "another host", "5")
    loud = [each for each in seen.problems if each.startswith(said) or "Security Policy" in each]
    return [*hurt, *planted, *page.evaluate(LEADS), *loud]


@pytest.fixture
def reader(application, url):
    engine = db.connect(url)
    yield Asker(application.server, "manager1").client
    engine.dispose()


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_file_that_goes_out_holds_a_formula(reader, measured):
    cells = hostile = 0
    for widget in (*CHARTS, *TABLES):
        answer = reader.get(f"/export/{widget.name}.csv")
        if answer.status_code == 404:
            continue  # of a page that is not theirs
        for row in csv.reader(StringIO(answer.text)):
            cells += len(row)
            hostile += sum(any(text[:12] in cell for text in TEXTS) for cell in row)
            assert [c for c in row if c.startswith(FORMULA) and not is_number(c)] == []
        book = load_workbook(BytesIO(reader.get(f"/export/{widget.name}.xlsx").data))
        for row in book.active.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f" or cell.hyperlink] == []
    assert hostile > 100
    measured(
        gate="hostile text", aim="exports neutral", database="sqlite",
        figure=f"{cells} cells of {len([*CHARTS, *TABLES])} files, {hostile} hostile: no formula",
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_report_says_it_as_text(reader, ending):
    month = datetime.now(UTC) - timedelta(days=40)
    answer = reader.get(f"/report/monthly/{month:%Y-%m}.{ending}?store=S1")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.data)) as parts:
        names = parts.namelist()
        ways = {name: parts.read(name) for name in names if name.endswith(".rels")}
        told = "".join(parts.read(name).decode() for name in names if name.endswith(".xml"))
    assert [name for name, way in ways.items() if ELSEWHERE.encode() in way] == []
    assert "<f>" not in told  # a formula of a workbook
    assert "window.hurt" in told  # it was there to be told
