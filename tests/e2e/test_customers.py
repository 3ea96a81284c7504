"""The customer file in a real browser: looked at, mended, reminded of, and reckoned with."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data import db
from data.models import Complaint, Customer, Store, Vehicle
from data.person import SYSTEM
from tests.e2e.conftest import objections

pytestmark = pytest.mark.e2e

LOOKS = {
    "desk": ("en", "light", (1366, 768)),
    "phone": ("zh", "dark", (390, 844)),
}


@pytest.fixture(scope="module")
def case_of_somebody_to_call(installed) -> str:
    """The number of a case of the first store whose customer is called about every car."""
    engine = db.connect(f"sqlite:///{installed.database}")
    uncalled = select(Vehicle.customer_id).where(Vehicle.fleet | Vehicle.internal)
    uncalled = uncalled.where(Vehicle.customer_id.is_not(None))
    with db.reading(SYSTEM) as session:
        found = session.scalars(
            select(Complaint.number)
            .join(Store, Store.id == Complaint.store_id)
            .join(Customer, Customer.id == Complaint.customer_id)
            .where(Store.code == "S1", ~Customer.do_not_call, Customer.anonymised_at.is_(None))
            .where(Customer.id.in_(select(Vehicle.customer_id)), Customer.id.not_in(uncalled))
            .order_by(Complaint.id)
        ).first()
    engine.dispose()
    assert found
    return found


@pytest.fixture
def address(visit, case_of_somebody_to_call) -> str:
    """The path of a customer of the first store, reached from a complaint as people do."""
    seen = visit("manager1")
    page = seen.open(f"/complaints/{case_of_somebody_to_call}?store=S1")
    page.locator(".facts a[href^='/customers/']").first.click()
    expect(page).to_have_url(re.compile(r"/customers/\d+"))
    expect(page.get_by_role("heading", name="Reminders")).to_be_visible()
    assert seen.problems == []
    return page.url.removeprefix(seen.site)


def fold(page: Page, name: str) -> None:
    page.locator(".fold summary", has_text=name).first.click()


@pytest.mark.parametrize("look", LOOKS)
def test_the_file_fits_and_is_readable_for_everybody(visit, address, look):
    lang, theme, size = LOOKS[look]
    seen = visit("manager1", lang=lang, theme=theme, size=size)
    page = seen.open(address)
    unfold = "document.querySelectorAll('.customer-file details').forEach(one => one.open = true)"
    page.evaluate(unfold)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = objections(page)
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]] == []
    assert seen.problems == []


def test_the_person_is_mended_and_the_number_shown_when_asked_for(visit, address):
    seen = visit("manager1")
    page = seen.open(address)
    phone = page.locator(".phone").first
    expect(phone).to_contain_text("****")
    phone.get_by_role("button", name="Show").click()
    expect(phone).not_to_contain_text("****")
    fold(page, "Edit")
    page.get_by_label("When to call, such as").fill("after lunch")
    page.get_by_role("group", name="Save").first.get_by_role("button").click()
    expect(page.locator(".notice")).to_contain_text("no time to call")
    page.get_by_label("When to call, such as").fill("10:00-12:00")
    page.get_by_role("group", name="Save").first.get_by_role("button").click()
    expect(page.locator(".timeline")).to_contain_text("Changed: when to call")
    expect(page.locator(".facts").filter(has_text="10:00-12:00")).to_be_visible()
    assert seen.problems == []


def test_a_reminder_is_done_and_a_call_put_on_the_list(visit, address):
    seen = visit("manager1")
    page = seen.open(address)
    row = page.locator(".reminders li", has_text="Inspection").first
    row.locator("summary").click()
    row.get_by_label("New date").fill("2031-03-05")
    row.get_by_role("button", name="Save").click()
    row = page.locator(".reminders li", has_text="Inspection").first
    expect(row).to_contain_text("5 Mar 2031")
    row.get_by_role("button", name="Call now").click()
    expect(row).to_contain_text("to be made by")
    row.get_by_role("link", name=re.compile("Callback")).click()
    expect(page.locator("h1")).to_contain_text("Callback H310305")
    assert seen.problems == []


def test_the_value_follows_what_is_typed_and_only_some_may_keep_it(visit, address):
    seen = visit("manager1")
    page = seen.open(address)
    expect(page.locator(".worth")).to_have_text("¥372,000")
    fold(page, "Reckon with other figures")
    page.get_by_label("Cars in a lifetime").fill("2")
    expect(page.locator(".worth")).to_have_text("¥248,000")
    page.get_by_label("Cars in a lifetime").fill("many")
    expect(page.get_by_text("Please give every figure as a number.")).to_be_visible()
    expect(page.get_by_role("button", name="Keep for the house")).to_have_count(0)
    other = visit("quality")
    page = other.open(address)
    fold(page, "Reckon with other figures")
    page.get_by_label("Cars in a lifetime").fill("4")
    page.get_by_role("button", name="Keep for the house").click()
    expect(page.locator(".notice")).to_contain_text("Kept")
    expect(page.locator(".worth")).to_have_text("¥496,000")
    fold(page, "Reckon with other figures")
    page.get_by_label("Cars in a lifetime").fill("3")
    page.get_by_role("button", name="Keep for the house").click()
    expect(page.locator(".worth")).to_have_text("¥372,000")
    assert seen.problems + other.problems == []


def test_an_administrator_sees_figures_and_no_name(visit, address):
    seen = visit("admin")
    page = seen.open(address)
    expect(page.locator("h1")).to_contain_text("**")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    expect(page.get_by_role("button", name="Call now")).to_have_count(0)
    assert seen.problems == []


def test_a_file_nobody_has_is_not_there(visit):
    page = visit("manager1").open("/customers/999999")
    expect(page.locator("h1")).to_have_text("No such page")
