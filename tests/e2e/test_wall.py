"""A wall screen over weeks: always fresh or visibly old, whatever goes away and comes back."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from dashboard.__main__ import cli
from tests.conftest import free_port, fresh
from tests.e2e.conftest import PASSWORD, ROOT, wait_until_ready

pytestmark = pytest.mark.e2e

CODES = ["overview", "complaints", "callbacks", "improvements", "satisfaction"]
LEGIBLE = 1.45  # hundredths of the width: 15 mm on a screen of 1.2 m, which four metres ask for
HOUR = 3600
LONGEST_ANSWER = 2


class Site:
    """An installation whose server can be stopped and started again."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.port, self.server = folder, free_port(), None
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "AFTERCARE_DATABASE_URL": database,
            "AFTERCARE_SECRET_KEY": "only-for-the-tests-of-the-wall-0123456789ab",
            "AFTERCARE_DEMO": "0",
            "AFTERCARE_REFRESH_SECONDS": "5",
            "AFTERCARE_LANGUAGE": "en",
        }

    def start(self) -> None:
        verb = ("run", "--port", str(self.port), "--workers", "1")
        command = (sys.executable, "-m", "dashboard", *verb)
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_ready(self.address, self.server, self.folder / "log")

    def stop(self) -> None:
        os.killpg(self.server.pid, signal.SIGKILL)  # its workers too, at once
        self.server.wait(30)

    def say(self, *verb: str) -> str:
        """What a verb prints; it is said in this process, for to begin another takes seconds."""
        done = CliRunner(env=self.environment).invoke(cli, verb)
        assert done.exit_code == 0, done.output
        return done.stdout

    def link(self, *options: str) -> tuple[str, str]:
        """The number of a new screen, and the address that makes a browser this screen."""
        said = self.say("screen", "add", "Showroom", *options)
        return re.search(r"screen (\d+)", said)[1], self.address + said.split()[-1]


def installed(folder: Path, database: str) -> Site:
    site = Site(folder, database)
    site.say("upgrade")
    site.say("store", "add", "S1", "--name", "First")
    site.start()
    return site


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("wall")
    site = installed(folder, f"sqlite:///{folder / 'wall.db'}")
    yield site
    site.stop()


@pytest.fixture
def screen(browser: Browser, own: Site) -> Iterator[Callable[..., Page]]:
    """screen("--language", "en"): a new screen's page; its clock is in our hands."""
    contexts = []

    def opened(*options: str, size=(1920, 1080), at: Site = own) -> Page:
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}))
        page = contexts[-1].new_page()
        page.clock.install()
        watch(page)
        page.number, link = at.link(*(options or ("--language", "en", *ALWAYS)))
        page.goto(link)
        expect(page).to_have_url(f"{at.address}/wall")
        expect(page.locator("#main article")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


ALWAYS = ("--opens", "00:00", "--closes", "00:00")


def state(page: Page, wanted: str) -> None:
    expect(page.locator("#wall")).to_have_attribute("data-state", wanted)


def watch(page: Page) -> None:
    """Know what the page has asked and not been answered."""
    page.asked = set()
    page.on("request", lambda one: page.asked.add(one) if "/wall/state" in one.url else None)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda one: page.asked.discard(one))


def live(page: Page, seconds: int, until: str | None = None) -> None:
    """Let the screen live so long by its own clock, or until it is in this state.

    Answers come by the real clock: the screen's own stands still for them, though not for ever.
    """
    for _ in range(seconds):
        page.clock.run_for(1000)
        patience = time.monotonic() + LONGEST_ANSWER
        while page.asked and time.monotonic() < patience:
            page.wait_for_timeout(5)
        if until and page.locator("#wall").get_attribute("data-state") == until:
            return


def turn(page: Page, code: str) -> None:
    """Let the page `code` make way for the next one."""
    for _ in range(26 if code == "overview" else 16):
        if page.locator("#main").get_attribute("data-page") != code:
            return
        page.clock.run_for(1000)


