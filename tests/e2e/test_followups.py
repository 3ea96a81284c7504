"""A callback agent's day in a real browser: the next call, the keyboard, and no lost words."""

import re
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LONGEST_WAIT, objections

pytestmark = pytest.mark.e2e
DRAFTS = "Object.keys(localStorage).filter(name => name.startsWith('aftercare-call')).length"
OPEN = ".ag-center-cols-container a[href^='/callbacks/']"
WORDS = {
    "en": {"title": "Calls to make", "saved": "Complaint", "next": "Next call"},
    "zh": {"title": "待回访", "saved": "已转投诉", "next": "下一个"},
}


def at_noon() -> str:
    """Yesterday at a time when customers may be rung in China."""
    day = (datetime.now(UTC) - timedelta(days=1)).date()
    return f"as_of={day}T07:00:00%2B00:00"


def first_call(page: Page) -> str:
    """The number of the first call of the list."""
    expect(page.locator(OPEN).first).to_be_visible()
    return page.locator(OPEN).first.inner_text()


def open_call(seen, number: str) -> Page:
    page = seen.open(f"/callbacks/{number}?store=S1")
    expect(page.locator("h1")).to_contain_text(number)
    expect(page.locator(".record")).to_be_visible()
    return page


def stands_at(page: Page, part: str) -> None:
    """Wait until the keyboard is at a field."""
    expect(page.locator(f"[name*='{part}']:focus, [id*='{part}']:focus")).to_have_count(1)


def press(page: Page, *steps: tuple[str, str]) -> None:
    """Press each key when the keyboard stands where it belongs."""
    for part, key in steps:
        stands_at(page, part)
        page.keyboard.press(key)


def talk(page: Page, overall: str = "5") -> None:
    """The shortest record: who answered and how content they are."""
    page.keyboard.press("r")
    press(page, ("call-respondent", "1"), ("call-overall", overall))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_whole_call_by_keyboard_alone_with_a_complaint(visit, lang):
    seen, said = visit("agent1", lang=lang), WORDS[lang]
    expect(seen.open("/")).to_have_url(re.compile("/callbacks/worklist"))
    number = first_call(seen.open("/callbacks/worklist?agent=me"))
    page = open_call(seen, number)
    fill_in(page)
    notice = page.locator(".notice")
    expect(notice).to_contain_text(said["saved"])
    case = re.search(r"[A-Z]+\d+-\d+", notice.inner_text())[0]
    expect(page.get_by_role("button", name=said["next"])).to_be_focused()
    for answer in ("2 / 5", "10 / 10", "Waited two hours"):
        expect(page.locator(".call-work")).to_contain_text(answer)
    assert page.evaluate(DRAFTS) == 0
    seen.open("/callbacks/worklist?agent=me")
    expect(page.locator("h1")).to_have_text(said["title"])
    expect(page.locator(".is-loading")).to_have_count(0)
    expect(page.locator(OPEN, has_text=number)).to_have_count(0)
    record = visit("manager1").open(f"/complaints/{case}?store=S1")
    expect(record.locator("#content")).to_contain_text("The brakes squeal again after the rain")
    expect(record.locator(".facts").last).to_contain_text("First contact")
    assert seen.problems == []


def fill_in(page: Page) -> None:
    """A whole record, low answers and a complaint in it, without the mouse."""
    talk(page, "2")
    press(page, ("overall.reason", "5"), ("call-nps", "1"))
    page.keyboard.press("0")
    press(page, ("q.timeliness", "4"), ("q.flow", "1"), ("q.flow.reason", "1"))
    stands_at(page, "q.flow.remark")
    page.keyboard.type("Waited two hours")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    press(page, ("category", "2"), ("severity", "2"))
    stands_at(page, "content")
    page.keyboard.type("The brakes squeal again after the rain")
    page.keyboard.press("Control+Enter")


def test_the_next_call_is_a_key_away_and_taken(visit):
    seen = visit("agent1")
    page = seen.open(f"/callbacks/worklist?{at_noon()}")
    expect(page.locator(OPEN).first).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".record")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/callbacks/H[^/]+\?store=S1"))
    assert seen.problems == []


