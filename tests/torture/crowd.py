"""A crowd: people who click and screens on walls that ask, all at once, as browsers do.

A click is one request out of those that pages make: a tile, a chart, a list or some rows of a grid
of the four pages looked at most, a page itself, a case, whether there are news, now and then a
promise. Everybody has a shuffled deck of their own to deal from, and draws what it is about: the
same every time.
"""

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from random import Random
from statistics import quantiles
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import brotli
from backports import zstd

from bench.visit import ROUTER, asking, repeated
from dashboard import urls
from dashboard.ids import Shell
from dashboard.urls import View
from dashboard.widgets import parts
from pages import complaints, followups, overview, satisfaction
from tests.torture.house import acknowledged, promising, version_in

FINE = (200, 204, 304)
PATIENCE = 60
ENCODINGS = "gzip, br, zstd"
UNPACK: Mapping[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
MIX = {  # how often each kind of click is among fifty
    "tile": 14, "chart": 12, "list": 3, "grid": 5, "page": 5, "case": 5, "poll": 5, "promise": 1,
}  # fmt: skip
PERIODS = {urls.USUAL: 6, "last-4-weeks": 2, "last-12-months": 1, "all": 1}
PAGES = (overview, complaints, followups, satisfaction)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was answered, how long that took, and what was wrong with the answer."""

    kind: str
    name: str
    seconds: float
    trouble: str = ""


@dataclass(slots=True)
class Case:
    """A complaint, as far as one must know it to note a promise."""

    id: int
    number: str
    store: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A session somebody signed in to, the stores it may narrow to, and cases it may read."""

    cookies: str
    token: str
    stores: Sequence[str]
    cases: Sequence[Case]


class Line:
    """A browser's connection: kept alive, and opened anew when it has died meanwhile."""

    def __init__(self, address: str, cookies: str, token: str = "") -> None:
        self.there = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        self.headers = {"Cookie": cookies, "Accept-Encoding": ENCODINGS}
        self.sending = self.headers | {"Content-Type": "application/json", "X-CSRFToken": token}

    def ask(self, path: str, body: Any = None) -> tuple[int, str, float]:
        """Status, text and seconds of the answer to a question, or to a call if it has a body."""
        data = None if body is None else json.dumps(body).encode()
        began = time.monotonic()
        answer = self._begun(path, data)
        packed = answer.read()
        took = time.monotonic() - began
        return answer.status, UNPACK[answer.getheader("Content-Encoding")](packed).decode(), took

    def _begun(self, path: str, data: bytes | None) -> Any:
        was_open = self.there.sock is not None
        try:
            return self._once(path, data)
        except ConnectionError:
            self.there.close()
            if not was_open:
                raise
            return self._once(path, data)  # as browsers do when a worker has gone

    def _once(self, path: str, data: bytes | None) -> Any:
        method, headers = ("POST", self.sending) if data else ("GET", self.headers)
        self.there.request(method, path, data, headers)
        return self.there.getresponse()


class Asker(Protocol):
    """Who asks the server something, again and again."""

    line: Line

    def ask(self) -> Asked:
        """Ask for what comes next."""


class Screen:
    """A screen on a wall, which says what it has and is told what it has not."""

    def __init__(self, address: str, cookies: str) -> None:
        self.line, self.have = Line(address, cookies), ""

    def ask(self) -> Asked:
        """Ask what to show."""
        query = f"?{urlencode({'have': self.have})}" if self.have else ""
        return told("screen", "wall", self.line, f"/wall/state{query}", None, self._heard)

    def _heard(self, text: str) -> str:
        self.have = json.loads(text)["tag"]
        return ""


class Person:
    """Somebody at a browser who clicks on this and that, and promises about one case."""

    def __init__(
        self, address: str, seat: Seat, callbacks: Mapping[str, Any], number: int, case: Case
    ) -> None:
        self.line = Line(address, seat.cookies, seat.token)
        self.seat, self.callbacks, self.number, self.case = seat, callbacks, number, case
        self.chance, self.edition = Random(number), ""
        self.deck = cycle(shuffled(self.chance))

    def ask(self) -> Asked:
        """Click on something of the kind that comes next."""
        kind = next(self.deck)
        name, body, heard = getattr(self, f"_{kind}")()
        return told(kind, name, self.line, CALL, body, heard)

    def _tile(self) -> Any:
        return self._card("tile", self.chance.choice(TILES))

    def _chart(self) -> Any:
        return self._card("drawing", self.chance.choice(CHARTS))

    def _list(self) -> Any:
        return self._card("listing", self.chance.choice(LISTS))

    def _grid(self) -> Any:
        return self._card("table", self.chance.choice(GRIDS))

    def _card(self, part: str, name: str) -> Any:
        return name, self._asking(repeated(part), name, search=self._search()), drawn

    def _page(self) -> Any:
        path = self.chance.choice(PAGES).PATH
        return path, self._asking(ROUTER, pathname=path, search=self._search()), drawn

    def _case(self) -> Any:
        case = self.chance.choice(self.seat.cases)
        path, _, query = urls.complaint(case.number, case.store).partition("?")
        return "a complaint", self._asking(ROUTER, pathname=path, search=f"?{query}"), drawn

    def _poll(self) -> Any:
        return "news", self._asking(Shell.FRESH, data=self.edition), self._newer

    def _promise(self) -> Any:
        words, key = f"person {self.number}, version {self.case.version}", uuid4().hex
        body = promising(self.callbacks, self.case.id, self.case.version, words, key)
        return "a complaint", body, self._kept

    def _asking(self, part: str, name: str = "", **values: str) -> dict[str, Any]:
        return asking(self.callbacks, part, name, values)

    def _search(self) -> str:
        """A slice: half of those who have many stores look at one, half at all."""
        many = len(self.seat.stores) > 1
        store = self.chance.choice(self.seat.stores) if many and self.chance.random() < 0.5 else ""
        [period] = self.chance.choices([*PERIODS], [*PERIODS.values()])
        return urls.search_for(View(stores=(store,) if store else (), period=period))

    def _newer(self, text: str) -> str:
        found = re.search(r'"data":\s*"([^"]+)"', text)
        self.edition = found[1] if found else self.edition
        return ""

    def _kept(self, text: str) -> str:
        self.case.version = version_in((200, text), self.case.version)
        return "" if acknowledged((200, text)) else f"not saved: {text[:300]}"


CALL = "/_dash-update-component"
TILES = [one.name for page in PAGES for one in page.TILES]
CHARTS = [one.name for page in PAGES for one in getattr(page, "CHARTS", ())]
TABLES = [one for page in PAGES for one in page.TABLES]
LISTS = [one.name for one in TABLES if one.short]
GRIDS = [one.name for one in TABLES if not one.short]


def shuffled(chance: Random) -> list[str]:
    """Fifty clicks, in the order in which they come to somebody."""
    return chance.sample([*MIX], counts=[*MIX.values()], k=sum(MIX.values()))


def drawn(text: str) -> str:
    """What is wrong with a card: it may say itself that it failed."""
    return f"failed: {text[:300]}" if parts.FAILED in text else ""


def told(
    kind: str, name: str, line: Line, path: str, body: Any, heard: Callable[[str], str]
) -> Asked:
    """Ask, and look at what was answered."""
    began = time.monotonic()
    try:
        status, text, took = line.ask(path, body)
    except (OSError, HTTPException) as error:
        line.there.close()
        return Asked(kind, name, time.monotonic() - began, repr(error))
    if status not in FINE:
        return Asked(kind, name, took, f"{status}: {text[:300]}")
    return Asked(kind, name, took, heard(text) if text else "")


@dataclass(frozen=True, slots=True)
class Some:
    """Askers of a kind: every how many seconds each asks, and how often."""

    askers: Sequence[Asker]
    every: float
    times: int


def live(*crowd: Some) -> list[Asked]:
    """Let them all ask at once, one shortly after the other; who waits for an answer asks later."""
    began = time.monotonic()
    with ThreadPoolExecutor(sum(len(some.askers) for some in crowd)) as pool:
        living = [
            pool.submit(_asks, asker, some, began + some.every * number / len(some.askers))
            for some in crowd for number, asker in enumerate(some.askers)
        ]  # fmt: skip
        return [asked for one in living for asked in one.result()]


def _asks(asker: Asker, some: Some, due: float) -> list[Asked]:
    found = []
    with closing(asker.line.there):
        for _ in range(some.times):
            time.sleep(max(0.0, due - time.monotonic()))
            found.append(asker.ask())
            due = max(due + some.every, time.monotonic())
    return found


def troubles(asked: Sequence[Asked]) -> list[str]:
    """The first of what went wrong."""
    return list(
        islice((f"{one.kind} {one.name}: {one.trouble}" for one in asked if one.trouble), 9)
    )


def spread(asked: Sequence[Asked]) -> tuple[int, int, int]:
    """Milliseconds that half, 95 of 100 and all of the answers did not exceed."""
    took = [one.seconds * 1000 for one in asked]
    cuts = quantiles(took, n=20, method="inclusive")
    return round(cuts[9]), round(cuts[18]), round(max(took))


def slowest(asked: Sequence[Asked], count: int = 5) -> list[tuple[str, int, int]]:
    """What takes longest: its name, its 95 of 100 in milliseconds, and how often it was asked."""
    names = Counter(f"{one.kind} {one.name}" for one in asked)
    found = [
        (name, spread([one for one in asked if f"{one.kind} {one.name}" == name])[1], times)
        for name, times in names.items() if times > 1
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one[1])[:count]
