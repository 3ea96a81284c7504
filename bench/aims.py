"""The table of aims: what was aimed at, what was found, and whether it holds.

    python -m bench.aims [--with L] [--peer naive] [--peer superset] [--only pages]

Builds the groups S and M in PostgreSQL if they are missing, and L on request; then everything is
measured in one run, side by side, on an otherwise quiet machine. Prints what docs/speed.md shows.
"""

import os
import platform
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version

import click

from bench import imports, keeping, load, plan, superset, thirteen, weight, writes
from bench.groups import LARGE, served
from bench.opening import Opening, browser
from bench.run import GIB, PACKAGES
from bench.serving import serving, serving_beside
from bench.thirteen import CACHED, PEERS, UNCACHED, Found
from dashboard import log, urls
from dashboard.app import House, create_app
from dashboard.settings import Settings
from data import db

PLANNED, WRITTEN = 1_000_000, 200
MOST_CHARTS = "/complaints"
CROWDS = ((50, 60, 100), (200, 200, None))  # screens, people, and the aim in ms if there is one


@dataclass(frozen=True, slots=True)
class Line:
    """An aim and what was found; `ratio` is that to the aim, at most 1 if it holds."""

    aim: str
    found: str
    ratio: float | None = None

    def __str__(self) -> str:
        told = "–" if self.ratio is None else f"{self.ratio:.2f}"
        holds = "–" if self.ratio is None else "yes" if self.ratio <= 1 else "**no**"
        return f"| {self.aim} | {self.found} | {told} | {holds} |"


class Bench:
    """The groups that are measured, and what several lines are made of."""

    def __init__(self, running: ExitStack, large: bool, peers: Collection[str]) -> None:
        self.running, self.large, self.peers = running, large, peers
        self.m = running.enter_context(served("M"))
        settings = Settings(database_url=self.m, log_level="error")
        log.set_up(settings)
        self.app: House = create_app(settings)
        db.close()  # a database is copied while nobody uses it

    @cached_property
    def found(self) -> Found:
        """The thirteen questions at M."""
        return self.thirteen(self.m, self.peers)

    def thirteen(self, url: str, peers: Collection[str] = ()) -> Found:
        """The thirteen questions of the database at `url`, as a page asks them at first."""
        return thirteen.measure(self.app, url, period=urls.USUAL, peers=peers)


def questions(bench: Bench) -> Iterator[Line]:
    """Through HTTP beside the bare counting and, if wanted, other dashboards."""
    found = bench.found
    first, again, bare = (found.whole(name) for name in ("nothing kept", "again", "bare"))
    told = f"{first:,.0f} ms of {bare:,.0f}"
    yield Line("thirteen questions through HTTP, nothing kept ≤ 2 × bare", told, first / bare / 2)
    yield Line("the same again, kept", f"{again:,.0f} ms")
    for peer in bench.peers:
        yield from BESIDE[peer](found)


def beside_naive(found: Found) -> Iterator[Line]:
    """How much longer a naive Dash takes."""
    taken, first, again = (found.whole(name) for name in ("naive", "nothing kept", "again"))
    told = f"{taken:,.0f} ms: {taken / first:,.0f} × and {taken / again:,.0f} × ours"
    yield Line("the same in a naive Dash", told)


def beside_superset(found: Found) -> Iterator[Line]:
    """How much longer Superset takes where both count, and where both have kept it."""
    for name, ours, aim in ((UNCACHED, "nothing kept", 40), (CACHED, "again", 5)):
        taken, least = found.whole(name), found.whole(ours)
        told = f"{least:,.0f} ms to {taken:,.0f}: {taken / least:,.1f} ×"
        said = f"thirteen through HTTP, {ours}, ≥ {aim} × faster than {name}"
        yield Line(said, told, aim * least / taken)


BESIDE = {"naive": beside_naive, "superset": beside_superset}


def history(bench: Bench) -> Iterator[Line]:
    """What ten times as much costs: nothing."""
    sizes = {"S": bench.thirteen(bench.running.enter_context(served("S"))), "M": bench.found}
    if bench.large:
        sizes[LARGE] = bench.thirteen(bench.running.enter_context(served(LARGE)))
    least = sizes["S"].whole("nothing kept")
    for size in [*sizes][1:]:
        taken = sizes[size].whole("nothing kept")
        told = f"{taken:,.0f} ms of {least:,.0f}"
        yield Line(f"group view at {size} ≤ 1.5 × that at S", told, taken / least / 1.5)


def overview(bench: Bench) -> Iterator[Line]:
    """The page that is opened first, in a browser that was never here."""
    urls = {"S": bench.running.enter_context(served("S")), "M": bench.m}
    if bench.large:
        urls[LARGE] = bench.running.enter_context(served(LARGE))
    with browser() as chromium:
        taken = {size: weight.overview(chromium, url) for size, url in urls.items()}
    for size in [*urls][1:]:
        first, again = zip(taken[size], taken["S"], strict=True)
        told = "{:,.0f} ms of {:,.0f}; kept {:,.0f} of {:,.0f}".format(*first, *again)
        yield Line(f"overview at {size} ≤ 1.5 × that at S", told, first[0] / first[1] / 1.5)


