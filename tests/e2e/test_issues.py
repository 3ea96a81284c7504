"""The issue library in a real browser: found, added, rewritten, and never overwritten unseen."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def area(page: Page, label: str):
    return page.get_by_label(label, exact=True)


def add(seen, problem: str, answer: str) -> Page:
    """Add a problem in Chinese and wait for its page."""
    page = seen.open("/issues/new")
    area(page, "Problem (Chinese)").fill(problem)
    area(page, "Answer (Chinese)").fill(answer)
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("h1")).to_have_text(problem)
    return page


def rewrite(page: Page, answer: str) -> None:
    """Fill in another answer and save it."""
    if not area(page, "Answer (Chinese)").is_visible():
        page.locator(".fold summary", has_text="Edit").click()
    area(page, "Answer (Chinese)").fill(answer)
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_problem_is_added_and_found_by_its_words(visit):
    seen = visit("manager1")
    add(seen, "后备箱漏水", "更换密封条")
    page = seen.open("/issues")
    page.get_by_placeholder("Search problems").fill("漏水")
    expect(page.locator(".issue")).to_have_count(1)
    expect(page.locator(".issue")).to_contain_text("更换密封条")
    expect(page).to_have_url(re.compile("words="))
    assert seen.problems == []


def test_what_is_missing_is_said_and_nothing_typed_is_lost(visit):
    seen = visit("manager1")
    page = seen.open("/issues/new")
    area(page, "Problem (Chinese)").fill("天窗异响")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator(".notice")).to_contain_text("its answer")
    expect(area(page, "Problem (Chinese)")).to_have_value("天窗异响")
    assert seen.problems == []


def test_the_second_person_sees_what_the_first_one_wrote(visit):
    first, second = visit("manager1"), visit("quality")
    mine = add(first, "座椅异响", "紧固滑轨")
    theirs = second.open(mine.url.removeprefix(first.site))
    rewrite(mine, "润滑滑轨")
    expect(mine.locator(".issue-answer")).to_have_text("润滑滑轨")
    rewrite(theirs, "更换滑轨")
    expect(theirs.get_by_role("alert")).to_contain_text("in the meantime")
    expect(area(theirs, "Answer (Chinese)")).to_have_value("更换滑轨")
    rewrite(theirs, "更换滑轨")
    expect(theirs.locator(".issue-answer")).to_have_text("更换滑轨")
    assert first.problems + second.problems == []


def test_an_agent_reads_and_finds_no_form(visit):
    seen = visit("agent1", lang="zh")
    page = seen.open("/issues/brake_squeal")
    expect(page.locator(".issue-answer")).to_contain_text("浮锈")
    expect(page.locator(".fold")).to_have_count(0)
    seen.open("/issues")
    expect(page.locator(".issue").first).to_be_visible()
    assert seen.problems == []
