"""A page opened in a real browser: what came over the wire, and when its charts were there."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from data.demo.stores import PASSWORD

KINDS = {"Document": "page", "Script": "scripts", "Fetch": "answers", "XHR": "answers"}
STILL_LOADING = ".is-loading:not(:has(.grid:empty)), ._dash-loading"  # grids wait to be near
THERE = "h1, .js-plotly-plot"
DRAWN = "Object.values(window.drawn)"
FURTHER, COME = ".is-further, .grid:empty", "dispatchEvent(new Event('beforeprint'))"
LONGEST_MS, QUIET_MS, SHORT_MS = 120_000, 2_000, 50
FILLED = "window.filled"
# notes when each graph was first drawn with something in it, and when the latest card was filled
NOTE = """
window.drawn = {};
window.filled = window.cards = 0;
(function look() {
  const cards = document.querySelectorAll('.widget:not(.is-loading)').length;
  if (cards > window.cards) {
    window.cards = cards;
    window.filled = performance.now();
  }
  for (const graph of document.querySelectorAll('.js-plotly-plot')) {
    if (graph.noted || !graph.on) continue;
    graph.noted = true;
    const id = graph.parentElement.id;
    const note = () => { if (graph.data?.length) window.drawn[id] ??= performance.now(); };
    graph.on('plotly_afterplot', note);
    note();
  }
  requestAnimationFrame(look);
})();
"""


@dataclass
class Opening:
    """What one opening of a page took; `drawn` and `filled` in milliseconds from its beginning."""

    requests: int = 0
    came: dict[str, int] = field(default_factory=dict)
    drawn: Sequence[float] = ()
    filled: float = 0

    @property
    def bytes(self) -> int:
        """All that came over the wire."""
        return sum(self.came.values())


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a screen."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    args = ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=args)
        yield opened
        opened.close()


def visits(
    chromium: Browser, address: str, login: str = "", *, whole: bool = False
) -> tuple[Opening, Opening]:
    """The page at this address as it is opened for the first time, and for the second.

    whole: also the cards further down, as if one scrolled to all of them at once.
    """
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="en")
    if login:
        enter(context, address, login)
    first, second = (opening(context, address, whole) for _ in range(2))
    context.close()
    return first, second


def enter(context: BrowserContext, address: str, login: str) -> None:
    """Sign in without the sign-in page's files: they would be kept by then."""
    site = "/".join(address.split("/")[:3])
    context.request.get(f"{site}/login")
    token = next(each["value"] for each in context.cookies() if each["name"] == "_csrf_token")
    form = {"login": login, "password": PASSWORD, "csrf_token": token}
    assert context.request.post(f"{site}/login", form=form, max_redirects=0).status == 303


def opening(context: BrowserContext, address: str, whole: bool = False) -> Opening:
    """Open the page in a new tab and wait until everything is there."""
    page, found = context.new_page(), Opening()
    page.set_default_timeout(LONGEST_MS)
    page.add_init_script(NOTE)
    _listen(page, found)
    page.goto(address)
    page.locator(THERE).first.wait_for(state="attached")
    while whole and page.locator(FURTHER).count():
        page.evaluate(COME)
        page.wait_for_timeout(SHORT_MS)
    _settle(page, found)
    found.drawn, found.filled = sorted(page.evaluate(DRAWN)), page.evaluate(FILLED)
    page.close()
    return found


def _settle(page: Page, found: Opening) -> None:
    """Wait until nothing loads, comes or is drawn any more."""
    before = None
    while before != (now := (found.requests, page.evaluate(DRAWN))) or _loads(page):
        before = now
        page.wait_for_timeout(QUIET_MS)


def _loads(page: Page) -> bool:
    return page.locator(STILL_LOADING).count() > 0


def _listen(page: Page, found: Opening) -> None:
    """Count what comes over the wire; what was kept comes from nowhere."""
    tools, kinds, kept = page.context.new_cdp_session(page), {}, set()
    tools.send("Network.enable")

    def answered(said: dict[str, Any]) -> None:
        kinds[said["requestId"]] = KINDS.get(said["type"], "styles, fonts, pictures")
        if said["response"].get("fromDiskCache"):
            kept.add(said["requestId"])

    def finished(said: dict[str, Any]) -> None:
        if said["requestId"] not in kept and (kind := kinds.get(said["requestId"])):
            found.requests += 1
            found.came[kind] = found.came.get(kind, 0) + int(said["encodedDataLength"])

    tools.on("Network.responseReceived", answered)
    tools.on("Network.requestServedFromCache", lambda said: kept.add(said["requestId"]))
    tools.on("Network.loadingFinished", finished)
