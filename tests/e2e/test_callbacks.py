"""The callbacks page in a real browser: from a figure to the calls behind it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e


def click_on(point: Locator) -> None:
    """Click in the middle of what plotly has drawn."""
    point.scroll_into_view_if_needed()
    expect(point).to_be_visible()
    box = point.bounding_box()
    point.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def bars(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title).locator(".bars .point path")


def listed(page: Page) -> Locator:
    return page.get_by_role("region", name="Calls", exact=True).locator(".headline")


def test_a_step_of_the_funnel_opens_as_many_calls_as_it_counts(visit):
    seen = visit("manager1")
    page = seen.open("/callbacks")
    card = page.get_by_role("region", name="From due to completed in time")
    number = card.locator(".annotation-text").last.text_content().split()[0]
    click_on(bars(page, "From due to completed in time").last)
    expect(page).to_have_url(re.compile(r"/callbacks\?kind=on_time"))
    expect(listed(page)).to_have_text(re.compile(f"^{number} callbacks".replace(",", ",?")))
    assert seen.problems == []


def test_a_field_of_the_heat_map_opens_the_calls_tried_then(visit):
    seen = visit("manager1")
    page = seen.open("/callbacks")
    click_on(bars(page, "When customers answer").nth(4))
    expect(page).to_have_url(re.compile(r"weekday=\d&hour=\d+"))
    expect(page.locator(".chip").first).to_contain_text("Weekday:")
    expect(listed(page)).to_be_visible()
    assert seen.problems == []


def test_a_person_in_a_figure_is_named_above_it(visit):
    seen = visit("manager1")
    page = seen.open("/callbacks")
    card = page.get_by_role("region", name="Completed, by agent")
    name = card.locator(".yaxislayer-above text").first.text_content()
    click_on(card.locator(".scatterlayer .points path").first)
    expect(page).to_have_url(re.compile(r"agent=\d+"))
    expect(page.locator(".chip").first).to_contain_text(name)
    assert seen.problems == []