def pages(bench: Bench) -> Iterator[Line]:
    """What the page with most charts weighs, and when its last chart is there."""
    with (
        serving(bench.m) as site,
        serving_beside("bare") as bare,
        browser() as chromium,
    ):
        for whole, name in ((False, "cold page"), (True, "the same, as if scrolled at once")):
            found = weight.weigh(chromium, site, bare, [MOST_CHARTS], whole=whole)
            yield from _weighed(name, *found[MOST_CHARTS], found[weight.BARE][0].drawn[-1])


def _weighed(name: str, first: Opening, second: Opening, least: float) -> Iterator[Line]:
    last, kb, again = first.drawn[-1], first.bytes / 1000, second.bytes / 1000
    told = f"{len(first.drawn)} charts, {last:,.0f} ms of {least:,.0f}"
    yield Line(f"{name}: last chart ≤ 1.3 × a single graph", told, last / least / 1.3)
    told = f"{kb:,.0f} kB in {first.requests} requests; again {again:,.0f} in {second.requests}"
    yield Line(f"{name} ≤ 800 kB", told, kb / 800)


def clicks(bench: Bench) -> Iterator[Line]:
    """What people wait for while everybody clicks and every screen asks."""
    for screens, people, aim in CROWDS:
        with writes.copied(bench.m) as copy:
            (half, most, longest), failed = load.measure(bench.app, copy, screens, people)
        told = f"p50 {half} ms, p95 {most} ms, slowest {longest} ms, {failed} failed"
        said = f"a click, {screens} screens and {people} people" + (f" ≤ {aim} ms p95" * bool(aim))
        yield Line(said, told, most / aim if aim else None)


def saving(bench: Bench) -> Iterator[Line]:
    """What somebody waits who saves."""
    with writes.copied(bench.m) as copy:
        for kind, found in writes.measure(bench.app, copy, WRITTEN).items():
            told = f"p50 {found.median:.0f} ms, p95 {found.p95:.0f} ms"
            yield Line(f"{kind} ≤ 50 ms p95", told, found.p95 / 50)


def summing(bench: Bench) -> Iterator[Line]:
    """The daily sums: after a thousand rows, and all of them."""
    with writes.copied(bench.m) as copy:
        found = keeping.measure(copy)
    told = f"{found.newest:.2f} s, {found.newest_days:,} days of stores"
    yield Line("sums after the newest 1,000 rows ≤ 1 s", told, found.newest)
    told = f"{found.strewn:.2f} s, {found.strewn_days:,} days of stores"
    yield Line("the same after as many that changed all over three years", told)
    yield Line("all sums of M anew ≤ 2 min", f"{found.anew:.0f} s", found.anew / 120)


def importing(_bench: Bench) -> Iterator[Line]:
    """Rows of a file."""
    for name, pace in imports.paces(imports.ROWS).items():
        yield Line(f"import ≥ 5,000 rows a second, {name}", f"{pace:,.0f}", 5_000 / pace)


def planning(_bench: Bench) -> Iterator[Line]:
    """A million calls."""
    with plan.databases(PLANNED) as places:
        for url in places:
            made, seconds, _peak = plan.apart(url)
            aim = f"planning a million orders ≤ 5 min, {plan.named(url)}"
            yield Line(aim, f"{seconds:.0f} s, {made:,} calls", seconds / 300)


PARTS: dict[str, Callable[[Bench], Iterator[Line]]] = {
    part.__name__: part
    for part in (questions, history, overview, pages, clicks, saving, summing, importing, planning)
}


def circumstances(bench: Bench) -> str:
    """Where, when and with what this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    versions = [f"Python {platform.python_version()}", plan.named(bench.m)]
    versions += [f"{name} {version(name)}" for name in PACKAGES]
    versions += [f"Superset {superset.release()}"] * ("superset" in bench.peers)
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB"
    return f"{datetime.now(UTC):%Y-%m-%d}; {machine}; {', '.join(versions)}."


@click.command()
@click.option("--with", "size", type=click.Choice([LARGE]), help="Measure the large group as well.")
@click.option(
    "--peer", "peers", multiple=True, type=click.Choice([*PEERS]), help="Ask this one the same."
)
@click.option("--only", "wanted", multiple=True, type=click.Choice([*PARTS]))
def main(size: str | None, peers: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Build what is missing, measure, and print the table of aims."""
    with ExitStack() as running:
        bench = Bench(running, large=size == LARGE, peers=peers)
        click.echo(f"{circumstances(bench)}\n\n| aim | found | to the aim | holds |")
        click.echo("|---|---|---:|---|")
        for part in wanted or PARTS:
            for line in PARTS[part](bench):
                click.echo(str(line))


if __name__ == "__main__":
    main()
