"""Mail and messages in a real browser: a report is ordered, ended, and nonsense is refused."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def order(page: Page, address: str, store: str = "S1") -> None:
    """Fill in the form and send it."""
    page.get_by_label("Mail address").fill(address)
    page.locator(".form").get_by_label("Store").select_option(store)
    page.locator(".form").get_by_label("Report").select_option("monthly")
    page.get_by_role("button", name="Send it from now on").click()


def subscription(page: Page, address: str):
    return page.locator(".post .list tr", has_text=address)


def test_a_report_is_ordered_and_ended(visit):
    seen = visit("admin")
    page = seen.open("/admin/messages")
    order(page, "boss@example.com")
    expect(page.locator(".notice")).to_contain_text("gets the report from now on")
    expect(subscription(page, "boss@example.com")).to_contain_text("Monthly report")
    page.get_by_role("button", name="End: boss@example.com").click()
    expect(subscription(page, "boss@example.com")).to_have_count(0)
    expect(page.locator(".notice").last).to_contain_text("The subscription has ended")
    assert seen.problems == []


def test_what_is_no_address_is_refused_and_stays_typed(visit):
    seen = visit("admin")
    page = seen.open("/admin/messages")
    order(page, "nobody")
    expect(page.locator(".notice")).to_contain_text("nobody is no mail address")
    expect(page.get_by_label("Mail address")).to_have_value("nobody")
    assert seen.problems == []


def test_the_second_administrator_learns_that_somebody_was_first(visit):
    first, second = visit("admin"), visit("admin")
    page = first.open("/admin/messages")
    order(page, "both@example.com", "S2")
    expect(subscription(page, "both@example.com")).to_have_count(1)
    theirs = second.open("/admin/messages")
    page.get_by_role("button", name="End: both@example.com").click()
    expect(subscription(page, "both@example.com")).to_have_count(0)
    theirs.get_by_role("button", name="End: both@example.com").click()
    expect(theirs.get_by_role("alert").first).to_contain_text("both@example.com was taken off")
    assert first.problems + second.problems == []


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_page_says_in_chinese_what_is_set_up(visit, size):
    seen = visit("admin", lang="zh", size=size)
    page = seen.open("/admin/messages")
    expect(page.locator("h1")).to_have_text("邮件与消息")
    expect(page.locator(".facts")).to_contain_text("AFTERCARE_SMTP_URL")
    expect(page.locator(".facts")).to_contain_text("未运行")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert seen.problems == []


def test_only_an_administrator_gets_there(visit):
    seen = visit("manager1")
    page = seen.open("/admin/messages")
    expect(page.locator("h1")).to_contain_text("Your role does not allow this")
