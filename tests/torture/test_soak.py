"""Left alone for long: does the server grow, does a tab grow that nobody closes?

The server is asked by the crowd without a pause. The tab is an ordinary page, open for a day by its
own clock: it looks for news at its own pace, and as often as on a working day there are some.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Request
from sqlalchemy import select

from dashboard import ids
from data import db, events
from data.models import Store
from data.person import SYSTEM
from tests import factories
from tests.e2e.conftest import browser_type_launch_args, enter  # noqa: F401  (the system's Chromium)
from tests.torture import crowd, seating
from tests.torture.conftest import LONG, rounds
from tests.torture.crowd import Some
from tests.torture.house import House, house

PEOPLE, SCREENS, CLICKS = rounds(5, 24), rounds(1, 10), 10  # in one lap
WARMING, LASTING = rounds(0, 300), rounds(0, 1800)  # seconds; a lap at least
MOST_GROWN = 0.1

POLL, POLLS, SPANS = 30, rounds(1, 120), rounds(2, 24)  # a poll by itself, spans of an hour
NEWS_EVERY = rounds(1, 10)  # polls: after five minutes figures are old in any case
PATIENCE = 60
MOST_MB = 50
MB = 2**20
TABS = [("/", "overview-open"), ("/complaints", "complaints-open")]


# --- the server ----------------------------------------------------------------------------------


def lived(site: House, crowds: Sequence[Some], seconds: int) -> list[float]:
    """Let the crowd live for so long; what the server held after each lap, in MB."""
    over, held = time.monotonic() + seconds, []
    while not held or time.monotonic() < over:
        asked = crowd.live(*crowds)
        assert crowd.troubles(asked) == []
        held.append(seating.memory(site))
    return held


def test_the_server_does_not_grow(application, group, tmp_path, measured):
    with house(group, tmp_path, GUNICORN_CMD_ARGS="--max-requests 0") as site:
        watching = Some(seating.screens(site, SCREENS), 0, 1)
        clicking = Some(seating.people(site, application.callback_map, PEOPLE), 0, CLICKS)
        workers = site.workers_now()
        warm = lived(site, (watching, clicking), WARMING)
        held = lived(site, (watching, clicking), LASTING)
        assert site.workers_now() == workers, "a worker was replaced, and began small"
    some = max(1, len(held) // 20)
    before, after = median(warm[-some:]), median(held[-some:])
    requests = len(warm + held) * (SCREENS + PEOPLE * CLICKS)
    assert before > 0
    measured(
        gate="soak: the server, asked without a pause",
        aim="≤ +10 %",
        figure=f"{before:.0f} MB after {WARMING // 60} min, {after:.0f} MB after"
        f" {(WARMING + LASTING) // 60} min and {requests:,} requests: {after / before - 1:+.1%}",
        database=group.partition(":")[0],
    )
    assert not LONG or after <= before * (1 + MOST_GROWN)


# --- the tab -------------------------------------------------------------------------------------


class Tab:
    """A page that is left open, its clock in our hands."""

    def __init__(self, page: Page, tile: str) -> None:
        self.page, self.polls, self.calls, self.problems = page, 0, 0, []
        self.waiting: set[Request] = set()
        self.tools = page.context.new_cdp_session(page)
        name = json.dumps(ids.tile(tile), sort_keys=True, separators=(",", ":"))
        self.tile = page.locator(f"[id='{name}']")
        page.clock.install()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self._asked)
        for over in ("requestfinished", "requestfailed"):
            page.on(over, lambda request: self.waiting.discard(request))

    def wait(self, seconds: int, number: int) -> None:
        """Let so much time pass in it, and wait until it has been answered and shows the number."""
        self.page.clock.run_for(seconds * 1000)
        self.until(lambda: not self.waiting and self.shown() == number)

    def until(self, so: Any) -> None:
        """Let a little time pass until it is so; answers come by the clock on our wall."""
        patience = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < patience, self.page.url
            self.page.wait_for_timeout(5)
            self.page.clock.run_for(20)

    def shown(self) -> int:
        """The number on the tile."""
        found = re.search(r"[\d,]+", self.tile.inner_text())
        return int(found[0].replace(",", "")) if found else -1

    def held(self) -> float:
        """What its scripts hold when the garbage is taken out, in MB."""
        for _ in range(2):
            self.tools.send("HeapProfiler.collectGarbage")
        found = self.tools.send("Runtime.getHeapUsage")
        return (found["usedSize"] + found.get("embedderHeapUsedSize", 0)) / MB

    def _asked(self, request: Request) -> None:
        if crowd.CALL in request.url:
            self.waiting.add(request)
            self.calls += 1
            self.polls += '"n_intervals"' in (request.post_data or "")


@contextmanager
def opened(browser: Browser, site: House, path: str, tile: str) -> Iterator[Tab]:
    """A tab that has drawn its page."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    enter(context, site.address, "quality")
    tab = Tab(context.new_page(), tile)
    tab.page.goto(site.address + path)
    tab.until(lambda: tab.tile.count() and tab.shown() >= 0 and not tab.waiting)
    yield tab
    context.close()


def news() -> None:
    """Somebody complains."""
    with db.writing(by=SYSTEM) as session:
        store = session.scalars(select(Store).order_by(Store.id)).first()
        now = datetime.now(ZoneInfo(store.zone))
        number = f"news-{time.monotonic_ns()}"
        case = factories.complaint(session, store, f"{now:%Y-%m-%dT%H:%M}", number=number)
        events.record_made(session, case, at=now)


def left_open(tab: Tab, last: int) -> int:
    """Leave it open for a span; the number on its tile, which was this before."""
    for poll in range(POLLS):
        if poll % NEWS_EVERY == 0:
            news()
            last += 1
        tab.wait(POLL, last)
    return last


@pytest.fixture(scope="module")
def site(two_stores, tmp_path_factory) -> Iterator[House]:
    with house(two_stores, tmp_path_factory.mktemp("soak")) as made:
        engine = db.connect(two_stores)
        yield made
        engine.dispose()


@pytest.mark.e2e
@pytest.mark.parametrize(("path", "tile"), TABS)
def test_a_tab_draws_what_is_new_and_does_not_grow(browser, site, path, tile, measured):
    with opened(browser, site, path, tile) as tab:
        shown, held = tab.shown(), []
        for _span in range(SPANS):
            shown = left_open(tab, shown)
            held.append(tab.held())
        assert tab.problems == []
        assert tab.polls >= SPANS * POLLS
    hours = POLL * POLLS / 3600
    measured(
        gate=f"soak: a tab with {path} left open",
        aim=f"≤ +{MOST_MB} MB a day",
        figure=f"{held[0]:.1f} MB after {hours:.2g} h, {held[-1]:.1f} MB after"
        f" {SPANS * hours:.2g} h with {tab.polls:,} looks for news and {tab.calls:,} calls",
        database="sqlite",
    )
    assert held[-1] - held[0] <= MOST_MB
