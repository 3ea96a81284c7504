"""Improvement actions in a real browser: opened from a complaint, worked on, judged by figures."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import objections

pytestmark = pytest.mark.e2e
LATER = (date.today() + timedelta(days=200)).isoformat()
LOOKS = {
    "en-light-wide": ("en", "light", (1366, 768)),
    "zh-dark-narrow": ("zh", "dark", (390, 844)),
}


def open_action(page: Page, title: str) -> None:
    """Fill in the form for a new action and wait for its page."""
    page.get_by_label("What is to be done", exact=True).fill(title)
    page.get_by_label("Owner", exact=True).select_option(index=1)
    page.get_by_role("button", name="Open the action").click()
    expect(page.locator("h1")).to_have_text(title)


def begin(seen, title: str) -> Page:
    """A new action against the waiting times of one store."""
    page = seen.open("/actions/new?store=S1&category=waiting")
    open_action(page, title)
    return page


def do(page: Page, name: str, **typed: str) -> None:
    """Open the fold called `name`, fill in what is asked for, and save it."""
    fold = page.locator("details.fold", has=page.get_by_text(name, exact=True))
    fold.locator("summary").click()
    for label, words in typed.items():
        fold.get_by_label(label, exact=True).fill(words)
    fold.get_by_role("button", name=name, exact=True).click()


def cases(seen) -> list[str]:
    """An action that is under way, and one whose effect is known."""
    page = seen.open("/actions?store=S1")
    lanes = (".lane-in_progress", ".lane-effective")
    return [page.locator(f"{lane} .lane-title").first.get_attribute("href") for lane in lanes]


def state(page: Page):
    return page.locator(".case-lead .tone").first


def test_from_a_complaint_to_an_action_that_answers_it(visit):
    seen = visit("manager1")
    page = seen.open("/complaints?store=S1&state=all&period=all")
    page.locator(".ag-row a").first.click()
    expect(page).to_have_url(re.compile("/complaints/[^?]+"))
    expect(page.locator("h1")).to_contain_text(re.compile("^Complaint .+"))
    number = page.locator("h1").inner_text().removeprefix("Complaint ")
    page.get_by_role("link", name="Open an action").click()
    expect(page.get_by_role("checkbox", name=re.compile(number))).to_be_checked()
    open_action(page, "接车前核对预约")
    expect(page.locator(".told-list")).to_contain_text(number)
    expect(page.locator(".timeline")).to_contain_text("The action was opened")
    assert seen.problems == []


def test_a_category_on_the_screen_is_what_the_action_is_aimed_at(visit):
    seen = visit("manager1")
    page = seen.open("/complaints?store=S1&category=waiting")
    page.get_by_role("link", name="Open an action").click()
    expect(page.get_by_label("What it is to lessen")).to_have_value("category:waiting")
    assert seen.problems == []


def test_without_an_owner_nothing_is_opened_and_nothing_typed_is_lost(visit):
    seen = visit("manager1")
    page = seen.open("/actions/new?store=S1")
    page.get_by_label("What is to be done", exact=True).fill("增设快修工位")
    page.get_by_role("button", name="Open the action").click()
    expect(page.locator(".notice")).to_contain_text("Choose who does it")
    expect(page.get_by_label("What is to be done", exact=True)).to_have_value("增设快修工位")
    assert seen.problems == []


def test_it_is_begun_done_and_not_judged_before_the_figures_can(visit):
    seen = visit("manager1")
    page = begin(seen, "预约客户单独接待")
    do(page, "Begin")
    expect(state(page)).to_have_text("Under way")
    do(page, "It is done")
    expect(state(page)).to_have_text("Carried out")
    do(page, "Let the figures decide")
    expect(page.locator(".notice")).to_contain_text("Not yet proven")
    expect(state(page)).to_have_text("Carried out")
    assert seen.problems == []


def test_a_deadline_moves_only_with_a_reason_and_the_first_one_is_kept(visit):
    seen = visit("manager1")
    page = begin(seen, "每日晨会通报返修")
    form = page.get_by_role("group", name="Assign")
    form.get_by_label("Deadline", exact=True).fill(LATER)
    form.get_by_role("button").click()
    expect(page.locator(".notice")).to_be_visible()
    form.get_by_label("Reason, if the deadline moves").fill("等待配件")
    form.get_by_role("button").click()
    expect(page.locator(".case-main")).to_contain_text("The deadline moved by")
    expect(page.locator(".timeline")).to_contain_text("等待配件")
    assert seen.problems == []


def test_the_second_person_sees_what_the_first_one_did(visit):
    first, second = visit("manager1"), visit("quality")
    mine = begin(first, "洗车质量抽查")
    theirs = second.open(mine.url.removeprefix(first.site))
    do(mine, "Add a note", Note="先查一周")
    expect(mine.locator(".timeline")).to_contain_text("先查一周")
    do(mine, "Begin")
    expect(state(mine)).to_have_text("Under way")
    do(theirs, "Say it better", **{"Root cause": "没有标准"})
    expect(theirs.locator(".clash")).to_contain_text("Somebody else saved this")
    assert first.problems == second.problems == []


def test_a_training_asks_who_whom_and_how_and_nothing_else_does(visit):
    seen = visit("manager1")
    page = seen.open("/actions/new?store=S1")
    expect(page.get_by_label("Who is trained")).to_be_hidden()
    page.get_by_label("Kind of action").select_option("training")
    page.get_by_label("Who is trained").fill("全体服务顾问")
    open_action(page, "接待礼仪培训")
    expect(page.locator(".case-main")).to_contain_text("全体服务顾问")
    assert seen.problems == []


def test_several_actions_get_an_owner_at_once(visit):
    seen = visit("manager1")
    begin(seen, "交车检查单甲")
    begin(seen, "交车检查单乙")
    page = seen.open("/actions?store=S1&state=open")
    for title in ("交车检查单甲", "交车检查单乙"):
        page.locator(".ag-row", has_text=title).locator("input[type=checkbox]").check()
    page.locator(".assign-bar").get_by_role("button").click()
    dialog = page.locator(".modal")
    dialog.get_by_label("Owner", exact=True).select_option(index=2)
    dialog.get_by_role("button", name="Assign").click()
    expect(page.locator(".notice")).to_contain_text("2 actions assigned.")
    assert seen.problems == []


def test_the_board_shows_each_state_and_opens_an_action(visit):
    seen = visit("manager1")
    page = seen.open("/actions?store=S1")
    expect(page.locator(".lane")).to_have_count(5)
    card = page.locator(".lane-title").first
    title = card.inner_text()
    card.click()
    expect(page.locator("h1")).to_have_text(title)
    assert seen.problems == []


def test_a_customer_is_ticked_once_they_were_told(visit):
    seen = visit("manager1")
    page = seen.open("/actions?store=S1&state=effective")
    page.locator(".lane-effective .lane-title").first.click()
    expect(page.locator(".told-list")).to_be_visible()
    told = page.locator(".told-list .tone-good")
    before = told.count()
    page.get_by_role("button", name="Was told").first.click()
    expect(told).to_have_count(before + 1)
    assert seen.problems == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_fit_and_are_readable_for_everybody(visit, look):
    lang, theme, size = LOOKS[look]
    seen = visit("manager1", lang=lang, theme=theme, size=size)
    for address in ("/actions?store=S1", "/actions/new?store=S1", *cases(seen)):
        page = seen.open(address)
        page.evaluate("document.querySelectorAll('.fold').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        found = objections(page)
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]] == []
    assert seen.problems == []


def test_another_store_does_not_exist_by_any_address(visit):
    seen = visit("manager2")
    page = seen.open("/actions/A2604-01?store=S1")
    expect(page.locator(".case-columns")).to_have_count(0)
    assert seen.problems == []