def loads(page: Page) -> list[int]:
    found = []
    page.on("load", lambda _: found.append(1))
    return found


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_fits_and_is_legible_from_four_metres(screen, size, language):
    page = screen("--language", language, *ALWAYS, size=size)
    for code in CODES:
        expect(page.locator("#main")).to_have_attribute("data-page", code)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        assert page.evaluate(SMALLEST) >= LEGIBLE
        assert page.evaluate(OUTSIDE) == []
        turn(page, code)


def test_nothing_stands_in_the_way_of_anybody(screen):
    page = screen()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


SMALLEST = """() => Math.min(...[...document.querySelectorAll("#wall *")]
  .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((one) => one.checkVisibility())
  .map((one) => (100 * parseFloat(getComputedStyle(one).fontSize)) / innerWidth))"""
OUTSIDE = """() => [...document.querySelectorAll("#wall *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg"))
  .filter((one) => { const box = one.getBoundingClientRect();
    return box.right > innerWidth + 1 || box.bottom > innerHeight + 1; })
  .map((one) => one.className || one.id)"""


def test_the_languages_take_turns(screen):
    page = screen("--language", "both", *ALWAYS)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    for code in CODES:
        expect(page.locator("#main")).to_have_attribute("data-page", code)
        turn(page, code)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#main h1")).to_have_text("Overview")


def test_a_server_that_goes_and_comes_back_needs_nobody(screen, own):
    page = screen()
    state(page, "fresh")
    seen = loads(page)
    own.stop()
    live(page, 60, until="server")
    state(page, "server")
    expect(page.locator("#notice")).to_contain_text("The server does not answer")
    page.clock.fast_forward(35 * 60 * 1000)
    expect(page.locator("#veil")).to_be_visible()
    expect(page.locator("#notice")).to_contain_text(re.compile("These figures are 3[56] min old"))
    expect(page.locator("#main article")).to_be_visible()
    own.start()
    live(page, 120, until="fresh")
    state(page, "fresh")
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.locator("#notice")).to_be_hidden()
    assert seen == []


def test_a_screen_without_network_says_so_at_once(screen):
    page = screen()
    page.context.set_offline(True)
    state(page, "offline")
    expect(page.locator("#notice")).to_contain_text("no network")
    page.context.set_offline(False)
    live(page, 60, until="fresh")
    state(page, "fresh")


def test_a_screen_that_slept_is_veiled_until_it_has_news(screen):
    page = screen()
    page.route("**/wall/state*", lambda route: None)  # an answer that does not come
    page.clock.fast_forward(3 * HOUR * 1000)
    expect(page.locator("#veil")).to_be_visible()
    expect(page.locator("#notice")).to_contain_text("3 h old")
    page.unroute_all(behavior="ignoreErrors")
    live(page, 90, until="fresh")
    expect(page.locator("#veil")).to_be_hidden()


def test_a_revoked_screen_shows_nothing_more(screen, own):
    page = screen()
    own.say("screen", "revoke", page.number)
    live(page, 60, until="revoked")
    expect(page.locator("#notice")).to_contain_text("This screen was revoked")
    expect(page.locator("#main")).to_be_empty()
    expect(page.locator("#strip")).to_be_empty()
    page.reload()
    state(page, "revoked")
    expect(page.locator("#main")).to_be_empty()


def test_who_is_signed_out_is_shown_nothing_more(browser, own):
    login = "boss"
    own.say("user", "add", login, "--role", "principal", "--all-stores", "--password", PASSWORD)
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    watch(page)
    page.goto(f"{own.address}/wall")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    expect(page.locator("#main article")).to_be_visible()
    context.clear_cookies()
    live(page, 60, until="signed_out")
    expect(page.locator("#notice")).to_contain_text("Signed out")
    expect(page.locator("#main")).to_be_empty()
    context.close()


