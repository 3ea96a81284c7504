"""Cohorts in a real browser: a choice stays in the address, and a field opens its vehicles."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e
LONG = 60_000  # ms: the page draws two dozen figures
MAP = "Cohorts: how many came again"


def drawn(page: Page, title: str) -> Locator:
    """The drawing of a chart, once it has bars."""
    figure = page.get_by_role("region", name=title).locator(".js-plotly-plot")
    expect(figure.locator(".barlayer path").first).to_be_attached(timeout=LONG)
    return figure


def test_a_choice_changes_the_charts_and_the_address_and_goes_back_with_it(visit):
    seen = visit("principal")
    page = seen.open("/retention")
    expect(drawn(page, MAP)).to_contain_text("Months after the first visit", timeout=LONG)
    page.locator("label", has_text=re.compile("^Quarters$")).click()
    expect(page).to_have_url(re.compile(r"grain=quarter"))
    expect(drawn(page, MAP)).to_contain_text("Quarters after the first visit", timeout=LONG)
    page.locator("label", has_text=re.compile("^The sale$")).click()
    expect(drawn(page, MAP)).to_contain_text("Quarters after the sale", timeout=LONG)
    page.go_back()
    expect(drawn(page, MAP)).to_contain_text("Quarters after the first visit", timeout=LONG)
    expect(page.get_by_label("The first visit", exact=True)).to_be_checked()
    assert seen.problems == []


def test_a_field_opens_the_vehicles_of_its_cohort(visit):
    seen = visit("principal")
    page = seen.open("/retention?grain=quarter&mode=rolling")
    figure = drawn(page, MAP)
    expect(figure).to_contain_text("Quarters after", timeout=LONG)
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.25)
    expect(page).to_have_url(re.compile(r"/retention/vehicles\?cohort=\d{4}-Q\d&cell=\d+"))
    assert "mode=rolling" in page.url
    assert "began=visit" in page.url


def test_a_phone_scrolls_the_wide_drawings_and_not_the_page(visit):
    page = visit("principal", lang="zh", size=(390, 844)).open("/retention")
    expect(page.locator(".scrolls .js-plotly-plot .barlayer path").first).to_be_attached()
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 390
    inside = "[...document.querySelectorAll('.scrolls')].map(box => box.scrollWidth)"
    assert min(page.evaluate(inside)) > 390
