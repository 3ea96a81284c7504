"""In a real browser: what is saved is saved once, whatever happens to the request on its way.

Chromium sends a request again by itself when the connection dies under it, and people click
again. Every worker is killed before the write, between the write and its answer, or at any moment
after the click.
"""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import browser_type_launch_args  # noqa: F401  (the system's Chromium)
from tests.torture.conftest import rounds
from tests.torture.house import DUE, LOGIN, PASSWORD, House, house, kept, prepare

CHANCE = random.Random(7)
SOON_MS = 20_000
pytestmark = pytest.mark.e2e


class Desk:
    """Somebody who notes promises on the page of a complaint, and the server that is killed."""

    def __init__(self, site: House, page: Page) -> None:
        self.site, self.page, self.said, self.again = site, page, [], 0
        self.file = site.url.removeprefix("sqlite:///")

    def promise(self, clicks: int = 1) -> str:
        """Fill in the form and click; the words, which are those of this attempt alone."""
        words = f"promise {len(self.said)}."
        self.said.append(words)
        if not self.form.is_visible():
            self.page.get_by_text("Note a promise").first.click()
        self.form.locator("input[type=text]").fill(words)
        self.form.locator("input[type=datetime-local]").fill(DUE)
        self.button.click(click_count=clicks)
        return words

    @property
    def form(self):
        return self.page.get_by_role("group", name="Note a promise")

    @property
    def button(self):
        return self.form.get_by_role("button")

    def until_told(self, words: str) -> None:
        """Wait until the page shows it; click again if nothing comes, as a person would."""
        for _ in range(5):
            try:
                return expect(self.page.get_by_text(words).first).to_be_visible(timeout=SOON_MS)
            except AssertionError:
                self.again += 1
                self.button.click()
        raise AssertionError(f"{words} was never told")

    def before_it_is_written(self) -> None:
        """Nobody can write; so the request waits when its worker dies."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            words = self.promise()
            time.sleep(0.3)
            self.kill_workers()
            other.execute("ROLLBACK")
        self.until_told(words)

    def before_it_is_answered(self) -> None:
        """As soon as it is written its worker dies."""
        words = self.promise()
        patience = time.monotonic() + SOON_MS / 1000
        with closing(sqlite3.connect(self.file)) as other:
            while not other.execute("SELECT 1 FROM promise WHERE words = ?", [words]).fetchone():
                assert time.monotonic() < patience, f"{words} was never written"
                time.sleep(0.001)
        self.kill_workers()
        self.until_told(words)

    def at_any_moment(self) -> None:
        words = self.promise()
        time.sleep(CHANCE.uniform(0, 0.2))
        self.kill_workers()
        self.until_told(words)

    def kill_workers(self) -> None:
        for number in {self.site.worker(0), self.site.worker(1)}:
            os.kill(number, signal.SIGKILL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory, browser: Browser) -> Iterator[Desk]:
    """Somebody signed in before the page of a complaint, on an SQLite of their own."""
    folder = tmp_path_factory.mktemp("once")
    url = f"sqlite:///{folder / 'once.db'}"
    prepare(url, 1)
    with house(url, folder) as site, closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"{site.address}/login")
        page.fill("input[name=login]", LOGIN)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{site.address}/complaints/{number(url)}?store=S1")
        yield Desk(site, page)


def number(url: str) -> str:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        return database.execute("SELECT number FROM complaint").fetchone()[0]


def test_a_request_that_dies_on_its_way_is_written_once(desk, measured):
    moments = (desk.before_it_is_written, desk.before_it_is_answered, desk.at_any_moment)
    times = rounds(3, 102)
    for turn in range(times):
        moments[turn % len(moments)]()
    assert kept(desk.site.url) == dict.fromkeys(desk.said, (1, 1))
    measured(
        gate="kill in mid-request, in Chromium",
        aim="100 kills: exactly 100 effects",
        figure=f"{times} kills: exactly {times} effects; {desk.again} had to be clicked again",
        database="sqlite",
    )


def test_five_quick_clicks_write_once(desk, measured):
    times = rounds(2, 100)
    for _ in range(times):
        desk.until_told(desk.promise(clicks=5))
    assert kept(desk.site.url) == dict.fromkeys(desk.said, (1, 1))
    measured(
        gate="five quick clicks",
        aim="1 effect",
        figure=f"{times} times five clicks: {times} effects",
        database="sqlite",
    )