def kept_in_the_browser(page, words):
    """Wait until what was typed is kept, which is a moment after the key."""
    patience = monotonic() + LONGEST_WAIT
    while words not in page.evaluate("Object.values(localStorage).join()"):
        assert monotonic() < patience, f"{words} was not kept"
        page.wait_for_timeout(100)


def test_a_cut_connection_loses_nothing_and_writes_once(visit):
    seen = visit("agent1")
    number = first_call(seen.open("/callbacks/worklist?agent=me"))
    page = open_call(seen, number)
    talk(page)
    comment = page.get_by_label("In the customer's words", exact=True)
    comment.fill("Everything was explained twice over")
    kept_in_the_browser(page, "Everything was explained twice over")
    page.reload()
    expect(comment).to_have_value("Everything was explained twice over")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#call-status")).to_contain_text("Not saved yet: no connection")
    expect(comment).to_have_value("Everything was explained twice over")
    page.context.set_offline(False)
    expect(page.locator(".call-work")).to_contain_text("Everything was explained twice over")
    expect(page.locator(".record")).to_have_count(0)
    page.reload()
    expect(page.locator(".timeline li")).not_to_have_count(0)
    assert page.locator(".timeline").get_by_text("Everything was explained").count() == 1
    assert page.evaluate(DRAFTS) == 0


def test_what_was_typed_is_gone_from_the_browser_after_signing_out(visit):
    seen = visit("agent1")
    page = open_call(seen, first_call(seen.open("/callbacks/worklist?agent=me")))
    page.keyboard.press("r")
    press(page, ("call-respondent", "1"))
    kept_in_the_browser(page, '"respondent":"person_served"')
    assert page.evaluate(DRAFTS) == 1
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("input[name=login]")).to_be_visible()
    assert page.evaluate(DRAFTS) == 0


def test_a_try_without_talk_is_noted_with_two_keys_and_a_save(visit):
    seen = visit("agent1")
    page = open_call(seen, first_call(seen.open("/callbacks/worklist?agent=none")))
    page.keyboard.press("m")
    press(page, ("call-result", "2"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("The try is noted")
    expect(page.locator(".timeline")).to_be_visible()
    assert seen.problems == []


def numbers_of(seen) -> set[str]:
    """The numbers of all calls that wait for this person, read from the export."""
    rows = seen.page.request.get(f"{seen.site}/export/worklist-calls.csv?store=S1")
    return set(re.findall(r"H\d{6}-\d+", rows.text()))


def test_another_agents_call_does_not_exist(visit):
    numbers, own = (numbers_of(visit(login)) for login in ("manager1", "agent1"))
    other = min(numbers - own)
    page = visit("agent1").open(f"/callbacks/{other}?store=S1")
    expect(page.locator("h1")).to_have_text("No such page")


def test_an_administrator_has_no_business_here(visit):
    seen = visit("admin")
    assert seen.page.request.get(f"{seen.site}/callbacks/worklist").status == 403


def test_a_manager_hands_calls_over(visit):
    seen = visit("manager1")
    page = seen.open("/callbacks/worklist?agent=none")
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(page.locator(OPEN).first).to_be_visible()
    number = first_call(page)
    rows.first.locator("input[type=checkbox]").check()
    page.locator(".assign-bar").get_by_role("button").click()
    page.get_by_role("dialog").locator("select").select_option(index=1)
    page.get_by_role("dialog").get_by_role("button", name="Hand over").click()
    expect(page.locator(".notice")).to_contain_text("1 call handed over")
    expect(page.locator(OPEN, has_text=number)).to_have_count(0)
    assert seen.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_are_accessible(visit, theme):
    seen = visit("agent1", theme=theme)
    page = seen.open("/callbacks/worklist?agent=me")
    number = first_call(page)
    found = list(violations(page))
    page = open_call(seen, number)
    page.keyboard.press("r")
    stands_at(page, "call-respondent")
    assert found + list(violations(page)) == []


def violations(page: Page) -> list[tuple[str, str]]:
    """What an automatic check of accessibility objects to, AG Grid's own inside left out."""
    found = objections(page)
    nodes = [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]]
    return [(rule, html) for rule, html in nodes if "ag-" not in html]
