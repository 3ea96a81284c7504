"""The weekly review in a real browser: a whole Monday, and what the next one says of it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data import db
from data.models import Store
from data.person import SYSTEM
from data.reviews import weeks
from tests.factories import complaint

pytestmark = pytest.mark.e2e
ZONE = "Asia/Shanghai"
A4 = (595, 842)  # points


@pytest.fixture
def week():
    """The week under review now."""
    return weeks.latest(datetime.now(ZoneInfo(ZONE)).date())


@pytest.fixture
def database(installed):
    """The database behind the site."""
    engine = db.connect(f"sqlite:///{installed.database}")
    yield engine
    engine.dispose()


def point(page: Page, title: str):
    """The part of the page for this point of the agenda."""
    return page.locator(".widget", has=page.locator("h2", has_text=title))


def opened(visit, week) -> None:
    """See that the review of the first store is open, whatever the day of the demo made of it."""
    page = visit("principal").open(f"/review/{week}?store=S1")
    expect(page.locator(".review-end")).to_be_visible()
    if page.get_by_role("button", name="Close the review").count():
        return
    page.get_by_text("Open the review again").click()
    page.get_by_label("Why it is opened again").fill("Held again")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_role("button", name="Close the review")).to_be_visible()


def decide(page: Page, words: str) -> None:
    """Decide something, and give it to the first one there is."""
    add = page.locator(".review-add")
    add.get_by_label("What is decided").fill(words)
    add.get_by_label("Who").select_option(index=1)
    add.get_by_role("button", name="Add the decision").click()
    expect(point(page, "What is decided now").locator("li", has_text=words)).to_be_visible()


def put_off(page: Page, words: str, day: date) -> None:
    """Move a decision of last week to another day."""
    line = point(page, "What was decided last week").locator("li", has_text=words)
    line.locator(".fold summary").click()
    line.get_by_label("Until").fill(day.isoformat())
    line.get_by_label("Why it is put off").fill("The line is down")
    line.locator(".fold").get_by_role("button", name="Put off").click()
    expect(page.locator(".notice").last).to_contain_text("Saved")
    expect(line.locator(".fold[open]")).to_have_count(0)


def enter(engine, *moments: datetime) -> None:
    """Complaints that came in at these moments are entered only now."""
    with db.writing(by=SYSTEM) as session:
        store = session.scalars(select(Store).where(Store.code == "S1")).one()
        for moment in moments:
            local = moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
            complaint(session, store, local.isoformat())


def test_a_whole_monday_and_what_the_next_one_says_of_it(visit, week, database):
    opened(visit, week)
    seen = visit("manager1")
    page = seen.open(f"/review/{week}")
    expect(point(page, "What was decided last week").locator("li").first).to_be_visible()
    decide(page, "Two more hands at the gate")
    decide(page, "Call every late customer")
    page.get_by_role("button", name="Close the review").click()
    expect(page.locator(".case-lead")).to_contain_text("Closed, the numbers are frozen")
    expect(page.locator(".review-add")).to_have_count(0)
    shown = page.locator(".review-numbers tr", has_text="Open complaints").locator("td").nth(1)
    frozen = int(shown.inner_text())

    midweek = datetime.combine(week.monday + timedelta(days=2), datetime.min.time(), UTC)
    enter(database, midweek, datetime.now(UTC))

    page = seen.open(f"/review/{week}")
    expect(shown).to_have_text(str(frozen))
    page = seen.open(f"/review/{week.after}")
    line = page.locator(".review-numbers tr", has_text="Open complaints")
    expect(line).to_contain_text(
        f"frozen {frozen} → now {frozen + 2}: +1 from late entries, +1 from new ones"
    )
    mine = point(page, "What was decided last week").locator("li", has_text="Two more hands")
    mine.get_by_role("button", name="Mark as done").click()
    expect(mine).to_contain_text("Done on")
    put_off(page, "Call every late", week.monday + timedelta(days=40))
    assert seen.problems == []


def test_a_decision_is_worded_anew_and_becomes_an_action(visit, week):
    opened(visit, week)
    seen = visit("manager1")
    page = seen.open(f"/review/{week}")
    decide(page, "Board at the gat")
    mine = point(page, "What is decided now").locator("li", has_text="Board at the gat")
    mine.locator(".fold summary", has_text="Word it anew").click()
    mine.get_by_label("What is decided").fill("Board at the gate")
    mine.get_by_role("button", name="Keep these words").click()
    expect(point(page, "What is decided now").locator("strong").last).to_have_text(
        "Board at the gate"
    )
    page = seen.open(f"/review/{week}")
    mine = point(page, "What is decided now").locator("li", has_text="Board at the gate")
    mine.get_by_role("button", name="Make it an action").click()
    expect(mine.locator("a[href^='/actions/']")).to_be_visible()
    assert seen.problems == []


def test_the_second_person_is_told_what_the_first_one_did(visit, week):
    opened(visit, week)
    first, second = visit("manager1"), visit("manager1")
    decide(first.open(f"/review/{week}"), "Cold towels in summer")
    theirs = second.open(f"/review/{week}")
    decide(first.page, "Hot tea in winter")
    theirs.get_by_role("button", name="Close the review").click()
    expect(theirs.get_by_role("alert").first).to_contain_text("in the meantime")
    assert first.problems + second.problems == []


def test_quality_prepares_words_and_decides_nothing(visit, week):
    opened(visit, week)
    seen = visit("quality")
    page = seen.open(f"/review/{week}?store=S1")
    expect(page.locator(".review-add")).to_be_visible()
    expect(page.locator(".review-add").get_by_label("Who")).to_have_count(0)
    expect(page.get_by_role("button", name="Close the review")).to_have_count(0)
    assert seen.problems == []


def test_the_minutes_are_printed_on_a4(visit, week):
    page = visit("manager1", lang="zh", theme="dark").open(f"/review/{week.before}")
    expect(page.locator(".review-numbers")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", printed)
    assert {tuple(round(float(side)) for side in box) for box in boxes} == {A4}
    assert 1 <= len(boxes) <= 4


def test_who_sees_several_stores_chooses_one(visit, week):
    seen = visit("principal")
    page = seen.open("/review")
    page.locator(".held").first.get_by_role("link").first.click()
    expect(page.locator("h1")).to_have_text(f"Weekly review {week}")
    expect(page.locator(".review-numbers")).to_be_visible()
    assert seen.problems == []


def test_the_review_fits_a_phone(visit, week):
    seen = visit("manager1", lang="zh", size=(390, 844))
    page = seen.open(f"/review/{week}")
    expect(page.locator(".review-numbers")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.problems == []