def test_a_new_version_is_fetched_once(screen):
    page = screen()
    seen = loads(page)

    def newer(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"version": "newer"})

    page.route("**/wall/state*", newer)
    live(page, 30)
    expect(page.locator("#main article")).to_be_visible()
    live(page, 30)
    state(page, "fresh")
    assert len(seen) == 1  # the page it got is the old one still: it asks again later, not at once


def test_it_begins_anew_every_few_hours_but_only_when_the_server_answers(screen, own):
    page = screen()
    seen = loads(page)
    own.stop()
    page.clock.fast_forward(6 * HOUR * 1000)
    live(page, 30)
    assert seen == []
    expect(page.locator("#main article")).to_be_visible()
    own.start()
    live(page, 90, until="fresh")
    state(page, "fresh")
    assert len(seen) == 1


def hours(*, bright: bool) -> tuple[str, ...]:
    """Opening hours by which it is day now, or night."""
    now = datetime.now(UTC) + timedelta(hours=8)
    first = now - timedelta(hours=2) if bright else now + timedelta(hours=2)
    last = first + timedelta(hours=4)
    return ("--opens", f"{first:%H:%M}", "--closes", f"{last:%H:%M}")


def test_outside_opening_hours_it_is_dim(screen):
    page = screen("--language", "en", *hours(bright=False))
    expect(page.locator("#night")).to_be_visible()
    page = screen("--language", "en", *hours(bright=True))
    expect(page.locator("#night")).to_be_hidden()


def test_a_day_leaves_nothing_behind(screen):
    page = screen("--language", "en", *ALWAYS)
    counted = "document.querySelectorAll('*').length"
    first = [_after_a_turn(page, counted) for _ in range(len(CODES))]
    for _ in range(60):
        page.clock.run_for(85_000)  # a whole round
    again = [_after_a_turn(page, counted) for _ in range(len(CODES))]
    assert sorted(again) == sorted(first)


def _after_a_turn(page: Page, counted: str) -> int:
    code = page.locator("#main").get_attribute("data-page")
    turn(page, code)
    return int(page.evaluate(counted))


# --- a database that goes and comes back ---------------------------------------------------------


class Wire:
    """The way to a PostgreSQL server, which can be cut and mended."""

    def __init__(self, url: str) -> None:
        self._to, self.port = make_url(url), free_port()
        self._open: list[socket.socket] = []
        self.mend()

    def mend(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._serve, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def _serve(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = self._far()
                self._open += [near, far]
                Thread(target=_both_ways, args=(near, far), daemon=True).start()

    def _far(self) -> socket.socket:
        folder = self._to.query.get("host")
        if folder is None:
            return socket.create_connection((self._to.host, self._to.port or 5432))
        found = socket.socket(socket.AF_UNIX)
        found.connect(f"{folder}/.s.PGSQL.{self._to.port or 5432}")
        return found


def _both_ways(near: socket.socket, far: socket.socket) -> None:
    with near, far:
        back = Thread(target=_copy, args=(far, near), daemon=True)
        back.start()
        _copy(near, far)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wired(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Site, Wire]]:
    url = fresh(postgres_url, "aftercare_wall")
    wire = Wire(url)
    through = make_url(url).set(host="127.0.0.1", port=wire.port, query={})
    site = installed(tmp_path, through.render_as_string(hide_password=False))
    yield site, wire
    site.stop()
    wire.cut()


def test_a_database_that_goes_and_comes_back_needs_nobody(screen, wired):
    site, wire = wired
    page = screen(at=site)
    state(page, "fresh")
    wire.cut()
    live(page, 60, until="database")
    state(page, "database")
    expect(page.locator("#notice")).to_contain_text("The database cannot be reached")
    expect(page.locator("#main article")).to_be_visible()
    wire.mend()
    live(page, 120, until="fresh")
    state(page, "fresh")
    expect(page.locator("#notice")).to_be_hidden()
