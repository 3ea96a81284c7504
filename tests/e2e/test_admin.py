"""The administration in a browser: what is set there is what the rest of the product goes by."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, until_quiet

pytestmark = pytest.mark.e2e


def opened(page, name):
    """The setting of this name in a list, opened."""
    item = page.locator(".admin-item", has=page.get_by_text(name, exact=True)).first
    item.locator("summary").first.click()
    return item


def saved(page, words):
    expect(page.locator("#shell-toast")).to_contain_text(words)
    until_quiet(page)


def test_a_target_set_here_is_what_its_tile_is_measured_against(visit):
    seen = visit("quality")
    page = seen.open("/admin/targets")
    form = page.get_by_role("group", name="Set the target")
    form.get_by_label("Metric").select_option("csat_t2b")
    form.get_by_label("Store").select_option("S1")
    form.get_by_label("Target", exact=True).fill("83")
    form.get_by_role("button", name="Set the target").click()
    saved(page, "Saved. Tiles and charts are measured against it now.")
    item = opened(page, "Satisfied customers")
    expect(item).to_contain_text("≥ 83%")
    expect(page.locator(".timeline").first).to_contain_text("83%")
    page = seen.open("/satisfaction?store=S1")
    expect(page.get_by_text("83%").first).to_be_visible()
    assert seen.problems == []


def test_two_who_change_the_same_deadline_see_each_other(visit):
    first, second = visit("admin"), visit("admin")
    pages = [seen.open("/admin/deadlines") for seen in (first, second)]
    forms = [page.get_by_role("group", name="Save").nth(3) for page in pages]
    for form, hours in zip(forms, ("6", "8"), strict=True):
        form.get_by_label("First reply within").fill(hours)
    forms[0].get_by_role("button", name="Save").click()
    saved(pages[0], "Saved.")
    forms[1].get_by_role("button", name="Save").click()
    clash = pages[1].locator("#admin-clash")
    expect(clash).to_contain_text("Somebody else saved this in the meantime")
    expect(clash).to_contain_text("4 → 6")
    expect(forms[1].get_by_label("First reply within")).to_have_value("8")
    forms[1].get_by_role("button", name="Save").click()
    saved(pages[1], "Saved.")
    expect(pages[1].locator(".timeline").first).to_contain_text("6 → 8")


def test_an_account_opened_here_can_sign_in_and_closed_is_signed_out(visit):
    admin = visit("admin")
    page = admin.open("/admin/users")
    form = page.get_by_role("group", name="Open the account")
    form.get_by_label("Login").fill("new.agent")
    form.get_by_label("Name").fill("新回访")
    form.get_by_label("Role").select_option("agent")
    form.get_by_label(re.compile("^S1 ")).check()
    form.get_by_label(re.compile("^Password")).fill(PASSWORD)
    form.get_by_role("button", name="Open the account").click()
    saved(page, "The account is open.")
    other = visit("new.agent")
    assert "/login" not in other.open("/callbacks/worklist").url
    page.get_by_role("link", name="new.agent").click()
    page.get_by_role("button", name="Close the account").click()
    saved(page, "The account is closed.")
    other.page.goto(other.site + "/callbacks/worklist")
    assert "/login" in other.page.url


def test_a_refusal_says_what_was_wrong_and_keeps_what_was_typed(visit):
    page = visit("admin").open("/admin/rules")
    item = opened(page, "After service")
    item.get_by_label("Time for calls, as 09:00-20:00").fill("morning")
    item.get_by_role("button", name="Save").click()
    expect(page.locator("#shell-toast")).to_contain_text("Write the time for calls as 09:00-20:00")
    expect(item.get_by_label("Time for calls, as 09:00-20:00")).to_have_value("morning")


def test_a_day_that_differs_is_noted_and_taken_back(visit):
    page = visit("admin").open("/admin/calendars")
    form = page.get_by_role("group", name="Note the day")
    form.get_by_label("Day", exact=True).fill("2030-01-07")
    form.get_by_label("Why").fill("盘点")
    form.get_by_role("button", name="Note the day").click()
    saved(page, "Saved.")
    expect(page.locator(".timeline").first).to_contain_text("盘点")


def test_a_retired_category_is_offered_no_longer(visit):
    page = visit("quality").open("/admin/categories")
    item = opened(page, "Wrong part ordered")
    item.get_by_role("button", name="Retire").click()
    saved(page, "Saved.")
    expect(page.locator(".admin-item", has_text="Wrong part ordered")).to_contain_text("Retired")
    offered = visit("quality").open("/issues/new").get_by_label("Category")
    expect(offered).to_contain_text("Part failed early")
    expect(offered).not_to_contain_text("Wrong part ordered")
    opened(page, "Wrong part ordered").get_by_role("button", name="Use it again").click()
    expect(page.locator(".timeline").first).to_contain_text("In use again")


def test_a_figure_of_the_house_is_kept_for_everybody(visit):
    page = visit("quality").open("/admin/norms")
    item = opened(page, "Calls a day")
    item.get_by_label("Calls each agent can make a day").fill("35")
    item.get_by_role("button", name="Save").click()
    saved(page, "Saved. The figures are counted anew.")
    expect(page.locator(".timeline").first).to_contain_text("40 → 35")


def test_a_screen_is_given_a_link_that_is_shown_once(visit):
    seen = visit("admin")
    page = seen.open("/admin/screens")
    form = page.get_by_role("group", name="Add the screen")
    form.get_by_label("Name, such as the place it hangs").fill("展厅")
    form.get_by_role("button", name="Add the screen").click()
    link = page.locator("#admin-screen-link")
    expect(link).to_contain_text(f"{seen.site}/wall/link?once=")
    seen.open("/admin/screens")
    expect(link).to_have_count(0)
    opened(page, "展厅").get_by_role("button", name="Revoke").click()
    saved(page, "The screen is revoked.")
    expect(page.locator(".admin-item", has_text="展厅")).to_contain_text("Revoked")


@pytest.mark.parametrize("who", ["principal", "manager1", "agent1"])
def test_who_may_change_nothing_is_shown_nothing(visit, who):
    seen = visit(who)
    for section in ("", "/targets", "/users", "/screens", "/rules", "/norms"):
        page = seen.open(f"/admin{section}")
        expect(page.get_by_text("Your role does not allow this.").first).to_be_visible()


@pytest.mark.parametrize(("lang", "size"), [("en", (1366, 768)), ("zh", (390, 844))])
def test_every_page_fits_and_is_quiet(visit, lang, size):
    seen = visit("admin", lang=lang, size=size)
    for section in (
        "", "/targets", "/users", "/users/quality", "/screens", "/rules", "/deadlines",
        "/calendars", "/categories", "/norms",
    ):  # fmt: skip
        page = seen.go(f"/admin{section}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, section
    assert seen.problems == []
