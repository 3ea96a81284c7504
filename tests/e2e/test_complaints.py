"""The main job in a real browser: from a red number to an owner and a deadline."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data import db, events
from data.models import Store
from data.person import SYSTEM
from tests import factories

pytestmark = pytest.mark.e2e
SOON = (date.today() + timedelta(days=9)).isoformat()
LATER = (date.today() + timedelta(days=12)).isoformat()
WORDS = {
    "en": {"tile": "Past their deadline", "owner": "Owner", "assign": "Assign", "saved": "Saved."},
    "zh": {"tile": "已超时", "owner": "责任人", "assign": "分派", "saved": "已保存。"},
}


def first_case(page: Page) -> str:
    """The number of the first case in the list."""
    page.locator(".grid").scroll_into_view_if_needed()
    link = page.locator(".ag-center-cols-container a[href^='/complaints/']").first
    expect(link).to_be_visible()
    return link.inner_text()


def give(page: Page, day: str, reason: str = "The part comes later", place: int = 2) -> str:
    """Fill in the form of a case and save it; the name of the owner chosen."""
    form = page.locator(".case-side .form").first
    owner = form.locator("select").first
    owner.select_option(index=place)
    form.locator("input[type=date]").fill(day)
    if form.locator("input[type=text]").count():
        form.locator("input[type=text]").fill(reason)
    name = owner.evaluate("field => field.selectedOptions[0].label").split(" · ")[0]
    form.get_by_role("button").click()
    return name


@pytest.fixture(scope="module")
def one_is_late(installed):
    """At some hours the demo has no case of the first store that is past its deadline."""
    engine = db.connect(f"sqlite:///{installed.database}")
    with db.writing(by=SYSTEM) as session:
        store = session.scalars(select(Store).where(Store.code == "S1")).one()
        day = date.today() - timedelta(days=40)
        whose = factories.customer(session, store, "林晚", phone="13900001234").id
        lying = {"number": "left-lying", "severity": "critical", "customer_id": whose}
        case = factories.complaint(session, store, f"{day}T09:00", **lying)
        events.record_made(session, case, at=datetime.now(UTC))
    engine.dispose()


@pytest.mark.usefixtures("one_is_late")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_from_the_overview_to_an_owner_in_three_clicks(visit, lang):
    seen = visit("manager1", lang=lang)
    page = seen.open("/")
    page.get_by_role("region", name=WORDS[lang]["tile"]).locator("a.tile-value").click()  # 1
    expect(page).to_have_url(re.compile(r"/complaints\?.*target=breached"))
    number = first_case(page)
    page.locator(".ag-center-cols-container a", has_text=number).first.click()  # 2
    expect(page.locator("h1")).to_contain_text(number)
    name = give(page, SOON, place=2 if lang == "en" else 3)  # 3
    expect(page.locator(".notice")).to_contain_text(WORDS[lang]["saved"])
    latest = page.locator(".timeline li").first
    expect(latest).to_contain_text(name)
    assert seen.problems == []


def test_the_second_person_sees_both_and_may_put_theirs_on_top(visit):
    first, second = visit("manager1"), visit("principal")
    number = first_case(first.open("/complaints?state=open"))
    for seen in (first, second):
        seen.open(f"/complaints/{number}?store=S1")
    theirs = give(first.page, SOON, place=3)
    expect(first.page.locator(".timeline li").first).to_contain_text(theirs)
    mine = give(second.page, LATER, place=5)
    clash = second.page.get_by_role("alert").filter(has_text="in the meantime")
    expect(clash).to_contain_text(theirs)
    expect(second.page.locator(".case-side input[type=date]")).to_have_value(LATER)
    second.page.get_by_role("group", name="Assign").get_by_role("button").click()
    expect(second.page.locator(".timeline li").first).to_contain_text(mine)
    assert first.problems + second.problems == []


def test_five_clicks_write_once(visit):
    page = visit("manager1").open("/complaints?state=open")
    number = first_case(page)
    seen = page.goto(page.url.split("/complaints")[0] + f"/complaints/{number}?store=S1")
    assert seen.ok
    page.get_by_text("Add a note").first.click()
    form = page.get_by_role("group", name="Add a note")
    form.locator("textarea").fill("written five times in a hurry")
    form.get_by_role("button").click(click_count=5)
    expect(page.locator(".timeline li").first).to_contain_text("in a hurry")
    page.reload()
    expect(page.locator(".timeline")).to_be_visible()
    assert page.locator(".timeline").get_by_text("written five times in a hurry").count() == 1


def test_nonsense_is_answered_with_words_and_nothing_is_lost(visit):
    seen = visit("manager1")
    number = first_case(seen.open("/complaints?state=open"))
    page = seen.open(f"/complaints/{number}?store=S1")
    give(page, "2020-01-01")
    expect(page.locator(".notice")).to_contain_text("already passed")
    expect(page.locator(".case-side input[type=date]")).to_have_value("2020-01-01")
    assert seen.problems == []


def test_several_cases_are_assigned_at_once(visit):
    seen = visit("manager2")
    page = seen.open("/complaints?state=open")
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows.nth(1)).to_be_visible()
    for place in (0, 1):
        rows.nth(place).locator("input[type=checkbox]").check()
    page.locator(".assign-bar").get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    owner = dialog.locator("select")
    owner.select_option(index=4)
    name = owner.evaluate("field => field.selectedOptions[0].label").split(" · ")[0]
    dialog.locator("input[type=date]").fill(SOON)
    dialog.locator("input[type=text]").fill("All parts come on one day")
    dialog.get_by_role("button", name="Assign").click()
    expect(page.locator(".notice")).to_contain_text("2 complaints assigned")
    for place in (0, 1):
        expect(rows.nth(place)).to_contain_text(name)
    assert seen.problems == []


def test_another_store_does_not_exist_by_any_address(visit):
    theirs = first_case(visit("manager2").open("/complaints?state=all&period=all"))
    seen = visit("manager1")
    for address in (
        f"/complaints/{theirs}?store=S2",
        f"/complaints/{theirs}?store=S1&store=S2",
        f"/complaints/{theirs}?number={theirs}&store=S2",
    ):
        page = seen.open(address)
        expect(page.locator("h1")).not_to_contain_text(theirs)
    page = seen.open("/complaints?store=S2&state=all&period=all")
    expect(page.locator("#content")).to_contain_text("No complaints for these filters")
    assert page.request.get(f"{seen.site}/export/complaints-cases.csv?store=S2&state=all").ok
    rows = page.request.get(f"{seen.site}/export/complaints-cases.csv?store=S2&state=all").text()
    assert len(rows.strip().splitlines()) == 1, "the heading alone"


def test_the_number_of_a_customer_is_shown_on_request_and_logged(visit):
    seen = visit("manager1")
    number = first_case(seen.open("/complaints?state=open"))
    page = seen.open(f"/complaints/{number}?store=S1")
    hidden = page.locator(".phone span").first
    expect(hidden).to_contain_text("****")
    page.get_by_role("button", name="Show").click()
    expect(hidden).not_to_contain_text("****")
