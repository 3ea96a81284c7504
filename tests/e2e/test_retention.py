"""From a field of the cohorts to a customer who is back, in a real browser."""

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
MAP = "Cohorts: how many came again"
LINKS = ".ag-center-cols-container a"
HERE = ZoneInfo("Asia/Shanghai")


def field_of_the_cohorts(seen) -> Page:
    """The vehicles behind a field of the drawing."""
    page = seen.open("/retention?grain=quarter&mode=rolling")
    figure = page.get_by_role("region", name=MAP).locator(".js-plotly-plot")
    expect(figure.locator(".barlayer path").first).to_be_attached(timeout=60_000)
    expect(figure).to_contain_text("Quarters after", timeout=60_000)
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.25)
    expect(page).to_have_url(re.compile(r"/retention/vehicles\?cohort=\d{4}-Q\d&cell=\d+"))
    expect(page.locator(LINKS).first).to_be_visible()
    return page


def saved(page: Page, table: str) -> list[dict[str, str]]:
    """The rows of a table as the file that its button saves."""
    card = page.get_by_role("region", name=table, exact=True)
    card.locator(".export summary").click()
    with page.expect_download() as file:
        card.get_by_role("link", name="CSV").click()
    card.locator(".export summary").click()
    return list(csv.DictReader(io.StringIO(file.value.path().read_text("utf-8-sig"))))


def counted(page: Page, table: str) -> int:
    """How many rows the table says it has."""
    said = page.get_by_role("region", name=table, exact=True).locator(".headline")
    return int(re.match(r"[\d,]+", said.inner_text())[0].replace(",", ""))


def won_back(seen) -> int:
    """How many were won back after a call, as the chart of the cases says."""
    page = seen.open("/retention/cases")
    said = page.get_by_text(re.compile(r"won back after a call"))
    expect(said.first).to_be_visible()
    return int(re.search(r"(\d+) won back", said.first.inner_text())[1])


def named_price(seen) -> list[int]:
    """Numerator and denominator of the rate of those who named the price, as the chart has it."""
    chart = f"{seen.site}/export/retention-won-by-reason.csv"
    rows = csv.DictReader(io.StringIO(seen.page.request.get(chart).text().removeprefix("\ufeff")))
    of_price = next(row for row in rows if row["key"] == "price")
    return [int(of_price[name]) for name in ("Of these", "Counted")]


def test_from_a_field_of_the_cohorts_to_a_customer_who_is_back(visit, tmp_path):
    seen = visit("manager1")
    before, rate_before = won_back(seen), named_price(seen)
    called = calls_from_a_field(seen)
    plate = called[0]["Plate"]
    case = record_a_call(seen, plate)
    bring_in(visit("admin"), plate, tmp_path)
    page = seen.open(case)
    expect(page.locator(".case-lead")).to_contain_text("Won back")
    assert won_back(seen) == before + 1
    assert named_price(seen) == [count + 1 for count in rate_before]
    assert seen.problems == []


def calls_from_a_field(seen) -> list[dict[str, str]]:
    """Put the vehicles of a field on the call list; the rows of that list."""
    page = field_of_the_cohorts(seen)
    behind = saved(page, "Vehicles")
    assert len(behind) == counted(page, "Vehicles") > 0
    page.get_by_role("button", name="Call these vehicles").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Not called, to compare with").select_option("0")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("0 are held out")
    words = dialog.inner_text()
    called = int(re.search(r"([\d,]+) (?:is|are) called", words)[1].replace(",", ""))
    left_out = sum(int(n) for n in re.findall(r"Left out: (\d+)", words))
    assert called + left_out == len(behind)
    dialog.get_by_role("link", name="Open the cases").click()
    expect(page.locator(LINKS).first).to_be_visible()
    on_list = saved(page, "Vehicles to win back")
    assert len(on_list) == called
    assert {row["Plate"] for row in on_list} <= {row["Plate"] for row in behind}
    return on_list


def record_a_call(seen, plate: str) -> str:
    """Ring the customer of this car and ask why; the address of the case."""
    page = seen.page
    page.locator(LINKS, has_text=plate).click()
    expect(page.locator("h1")).to_contain_text(plate)
    case = page.url.removeprefix(seen.site)
    number = page.locator(".facts a[href^='/callbacks/']").inner_text()
    rows = page.request.get(f"{seen.site}/export/worklist-calls.csv?rule=churn_reason")
    assert number in rows.text()
    page = seen.open(page.locator(".facts a[href^='/callbacks/']").get_attribute("href"))
    expect(page.locator(".record")).to_be_visible()
    owner = page.locator("#call-respondent-owner")
    expect(owner).to_be_attached()
    page.keyboard.press("r")
    expect(owner).to_be_visible()
    owner.check()
    page.locator("#call-churn-price").check()
    page.get_by_label("Why, in the customer's words").fill("Half the price next door")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("Saved.")
    page = seen.open(case)
    expect(page.locator(".case-lead")).to_contain_text("Asked")
    expect(page.locator(".churn-steps")).to_contain_text("Half the price next door")
    return case


def bring_in(seen, plate: str, folder) -> None:
    """Read in a repair order of this car, opened after the call."""
    soon = datetime.now(HERE) + timedelta(minutes=1)
    file = folder / "orders.csv"
    line = f"BACK1,{soon:%Y-%m-%d %H:%M},{plate},500.00"
    file.write_text(f"工单号,接待日期,车牌号,应结金额\n{line}\n", encoding="utf-8")
    page = seen.open("/admin/import")
    another = page.get_by_role("button", name=re.compile("^(Import another|Another) file$"))
    if another.count():  # the one before is still on the bench
        another.click()
    page.locator("#import-store").select_option("S1")
    page.locator("input[value=repair-orders]").check()
    with page.expect_file_chooser() as chooser:
        page.locator("#import-drop .choose").click()
    chooser.value.set_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h2", has_text="orders.csv was read in")).to_be_visible()
    assert seen.problems == []
