"""A wall screen for eight hours, in a real browser, sixty times as fast: does it grow, does it lag?

python -m bench.wall [--hours 8] [--speed 60]: serves a fresh group of three fictional dealers,
links a screen, lets its clock run and its day go by, and prints what the tab holds after each half
hour (garbage collected before) as one JSON object. Nothing of the page is slowed down or faked but
its clock; it asks the real server, which is stopped for a fake half hour in the middle.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click
from playwright.sync_api import CDPSession, Page, Request, sync_playwright

ROOT = Path(__file__).parents[1]
HALF_HOUR = 1800  # seconds of the screen
POLL = "/wall/state"
STEP = 1  # a second of the screen at once, as its own timer
LONGEST_START = 300
MB = 2**20


class Site:
    """A server that can be stopped and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address, self._log = f"http://127.0.0.1:{port}", folder / "log"
        self._command = ("run", "--port", str(port), "--workers", "1")
        self._environment = os.environ | {
            "AFTERCARE_DATABASE_URL": f"sqlite:///{folder / 'wall.db'}",
            "AFTERCARE_SECRET_KEY": "only-to-measure-the-wall-0123456789abcdef",
        }

    def start(self) -> None:
        """Serve; comes back when it answers."""
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                self._words(*self._command), cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        for _ in range(LONGEST_START * 4):
            try:
                urlopen(f"{self.address}/readyz", timeout=5)
                return
            except (URLError, OSError):
                time.sleep(0.25)
        raise SystemExit(self._log.read_text())

    def stop(self) -> None:
        """Serve no more."""
        self._server.terminate()
        self._server.wait(60)

    def link(self) -> str:
        """The address that makes a browser a screen."""
        words = self._words("screen", "add", "Bench", "--opens", "00:00", "--closes", "00:00")
        said = subprocess.run(
            words, cwd=ROOT, env=self._environment, check=True, capture_output=True, text=True
        )
        return self.address + said.stdout.split()[-1]

    def _words(self, *verb: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "dashboard", *verb)


@contextmanager
def tab(link: str) -> Iterator[tuple[Page, CDPSession]]:
    """A browser with the wall in it, its clock in our hands."""
    with sync_playwright() as playwright:
        flags = ["--enable-precise-memory-info", "--disable-background-networking"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.clock.install()
        page.goto(link)
        page.wait_for_url("**/wall")
        page.wait_for_selector("#main article")
        yield page, page.context.new_cdp_session(page)
        browser.close()


def hold(page: Page, tools: CDPSession) -> dict[str, Any]:
    """What the tab holds now."""
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    found = {m["name"]: m["value"] for m in tools.send("Performance.getMetrics")["metrics"]}
    return {
        "heap_mb": round(found["JSHeapUsedSize"] / MB, 2),
        "nodes": int(found["Nodes"]),
        "listeners": int(found["JSEventListeners"]),
        "state": page.locator("#wall").get_attribute("data-state"),
        "notice": page.locator("#notice").inner_text() if page.is_visible("#notice") else "",
    }


def live(page: Page, asked: set[Request], seconds: int, speed: float) -> None:
    """Let the screen live for so many seconds of its own; while it asks, its clock waits."""
    began = time.monotonic()
    for step in range(0, seconds, STEP):
        page.clock.run_for(STEP * 1000)
        while asked:
            page.wait_for_timeout(2)
        ahead = began + (step + STEP) / speed - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)


@click.command()
@click.option("--hours", default=8.0, show_default=True)
@click.option("--speed", default=60.0, show_default=True)
def main(hours: float, speed: float) -> None:
    """Measure it."""
    with tempfile.TemporaryDirectory(prefix="aftercare-wall-") as folder:
        site = Site(Path(folder), _free_port())
        site.start()
        try:
            told = _day(site, int(hours * 3600 / HALF_HOUR), speed)
        finally:
            site.stop()
    click.echo(json.dumps(told, indent=1, ensure_ascii=False))


def _day(site: Site, halves: int, speed: float) -> dict[str, Any]:
    loads: list[int] = []
    troubles: list[str] = []
    polls: list[int] = []
    asked: set[Request] = set()
    with tab(site.link()) as (page, tools):
        page.on("load", lambda _: loads.append(1))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: asked.add(r) if POLL in r.url else None)
        for over in ("requestfinished", "requestfailed"):
            page.on(over, lambda r: asked.discard(r))
        page.on("requestfinished", lambda r: polls.append(1) if POLL in r.url else None)
        rows, began = [{"hour": 0.0} | hold(page, tools)], time.monotonic()
        for half in range(1, halves + 1):
            gone = half == halves // 2
            if gone:
                site.stop()
            live(page, asked, HALF_HOUR, speed)
            rows.append({"hour": half / 2, "server": not gone} | hold(page, tools))
            if gone:
                site.start()
        lasted = time.monotonic() - began
    return {
        "speed": round(halves * HALF_HOUR / lasted, 1),
        "answers": len(polls),
        "reloads": len(loads),
        "errors": troubles,
        "grown_mb": round(rows[-1]["heap_mb"] - rows[1]["heap_mb"], 2),
        "halves": rows,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
