"""A spreadsheet in a real browser: from a file to its rows, and back to what was refused."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import objections

pytestmark = pytest.mark.e2e
ORDERS = "单据,接待日期,车牌号,备注\nE2E1,2025-03-05,粤BE0001,好\nE2E2,2025-02-30,粤BE0001,=1+1\n"
PAGE = "/admin/import"
ANOTHER = re.compile("nother file|其他文件")


@pytest.fixture
def file(tmp_path):
    """A dealer's file with a word of its own for the number, and a day that never was."""
    path = tmp_path / "march.csv"
    path.write_text(ORDERS, encoding="gbk")
    return path


def first_step(seen) -> Page:
    """The first step, whatever the last test has left there."""
    page = seen.open(PAGE)
    if page.locator("#import-drop").count() == 0:
        page.locator("#import-body button", has_text=ANOTHER).first.click()
    expect(page.locator("#import-drop")).to_be_visible()
    return page


def begin(seen, kind: str = "repair-orders") -> Page:
    """The first step with all chosen but the file."""
    page = first_step(seen)
    page.locator("#import-store").select_option("S1")
    page.locator(f"input[value={kind}]").check()
    return page


def choose(page: Page, path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#import-drop .choose").click()
    chooser.value.set_files(path)


def number(page: Page, name: str):
    return page.locator(".counts div", has_text=name).locator("dd")


def test_a_file_is_looked_at_checked_and_read_in(visit, file):
    seen = visit("admin")
    page = begin(seen)
    choose(page, file)
    expect(page.locator("#content")).to_contain_text("CSV, GB18030, separated by commas")
    page.get_by_label("单据").select_option(label="Order number")
    page.get_by_role("button", name="Check only").click()
    expect(page.locator("#content")).to_contain_text("nothing is stored yet")
    expect(number(page, "New")).to_have_text("1")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h2", has_text="march.csv was read in")).to_be_visible()
    expect(page.locator(".remarks")).to_contain_text("There is no such day in the calendar.")
    expect(page.locator(".list a", has_text="march.csv").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Refused rows as CSV").click()
    assert '"E2E2","2025-02-30","粤BE0001","\'=1+1"' in saved.value.path().read_text("utf-8-sig")
    page.locator(".list a", has_text="march.csv").first.click()
    expect(page.locator("h1")).to_have_text("march.csv")
    assert seen.problems == []


def test_an_import_goes_on_while_one_is_elsewhere(visit, tmp_path):
    many = tmp_path / "many.csv"
    lines = (f"M{n},2025-03-05 10:{n % 60:02},粤BD{n % 900 + 1000},{n}.00" for n in range(6000))
    many.write_text("工单号,接待日期,车牌号,应结金额\n" + "\n".join(lines), encoding="utf-8")
    seen = visit("admin")
    page = begin(seen)
    choose(page, many)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("progress.far")).to_be_visible()
    seen.open("/definitions")
    seen.open(PAGE)
    expect(number(page, "Rows read")).to_have_text("6,000", timeout=120_000)
    assert seen.problems == []


def test_a_file_that_is_none_is_refused_in_a_sentence_and_the_next_one_taken(visit, file, tmp_path):
    other = tmp_path / "orders.xlsx"
    other.write_bytes(b"%PDF-1.7 nothing")
    seen = visit("admin", lang="zh")
    page = begin(seen)
    choose(page, other)
    expect(page.get_by_role("alert")).to_contain_text("这是 PDF 文档")
    choose(page, file)
    expect(page.locator(".import-bar")).to_contain_text("march.csv")
    assert seen.problems == []


def test_nothing_is_sent_before_it_is_said_what_it_is(visit, file):
    page = first_step(visit("admin"))
    choose(page, file)
    expect(page.locator("#import-drop .drop-trouble")).to_contain_text("Choose the store first")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_step_is_accessible(visit, file, theme):
    page = begin(visit("admin", theme=theme))
    assert violations(page) == []
    choose(page, file)
    expect(page.locator(".import-bar")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Check only").click()
    expect(page.locator(".counts")).to_be_visible()
    assert violations(page) == []


def violations(page: Page) -> list[tuple[str, str]]:
    found = objections(page)
    return [(each["id"], each["nodes"][0]["html"]) for each in found]
