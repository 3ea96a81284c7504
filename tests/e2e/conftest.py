"""The product as a person meets it: a server started by its own command, and a real browser."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import free_port
from tests.logs import personal

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=30_000)  # a busy machine is no failure
PASSWORD = "aftercare-demo"
LONGEST_START, LONGEST_WAIT = 600, 120  # seconds
# one that the page takes away meanwhile is aborted, and is still as well; what has come under the
# mouse begins to fade with the next frame
STILL = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const moving = () => document.getAnimations().filter(one =>
        one.playState !== "finished" && one.effect.getComputedTiming().endTime < 5000);
    do {
        await Promise.allSettled(moving().map(one => one.finished));
        await frame();
        await frame();
    } while (moving().length);
}"""
# an idle network is no sign: a busy server pauses between two answers; Dash itself knows. A grid
# waits until one scrolls near
QUIET = """seconds => new Promise((done, failed) => {
    const over = Date.now() + 1000 * seconds;
    const quiet = () => !document.querySelector("#react-entry-point")
        || (window.dash_stores ?? []).map(one => one.getState())
            .some(one => one.appLifecycle === "HYDRATED" && !one.isLoading);
    const scrolled = () => {
        const grid = document.querySelector(".grid:empty, .is-further");
        grid?.scrollIntoView();
        return Boolean(grid);
    };
    const end = () => { scrollTo(0, 0); done(); };
    const look = () => quiet() && !scrolled() ? end()
        : Date.now() > over ? failed(Error("callbacks go on and on")) : setTimeout(look, 20);
    look();
})"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The system's own Chromium, which as root wants no sandbox and here no telephone."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    args = [*quiet, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return browser_type_launch_args | ({"executable_path": found} if found else {}) | {"args": args}


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation: where it answers, its database, and its log."""

    address: str
    database: Path
    log: Path


@pytest.fixture(scope="session")
def site(installed: Installed) -> str:
    """The address of a fresh installation with demo data."""
    return installed.address


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A fresh installation with demo data, started as the README says."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    environment = os.environ | {
        "AFTERCARE_DATABASE_URL": f"sqlite:///{folder / 'site.db'}",
        "AFTERCARE_SECRET_KEY": "only-for-the-tests-of-the-browser-0123456789",
        "AFTERCARE_TIMEZONE": "Asia/Shanghai",
    }
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "dashboard", "run", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server, folder / "log")
            yield Installed(f"http://127.0.0.1:{port}", folder / "site.db", folder / "log")
        finally:
            server.terminate()
            server.wait(30)
    told = personal(
        folder / "log", environment["AFTERCARE_DATABASE_URL"], environment["AFTERCARE_SECRET_KEY"]
    )
    assert told == [], "the log of the whole run names people"


def wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + LONGEST_START
    while time.monotonic() < patience:
        assert server.poll() is None, log.read_text()
        try:
            urlopen(f"{address}/readyz", timeout=5)
            return
        except (URLError, OSError):
            time.sleep(0.25)
    pytest.fail(f"the server was not ready in {LONGEST_START} s: {log.read_text()}")


def until_quiet(page: Page) -> None:
    """Wait until the page has asked for all that it shows, and has been answered."""
    page.evaluate(QUIET, LONGEST_WAIT)


def objections(page: Page) -> list[dict]:
    """What an automatic check of accessibility objects to, once nothing fades any more."""
    page.evaluate(STILL)
    return Axe().run(page).response["violations"]


class Visit:
    """Somebody signed in at a browser, and what went wrong in it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site, self.problems = page, site, []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"page: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def open(self, path: str) -> Page:
        """Go to `path` and wait until its cards are filled."""
        self.page.goto(self.site + path)
        until_quiet(self.page)
        return self.page

    def go(self, path: str) -> Page:
        """Go on to `path` within the application, as its own links do."""
        if self.page.url == "about:blank":
            return self.open(path)
        address = f"{self.site}{path}"
        self.page.evaluate("href => dash_clientside.set_props('shell-url', {href})", address)
        self.page.wait_for_url(address)
        until_quiet(self.page)
        return self.page

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"another host: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status}: {response.url}")


def enter(context: BrowserContext, site: str, login: str) -> None:
    """Sign in without looking at the form and at the first page: most tests begin elsewhere."""
    context.request.get(f"{site}/login")
    token = next(each["value"] for each in context.cookies() if each["name"] == "_csrf_token")
    form = {"login": login, "password": PASSWORD, "csrf_token": token}
    answer = context.request.post(f"{site}/login", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """visit("manager1", lang="zh", theme="dark", size=(390, 844)): that person, signed in."""
    contexts = []

    def sign_in(login: str, lang: str = "en", theme: str = "light", size=(1366, 768)) -> Visit:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        cookies = {"lang": lang, "theme": theme}
        context.add_cookies([{"name": k, "value": v, "url": site} for k, v in cookies.items()])
        enter(context, site, login)
        return Visit(context.new_page(), site)

    yield sign_in
    for context in contexts:
        context.close()
